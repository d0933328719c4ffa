"""Which task a model folder was made for, told from its configuration before anything large is opened."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.engine.model_folder import (
    CONFIG_FILE,
    FACTS_FILE,
    check_sizes,
    damaged,
    read_json,
    shapes_in,
    weight_files,
)
from ptft_gui.inspection.model import no_model_yet

QUESTION_ANSWERING, TAGGING, REPLY = "question-answering", "tagging", "reply"
TOKEN_TASKS = {"ForQuestionAnswering": QUESTION_ANSWERING, "ForTokenClassification": TAGGING}
"""The ending of an architecture's name to the task it was made for."""
SEQUENCE_ENDING = "ForSequenceClassification"
SEQUENCE_TASKS = ("classification", "multilabel", "pair-classification", "pair-similarity")
"""What an architecture of that ending may be for; its configuration or our own facts tell which."""


@dataclass(frozen=True)
class TaskFolder:
    """What a folder says about itself. ``facts``: our own ``ptft.json``, empty for a folder from elsewhere."""

    path: Path
    source: Path
    task: str
    config: dict[str, Any]
    weights: int
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return str(self.facts.get("name") or self.source.name)

    @property
    def model_class(self) -> str:
        known = (f"AutoModel{ending}" for ending, task in TOKEN_TASKS.items() if task == self.task)
        return next(known, f"AutoModel{SEQUENCE_ENDING}")

    @property
    def labels(self) -> list[str]:
        """The classes of its head, in their order."""
        named = self.config.get("id2label")
        if isinstance(named, dict) and all(str(key).isdecimal() for key in named):
            return [str(named[key]) for key in sorted(named, key=int)]
        return []


def token_task_of(place: Path | RunDir) -> str | None:
    """The task of a run or folder of a language model that has learned one; None for any other. Nothing is raised."""
    try:
        path = place.path if isinstance(place, RunDir) else Path(place).expanduser()
        if is_run(path):
            spec = RunDir(path).read_spec()
            is_told = spec.family in ("bert", "gpt") and spec.task in SEQUENCE_TASKS
            return spec.task if is_told or spec.task in (QUESTION_ANSWERING, TAGGING, REPLY) else None
        if not (path / CONFIG_FILE).is_file():
            return None
        facts = read_json(path / FACTS_FILE) if (path / FACTS_FILE).is_file() else {}
        if facts.get("task") == REPLY:
            return REPLY
        return _task(read_json(path / CONFIG_FILE), facts)
    except (PtftError, OSError):
        return None


def _task(config: dict[str, Any], facts: dict[str, Any]) -> str | None:
    named = config.get("architectures")
    architecture = str(named[0]) if isinstance(named, list) and named else ""
    if architecture.endswith(SEQUENCE_ENDING):
        return _sequence_task(config, facts)
    return next((task for ending, task in TOKEN_TASKS.items() if architecture.endswith(ending)), None)


def _sequence_task(config: dict[str, Any], facts: dict[str, Any]) -> str:
    """Which task a head on a whole text has; of a folder from elsewhere as transformers would read it."""
    if (told := facts.get("task")) in SEQUENCE_TASKS:
        return str(told)
    labels = config.get("id2label")
    if config.get("problem_type") == "multi_label_classification":
        return "multilabel"
    is_number = config.get("problem_type") == "regression" or (isinstance(labels, dict) and len(labels) == 1)
    return "pair-similarity" if is_number else "classification"


def look_into_task(place: Path | RunDir) -> TaskFolder:
    """Judge the folder of a run's model, or a folder. Raises :class:`ModelError` where it is not fit to be opened."""
    source = place.path if isinstance(place, RunDir) else Path(place).expanduser()
    folder = source
    if is_run(source):
        folder = RunDir(source).model
        if not folder.is_dir():
            raise no_model_yet(RunDir(source))
    if not folder.is_dir():
        raise ModelError(f"{folder} is not a model folder.", hint="Give the folder of a run or of a model.")
    config = read_json(folder / CONFIG_FILE)
    facts = read_json(folder / FACTS_FILE) if (folder / FACTS_FILE).is_file() else {}
    task = _task(config, facts)
    if task is None:
        raise _other_task(source, config)
    shapes = [shape for file in weight_files(folder) for shape in shapes_in(file)]
    weights = sum(map(math.prod, shapes))
    check_sizes(folder, config, weights, len(shapes))
    if not isinstance(config.get("model_type"), str):
        raise damaged(folder / CONFIG_FILE, "It does not say which kind of model this is (model_type).")
    return TaskFolder(folder, source, task, config, weights, facts)


def _other_task(source: Path, config: dict[str, Any]) -> ModelError:
    named = config.get("architectures")
    architecture = str(named[0])[:80] if isinstance(named, list) and named else "nothing"
    return ModelError(
        f"{source.name} has learned no job: it sorts no texts, answers no questions and marks no names.",
        f"Its configuration calls it {architecture}.",
        "Fine-tune it for the task first, or give a model that was.",
    )
