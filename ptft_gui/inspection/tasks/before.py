"""A fine-tuned model as it stood before its first step: the start with a last layer that has learned nothing yet.

It is built again from the run's start, with the seed that drew its new layer, and answers with the same task and the
same length of text as the trained one: what differs between the two answers is what training changed.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.rundir import PREDICTIONS_FILE, RunDir, is_run
from ptft_gui.core.spec import RunSpec
from ptft_gui.inspection.foreign import check_memory, in_place, open_tokenizer
from ptft_gui.inspection.language.folder import look_into
from ptft_gui.inspection.language.opening import LanguageModel
from ptft_gui.inspection.tasks.folder import REPLY, TaskFolder, look_into_task, token_task_of
from ptft_gui.inspection.tasks.opening import TaskModel, task_of
from ptft_gui.inspection.tasks.replies import ReplyModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

NO_CLASSES_BEFORE = "Points of words name no class, so there is no answer from before training."
"""Of a classifier on averaged word vectors."""


def open_before(
    place: Path | RunDir, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> TaskModel | ReplyModel:
    """The model of a run as it stood at step 0.

    Raises :class:`ModelError` where that is not known: for a folder that no run here made, and for a run whose start is
    gone or has changed; SpecError; :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    source = check_has_before(place).path
    spec = RunDir(source).read_spec()
    folder: Any = look_into(source) if spec.task == REPLY else look_into_task(source)
    check_memory(folder)
    progress("Opening the model it started from", None)
    tokenizer = open_tokenizer(folder)
    if should_stop():
        raise StoppedByPerson
    network = in_place(folder, _network(spec, folder, tokenizer))
    if spec.task == REPLY:
        return ReplyModel(source, LanguageModel(folder, network, tokenizer))
    return TaskModel(folder, network, task_of(_unsettled(folder), tokenizer, network.config))


def check_has_before(place: Path | RunDir) -> RunDir:
    """The run of a task that began with a start. Raises :class:`ModelError` for any other run and for a folder."""
    source = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    if not is_run(source):
        raise ModelError(
            f"What {source.name} was before it learned is not known.",
            "No run on this computer made it.",
            "Only runs that are on this computer have a before.",
        )
    run = RunDir(source)
    if token_task_of(run) is None:
        raise ModelError(f"{run.title()} has no answer from before training.", NO_CLASSES_BEFORE)
    return run


def nothing_before(run: RunDir) -> str:
    """What to say instead of an answer where that from before training tells nothing; else empty."""
    if token_task_of(run) != "pair-similarity":
        return ""
    scores = known_scores(run)
    if not scores:
        return "Before training it gave about the mean of all scores to any two texts."
    mean, lowest, highest = (
        f"{value:.3g}" for value in (sum(scores) / len(scores), min(scores), max(scores))
    )
    return (
        f"Before training it gave about {mean}, the mean of the scores, to any two texts. The scores of its rows lie "
        f"between {lowest} and {highest}."
    )


def _network(spec: RunSpec, folder: Any, tokenizer: Any) -> Any:
    """The start with its new layer, as a network of plain transformers."""
    from ptft_gui.engine.finetune.heads import FirstHead
    from ptft_gui.engine.finetune.network import TaskNetwork, as_plain_network, make_head, set_first_bias
    from ptft_gui.engine.finetune.start import look_at_start, open_backbone, read_pooler
    from ptft_gui.engine.finetune.task import task_class

    facts = folder.facts
    start = look_at_start(spec)
    if (facts.get("initial") or {}).get("fingerprint") != start.stamp:
        raise ModelError(
            f"{start.name} has changed since this run was started.",
            "Its weights or its tokenizer are not those that the run began with.",
            "Bring the start back as it was to see what it answers.",
        )
    seed, is_random = int(facts["seed"]), spec.options.get("start_weights") == "random"
    task = task_class(str(spec.task))(facts, tokenizer, facts.get("labels") or ())
    backbone = open_backbone(start, None, is_random, seed).model
    head = make_head(task, backbone, facts.get("pooling"), 0.0, seed)
    set_first_bias(head, task.first_bias())
    if isinstance(head, FirstHead) and not is_random and (pooler := read_pooler(start)):
        head.pooler.load_state_dict(pooler)
    return as_plain_network(TaskNetwork(backbone, head), task)


def _unsettled(folder: TaskFolder) -> TaskFolder:
    """Without what was chosen by answers of the trained model."""
    from ptft_gui.engine.finetune.answering import NO_ANSWER_THRESHOLD

    facts = {key: value for key, value in folder.facts.items() if key != NO_ANSWER_THRESHOLD}
    return replace(folder, facts=facts)


def known_scores(run: RunDir) -> list[float]:
    """The scores of the rows that a run of likeness was measured on; none where they cannot be read."""
    found = []
    try:
        with (run.path / PREDICTIONS_FILE).open(encoding="utf-8") as file:
            for line in file:
                score = json.loads(line).get("label")
                if isinstance(score, int | float) and math.isfinite(score):
                    found.append(float(score))
    except (OSError, ValueError, AttributeError):
        return []
    return found
