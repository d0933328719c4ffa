"""Which rows hold the same text: equal hashes become small numbers once, and questions to them need no sorting.

A text that only one row holds has the number 0; those that several hold are counted from 1 in order of appearance. So
what is remembered of each text is remembered of those that matter, and the numbers themselves stay on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ptft_gui.data.examples.equal_hashes import Places, each_first
from ptft_gui.data.examples.number_files import PIECE_ROWS, Mask, NumberFile, Numbers
from ptft_gui.data.request import ShouldStop, never_stop

Groups = NumberFile
"""The number of the text of each row (uint32); rows of one text have the same, 0 where no other row has it."""


def numbered(
    hashes: Sequence[NumberFile],
    names: Sequence[str],
    folder: Path | None,
    should_stop: ShouldStop = never_stop,
) -> tuple[Groups, ...]:
    """Hashes of several columns as numbers; a text has one number in all of them.

    They are written into files of ``folder`` with these ``names``. Raises StoppedByPerson, OSError.
    """
    rows = len(hashes[0])
    joined = hashes[0] if len(hashes) == 1 else _joined(hashes, folder)
    first = np.arange(len(joined), dtype=np.uint32)
    again: Mask = np.zeros(len(joined), np.bool_)

    def take(places: Places, firsts: Places) -> None:
        first[places] = firsts
        again[firsts[firsts != places]] = True

    each_first(joined, take, should_stop)
    _count_up(first, again)
    found = []
    for place, name in enumerate(names):
        numbers = NumberFile(np.uint32, folder, name)
        for start in range(place * rows, (place + 1) * rows, PIECE_ROWS):
            numbers.add(first[start : min(start + PIECE_ROWS, (place + 1) * rows)])
        found.append(numbers)
    return tuple(found)


def _joined(columns: Sequence[NumberFile], folder: Path | None) -> NumberFile:
    """One column after the other."""
    joined = NumberFile(columns[0].dtype, folder)
    for column in columns:
        for _, numbers in column.pieces():
            joined.add(numbers)
    return joined


def _count_up(first: Places, again: Mask) -> None:
    """First places become numbers, in their own array: those before a place are numbers already when it is read."""
    count = 0
    for start in range(0, len(first), PIECE_ROWS):
        piece = first[start : start + PIECE_ROWS]
        begins = again[start : start + PIECE_ROWS] & (
            piece == np.arange(start, start + len(piece), dtype=np.uint32)
        )
        is_alone = ~again[piece]
        numbers = np.where(begins, count + np.cumsum(begins, dtype=np.uint32), np.uint32(0))
        count += int(begins.sum())
        follows = ~begins & ~is_alone
        earlier = piece[follows]
        piece[~follows] = numbers[~follows]
        piece[follows] = first[earlier]


def first_places(rows: Mask, count: int) -> npt.NDArray[np.int64]:
    """The first places where a mask is true, shape (at most count,)."""
    found = np.empty(0, np.int64)
    for start in range(0, len(rows), PIECE_ROWS):
        found = np.concatenate([found, np.flatnonzero(rows[start : start + PIECE_ROWS]) + start])[:count]
        if len(found) == count:
            break
    return found


class SharedTexts:
    """Answers questions about the rows that share a text, with one number for each such text in memory."""

    def __init__(self, groups: Groups) -> None:
        self._groups = groups
        self._size = 1 + max((int(numbers.max()) for _, numbers in groups.pieces()), default=0)

    def copies_among(self, rows: Mask) -> Mask:
        """Rows among ``rows`` whose text an earlier one of them has."""
        seen = self._marks()
        found: Mask = np.zeros(len(rows), np.bool_)
        for places, numbers in self._shared(rows):
            once, first = np.unique(numbers, return_index=True)
            is_copy = np.ones(len(numbers), np.bool_)
            is_copy[first] = seen[once]
            seen[once] = True
            found[places[is_copy]] = True
        return found

    def disagreeing(self, targets: Callable[[slice], Numbers], rows: Mask) -> Mask:
        """Rows among ``rows`` that share their text with one of another target; ``targets`` of some rows."""
        seen, mixed = self._marks(), self._marks()
        first_target = np.zeros(self._size, np.uint64)
        for piece, within, numbers in self._shared_pieces(rows):
            here = targets(piece)[within]
            once, first = np.unique(numbers, return_index=True)
            is_new = ~seen[once]
            first_target[once[is_new]] = here[first[is_new]]
            seen[once] = True
            mixed[numbers[first_target[numbers] != here]] = True
        return self._members(mixed, rows)

    def sharing(self, rows: Mask) -> Mask:
        """All rows whose text one of ``rows`` has; those themselves included."""
        is_there = self._marks()
        for _, numbers in self._shared(rows):
            is_there[numbers] = True
        return rows | self._members(is_there, None)

    def count(self, rows: Mask) -> int:
        """How many different texts ``rows`` have, of those that several rows of the table share."""
        is_there = self._marks()
        for _, numbers in self._shared(rows):
            is_there[numbers] = True
        return int(is_there.sum())

    def first_places(self, rows: Mask, count: int) -> npt.NDArray[np.int64]:
        """The first places of ``rows``, those of one text one below the other, shape (at most count,)."""
        best = np.empty(0, np.int64)
        best_numbers = np.empty(0, np.uint32)
        for places, numbers in self._shared(rows):
            together = np.concatenate([best_numbers, numbers])
            order = np.argsort(together, kind="stable")[:count]
            best, best_numbers = np.concatenate([best, places])[order], together[order]
        return best

    def _marks(self) -> Mask:
        return np.zeros(self._size, np.bool_)

    def _members(self, marked: Mask, rows: Mask | None) -> Mask:
        found: Mask = np.zeros(len(self._groups), np.bool_)
        if self._size > 1:
            for piece, numbers in self._groups.pieces():
                found[piece] = marked[numbers] if rows is None else marked[numbers] & rows[piece]
        return found

    def _shared_pieces(self, rows: Mask) -> Iterator[tuple[slice, Mask, Numbers]]:
        """Piece of rows, which of them are among ``rows`` and share their text, and the numbers of those."""
        if self._size == 1:
            return
        for piece, numbers in self._groups.pieces():
            within = rows[piece] & (numbers > 0)
            if within.any():
                yield piece, within, numbers[within]

    def _shared(self, rows: Mask) -> Iterator[tuple[npt.NDArray[np.int64], Numbers]]:
        for piece, within, numbers in self._shared_pieces(rows):
            yield np.flatnonzero(within) + piece.start, numbers
