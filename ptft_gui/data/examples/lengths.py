"""How long the texts are: counted exactly, shown in bars whose edges a person can read."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_BARS = 20
QUANTILE_STEPS = 100
_STEPS = (1, 2, 5)


class LengthCounts:
    """How many texts have which length. It holds one number for each different length, which stays small: a thousand
    million words make at most 45,000 different lengths."""

    def __init__(self) -> None:
        self._counts: Counter[int] = Counter()

    def add(self, lengths: npt.NDArray[np.integer[Any]]) -> None:
        """Count these lengths, shape (texts,)."""
        values, counts = np.unique(lengths, return_counts=True)
        self._counts.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))

    def facts(self, unit: str) -> dict[str, Any]:
        """Histogram and key numbers: ``edges`` (one more than ``counts``), ``median``, ``p95``, ``longest``, ``mean``,
        and ``quantiles``, the lengths that 0, 1, 2 ... 100 % of the texts do not exceed. Empty lists without texts.
        """
        ordered = sorted(self._counts.items())
        edges, counts = histogram(self._counts)
        texts = self._counts.total()
        quantiles = _quantiles(ordered, texts)
        return {
            "unit": unit,
            "edges": edges,
            "counts": counts,
            "median": quantiles[QUANTILE_STEPS // 2] if texts else 0,
            "p95": quantiles[QUANTILE_STEPS * 95 // 100] if texts else 0,
            "longest": ordered[-1][0] if texts else 0,
            "mean": sum(length * count for length, count in ordered) / texts if texts else 0.0,
            "quantiles": quantiles,
        }


def _quantiles(ordered: list[tuple[int, int]], texts: int) -> list[int]:
    """By the nearest rank, so that every answer is the length of a text that is there."""
    if not ordered:
        return []
    lengths, counts = np.array(ordered, np.int64).T
    shares = np.arange(QUANTILE_STEPS + 1) * texts
    ranks = np.maximum(-(-shares // QUANTILE_STEPS), 1)
    return lengths[np.searchsorted(np.cumsum(counts), ranks)].tolist()  # type: ignore[no-any-return]


def histogram(lengths: Mapping[int, int], most_bars: int = MOST_BARS) -> tuple[list[int], list[int]]:
    """Edges and counts of at most ``most_bars`` bars. A bar holds lengths from its edge up to below the next.

    All bars are 1, 2 or 5 (times ten, a hundred ...) wide, up to the length that 99 % of the texts do not exceed; the
    longer ones share one last bar, so that a single endless text does not press all others into one.
    """
    if not lengths:
        return [], []
    ordered = sorted(lengths.items())
    limit = _quantiles(ordered, sum(lengths.values()))[QUANTILE_STEPS * 99 // 100]
    shortest, longest = ordered[0][0], ordered[-1][0]
    width = _readable_width((limit - shortest + 1) / (most_bars - 1))
    first = shortest // width * width
    edges = list(range(first, limit + width + 1, width))
    if longest >= edges[-1]:
        edges.append(longest + 1)
    keys, counts = np.array(ordered, np.int64).T
    bars = np.bincount(
        np.searchsorted(edges, keys, side="right") - 1, weights=counts, minlength=len(edges) - 1
    )
    return edges, bars.astype(np.int64).tolist()


def _readable_width(least: float) -> int:
    power = 10 ** max(math.floor(math.log10(max(least, 1))), 0)
    return int(next(step * power for step in (*_STEPS, 10) if step * power >= least))


def share_longer(quantiles: list[int], limit: float) -> float:
    """The share of texts longer than ``limit``, to a hundredth, from the ``quantiles`` of `LengthCounts.facts`.

    It is never 0 when the longest text is longer.
    """
    if not quantiles or quantiles[-1] <= limit:
        return 0.0
    not_longer = sum(length <= limit for length in quantiles) - 1
    return 1.0 - max(not_longer, 0) / QUANTILE_STEPS
