"""Looking words up: by their beginning as a person types, and by their likeness to a misspelt word.

Both answer within milliseconds for hundreds of thousands of words; their tables are built at the first question.
"""

from __future__ import annotations

import bisect
import difflib
from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

_CANDIDATES = 1500
_LEAST_LIKENESS = 0.6
_LAST_CHARACTER = "\U0010ffff"


class Vocabulary:
    """The words of a model, the most frequent first (row order), with the tables to find them by."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    @cached_property
    def _folded(self) -> list[str]:
        return [word.casefold() for word in self._words]

    @cached_property
    def _by_spelling(self) -> tuple[list[str], NDArray[np.int64]]:
        """The folded words in alphabetical order, and the row of each."""
        order = sorted(range(len(self._folded)), key=self._folded.__getitem__)
        return [self._folded[row] for row in order], np.array(order, dtype=np.int64)

    def complete(self, prefix: str, limit: int = 10) -> list[int]:
        """Rows of the words that begin with ``prefix``, whatever their case; the most frequent ``limit`` of them."""
        spelled, rows = self._by_spelling
        wanted = prefix.casefold()
        first = bisect.bisect_left(spelled, wanted)
        last = bisect.bisect_right(spelled, wanted + _LAST_CHARACTER)
        found = rows[first:last]
        if len(found) > limit:
            found = np.partition(found, limit - 1)[:limit] if limit > 0 else found[:0]
        return sorted(int(row) for row in found)

    @cached_property
    def _letters(self) -> NDArray[np.uint64]:
        """One bit for each letter that occurs in a word (letters share 64 bits), shape (words,)."""
        joined = "".join(self._folded).encode("utf-32-le", "surrogatepass")
        bits = np.left_shift(np.uint64(1), (np.frombuffer(joined, "<u4") % 64).astype(np.uint64))
        starts = np.cumsum([0, *map(len, self._folded[:-1])])
        filled = self._lengths > 0
        letters = np.zeros(len(self._folded), np.uint64)
        if filled.any():
            letters[filled] = np.bitwise_or.reduceat(bits, starts[filled])
        return letters

    @cached_property
    def _lengths(self) -> NDArray[np.int64]:
        return np.fromiter(map(len, self._folded), np.int64, len(self._folded))

    def close(self, word: str, limit: int = 3) -> list[int]:
        """Rows of the words spelled most like ``word``, the likest first; fewer or none when nothing is near.

        Only the words that share most letters for their length are compared sign by sign.
        """
        wanted = word.casefold()
        if not wanted or not self._words:
            return []
        mask = np.uint64(0)
        for sign in wanted:
            mask |= np.uint64(1) << np.uint64(ord(sign) % 64)
        # The measure of likeness itself, 2 x common / both lengths, with letters in the place of signs in order.
        promise = np.bitwise_count(self._letters & mask) / (self._lengths + len(wanted)).astype(np.float32)
        count = min(_CANDIDATES, len(promise))
        rows = np.argpartition(-promise, count - 1)[:count]
        return self._likest(wanted, np.sort(rows), limit)

    def _likest(self, wanted: str, rows: NDArray[np.int64], limit: int) -> list[int]:
        matcher = difflib.SequenceMatcher(autojunk=False)
        matcher.set_seq2(wanted)
        scored: list[tuple[float, int]] = []
        for row in map(int, rows):
            matcher.set_seq1(self._folded[row])
            if matcher.quick_ratio() >= _LEAST_LIKENESS and (likeness := matcher.ratio()) >= _LEAST_LIKENESS:
                scored.append((-likeness, row))
        return [row for _, row in sorted(scored)[:limit]]
