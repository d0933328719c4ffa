"""One run of a language model from top to bottom: text, tokenizer, tokens, plan, model, training, result."""

from __future__ import annotations

import hashlib
import json
import shutil
from itertools import islice
from typing import Any

from ptft_gui.core.crew import crew_size
from ptft_gui.core.errors import PtftError, StoppedByPerson
from ptft_gui.core.family.language_starts import glance_at_language
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.probes import MOST_PROBES
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.request import Progress
from ptft_gui.data.whole_request import corpus_request
from ptft_gui.engine.earlier_probes import probes_of_log
from ptft_gui.engine.kept_memory import keep_freed_memory
from ptft_gui.engine.language.documents import RawText, prepare_raw_text, read_pieces
from ptft_gui.engine.language.known import Known, read_known
from ptft_gui.engine.language.resolve import (
    Cutting,
    cutting_with,
    resolve_cutting,
    resolve_plan,
    tokenizer_plan,
)
from ptft_gui.engine.language.telling import tell_about
from ptft_gui.engine.language.threads import wait_politely
from ptft_gui.engine.language.tokenizer import (
    TextTokenizer,
    is_tokenizer,
    learn_tokenizer,
    open_tokenizer,
    plan_from_record,
)
from ptft_gui.engine.language.tokens import (
    TokenFiles,
    entropy_of_frequencies,
    prepare_tokens,
    token_counts,
)
from ptft_gui.engine.lineage import text_has_changed
from ptft_gui.engine.plan import Plan, alter_plan
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.vector_run import heed_stop, stopped_early

TOKENIZER_FOLDER = "tokenizer"
"""In the run's folder: the tokenizer that its checkpoints belong to."""
_PROBE_PIECES = 40


def train(request: TrainingRequest, reporter: Reporter) -> Outcome:
    """Train, or go on training, one run; everything is reported, and the model is saved in the run's folder.

    Raises :class:`~ptft_gui.core.errors.PtftError` for everything that a person can mend.
    """
    spec = request.run.read_spec()
    try:
        known = read_known(
            spec, request.run, request.resolved, request.checkpoint is not None, reporter.hold_or_stop
        )
        text = _read_text(spec, reporter)
        plan, tokenizer, tokens = _plan(request, spec, text, known, reporter)
        heed_stop(reporter)
    except StoppedByPerson:
        return stopped_early(request, reporter)
    # torch and transformers take seconds to load: what can be refused has been refused by now
    reporter.phase("building", "Building the model")
    wait_politely()
    keep_freed_memory()
    from ptft_gui.engine.language.building import build_learner, leading_crew
    from ptft_gui.engine.language.training import LanguageTraining

    learner = build_learner(spec.family, plan.values, tokenizer, tokens, known)
    plan = _settle(request, plan, learner, reporter)
    learner.values = plan.values
    probes = _probes(request, text, learner, reporter)
    guessing = entropy_of_frequencies(token_counts(tokens))
    with leading_crew(spec.family, plan.values, tokenizer, tokens, known) as crew:
        training = LanguageTraining(request, reporter, plan, learner, probes, guessing, _stamp(plan), crew)
        return training.run()


def _watching(reporter: Reporter) -> Progress:
    def progress(sentence: str, fraction: float | None) -> None:
        reporter.phase("preparing", sentence, fraction)

    return progress


def _read_text(spec: RunSpec, reporter: Reporter) -> RawText:
    reporter.phase("preparing", "Reading the text", 0.0)
    seed = spec.options["seed"]
    asked = corpus_request(spec.data, seed if isinstance(seed, int) else 1)
    return prepare_raw_text(asked, cache_folder(), _watching(reporter), reporter.hold_or_stop)


def _plan(
    request: TrainingRequest, spec: RunSpec, text: RawText, known: Known | None, reporter: Reporter
) -> tuple[Plan, TextTokenizer, TokenFiles]:
    """The plan of this attempt with the tokenizer and the tokens: new ones, or those of the earlier attempt."""
    earlier, watch = request.resolved, _watching(reporter)
    if earlier and earlier.get("fingerprint") != text.facts["fingerprint"]:
        raise text_has_changed()
    kept = request.run.path / TOKENIZER_FOLDER
    if earlier and is_tokenizer(kept):
        tokenizer = open_tokenizer(kept, plan_from_record(earlier["tokenizer_plan"]))
        if tokenizer.stamp != earlier["tokenizer_stamp"]:
            raise _tokenizer_has_changed(request.run)
        tokens = prepare_tokens(text, tokenizer, cache_folder(), watch, reporter.hold_or_stop)
        return alter_plan(earlier, request.changes, _seconds_of(request)), tokenizer, tokens
    tokenizer, cutting = _cut(request.run, spec, text, known, reporter)
    tokens = prepare_tokens(text, tokenizer, cache_folder(), watch, reporter.hold_or_stop)
    return resolve_plan(spec, text, tokenizer, tokens, cutting, known), tokenizer, tokens


def _cut(
    run: RunDir, spec: RunSpec, text: RawText, known: Known | None, reporter: Reporter
) -> tuple[TextTokenizer, Cutting]:
    """The tokenizer, in the run's folder: that of the start, one taken from elsewhere, or one learned from the text."""
    place = (
        known.start.init
        if known is not None and known.start is not None
        else spec.options.get("tokenizer_from")
    )
    if place:
        from ptft_gui.engine.language.taken import take_tokenizer

        reporter.phase("preparing", "Taking the tokenizer")
        is_masked = spec.family == "bert"
        tokenizer = take_tokenizer(str(place), is_masked, run.path / TOKENIZER_FOLDER, known is not None)
        name = known.name if known is not None else glance_at_language(str(place)).name
        return tokenizer, cutting_with(
            spec, text, tokenizer, name, known.start if known is not None else None
        )
    cutting = resolve_cutting(spec, text)
    asked = tokenizer_plan(spec, cutting[0])
    tokenizer = learn_tokenizer(text, asked, cache_folder(), _watching(reporter), reporter.hold_or_stop)
    return _keep_tokenizer(run, tokenizer), cutting


def _tokenizer_has_changed(run: RunDir) -> PtftError:
    return PtftError(
        "The tokenizer of this run is no longer the one that it has learned with.",
        f"{run.path / TOKENIZER_FOLDER} was changed.",
        "Bring it back as it was, or start a new run.",
    )


def _keep_tokenizer(run: RunDir, tokenizer: TextTokenizer) -> TextTokenizer:
    """A copy in the run's folder: the cache may be emptied at any time."""
    target = run.path / TOKENIZER_FOLDER
    temporary = target.with_name(f"{target.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(tokenizer.folder, temporary)
    temporary.rename(target)
    return TextTokenizer(target, tokenizer.tokenizer, tokenizer.plan)


def _seconds_of(request: TrainingRequest) -> float:
    if request.checkpoint is None:
        return 0.0
    state = json.loads((request.checkpoint.path / "state.json").read_text(encoding="utf-8"))
    return float(state["position"]["seconds"])


def _settle(request: TrainingRequest, plan: Plan, learner: Any, reporter: Reporter) -> Plan:
    """Measure what only the model can tell, and record what this run trains with."""
    from ptft_gui.engine.language.settling import prepare_as_settled, settle_by_trial

    if request.resolved and "precision" in request.resolved and request.resolved["precision"]:
        prepare_as_settled(learner, plan)
        if plan.why:
            reporter.resolved(plan.values, plan.reasons, plan.why)
        return plan
    plan = settle_by_trial(learner, plan)
    plan = Plan(
        {
            **plan.values,
            "parameters": learner.parameters,
            "dtype": plan.values["precision"],
            "processes": crew_size(),
        },
        plan.reasons,
    )
    reporter.resolved(plan.values, plan.reasons)
    tell_about(learner, plan, request.run.read_spec(), reporter)
    return plan


def _stamp(plan: Plan) -> str:
    """Names what checkpoints belong to."""
    told = f"{plan.values['fingerprint']} {plan.values['tokenizer_stamp']}"
    return hashlib.sha256(told.encode()).hexdigest()


def _probes(request: TrainingRequest, text: RawText, learner: Any, reporter: Reporter) -> tuple[str, ...]:
    """The inputs that a person fixed, else some from the held-out text; one that cannot be answered is told.

    A resumed run answers those that were answered last, added ones among them.
    """
    spec = request.run.read_spec()
    if request.resolved and (earlier := probes_of_log(request.run, MOST_PROBES)):
        return tuple(probe for probe in earlier if learner.problem_of_probe(probe) is None)
    if not spec.probes:
        path = text.val_path if text.val_characters else text.train_path
        sample = "\n\n".join(piece for piece, _ in islice(read_pieces(path, 2000), _PROBE_PIECES))
        proposed: tuple[str, ...] = learner.default_probes(sample)
        return tuple(probe for probe in proposed if learner.problem_of_probe(probe) is None)
    kept = []
    for probe in spec.probes:
        problem = learner.problem_of_probe(probe)
        if problem is None:
            kept.append(probe)
        else:
            reporter.notice("probe", f'"{probe}" cannot be a probe.', problem, is_warning=True)
    return tuple(kept)
