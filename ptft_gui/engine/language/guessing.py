"""The last step of a language model and its loss, a piece at a time: scores for the vocabulary, and how wrong they are.

The scores of all tokens at once are the largest thing that a small model makes, and the usual way writes them down five
times: as products, as wide numbers, as logarithms, as slopes, as narrow slopes. Here a piece that stays near the
processor is scored, compared and turned into its slope in place, at once: the slope of softmax with cross-entropy is
known in advance, shares less the right answer. Wijmans et al. 2024, "Cut Your Losses in Large-Vocabulary Language
Models", and Hsu et al. 2024, "Liger Kernel", do so on graphics cards.
"""

from __future__ import annotations

from typing import Any, cast

import torch

_MULTIPLIED, _COMPARED = {"cpu": 1 << 25}, {"cpu": 1 << 20}
"""Scores of a piece that is multiplied at once, and of a part of it that is compared at once: on a processor 64 MiB of
narrow numbers, and 4 MiB of wide ones, which stay near it."""
_ELSEWHERE = 1 << 26
"""A graphics card wants large pieces: each call of it takes as long as thousands of scores."""


def guessing_loss(
    hidden: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None, targets: torch.Tensor
) -> torch.Tensor:
    """Cross-entropy of the scores of ``hidden`` (m, width) with ``targets`` (m,), added up, in nats: ().

    The scores are those of a linear layer with ``weight`` (V, width) and ``bias`` (V,). Multiplies with the
    precision of the surrounding autocast. Its gradient can be asked for once.
    """
    kind = hidden.device.type
    narrow = torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else hidden.dtype
    with torch.autocast(kind, enabled=False):
        loss = _Guessing.apply(hidden.to(narrow), weight, bias, targets, torch.is_grad_enabled())
    return cast(torch.Tensor, loss)


class _Guessing(torch.autograd.Function):  # type: ignore[misc]  # torch brings no types
    """Computes the slopes along with the loss, and hands them out when they are asked for."""

    @staticmethod
    def forward(
        ctx: Any,
        hidden: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        targets: torch.Tensor,
        is_learning: bool,
    ) -> torch.Tensor:
        narrow = weight.to(hidden.dtype)
        kind, vocabulary = hidden.device.type, len(weight)
        rows = _rows(len(hidden), vocabulary, _MULTIPLIED.get(kind, _ELSEWHERE))
        parts = _rows(rows, vocabulary, _COMPARED.get(kind, _ELSEWHERE))
        wide = hidden.new_empty((parts, vocabulary), dtype=torch.float32)
        slopes = _Slopes(hidden, weight, bias, ctx.needs_input_grad) if is_learning else None
        loss = hidden.new_zeros((), dtype=torch.float32)
        for start in range(0, len(hidden), rows):
            piece, right = hidden[start : start + rows], targets[start : start + rows, None]
            scores = piece @ narrow.t()
            for first in range(0, len(piece), parts):
                part = slice(first, first + parts)
                part_loss, slope = _compare(scores[part], bias, right[part], wide)
                loss += part_loss
                if slopes is not None:
                    slopes.add_to_bias(slope)
                    scores[part] = slope
            if slopes is not None:
                slopes.add(start, piece, narrow, scores)
        ctx.slopes = slopes
        return loss

    @staticmethod
    def backward(ctx: Any, *outside: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        slopes, ctx.slopes = ctx.slopes, None
        return (*(None if slope is None else slope.mul_(outside[0]) for slope in slopes.all), None, None)


class _Slopes:
    """The slopes of the loss by what is multiplied, filled piece by piece; None where nobody asks."""

    def __init__(
        self,
        hidden: torch.Tensor,
        weight: torch.Tensor,
        bias: torch.Tensor | None,
        wanted: tuple[bool, ...],
    ) -> None:
        self.hidden = torch.empty_like(hidden) if wanted[0] else None
        self.weight = torch.zeros_like(weight) if wanted[1] else None
        self.bias = torch.zeros_like(bias) if bias is not None and wanted[2] else None

    @property
    def all(self) -> tuple[torch.Tensor | None, torch.Tensor | None, torch.Tensor | None]:
        return self.hidden, self.weight, self.bias

    def add_to_bias(self, slope: torch.Tensor) -> None:
        """``slope``: (n, V)."""
        if self.bias is not None:
            self.bias += slope.sum(0)

    def add(self, start: int, piece: torch.Tensor, weight: torch.Tensor, slope: torch.Tensor) -> None:
        """Of ``piece`` (n, width) with ``weight`` (V, width) and ``slope`` (n, V)."""
        if self.hidden is not None:
            torch.mm(slope, weight, out=self.hidden[start : start + len(piece)])
        if self.weight is not None:
            self.weight += slope.t() @ piece


def _rows(most: int, vocabulary: int, numbers: int) -> int:
    """How many rows of scores hold about so many numbers."""
    return max(1, min(most, numbers // vocabulary))


def _compare(
    scores: torch.Tensor, bias: torch.Tensor | None, right: torch.Tensor, wide: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The loss of ``scores`` (n, V) with the ``right`` tokens (n, 1), and its slope, written into ``wide``."""
    wide = wide[: len(scores)]
    wide.copy_(scores) if bias is None else torch.add(scores, bias, out=wide)
    best = wide.amax(1, keepdim=True)
    chosen = wide.gather(1, right)
    shares = wide.sub_(best).exp_()
    total = shares.sum(1, keepdim=True)
    loss = (total.log() + best - chosen).sum()
    return loss, shares.div_(total).scatter_add_(1, right, -torch.ones_like(total))
