"""One step: a batch of pairs, trained by all threads at once, each on its own part of it.

The threads write into the same vectors without waiting for one another (Recht et al. 2011, "Hogwild"): with several the
result differs a little from run to run, with one it is exactly repeatable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ptft_gui.engine.glove.counting import Window, count_pairs
from ptft_gui.engine.glove.kernel import PAIR, Pairs, grouped, mean_cost, train_pairs
from ptft_gui.engine.glove.loss import weighting_of
from ptft_gui.engine.glove.model import GloveModel
from ptft_gui.engine.glove.pairs import EpochOrder
from ptft_gui.engine.glove.tables import add_runs, empty_table, enlarge
from ptft_gui.engine.lanes import empty_rows

_FEWEST_PAIRS_A_PART, _PARTS_A_THREAD = 500, 4
"""A thread that is held up by another program leaves its further parts to the others."""


class Steps(Protocol):
    """Trains batches of pairs on some device."""

    def train(self, batch: Pairs, number: int, order: EpochOrder) -> tuple[float, int]:
        """Train on the batch ``number`` of an epoch; returns (summed cost before, pairs trained)."""
        ...

    def bring_home(self) -> None:
        """Make the model's arrays what was learned so far."""
        ...

    def close(self) -> None: ...


class CpuSteps:
    """Training on the processor."""

    def __init__(self, model: GloveModel, values: Mapping[str, Any], are_mirrored: bool) -> None:
        self._model, self._are_mirrored = model, are_mirrored
        self._weighting = weighting_of(values)
        self._rates = rates_of(values)
        self._threads = int(values["workers"])
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="train")

    def train(self, batch: Pairs, number: int, order: EpochOrder) -> tuple[float, int]:
        if self._threads == 1:
            return self._train_part(batch, number, order)
        count = max(1, min(self._threads * _PARTS_A_THREAD, len(batch) // _FEWEST_PAIRS_A_PART))
        cuts = np.linspace(0, len(batch), count + 1).astype(int).tolist()
        parts = [batch[start:end] for start, end in pairwise(cuts)]
        done = list(self._pool.map(lambda part: self._train_part(part, number, order), parts))
        return sum(cost for cost, _ in done), sum(count for _, count in done)

    def _train_part(self, part: Pairs, number: int, order: EpochOrder) -> tuple[float, int]:
        ordered, model = order.within(number, part), self._model
        cost, count = train_pairs(
            ordered, self._are_mirrored, model.lanes, model.biases, self._weighting, self._rates
        )
        return float(cost), int(count)

    def bring_home(self) -> None:
        """Nothing to do: the model's arrays are what is trained."""

    def close(self) -> None:
        self._pool.shutdown()


def rates_of(values: Mapping[str, Any]) -> tuple[float, float]:
    """(eta, rate of the biases): the reference program corrects biases without eta."""
    eta = float(values["learning_rate"])
    return eta, 1.0 if values["reference"] else eta


def compile_routines(folder: Path, heed_stop: Callable[[], None] = lambda: None) -> None:
    """Let numba compile everything now, or take it from its cache: seconds the first time, then none.

    ``heed_stop`` is called between two routines and may raise.
    """
    pairs = np.zeros(1, PAIR)
    block, biases = empty_rows(4, 1).reshape(1, 4, -1), np.ones((1, 4), np.float32)
    for routine in (
        lambda: train_pairs(grouped(pairs, 1), True, block, biases, (0.0, 0.75), (0.05, 0.05)),
        lambda: mean_cost(pairs, True, block, biases, (0.0, 0.75), 0.0),
        lambda: count_pairs([["a", "b"]], {"a": 0, "b": 1}, Window(1, True), 8 << 20, folder),
        lambda: enlarge(empty_table(2), empty_table(4)),
        lambda: add_runs(np.zeros(1, np.int64), np.zeros(1)),
    ):
        routine()
        heed_stop()
