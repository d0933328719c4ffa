"""How many examples recur within a part, and how many of one part stand in another too: exact, in flat memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ptft_gui.data.examples.copies import EMPTY, Hashes
from ptft_gui.data.examples.counting import FIRST_ROWS, PARTS, Rows
from ptft_gui.data.examples.equal_hashes import Places, shares
from ptft_gui.data.examples.number_files import NumberFile

Counts = npt.NDArray[np.uint32]
_Pair = tuple[int, int]
"""Two places in PARTS; a part with itself stands for its repeats."""


class CopyCounts:
    """Notes the examples of each part on disk (17 bytes each), in ``folder`` or where temporary files are kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self._hashes = NumberFile(np.uint64, folder)
        self._rows = NumberFile(np.uint64, folder)
        self._parts = NumberFile(np.uint8, folder)

    def add(self, part: str, hashes: Hashes, rows: Rows) -> None:
        """Hashes of examples and the numbers of their rows; empty examples are passed over. Raises OSError."""
        is_filled = hashes != EMPTY
        self._hashes.add(hashes[is_filled])
        self._rows.add(rows[is_filled])
        self._parts.add(np.full(int(is_filled.sum()), PARTS.index(part), np.uint8))

    def facts(self) -> dict[str, Any]:
        """``repeated``: part -> {count, rows}, rows that repeat an earlier row of their part; ``shared``: a list of
        {part, other, count, rows}, rows of ``part`` whose example stands in the earlier part ``other`` too. Row numbers
        are of some of them, the first where training was read first. Raises OSError.
        """
        counts: Counter[_Pair] = Counter()
        places: defaultdict[_Pair, list[int]] = defaultdict(list)
        parts = np.concatenate([piece for _, piece in self._parts.pieces()] or [np.empty(0, np.uint8)])
        for share in shares(self._hashes):
            seen = _Seen()
            for here, hashes in share:
                seen.add(parts[here], hashes, here)
            counts.update(seen.totals())
            for pair, found in seen.places.items():
                places[pair] = sorted(places[pair] + found)[:FIRST_ROWS]
        repeated, shared = {}, []
        for index, part in enumerate(PARTS):
            if count := counts[index, index]:
                repeated[part] = {"count": count, "rows": self._rows_at(places[index, index])}
            for earlier in range(index):
                if count := counts[index, earlier]:
                    rows = self._rows_at(places[index, earlier])
                    shared.append({"part": part, "other": PARTS[earlier], "count": count, "rows": rows})
        return {"repeated": repeated, "shared": shared, "is_exact": True}

    def _rows_at(self, places: list[int]) -> list[int]:
        return [int(self._rows.read(place, place + 1)[0]) for place in places]


class _Seen:
    """The different examples of a share, how often each part has them, and the places of the first copies."""

    def __init__(self) -> None:
        self._hashes: Hashes = np.empty(0, np.uint64)
        self._counts: Counts = np.empty((0, len(PARTS)), np.uint32)
        self.places: defaultdict[_Pair, list[int]] = defaultdict(list)

    def add(self, parts: npt.NDArray[np.uint8], hashes: Hashes, places: Places) -> None:
        new, inverse = np.unique(hashes, return_inverse=True)
        tally = np.bincount(inverse * len(PARTS) + parts, minlength=len(new) * len(PARTS))
        counts: Counts = tally.reshape(-1, len(PARTS)).astype(np.uint32)
        at = np.searchsorted(self._hashes, new)
        is_known = np.zeros(len(new), np.bool_)
        if len(self._hashes):
            is_known = self._hashes[np.minimum(at, len(self._hashes) - 1)] == new
        before: Counts = np.zeros_like(counts)
        before[is_known] = self._counts[at[is_known]]
        if len(new) < len(hashes) or is_known.any():
            self._list_places(inverse, parts, places, before, counts)
        self._counts[at[is_known]] += counts[is_known]
        self._hashes = np.insert(self._hashes, at[~is_known], new[~is_known])
        self._counts = np.insert(self._counts, at[~is_known], counts[~is_known], axis=0)

    def _list_places(
        self,
        example: npt.NDArray[np.intp],
        parts: npt.NDArray[np.uint8],
        places: Places,
        before: Counts,
        counts: Counts,
    ) -> None:
        """Note places that repeat an earlier one of their part, or stand in an earlier part as well.

        ``example`` (rows,) points into ``before`` and ``counts`` (examples, parts), what was seen before these rows and
        what they bring.
        """
        _, first = np.unique(example * len(PARTS) + parts, return_index=True)
        is_later = np.ones(len(example), np.bool_)
        is_later[first] = False
        is_repeat = (before[example, parts] > 0) | is_later
        seen = before + counts
        for index in range(len(PARTS)):
            in_part = parts == index
            self._list((index, index), places[in_part & is_repeat])
            for earlier in range(index):
                self._list((index, earlier), places[in_part & (seen[example, earlier] > 0)])

    def _list(self, pair: _Pair, places: Places) -> None:
        kept = self.places[pair]
        kept.extend(places[: FIRST_ROWS - len(kept)].tolist())

    def totals(self) -> dict[_Pair, int]:
        """How many rows of the first part have an example that the second one has (or repeat their own)."""
        counts = self._counts.astype(np.int64)
        found = {}
        for index in range(len(PARTS)):
            found[index, index] = int(np.maximum(counts[:, index] - 1, 0).sum())
            for earlier in range(index):
                found[index, earlier] = int(counts[counts[:, earlier] > 0, index].sum())
        return found
