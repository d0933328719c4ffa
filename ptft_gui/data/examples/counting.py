"""Counting without holding what is counted: memory stays flat however large a table is, and the order of batches does
not matter.

Different things are counted by keeping the smallest of their 64-bit hashes. As long as all of them fit, the count is
exact; beyond that, how densely the kept ones lie says how many there are (K. Beyer et al., On synopses for
distinct-value estimation, SIGMOD 2007), with an error of about one in the square root of the number kept.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from ptft_gui.data.examples.copies import Hashes

FIRST_ROWS = 20
PARTS = ("train", "val", "test")
_ALL_HASHES = 2.0**64

Rows = npt.NDArray[np.uint64]


def spread(hashes: Hashes) -> Hashes:
    """The finishing step of SplitMix64: hashes evenly spread, whatever they are like."""
    mixed = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


class DistinctCount:
    """How many different hashes were added, evenly spread ones: exact up to ``bound``, beyond that within one in the
    square root of it (0.1 % for a million)."""

    def __init__(self, bound: int = 1 << 20) -> None:
        self._bound = bound
        self._kept: Hashes = np.empty(0, np.uint64)
        self._pending: list[Hashes] = []
        self._pending_count = 0
        self._is_full = False

    def add(self, hashes: Hashes) -> None:
        if self._is_full:
            hashes = hashes[hashes < self._kept[-1]]
        self._pending.append(hashes)
        self._pending_count += len(hashes)
        if self._pending_count > max(1 << 16, len(self._kept) // 2):
            self._settle()

    def _settle(self) -> None:
        merged = np.unique(np.concatenate([self._kept, *self._pending]))
        self._is_full = self._is_full or len(merged) > self._bound
        self._kept = merged[: self._bound].copy()
        self._pending, self._pending_count = [], 0

    def facts(self) -> dict[str, Any]:
        """``count`` and whether it ``is_exact``."""
        self._settle()
        if not self._is_full:
            return {"count": len(self._kept), "is_exact": True}
        density = float(self._kept[-1]) / _ALL_HASHES
        return {"count": round((self._bound - 1) / density), "is_exact": False}


class Found:
    """Rows with something to say about them: how many in each part, and the numbers of the first ones."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._rows: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, part: str, rows: Rows) -> None:
        if len(rows):
            self._counts[part] += len(rows)
            kept = self._rows[part]
            kept.extend(rows[: FIRST_ROWS - len(kept)].tolist())

    @property
    def count(self) -> int:
        return self._counts.total()

    def facts(self) -> dict[str, Any]:
        """``count`` and, for each part that has some, its ``count`` and ``rows``."""
        parts = {
            part: {"count": count, "rows": list(self._rows[part])}
            for part, count in sorted(self._counts.items())
        }
        return {"count": self.count, "parts": parts}


class LabelCounts:
    """How often each label occurs, for the first ``bound`` different labels; the others are counted together."""

    LONGEST_LABEL = 200

    def __init__(self, bound: int = 10_000) -> None:
        self._bound = bound
        self.counts: Counter[str] = Counter()
        self.others = 0

    def add(self, labels: Iterable[tuple[str, int]]) -> None:
        """Labels with their counts, in the order in which they first occur."""
        for label, count in labels:
            if label in self.counts or len(self.counts) < self._bound:
                self.counts[label] += count
            else:
                self.others += count

    def facts(self) -> list[list[Any]]:
        """Label and count, the most frequent first, equal ones by name."""
        return [
            [label, count]
            for label, count in sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        ]
