"""Which function trains which family; a family's libraries are imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal

from ptft_gui.core.events import Metrics
from ptft_gui.core.family.registry import family_of
from ptft_gui.core.rundir import RunDir
from ptft_gui.engine.checkpoint import Checkpoint
from ptft_gui.engine.reporter import Reporter


@dataclass(frozen=True)
class TrainingRequest:
    """One attempt of a run. ``checkpoint`` and ``resolved`` are what an earlier attempt left to go on from.

    ``changes`` alter a resumed run: ``learning_rate_factor`` and ``length_factor``.
    """

    run: RunDir
    checkpoint: Checkpoint | None = None
    resolved: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Outcome:
    """How training ended; ``metrics`` are those of the model that was kept."""

    reason: Literal["length", "early_stopping", "stopped", "discarded"]
    step: int = 0
    metrics: Metrics = field(default_factory=dict)


Train = Callable[[TrainingRequest, Reporter], Outcome]

_TRAINERS = {
    "word2vec": "ptft_gui.engine.word2vec.train:train",
    "glove": "ptft_gui.engine.glove.train:train",
    "gpt": "ptft_gui.engine.language.train:train",
    "bert": "ptft_gui.engine.language.train:train",
}
_CLASSIFIER, _TUNER = "ptft_gui.engine.classifier.train:train", "ptft_gui.engine.finetune.train:train"
"""What a task is learned with: averaged word vectors, or a language model."""


def trainer_of(family: str, task: str | None = None) -> Train:
    """The function that trains ``family``, or what it learns a ``task`` with.

    Raises :class:`~ptft_gui.core.errors.SpecError` for an unknown family or task.
    """
    known = family_of(family, task)
    of_task = _CLASSIFIER if known.saves_word_vectors else _TUNER
    place = _TRAINERS[known.key] if task is None else of_task
    module, _, name = place.partition(":")
    train: Train = getattr(import_module(module), name)
    return train
