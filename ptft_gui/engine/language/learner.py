"""What the training loop asks of a model: a batch, its loss, and what it answers to the probes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from torch import nn

from ptft_gui.engine.language.batches import Blocks, Numbers, order_of_epoch
from ptft_gui.engine.language.tokenizer import TextTokenizer
from ptft_gui.engine.language.tokens import TokenFiles

Part = Literal["train", "val"]


@dataclass(frozen=True)
class Batch:
    """n examples: ``inputs`` (n, B). A causal model has ``targets`` (n, B); a masked one has m ``targets`` (m,), and
    ``places`` (m,), their rising flat places in the inputs.

    Where the model also guesses whether two halves follow each other: ``halves`` (n, B), 0 and 1, ``follows`` (n,),
    and ``pair_weight``, how many hidden tokens of the whole batch there are to each of its examples.
    """

    inputs: torch.Tensor
    targets: torch.Tensor
    places: torch.Tensor | None = None
    halves: torch.Tensor | None = None
    follows: torch.Tensor | None = None
    pair_weight: float = 0.0

    @property
    def count(self) -> int:
        """How many tokens are guessed."""
        count: int = self.targets.numel()
        return count

    def parts(self, size: int) -> Iterator[Batch]:
        """The same in batches of at most ``size`` examples."""
        examples = len(self.inputs)
        for start in range(0, examples, size):
            yield self.between(start, min(start + size, examples))

    def between(self, start: int, end: int) -> Batch:
        """The examples from ``start`` up to ``end``."""
        inputs, length = self.inputs[start:end], self.inputs.shape[1]
        if self.places is None:
            return Batch(inputs, self.targets[start:end])
        first, last = (int(place) for place in torch.searchsorted(
            self.places, torch.tensor([start * length, end * length]).to(self.places)
        ))  # fmt: skip
        return Batch(
            inputs,
            self.targets[first:last],
            self.places[first:last] - start * length,
            None if self.halves is None else self.halves[start:end],
            None if self.follows is None else self.follows[start:end],
            self.pair_weight,
        )

    def to(self, device: torch.device) -> Batch:
        if device.type == "cpu":
            return self

        def moved(tensor: torch.Tensor | None) -> torch.Tensor | None:
            return None if tensor is None else tensor.to(device, non_blocking=True)

        return replace(
            self,
            inputs=self.inputs.to(device, non_blocking=True),
            targets=self.targets.to(device, non_blocking=True),
            places=moved(self.places),
            halves=moved(self.halves),
            follows=moved(self.follows),
        )


class Learner(ABC):
    """A model with what it learns from. ``values``: the resolved values of the run."""

    probe_kind: str
    loss_words: str
    notes: tuple[str, ...] = ()
    """What a person should know of how the network began, a sentence each."""
    _model: nn.Module
    _compiled: Any = None

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values = values
        self.device = torch.device(values["device"])
        self.seed = int(values["seed"])

    @property
    def model(self) -> nn.Module:
        return self._model

    @property
    def body(self) -> Any:
        """What turns tokens into numbers, without the part that guesses; compiled where that was found to pay."""
        return self._compiled if self._compiled is not None else self._model.base_model

    def compile_body(self) -> None:
        """Translate the body into a program of its own; the first steps then take long, and may fail."""
        self._compiled = torch.compile(self._model.base_model, dynamic=False)

    def leave_uncompiled(self) -> None:
        self._compiled = None

    @property
    def parameters(self) -> int:
        return sum(weight.numel() for weight in self.model.parameters())

    @property
    def hidden(self) -> set[str]:
        """Names of the matrices between the layers, which some optimizers treat in a way of their own."""
        return set()

    @abstractmethod
    def order_of(self, epoch: int) -> Numbers:
        """The examples to learn from in the order of an epoch, which its number and the seed decide."""

    @abstractmethod
    def batch(self, part: Part, numbers: Numbers, epoch: int | None) -> Batch:
        """The examples with these numbers; without an epoch always the same, for looking."""

    @abstractmethod
    def loss_sum(self, batch: Batch) -> torch.Tensor:
        """The loss of all tokens that are guessed, added up, in nats."""

    def more_metrics(self, batch: Batch) -> dict[str, float]:
        """What else can be measured on a batch that is never learned from, by name."""
        return {}

    @property
    def asked(self) -> Any:
        """The network as transformers' class for questions to it."""
        return self._model

    @abstractmethod
    def answers(self, probes: Sequence[str]) -> list[Any]:
        """What the model answers now, one answer a probe."""

    def problem_of_probe(self, probe: str) -> str | None:
        """Why this probe cannot be answered, in words."""
        return None if probe.strip() else "It is empty."


class TextLearner(Learner):
    """One that learns from running text, cut into blocks."""

    def __init__(self, values: Mapping[str, Any], tokenizer: TextTokenizer, tokens: TokenFiles) -> None:
        super().__init__(values)
        self.tokenizer = tokenizer
        self.blocks: dict[Part, Blocks] = {"train": self._cut(tokens.train), "val": self._cut(tokens.val)}

    @abstractmethod
    def _cut(self, tokens: Any) -> Blocks:
        """The tokens of a part as blocks."""

    @abstractmethod
    def default_probes(self, text: str) -> tuple[str, ...]:
        """Probes from a piece of the text, for a person who gave none."""

    def order_of(self, epoch: int) -> Numbers:
        """Blocks in an order by chance."""
        return order_of_epoch(self.blocks["train"].count, self.seed, epoch)
