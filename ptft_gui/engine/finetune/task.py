"""What a job is to the rest of fine-tuning: rows become examples, the head's numbers become answers and scores.

A task is written once and used twice: by training, and by questions to the model that came of it. Nothing in it knows
of files, of the loop or of the network; the network that fits is named by :attr:`Task.model_class`, a class of
transformers, so that the result opens in plain transformers.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from ptft_gui.core.errors import SpecError

Ids = NDArray[np.int32]
Scores = NDArray[np.float32]
Row = Mapping[str, Any]
"""A row of prepared examples (:mod:`ptft_gui.data.examples.prepared`), or one that a person typed: its texts alone."""
HeadKind = Literal["pooled", "tokens", "language"]
IGNORED = -100
"""A token that is not to be learned, as transformers marks it."""


@dataclass(frozen=True)
class Example:
    """What the network reads at once.

    ``ids``: int32 (L,), special tokens included; ``segments``: int32 (L,), 0 and 1 for first and second text, None
    where the tokenizer makes none. ``target``: what is to be learned, in the task's own form (a number, a list ...),
    None for a row without an answer. ``row``: which of the part's rows it belongs to; several examples may (windows of
    a long context). ``cut``: how many tokens of the row were cut off. ``notes``: what the task needs to read the
    answer (places of words, offsets).
    """

    ids: Ids
    segments: Ids | None = None
    target: Any = None
    row: int = 0
    cut: int = 0
    notes: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class TaskBatch:
    """n examples, filled up to L tokens.

    ``inputs``: int64 (n, L), or float features (n, d) or (n, L, d) where the backbone is frozen; ``mask``: int64
    (n, L), 1 for a token; ``segments``: int64 (n, L) or None; ``targets``: n first, the rest is the task's affair.
    ``weight``: what the batch's loss is divided by: examples, tokens or the weights of classes.
    """

    inputs: torch.Tensor
    mask: torch.Tensor
    segments: torch.Tensor | None
    targets: torch.Tensor
    weight: float

    @property
    def count(self) -> float:
        return self.weight

    def parts(self, size: int) -> Iterator[TaskBatch]:
        """The same in batches of at most ``size`` examples."""
        for start in range(0, len(self.inputs), size):
            chosen = slice(start, start + size)
            segments = None if self.segments is None else self.segments[chosen]
            yield TaskBatch(
                self.inputs[chosen], self.mask[chosen], segments, self.targets[chosen], self.weight
            )

    def to(self, device: torch.device) -> TaskBatch:
        if device.type == "cpu":
            return self
        segments = None if self.segments is None else self.segments.to(device, non_blocking=True)
        return TaskBatch(
            self.inputs.to(device, non_blocking=True),
            self.mask.to(device, non_blocking=True),
            segments,
            self.targets.to(device, non_blocking=True),
            self.weight,
        )


@dataclass(frozen=True)
class Answer:
    """What the model answers to one row.

    ``record``: what a line of ``predictions.jsonl`` holds beside ``part key row`` (:meth:`Task.answers` tells which
    keys); ``shown``: the same for a person, as a probe's answer: plain JSON.
    """

    record: dict[str, Any]
    shown: Any


@dataclass(frozen=True)
class Measured:
    """Scores of one part. ``metrics``: by name without the part ("accuracy"); ``report``: its entry in
    ``evaluation.json``, ready for JSON."""

    metrics: dict[str, float | None]
    report: dict[str, Any]


class Task(ABC):
    """One job. ``values``: the resolved values of the run, or the facts of a finished model (``ptft.json``).

    ``tokenizer``: as transformers opens it. ``labels``: the classes in their order; empty where there are none.
    """

    key: ClassVar[str]
    """As on the command line: ``classification tagging question-answering ...``."""
    model_class: ClassVar[str]
    """``AutoModelForSequenceClassification`` and the like: what plain transformers opens the result with."""
    head: ClassVar[HeadKind]
    """``pooled``: the head sees one vector an example; ``tokens``: one a token; ``language``: the model's own head."""
    loss_words: ClassVar[str]
    """The unit of its loss: "nats per text"."""
    score_name: ClassVar[str]
    """The metric that people ask for, as in :attr:`Measured.metrics`."""

    def __init__(self, values: Mapping[str, Any], tokenizer: Any, labels: Sequence[str]) -> None:
        self.values, self.tokenizer, self.labels = values, tokenizer, tuple(labels)
        self.longest = int(values["block_size"])
        """The most tokens of an example, special ones included."""
        self.settled: dict[str, Any] = {}
        """What :meth:`settle` chose, to be recorded with the model."""

    # --- what the rows to learn from say ------------------------------------------------------------------------

    @classmethod
    def learned_from(cls, rows: Iterable[Row]) -> dict[str, Any]:
        """Values that belong to the model and that only the rows to learn from tell, asked for once, before a task is
        made: ``labels`` where the data room counts none (tags), and what reading answers needs. They are recorded with
        the run's values and in ``ptft.json``, and so reach :attr:`values` wherever the task is made again.
        """
        return {}

    def get_ready(self, examples: Sequence[Example]) -> None:  # noqa: B027 - most tasks need none of it
        """Look once, before training, at the examples to learn from: for weights of classes and the like."""

    # --- rows to examples --------------------------------------------------------------------------------------

    @abstractmethod
    def encode(self, rows: Sequence[Row], first: int = 0) -> list[Example]:
        """Examples of some rows, numbered from ``first``; cut to :attr:`longest` tokens.

        A row without an answer gets examples with target None. A row that cannot be learned from (an answer that was
        cut off) says so in its ``notes``: ``{"lost": True}``; it is answered all the same.
        """

    @abstractmethod
    def targets(self, examples: Sequence[Example], length: int) -> torch.Tensor:
        """What is to be learned from these examples filled up to ``length`` tokens: (n, ...)."""

    def weight(self, targets: torch.Tensor) -> float:
        """What the loss of these targets is divided by; the number of examples unless a task says otherwise."""
        return float(len(targets))

    # --- the head ----------------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def outputs(self) -> int:
        """How many numbers the head answers with, for an example or a token; 0 for a model's own head."""

    def head_settings(self) -> dict[str, Any]:
        """What the configuration of transformers has to say: readable names of the classes, the kind of problem."""
        names = {str(number): label for number, label in enumerate(self.labels)}
        return {"id2label": names, "label2id": {label: int(number) for number, label in names.items()}}

    def first_bias(self) -> list[float] | None:
        """What the head's constants begin with, asked after :meth:`get_ready`; None for zeros."""
        return None

    @abstractmethod
    def loss_sum(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        """The loss of all targets added up, from the head's ``scores`` (n, k), (n, L, k) or (n, L, V)."""

    def learning_loss(self, network: Any, batch: TaskBatch) -> torch.Tensor:
        """:meth:`loss_sum` of what ``network``, a :class:`TaskNetwork`, answers to a batch; while it learns."""
        return self.loss_sum(network(batch.inputs, batch.mask, batch.segments), batch)

    # --- answers and scores ------------------------------------------------------------------------------------

    def condense(self, scores: torch.Tensor, batch: TaskBatch) -> torch.Tensor:
        """What :meth:`answers` needs of the head's scores, where all of them would fill the memory."""
        return scores

    def write(self, network: Any, rows: Sequence[Row], most_tokens: int = 60) -> list[Answer] | None:
        """Answers that a model writes token after token; None where the head's scores tell the answer.

        ``network(inputs, mask)``: a module that gives (n, L, V).
        """
        return None

    @abstractmethod
    def answers(
        self, scores: Sequence[Scores], examples: Sequence[Example], rows: Sequence[Row]
    ) -> list[Answer]:
        """One answer a row, in their order. ``scores[i]``: float32 (k,) or (L_i, k), of ``examples[i]``; the examples
        number their rows from 0."""

    @abstractmethod
    def measure(self, answers: Sequence[Answer], rows: Sequence[Row]) -> Measured:
        """Scores by the official definition; of rows whose true answer is known."""

    def settle(self, answers: Sequence[Answer], rows: Sequence[Row]) -> list[Answer]:
        """Choose what only answers to held-out rows can tell; returns the answers as they are with it."""
        return list(answers)

    def guessing(self, rows: Sequence[Row]) -> dict[str, float]:
        """What guessing by frequency alone scores: metric without the part ("loss", "accuracy") to value.

        ``rows``: those to learn from.
        """
        return {}

    # --- probes ------------------------------------------------------------------------------------------------

    probe_kind: ClassVar[str] = "task"

    def row_of_probe(self, probe: str) -> Row:
        """A probe as a row; a task of two texts takes them apart at a line of three hyphens. Raises SpecError."""
        if not probe.strip():
            raise SpecError("A probe is empty.", hint="Give a text to answer.", key="probes")
        return {"text": probe}


TASKS: dict[str, str] = {
    "classification": "ptft_gui.engine.finetune.sequences:Classification",
    "multilabel": "ptft_gui.engine.finetune.sequences:Multilabel",
    "pair-classification": "ptft_gui.engine.finetune.sequences:PairClassification",
    "pair-similarity": "ptft_gui.engine.finetune.sequences:PairSimilarity",
    "tagging": "ptft_gui.engine.finetune.tagging:Tagging",
    "question-answering": "ptft_gui.engine.finetune.answering:QuestionAnswering",
    "reply": "ptft_gui.engine.finetune.replying:Replying",
}
"""Where each task stands; one that is not here is not offered."""


def task_class(key: str) -> type[Task]:
    """The class of a task. Raises KeyError."""
    from importlib import import_module

    module, _, name = TASKS[key].partition(":")
    found: type[Task] = getattr(import_module(module), name)
    return found
