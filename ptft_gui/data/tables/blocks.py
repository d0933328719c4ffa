"""Finds the records of a text of separated values with numpy, where every record is as it should be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.data.tables.cells import LONGEST_CELL
from ptft_gui.data.tables.dialect import Dialect

_LF, _CR = 10, 13


@dataclass(frozen=True)
class Block:
    """Whole records of usual width.

    ``data`` are their bytes (UTF-8), ``starts`` the line each record begins on, counted from 0 at the start of the
    block; ``is_blank`` marks lines in which nothing stands. ``length`` and ``lines``: what the block takes of the text.
    """

    data: bytes
    starts: NDArray[np.int64]
    is_blank: NDArray[np.bool_]
    length: int
    lines: int


def block_of(text: str, dialect: Dialect) -> Block | None:
    """The whole records at the start of a text; None where one of them needs a careful look.

    Quotation marks are well placed when each opening one follows a separator or a line end and each closing one
    precedes one: then a separator or line end is inside a cell exactly where the count of marks before it is odd.
    """
    data = text.encode()
    signs = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(signs == _LF)
    separators = np.flatnonzero(signs == ord(dialect.delimiter))
    all_ends = ends
    if dialect.is_quoted and (marks := np.flatnonzero(signs == ord(dialect.mark))).size:
        ends = ends[np.searchsorted(marks, ends) % 2 == 0]
        separators = separators[np.searchsorted(marks, separators) % 2 == 0]
        if not ends.size or not _are_well_placed(
            signs, marks[marks < ends[-1]], ord(dialect.delimiter), ord(dialect.mark)
        ):
            return None
    if not ends.size:
        return None
    begins = np.concatenate(([0], ends[:-1] + 1))
    filled = ends - begins
    is_blank = (filled == 0) | ((filled == 1) & (signs[begins] == _CR))
    widths = np.diff(np.searchsorted(separators, ends), prepend=0) + 1
    usual = (widths >= dialect.fewest) & (widths <= dialect.width) | is_blank
    if not usual.all() or filled.max() > LONGEST_CELL:
        return None
    size = int(ends[-1]) + 1
    starts = np.searchsorted(all_ends, begins)
    lines = int(np.searchsorted(all_ends, ends[-1])) + 1
    length = size if len(data) == len(text) else len(data[:size].decode())
    return Block(data[:size], starts, is_blank, length, lines)


def _are_well_placed(signs: NDArray[np.uint8], marks: NDArray[np.intp], delimiter: int, mark: int) -> bool:
    if marks.size % 2:
        return False
    opening, closing = marks[::2], marks[1::2]
    before = signs[np.maximum(opening - 1, 0)]
    after = signs[np.minimum(closing + 1, signs.size - 1)]
    begins = (before == delimiter) | (before == _LF) | (before == mark) | (opening == 0)
    ends = (after == delimiter) | (after == _LF) | (after == _CR) | (after == mark)
    return bool(begins.all() and ends.all())
