"""Numbers in a column: smallest, largest, and how they are spread, in one pass and in flat memory."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

Numbers = npt.NDArray[np.float64]

_DECIMAL_COMMA = r"^\s*([+-]?\d+),(\d+)\s*$"


def to_numbers(cells: pl.Series) -> pl.Series:
    """The cells as ``pl.Float64``, a decimal comma understood; null where a cell is no finite number."""
    text = pl.col("cell").str.strip_chars().str.replace(_DECIMAL_COMMA, "$1.$2")
    number = text.cast(pl.Float64, strict=False)
    return (
        cells.alias("cell")
        .to_frame()
        .select(pl.when(number.is_finite()).then(number).alias("cell"))
        .to_series()
    )


class ScoreCounts:
    """How often each number occurs. When there are too many different ones, all are cut to six, five, four ... leading
    digits, which a histogram does not feel; smallest and largest stay exact."""

    _MOST = 20_000
    _BARS = 20

    def __init__(self) -> None:
        self._counts: Counter[float] = Counter()
        self._digits = 7
        self._smallest, self._largest = np.inf, -np.inf
        self._unreadable = 0

    def add(self, cells: pl.Series) -> None:
        """Cells (``pl.String``); blank ones are passed over, those that are no numbers counted."""
        cells = cells.filter(cells.str.contains(r"\S"))
        numbers = to_numbers(cells).drop_nulls().to_numpy()
        self._unreadable += len(cells) - len(numbers)
        if not len(numbers):
            return
        self._smallest = min(self._smallest, float(numbers.min()))
        self._largest = max(self._largest, float(numbers.max()))
        values, counts = np.unique(self._cut(numbers), return_counts=True)
        self._counts.update(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        while len(self._counts) > self._MOST:
            self._digits -= 1
            cut: Counter[float] = Counter()
            for value, count in zip(
                self._cut(np.array(list(self._counts))).tolist(), self._counts.values(), strict=True
            ):
                cut[value] += count
            self._counts = cut

    def _cut(self, numbers: Numbers) -> Numbers:
        if self._digits > 6:
            return numbers
        with np.errstate(all="ignore"):
            unit = 10.0 ** (np.floor(np.log10(np.abs(numbers))) - self._digits + 1)
            return np.where(numbers == 0, 0.0, np.trunc(numbers / unit) * unit)

    def facts(self) -> dict[str, Any]:
        """``count``, ``unreadable``, ``different``, ``min``, ``max``, ``mean``, ``edges`` and ``counts`` of
        a histogram; ``min`` and what follows is missing where no cell is a number."""
        facts: dict[str, Any] = {
            "count": self._counts.total(),
            "unreadable": self._unreadable,
            "different": len(self._counts),
        }
        if not self._counts:
            return facts
        values = np.array(list(self._counts), np.float64)
        weights = np.array(list(self._counts.values()), np.int64)
        bars = min(self._BARS, max(len(values), 1))
        edges = np.linspace(self._smallest, self._largest, bars + 1)
        at = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, bars - 1)
        counts = np.bincount(at, weights=weights, minlength=bars).astype(np.int64)
        return facts | {
            "min": self._smallest,
            "max": self._largest,
            "mean": float(np.average(values, weights=weights)),
            "edges": edges.tolist(),
            "counts": counts.tolist(),
        }
