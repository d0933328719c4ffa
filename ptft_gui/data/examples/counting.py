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

from ptft_gui.data.examples.copies import EMPTY, Hashes

FIRST_ROWS = 20
PARTS = ("train", "val", "test")
_ALL_HASHES = 2.0**64

Rows = npt.NDArray[np.uint64]
Counts = npt.NDArray[np.uint32]


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


class CopyCounts:
    """How many examples recur within a part, and how many of one part stand in another too.

    Twelve bytes and a hash are kept for each different example, up to ``bound``. Beyond that only the examples whose
    hash lies in the lower half (quarter, eighth ...) of all hashes are watched, and their counts are multiplied.
    """

    def __init__(self, bound: int = 4_000_000) -> None:
        self._bound = bound
        self._hashes: Hashes = np.empty(0, np.uint64)
        self._counts: Counts = np.empty((0, len(PARTS)), np.uint32)
        self._pending: list[tuple[int, Hashes, Rows]] = []
        self._pending_count = 0
        self._halvings = 0
        self._repeats = Found()
        self._leaks: defaultdict[tuple[str, str], Found] = defaultdict(Found)

    def add(self, part: str, hashes: Hashes, rows: Rows) -> None:
        """Hashes of examples and the numbers of their rows; empty examples are passed over."""
        is_watched = (hashes != EMPTY) & (hashes <= self._highest)
        self._pending.append((PARTS.index(part), hashes[is_watched], rows[is_watched]))
        self._pending_count += int(is_watched.sum())
        if self._pending_count > max(1 << 16, len(self._hashes) // 4):
            self._settle()

    @property
    def _highest(self) -> np.uint64:
        return np.uint64((1 << (64 - self._halvings)) - 1)

    def _settle(self) -> None:
        if not self._pending_count:
            return
        parts = np.repeat([part for part, _, _ in self._pending], [len(h) for _, h, _ in self._pending])
        hashes = np.concatenate([hashes for _, hashes, _ in self._pending])
        rows = np.concatenate([rows for _, _, rows in self._pending])
        self._pending, self._pending_count = [], 0
        new, inverse = np.unique(hashes, return_inverse=True)
        tally = np.bincount(inverse * len(PARTS) + parts, minlength=len(new) * len(PARTS))
        counts: Counts = tally.reshape(-1, len(PARTS)).astype(np.uint32)
        at = np.searchsorted(self._hashes, new)
        is_known = np.zeros(len(new), bool)
        if len(self._hashes):
            is_known = self._hashes[np.minimum(at, len(self._hashes) - 1)] == new
        before: Counts = np.zeros_like(counts)
        before[is_known] = self._counts[at[is_known]]
        self._list_rows(inverse, parts, rows, before, counts)
        self._counts[at[is_known]] += counts[is_known]
        self._hashes = np.insert(self._hashes, at[~is_known], new[~is_known])
        self._counts = np.insert(self._counts, at[~is_known], counts[~is_known], axis=0)
        self._forget()

    def _list_rows(
        self,
        example: npt.NDArray[np.intp],
        parts: npt.NDArray[np.intp],
        rows: Rows,
        before: Counts,
        counts: Counts,
    ) -> None:
        """Note rows that repeat an earlier one of their part, or stand in an earlier part as well.

        ``example`` (rows,) points into ``before`` and ``counts`` (examples, parts), what was seen before these rows and
        what they bring.
        """
        _, first = np.unique(example * len(PARTS) + parts, return_index=True)
        is_repeat = before[example, parts] > 0
        is_later = np.ones(len(example), bool)
        is_later[first] = False
        is_repeat |= is_later
        seen = before + counts
        for index, part in enumerate(PARTS):
            in_part = parts == index
            self._repeats.add(part, rows[in_part & is_repeat])
            for earlier in range(index):
                is_leak = in_part & (seen[example, earlier] > 0)
                self._leaks[part, PARTS[earlier]].add(part, rows[is_leak])

    def _forget(self) -> None:
        while len(self._hashes) > self._bound:
            self._halvings += 1
            keep = int(np.searchsorted(self._hashes, self._highest, side="right"))
            self._hashes, self._counts = self._hashes[:keep].copy(), self._counts[:keep].copy()

    def facts(self) -> dict[str, Any]:
        """``repeated``: part -> {count, rows}, rows that repeat an earlier row of their part; ``shared``: a list of
        {part, other, count, rows}, rows of ``part`` whose example stands in the earlier part ``other`` too;
        ``is_exact``. Row numbers are of some of them, the first where training was read first."""
        self._settle()
        scale = 1 << self._halvings
        counts = self._counts.astype(np.int64)
        listed = self._repeats.facts()["parts"]
        repeated = {}
        shared = []
        for index, part in enumerate(PARTS):
            count = int(np.maximum(counts[:, index] - 1, 0).sum()) * scale
            if count:
                repeated[part] = {"count": count, "rows": listed.get(part, {}).get("rows", [])}
            for earlier in range(index):
                count = int(counts[counts[:, earlier] > 0, index].sum()) * scale
                if count:
                    leaks = self._leaks[part, PARTS[earlier]].facts()["parts"].get(part, {})
                    shared.append(
                        {"part": part, "other": PARTS[earlier], "count": count, "rows": leaks.get("rows", [])}
                    )
        return {"repeated": repeated, "shared": shared, "is_exact": not self._halvings}
