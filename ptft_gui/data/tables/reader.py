"""What a reader of one file promises, and what it is given while it reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

import polars as pl

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.data.tables.origin import Origin
from ptft_gui.data.tables.table import BadRow, Column, OnBytes, TableFacts, ignore_bytes

KEPT_BAD_ROWS = 100


@dataclass
class BadRows:
    """The rows that could not be read: all are counted, the first hundred kept."""

    kept: list[BadRow] = field(default_factory=list)
    count: int = 0

    def add(self, file: str, row: int, reason: str) -> None:
        """``reason`` is a whole sentence about the row: "It has 9 columns, the others have 7."."""
        self.count += 1
        if len(self.kept) < KEPT_BAD_ROWS:
            self.kept.append(BadRow(file, row, f"Row {row:,} of {file} cannot be read. {reason}"))


@dataclass
class Reading:
    """One passage through a file: who is told of bytes and bad rows, and who may end it."""

    on_bytes: OnBytes = ignore_bytes
    should_stop: ShouldStop = never_stop
    bad: BadRows = field(default_factory=BadRows)

    def check(self) -> None:
        """Raise StoppedByPerson when a person asked to stop."""
        if self.should_stop():
            raise StoppedByPerson


class FileReader(Protocol):
    """One file whose beginning was looked at: its columns are known, its rows can be read again and again."""

    name: str
    size_bytes: int
    columns: tuple[Column, ...]
    facts: TableFacts

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """All rows in order, in frames of moderate size with the columns of ``columns`` and ROW."""
        ...


@runtime_checkable
class OutOfOrder(Protocol):
    """A file of which rows from several places can be read without all that stands before them."""

    def further(self, count: int, names: Collection[str], seconds: float) -> Iterator[pl.DataFrame]:
        """At most ``count`` rows of each of several places, with the columns of the file or only those of ``names``.

        Takes about ``seconds`` at most.
        """
        ...


@runtime_checkable
class Noticing(Protocol):
    """A file, or several as one, of which reading all rows may tell more than the beginning did."""

    def late_notices(self) -> list[str]:
        """Sentences for people, about what was read last."""
        ...


@runtime_checkable
class OnDisk(Protocol):
    """A file of which it is known where it lies."""

    origin: Origin


def is_panic(problem: BaseException) -> bool:
    """Whether a library written in Rust gave up on its input: such a failure is no Exception."""
    return type(problem).__name__ == "PanicException"


def no_rows(name: str) -> DataError:
    """A file in which nothing stands, in words."""
    return DataError(
        f"{name} holds no rows.", "There is nothing in it to read.", "Choose a file with at least one row."
    )
