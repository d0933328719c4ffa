"""GloVe on a graphics card, through torch.

Documented difference from the processor: a batch is one correction. What its pairs say of one vector is added up with
``index_add_`` and the accumulators, to which the squares of the single gradients are added, are brought up to date
before the correction instead of after it. Otherwise one word in a hundred pairs would leap a hundred times as far.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ptft_gui.engine.glove.kernel import (
    CLIP,
    CONTEXT,
    CONTEXT_SQUARES,
    FROZEN_SQUARES,
    PAIR,
    W_SQUARES,
    Pairs,
    W,
)
from ptft_gui.engine.glove.loss import weighting_of
from ptft_gui.engine.glove.model import GloveModel
from ptft_gui.engine.glove.pairs import EpochOrder
from ptft_gui.engine.glove.steps import rates_of

if TYPE_CHECKING:
    import torch


class TorchSteps:
    """Training with torch. ``device``: "cuda", or "cpu" to look at the same arithmetic without a card."""

    def __init__(
        self, model: GloveModel, values: Mapping[str, Any], are_mirrored: bool, device: str = "cuda"
    ) -> None:
        import torch

        self._torch, self._device = torch, torch.device(device)
        self._model, self._are_mirrored = model, are_mirrored
        self._weighting, self._rates = weighting_of(values), rates_of(values)
        block = torch.from_numpy(model.block)
        self._arrays = [block[:, place].to(self._device, copy=True).contiguous() for place in range(4)]
        self._biases = [
            torch.from_numpy(model.biases)[:, place].to(self._device, copy=True).contiguous()
            for place in range(4)
        ]

    def train(self, batch: Pairs, number: int, order: EpochOrder) -> tuple[float, int]:
        """Train on the batch; the order within it does not matter here."""
        rows, columns, logs = self._directed(batch)
        w, context = self._arrays[W][rows], self._arrays[CONTEXT][columns]  # (n, d) each
        diff = (w * context).sum(1) + self._biases[W][rows] + self._biases[CONTEXT][columns] - logs
        log_limit, alpha = self._weighting
        weight = self._torch.exp((alpha * (logs - log_limit)).clamp(max=0.0))
        slope = weight * diff  # (n,)
        cost = 0.5 * (slope * diff).double().sum()
        eta, bias_rate = self._rates
        self._correct(
            W, W_SQUARES, rows, (slope[:, None] * context).clamp(-CLIP, CLIP) * eta, slope * bias_rate
        )
        self._correct(
            CONTEXT,
            CONTEXT_SQUARES,
            columns,
            (slope[:, None] * w).clamp(-CLIP, CLIP) * eta,
            slope * bias_rate,
        )
        return float(cost), len(rows)

    def _directed(self, batch: Pairs) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Rows, columns and logarithms, shape (n,) each, both directions of mirrored pairs.

        The records travel as they are, in one copy; they are taken apart on the card.
        """
        fields = np.ascontiguousarray(batch).view(np.int32).reshape(-1, PAIR.itemsize // 4)
        sent = self._torch.from_numpy(fields).to(self._device)
        rows, columns, logs = sent[:, 0], sent[:, 1], sent[:, 2].contiguous().view(self._torch.float32)
        if self._are_mirrored:
            differ = (rows != columns).nonzero().squeeze(1)
            rows, columns = (
                self._torch.cat([rows, columns[differ]]),
                self._torch.cat([columns, rows[differ]]),
            )
            logs = self._torch.cat([logs, logs[differ]])
        return rows.long(), columns.long(), logs

    def _correct(
        self, place: int, squares: int, rows: torch.Tensor, steps: torch.Tensor, bias_steps: torch.Tensor
    ) -> None:
        """``steps``: eta times the gradient of each pair, shape (n, d); ``bias_steps``: shape (n,)."""
        touched, where = self._torch.unique(rows, return_inverse=True)
        for arrays, single in ((self._arrays, steps), (self._biases, bias_steps)):
            summed = self._torch.zeros((len(touched), *single.shape[1:]), device=self._device)
            square_sum = self._torch.zeros_like(summed)
            summed.index_add_(0, where, single)
            square_sum.index_add_(0, where, single * single)
            arrays[squares][touched] += square_sum
            seen = arrays[squares][touched]
            arrays[place][touched] -= (summed / seen.sqrt()).masked_fill(seen >= float(FROZEN_SQUARES), 0.0)

    def bring_home(self) -> None:
        for place in range(4):
            self._model.block[:, place] = self._arrays[place].cpu().numpy()
            self._model.biases[:, place] = self._biases[place].cpu().numpy()

    def close(self) -> None:
        self.bring_home()
