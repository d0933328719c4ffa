"""The one form in which every format arrives: a table of rows, read in batches.

Cells are texts: numbers, dates and truth values are written the way the file writes them, a list is a list of texts,
an empty cell is null. Nothing is guessed here: what a column is good for, :mod:`ptft_gui.data.examples` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import polars as pl

from ptft_gui.data.request import ShouldStop, never_stop

ROW = "\x00row"
"""Name of the column that holds the number of a row in its file, counted from 1 as a person would (the header of a
table is row 1); no file can bring a column of this name."""

TableKind = Literal["text", "table", "tags", "questions", "classes", "wikipedia"]
PartKey = Literal["train", "val", "test"]
OnBytes = Callable[[int], None]


def ignore_bytes(_count: int) -> None:
    """For callers that do not watch."""


@dataclass(frozen=True)
class BadRow:
    """A row that could not be read: its number in ``file`` and one sentence that says why."""

    file: str
    row: int
    sentence: str


@dataclass(frozen=True)
class Part:
    """One part of a dataset: a whole file or sheet, or the rows a folder or file sets aside for it."""

    key: PartKey
    name: str
    files: tuple[str, ...]
    size_bytes: int


@dataclass(frozen=True)
class Column:
    """A column. ``is_list``: its cells are lists of texts (tokens, tags, answers)."""

    name: str
    is_list: bool = False


@dataclass(frozen=True)
class TableFacts:
    """How a dataset was read, for people.

    ``given_roles`` are those that the format itself tells (role -> column): a folder named by class brings its labels,
    a tag file its tokens and tags. ``choices`` are what a person may choose instead (encodings, delimiters, sheets).
    """

    title: str
    kind: TableKind
    format_name: str
    encoding: str = ""
    encoding_name: str = ""
    delimiter: str = ""
    sheet: str = ""
    has_header: bool = True
    given_roles: dict[str, str] = field(default_factory=dict)
    choices: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


class Table(Protocol):
    """A dataset that has been opened: its beginning was looked at, nothing more."""

    facts: TableFacts
    columns: tuple[Column, ...]
    parts: tuple[Part, ...]
    bad_rows: list[BadRow]
    """The first hundred rows that could not be read, filled while batches are read."""

    @property
    def bad_row_count(self) -> int:
        """How many rows could not be read so far."""
        ...

    def head(self, count: int) -> pl.DataFrame:
        """The first rows, at once however large the file is; columns as in ``columns``, and :data:`ROW`."""
        ...

    def further(self, names: Sequence[str]) -> pl.DataFrame:
        """These columns of some hundred rows from further on, out of several places of the first part, in a moment.

        Where the file cannot be read out of order, from as far as one comes in that moment.
        """
        ...

    def batches(
        self,
        part: PartKey = "train",
        on_bytes: OnBytes = ignore_bytes,
        should_stop: ShouldStop = never_stop,
    ) -> Iterator[pl.DataFrame]:
        """All rows of a part in order, at most some thousands of rows and some megabytes at a time.

        Every frame has the columns of ``columns`` (``pl.String``, or ``pl.List(pl.String)``) and :data:`ROW`
        (``pl.UInt64``). ``on_bytes`` is told how many bytes of the files were passed. Raises DataError,
        StoppedByPerson.
        """
        ...

    def late_notices(self) -> list[str]:
        """What reading all rows told about the files, as sentences: some that grew, some in another encoding."""
        ...
