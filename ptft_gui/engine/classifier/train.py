"""One run of the classifier from top to bottom: examples, start, encode, train, choose the best, test once, save."""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from ptft_gui.core.atomic import sync_folder, write_text_atomically
from ptft_gui.core.errors import PtftError, StoppedByPerson
from ptft_gui.core.events import Metrics
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.rundir import EVALUATION_FILE
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.examples.prepared import PartName, PreparedExamples, prepare_examples
from ptft_gui.data.preparation import Preparation
from ptft_gui.data.whole_request import whole_request
from ptft_gui.engine.bag_of_vectors import compared_with_bag
from ptft_gui.engine.batch_training import BatchTraining
from ptft_gui.engine.checkpoint import clear_leftovers
from ptft_gui.engine.checkpointing import CheckpointKeeper
from ptft_gui.engine.classifier.model import AveragedVectors, HeldTexts, class_weights, make_optimizer
from ptft_gui.engine.classifier.resolve import check_examples, resolve_plan
from ptft_gui.engine.classifier.results import save_classifier, write_predictions
from ptft_gui.engine.classifier.start import Ground, ground_of_start, ground_of_texts
from ptft_gui.engine.classifier.state import Position, State, expected_bytes, restore, state_of, texts_of
from ptft_gui.engine.classifier.texts import EncodedTexts, count_words, encode
from ptft_gui.engine.classifier.watch import Watch, scores_on
from ptft_gui.engine.initial import InitialVectors
from ptft_gui.engine.initial_reading import read_initial
from ptft_gui.engine.lineage import text_has_changed
from ptft_gui.engine.metrics import report_of
from ptft_gui.engine.pace import Pace
from ptft_gui.engine.plan import Plan, alter_plan
from ptft_gui.engine.registry import Outcome, TrainingRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.schedule import Schedule
from ptft_gui.engine.vector_run import heed_stop, stopped_early

_PARTS: tuple[PartName, ...] = ("train", "val", "test")

Rows = NDArray[np.int64]


def train(request: TrainingRequest, reporter: Reporter) -> Outcome:
    """Train, or go on training, one run; everything is reported, and the model is saved in the run's folder.

    Raises :class:`~ptft_gui.core.errors.PtftError` for everything that a person can mend.
    """
    spec = request.run.read_spec()
    try:
        examples = _read_examples(spec, reporter)
        check_examples(examples)
        initial = read_initial(spec, request.resolved, reporter)
        plan = _plan_for(request, spec, examples)
        ground = _make_ground(spec, plan, examples, initial, reporter)
        training = ClassifierTraining(request, reporter, spec, examples, plan, ground)
        training.prepare(initial)
        heed_stop(reporter)
    except StoppedByPerson:
        return stopped_early(request, reporter)
    return training.run()


def _read_examples(spec: RunSpec, reporter: Reporter) -> PreparedExamples:
    reporter.phase("preparing", "Reading the examples", 0.0)

    def progress(sentence: str, fraction: float | None) -> None:
        reporter.phase("preparing", sentence, fraction)

    request = whole_request(spec.data.request(spec.task))
    return prepare_examples(request, cache_folder(), progress, reporter.hold_or_stop)


def _plan_for(request: TrainingRequest, spec: RunSpec, examples: PreparedExamples) -> Plan:
    """The plan of this attempt: a new one, or that of the earlier attempt with what a person changed."""
    earlier = request.resolved
    if not earlier:
        return resolve_plan(spec, examples)
    if earlier.get("fingerprint") != examples.facts["fingerprint"]:
        raise text_has_changed()
    seconds = 0.0
    if request.checkpoint is not None:
        state = json.loads((request.checkpoint.path / "state.json").read_text(encoding="utf-8"))
        seconds = float(state["position"]["seconds"])
    return alter_plan(earlier, request.changes, seconds)


def _make_ground(
    spec: RunSpec, plan: Plan, examples: PreparedExamples, initial: InitialVectors | None, reporter: Reporter
) -> Ground:
    asked = spec.data.switches()
    if spec.data.preparation is not None:
        asked["preparation"] = spec.data.preparation
    if initial is not None:
        return ground_of_start(initial, asked)
    preparation = Preparation.from_settings(asked)
    reporter.phase("vocabulary", "Counting the words")
    counts = count_words(examples, preparation, reporter.hold_or_stop)
    values = plan.values
    return ground_of_texts(
        counts, int(values["min_count"]), int(values["vector_size"]), int(values["seed"]), preparation
    )


class ClassifierTraining(BatchTraining[Position, Watch]):
    """The training of one attempt."""

    def __init__(
        self,
        request: TrainingRequest,
        reporter: Reporter,
        spec: RunSpec,
        examples: PreparedExamples,
        plan: Plan,
        ground: Ground,
    ) -> None:
        self._request, self._run = request, request.run
        self._reporter, self._control = reporter, reporter.control
        self._spec, self._examples, self._plan, self._ground = spec, examples, plan, ground
        self._values: dict[str, Any] = plan.values
        self._labels: tuple[str, ...] = tuple(examples.labels)
        self._position = Position()
        self._pace = Pace()
        self._has_stopped_early = False
        torch.set_num_threads(int(self._values["workers"]))

    # --- before ------------------------------------------------------------------------------------------------

    def prepare(self, initial: InitialVectors | None) -> None:
        """Encode the texts, build the network, record what is decided, go to the checkpoint if there is one."""
        texts = self._encode()
        self._used = np.unique(np.concatenate([part.rows for part in texts.values()])).astype(np.int64)
        if not len(texts["train"].rows):
            raise _no_known_word(self._ground)
        is_frozen = self._values["method"] == "frozen"
        seed = int(self._values["seed"])
        self._model = AveragedVectors(
            np.asarray(self._ground.vectors[self._used]), len(self._labels), is_frozen, seed
        )
        self._held = {name: self._model.held(self._on_used_rows(part)) for name, part in texts.items()}
        self._model.standardise(self._held["train"])
        self._optimizer = make_optimizer(
            self._model, float(self._values["learning_rate"]), float(self._values["weight_decay"])
        )
        self._resolve(texts, initial)
        self._print = self._fingerprint()
        rate = float(self._values["learning_rate"])
        self._observer = Watch(
            self._model, self._held["train"], self._held["val"], seed, self._reporter, rate
        )
        if self._request.checkpoint is not None:
            if texts_of(self._request.checkpoint) != self._print:
                raise text_has_changed()
            self._position, self._observer.metrics = restore(
                self._request.checkpoint, self._model, self._optimizer
            )
        self._count = len(texts["train"])
        self._batches = max(1, math.ceil(self._count / int(self._values["global_batch_size"])))
        self._true = torch.from_numpy(self._held["train"].texts.labels)
        self._weights = (
            class_weights(self._held["train"].texts.labels, len(self._labels))
            if self._values["weigh_classes"]
            else None
        )
        self._keeper = CheckpointKeeper(self._run.checkpoints, self._reporter, expected_bytes(self._model))
        seconds = lambda: self._reporter.clock.seconds  # noqa: E731
        self._schedule = Schedule(
            self._plan.budget, rate, 0.0, seconds, (time.time(), self._position.progress)
        )

    def _encode(self) -> dict[PartName, EncodedTexts]:
        index = {word: row for row, word in enumerate(self._ground.words)}
        self._reporter.phase("preparing", "Looking the words up", None)
        return {
            part: encode(self._examples, part, index, self._ground, self._labels, self._reporter.hold_or_stop)
            for part in _PARTS
        }

    def _on_used_rows(self, texts: EncodedTexts) -> EncodedTexts:
        """The same with the rows of the network, which has only the words that the texts hold."""
        return replace(texts, rows=np.searchsorted(self._used, texts.rows))

    def _resolve(self, texts: dict[PartName, EncodedTexts], initial: InitialVectors | None) -> None:
        """Record what this run trains with: once, and again when a person changed it."""
        if self._request.resolved:
            if self._plan.why:
                self._reporter.resolved(self._values, self._plan.reasons, self._plan.why)
            return
        words, known = (sum(getattr(part, name) for part in texts.values()) for name in ("words", "known"))
        record = self._ground.preparation.to_record()
        trained = sum(p.numel() for p in self._model.parameters() if p.requires_grad)
        self._values |= {
            "vector_size": self._ground.size,
            "preparation": record.pop("name"),
            **record,
            "vocabulary_size": len(self._ground.words),
            "known_share": known / max(words, 1),
            "parameters": trained + (0 if self._model.vectors.requires_grad else self._model.vectors.numel()),
            "trained_parameters": trained,
        }
        if initial is not None:
            self._values["initial"] = {
                "source": initial.source,
                "name": initial.name,
                "words": len(initial.words),
                "fingerprint": initial.fingerprint,
            }
        self._reporter.resolved(self._values, self._plan.reasons)
        self._tell(known / max(words, 1))

    def _tell(self, known_share: float) -> None:
        """What a person should know about these texts before they trust a score."""
        for message in self._examples.facts["notices"]:
            self._reporter.notice("data", message)
        if known_share < 0.5:
            self._reporter.notice(
                "few_known_words",
                f"The start knows only {known_share:.0%} of the words of these texts.",
                "A text is the mean of its known words; what it does not know it cannot use.",
                "Choose a start that has read texts like these, or From nothing.",
                is_warning=True,
            )
        if not len(self._held["val"].texts):
            self._reporter.notice("nothing_held_out", "No rows are held out, so there is no held-out curve.")

    def _fingerprint(self) -> str:
        """Changes when the examples, the words or the labels do."""
        told = "\n".join([*self._labels, str(len(self._ground.words)), str(len(self._used))])
        rows = self._held["train"].texts
        digest = hashlib.sha256(told.encode())
        for array in (rows.rows, rows.ends, rows.labels, self._used):
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()

    # --- training ----------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._run.checkpoints.mkdir(exist_ok=True)
        clear_leftovers(self._run.checkpoints, self._position.step)
        self._reporter.last_step = self._position.step
        self._reporter.phase("training", "Training")
        if self._position.step == 0:
            counts = np.bincount(self._held["train"].texts.labels, minlength=len(self._labels))
            self._observer.start(dict(zip(self._labels, (counts / counts.sum()).tolist(), strict=True)))
        self._reporter.clock.start(self._position.seconds)
        self._look()
        self._control.open_for_saves()

    def _rest_of_epoch(self) -> Iterator[Rows]:
        """Numbers of the texts of each batch."""
        order = np.random.default_rng([int(self._values["seed"]), self._position.epoch]).permutation(
            self._count
        )
        size = int(self._values["global_batch_size"])
        for number in range(self._position.batch, self._batches):
            yield order[number * size : (number + 1) * size]

    def _train_step(self, batch: Rows) -> None:
        position, rate = self._position, self._schedule.learning_rate(self._progress())
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        scores = self._model(self._held["train"], batch)
        loss = functional.cross_entropy(scores, self._true[torch.from_numpy(batch)], self._weights)
        self._optimizer.zero_grad()
        loss.backward()
        self._optimizer.step()
        position.texts += len(batch)
        has_passed_epoch = position.pass_batch(self._batches)
        value = float(loss.detach())
        self._refuse_not_finite(value)
        self._reporter.step(
            position.step,
            lr=round(rate, 9),
            texts_per_second=round(self._pace.rate(self._reporter.clock.seconds, position.texts)),
            epoch=self._epoch(),
            texts=float(position.texts),
            loss=round(value, 8),
            progress=round(self._progress(), 6),
        )
        if has_passed_epoch:
            self._rest_at_epoch_end()
        elif self._observer.allows_look():
            self._look()

    def _rest_at_epoch_end(self) -> None:
        """An epoch is whole: the moment for checks and checkpoints."""
        if self._must_look():
            self._look()
        is_best = self._note_check()
        self._keep_epoch(is_best)

    def _look(self) -> None:
        self._observer.look(self._position.step, self._epoch())

    def _state(self, is_copied: bool) -> State:
        self._look()
        self._position.seconds = self._reporter.clock.seconds
        self._position.progress = self._progress()
        return state_of(self._model, self._optimizer, self._position, self._observer.metrics, self._print)

    # --- after -------------------------------------------------------------------------------------------------

    def _save_model(self, keeps_best: bool) -> tuple[int, Metrics]:
        """Choose the best moment on held-out texts, read the test part once, save; returns step and metrics."""
        step, metrics = self._position.step, self._observer.metrics
        best = self._keeper.best() if self._observer.has_held_out else None
        if best is not None and best.step != step:
            position, metrics = restore(best, self._model, self._optimizer)
            step = position.step
        report, found = self._evaluate()
        metrics = {**metrics, **found}
        if found:
            self._reporter.evaluated(self._position.step, self._epoch(), found, 0.0)
        facts = {"step": step, "kept": "best" if best is not None else "last", "metrics": metrics}
        save_classifier(
            self._run, self._spec, self._values, self._ground, self._model, self._used, self._labels, facts
        )
        write_text_atomically(
            self._run.path / EVALUATION_FILE, json.dumps(report, ensure_ascii=False, allow_nan=False)
        )
        write_predictions(self._run.path, self._examples, self._model, self._held, self._labels)
        sync_folder(self._run.path)
        return step, metrics

    def _evaluate(self) -> tuple[dict[str, Any], Metrics]:
        """Scores on held-out and test rows. Test rows are read here and nowhere before."""
        counts = self._values["label_counts"]
        commonest = max(counts, key=counts.get) if counts else self._labels[0]
        report: dict[str, Any] = {"task": self._values["task"], "labels": list(self._labels)}
        found: Metrics = {}
        for part in ("val", "test"):
            held: HeldTexts = self._held[part]
            if len(held.texts):
                scores, matrix = scores_on(self._model, held, part)
                report[part] = report_of(matrix, self._labels, commonest)
                if part == "test":
                    report[part] |= compared_with_bag(self._spec, self._examples, self._reporter)
                    found |= scores
                    share = float(report[part]["majority"])
                    self._reporter.baseline("test/accuracy", share, "always the commonest class")
        return report, found


def _no_known_word(ground: Ground) -> PtftError:
    return PtftError(
        "None of the words of these texts is known to the start.",
        f"It knows {len(ground.words):,} words, such as {', '.join(ground.words[:3])}.",
        "Choose a start that has read texts like these, or From nothing.",
    )
