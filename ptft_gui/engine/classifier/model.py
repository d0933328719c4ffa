"""The network while it trains: averaged vectors, standardised, and one linear layer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from ptft_gui.engine.classifier.head import ClassifierHead
from ptft_gui.engine.classifier.texts import EncodedTexts, Rows
from ptft_gui.engine.vectors import Floats32

_LEAST_SPREAD, _BATCH = 1e-4, 4096


@dataclass(frozen=True)
class HeldTexts:
    """Texts, and their mean vectors, shape (n, d), while these cannot change."""

    texts: EncodedTexts
    means: torch.Tensor | None


class AveragedVectors(nn.Module):  # type: ignore[misc]  # torch is not looked into
    """Texts to scores.

    Only the vectors of words that the texts hold take part: ``vectors`` is float32 (W, d). The means over words are
    brought to mean 0 and spread 1 over the training texts as they are at the start; without it one learning rate would
    not suit vectors of all sizes. ``is_frozen``: the vectors stay as they are.
    """

    def __init__(self, vectors: Floats32, classes: int, is_frozen: bool, seed: int) -> None:
        super().__init__()
        self.vectors = nn.Parameter(torch.from_numpy(vectors.copy()), requires_grad=not is_frozen)
        self.shift: torch.Tensor
        self.spread: torch.Tensor
        self.register_buffer("shift", torch.zeros(vectors.shape[1]))
        self.register_buffer("spread", torch.ones(vectors.shape[1]))
        self.layer = nn.Linear(vectors.shape[1], classes)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            self.layer.weight.copy_(torch.randn(self.layer.weight.shape, generator=generator) * 0.01)
            self.layer.bias.zero_()

    def held(self, texts: EncodedTexts) -> HeldTexts:
        """Texts ready to be asked about; while the vectors are frozen their means are made here, once."""
        held = HeldTexts(texts, None)
        if not self.vectors.requires_grad:
            with torch.no_grad():
                means = [self.means(held, chosen) for chosen in _slices(len(texts))]
            held = HeldTexts(texts, torch.cat(means) if means else self.vectors[:0])
        return held

    def means(self, held: HeldTexts, chosen: Rows) -> torch.Tensor:
        """The mean vector of each of the chosen texts, shape (n, d); zeros for a text without a known word."""
        if held.means is not None:
            return held.means[torch.from_numpy(chosen)]
        rows, starts = held.texts.pick(chosen)
        return functional.embedding_bag(
            torch.from_numpy(rows), self.vectors, torch.from_numpy(starts), mode="mean"
        )

    def forward(self, held: HeldTexts, chosen: Rows) -> torch.Tensor:
        """Scores before softmax, shape (n, k)."""
        scores: torch.Tensor = self.layer((self.means(held, chosen) - self.shift) / self.spread)
        return scores

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def standardise(self, held: HeldTexts) -> None:
        """Measure mean and spread of the training texts' means."""
        together = torch.cat([self.means(held, chosen) for chosen in _slices(len(held.texts))])
        self.shift.copy_(together.mean(0))
        self.spread.copy_(together.std(0, correction=0).clamp(min=_LEAST_SPREAD))

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def answers(self, held: HeldTexts) -> NDArray[np.float32]:
        """Scores of all texts, shape (n, k)."""
        scores = [self(held, chosen) for chosen in _slices(len(held.texts))]
        if not scores:
            return np.zeros((0, self.layer.out_features), dtype=np.float32)
        answers: NDArray[np.float32] = torch.cat(scores).numpy()
        return answers

    @torch.no_grad()  # type: ignore[untyped-decorator]
    def head(self, labels: tuple[str, ...]) -> ClassifierHead:
        """The layer on plain means: the standardising is worked into it."""
        weight = self.layer.weight / self.spread
        bias = self.layer.bias - weight @ self.shift
        return ClassifierHead(weight.numpy().copy(), bias.numpy().copy(), labels)


def make_optimizer(model: AveragedVectors, rate: float, weight_decay: float) -> torch.optim.AdamW:
    """AdamW; the vectors are not drawn towards zero, only the layer is (Loshchilov and Hutter 2019)."""
    groups: list[dict[str, Any]] = [
        {"params": [model.layer.weight], "weight_decay": weight_decay},
        {"params": [model.layer.bias], "weight_decay": 0.0},
    ]
    if model.vectors.requires_grad:
        groups.append({"params": [model.vectors], "weight_decay": 0.0})
    return torch.optim.AdamW(groups, lr=rate)


def class_weights(labels: Rows, classes: int) -> torch.Tensor:
    """Weights that make every class count alike, shape (k,); 0 for a class without rows, mean 1 over the rows."""
    counts = np.bincount(labels, minlength=classes)
    weights = np.divide(len(labels) / classes, counts, out=np.zeros(classes), where=counts > 0)
    return torch.from_numpy(weights.astype(np.float32))


def mean_loss(scores: NDArray[np.float32], labels: Rows) -> float:
    """Mean cross entropy in nats a text."""
    return float(functional.cross_entropy(torch.from_numpy(scores), torch.from_numpy(labels)))


def tensors_of(model: AveragedVectors, optimizer: torch.optim.AdamW) -> dict[str, Floats32]:
    """Every number that going on exactly needs, by name; copied."""
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    for place, parameter in enumerate(_parameters(optimizer)):
        for name, value in optimizer.state.get(parameter, {}).items():
            tensors[f"optimizer.{place}.{name}"] = torch.as_tensor(value)
    return {name: value.detach().cpu().numpy().copy() for name, value in tensors.items()}


def restore_tensors(
    model: AveragedVectors, optimizer: torch.optim.AdamW, tensors: Mapping[str, NDArray[Any]]
) -> None:
    """Bring both to a saved state. Raises KeyError, RuntimeError or ValueError when it does not fit."""
    model.load_state_dict(
        {name: torch.from_numpy(np.array(tensors[f"model.{name}"])) for name in model.state_dict()}
    )
    for place, parameter in enumerate(_parameters(optimizer)):
        prefix = f"optimizer.{place}."
        found = {
            name.removeprefix(prefix): torch.from_numpy(np.array(value))
            for name, value in tensors.items()
            if name.startswith(prefix)
        }
        if found:
            optimizer.state[parameter] = found


def _parameters(optimizer: torch.optim.AdamW) -> list[torch.Tensor]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def _slices(count: int) -> list[Rows]:
    return [np.arange(start, min(start + _BATCH, count)) for start in range(0, count, _BATCH)]
