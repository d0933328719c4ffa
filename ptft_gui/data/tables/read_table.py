"""A table whose cells are read in another way than they stand there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

import polars as pl

from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.data.tables.table import Column, OnBytes, PartKey, Table, ignore_bytes


class ReadTable(ABC):
    """Hands on what a table holds, each frame of rows read by :meth:`_read`; implements
    :class:`~ptft_gui.data.tables.table.Table`."""

    def __init__(self, table: Table, columns: Sequence[Column]) -> None:
        """``columns``: as they are when they have been read."""
        self._table, self.columns = table, tuple(columns)
        self.facts, self.parts = table.facts, table.parts
        self.bad_rows = table.bad_rows

    @abstractmethod
    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows of the table, some of its columns or all of them, as they are read here."""

    @property
    def bad_row_count(self) -> int:
        """That of the table itself."""
        return self._table.bad_row_count

    def head(self, count: int) -> pl.DataFrame:
        """The first rows, read."""
        return self._read(self._table.head(count))

    def further(self, names: Sequence[str]) -> pl.DataFrame:
        """Rows from further on, read."""
        return self._read(self._table.further(names))

    def late_notices(self) -> list[str]:
        """Those of the table itself."""
        return self._table.late_notices()

    def batches(
        self,
        part: PartKey = "train",
        on_bytes: OnBytes = ignore_bytes,
        should_stop: ShouldStop = never_stop,
    ) -> Iterator[pl.DataFrame]:
        """All rows of a part, read."""
        for frame in self._table.batches(part, on_bytes, should_stop):
            yield self._read(frame)
