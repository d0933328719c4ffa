"""The records of a text of separated values, with the lines they stand on, read by Python's own csv module.

This is the careful way, taken where a text is not as it should be. A quotation mark that is never closed swallows
what follows; such a record is given up at its first line and reading begins anew at the next one, so that one slip
costs one row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from ptft_gui.data.tables.cells import LONGEST_CELL

Quirk = Literal["", "space", "backslash"]
"""Spaces before a cell do not belong to it: ``1, "yes"``; a backslash marks what is no mark: ``"say \\"yes\\""``."""

MARK, SINGLE_MARK = '"', "'"
"""Quotation marks; the single ones only where a file plainly quotes with them."""

if TYPE_CHECKING:
    import _csv

_HELD_CR = (
    "\ufdd0"  # a code point that is no sign and never will be; csv takes a lone \r for the end of a row
)


class Record(NamedTuple):
    """``line`` is the index of its first line in the text, ``lines`` how many it takes.

    ``has_fault``: its quotation marks do not stand as they should. ``is_cut``: the text ended inside it.
    ``is_too_long``: one of its cells is longer than a cell may be.
    """

    cells: list[str]
    line: int
    lines: int
    has_fault: bool = False
    is_cut: bool = False
    is_too_long: bool = False


class _Lines:
    """Gives lines to the csv reader and knows whether it asked for one too many."""

    def __init__(self, lines: Sequence[str], start: int) -> None:
        self._lines, self._next = lines, start
        self.ran_out = False

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        if self._next >= len(self._lines):
            self.ran_out = True
            raise StopIteration
        self._next += 1
        return self._lines[self._next - 1]


def read_records(
    text: str,
    delimiter: str,
    is_quoted: bool,
    is_end: bool = True,
    quirk: Quirk = "",
    mark: str = MARK,
) -> Iterator[Record]:
    """The records of a text that begins at the start of one; blank lines are passed over.

    A record with a fault spans one line. Unless ``is_end``, a record the text ends in is left out.
    """
    yield from RecordReader(delimiter, is_quoted, quirk=quirk, mark=mark).read(split_lines(text), is_end)


def split_lines(text: str) -> list[str]:
    """Lines with their ends; only a line feed ends one."""
    lines = [line + "\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


class RecordReader:
    """Reads records out of lines.

    ``accepts`` says which numbers of columns a record over several lines may have.
    """

    def __init__(
        self,
        delimiter: str,
        is_quoted: bool,
        accepts: range | None = None,
        quirk: Quirk = "",
        mark: str = MARK,
    ) -> None:
        self._delimiter, self._accepts, self._quirk, self._mark = delimiter, accepts, quirk, mark
        self._quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if is_quoted else csv.QUOTE_NONE
        self._holds_cr = self._waits = False
        self.consumed = 0
        """How many of the lines given last belong to records that were given back."""

    def read(self, lines: Sequence[str], is_end: bool, gives_up_first: bool = False) -> Iterator[Record]:
        """The records of whole lines, blank ones passed over; unless ``is_end``, not the one the lines end in.

        ``gives_up_first``: should that be the very first, it has become too long to wait for its end.
        """
        self.consumed = 0
        csv.field_size_limit(LONGEST_CELL)
        lines = self._protect(lines)
        while self.consumed < len(lines):
            yield from self._read_until_fault(lines)
            if self.consumed < len(lines):
                if self._waits and not is_end and not (gives_up_first and self.consumed == 0):
                    return
                yield self._read_line(lines[self.consumed])

    def _protect(self, lines: Sequence[str]) -> Sequence[str]:
        """Lines in which a carriage return inside a cell is hidden from csv, which would end the row there."""
        self._holds_cr = any("\r" in line[:-2] for line in lines)
        if not self._holds_cr:
            return lines
        return [line[:-2].replace("\r", _HELD_CR) + line[-2:] for line in lines]

    def _read_until_fault(self, lines: Sequence[str]) -> Iterator[Record]:
        """Records up to the first one that strict reading refuses; ``consumed`` then stands before it."""
        start, self._waits = self.consumed, False
        feed = _Lines(lines, start)
        reader = self._csv(feed, is_strict=True)
        try:
            for cells in reader:
                line, count = self.consumed, start + reader.line_num - self.consumed
                if count > 1 and self._accepts is not None and len(cells) not in self._accepts:
                    return
                self.consumed += count
                if cells:
                    yield Record(self._restore(cells), line, count)
        except csv.Error:
            self._waits = feed.ran_out

    def _read_line(self, line: str) -> Record:
        """The line at which strict reading stopped, read alone and leniently."""
        number = self.consumed
        self.consumed += 1
        feed = _Lines([line], 0)
        try:
            cells: list[str] = next(self._csv(feed, is_strict=False), [])
        except csv.Error:
            return Record([], number, 1, has_fault=True, is_too_long=True)
        return Record(self._restore(cells), number, 1, has_fault=True, is_cut=feed.ran_out)

    def _csv(self, lines: Iterator[str], is_strict: bool) -> _csv.Reader:
        return csv.reader(
            lines,
            delimiter=self._delimiter,
            quotechar=self._mark,
            strict=is_strict,
            quoting=self._quoting,
            skipinitialspace=self._quirk == "space",
            escapechar="\\" if self._quirk == "backslash" else None,
        )

    def _restore(self, cells: list[str]) -> list[str]:
        return [cell.replace(_HELD_CR, "\r") for cell in cells] if self._holds_cr else cells
