"""The honest curve: the mean weighted cost of fixed pairs, measured on the vectors as they are.

Of the training pairs and of the pairs that were counted on held-out text a sample is drawn once. The held-out text is
shorter, so the counts to be explained are scaled to the length of the training text: their logarithms would otherwise
be off by the same amount for every pair. How much a pair weighs follows from how often it was really counted.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ptft_gui.engine.glove.kernel import Pairs, mean_cost
from ptft_gui.engine.glove.model import GloveModel
from ptft_gui.engine.glove.pairs import TrainingPairs

MOST_PAIRS = 20_000


def weighting_of(values: Mapping[str, Any]) -> tuple[float, float]:
    """(log x_max, alpha) from resolved options."""
    return math.log(values["x_max"]), float(values["alpha"])


@dataclass(frozen=True)
class CostProbe:
    """Fixed pairs; ``weighting``: (log x_max, alpha); ``shift``: logarithm of what their counts are multiplied by."""

    pairs: Pairs
    are_mirrored: bool
    weighting: tuple[float, float]
    shift: float = 0.0

    def cost(self, model: GloveModel) -> float:
        """Mean of ``0.5 f diff^2`` over the pairs, both directions of mirrored ones."""
        parts = (model.lanes, model.biases)
        return float(mean_cost(self.pairs, self.are_mirrored, *parts, self.weighting, self.shift))


def draw_probe(
    pairs: TrainingPairs, weighting: tuple[float, float], scale: float = 1.0, most: int = MOST_PAIRS
) -> CostProbe | None:
    """The first of the shuffled pairs, their counts multiplied by ``scale``; None when there are none."""
    if not len(pairs):
        return None
    return CostProbe(np.array(pairs.records[:most]), pairs.are_mirrored, weighting, math.log(scale))
