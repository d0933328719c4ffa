"""Several files as one table: its parts, the columns they share, and what does not fit."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

import polars as pl

from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.data.tables.aligning import Aligned, align
from ptft_gui.data.tables.cells import empty_frame, schema_of
from ptft_gui.data.tables.reader import (
    KEPT_BAD_ROWS,
    BadRows,
    FileReader,
    Noticing,
    OnDisk,
    OutOfOrder,
    Reading,
)
from ptft_gui.data.tables.table import (
    ROW,
    BadRow,
    Column,
    OnBytes,
    Part,
    PartKey,
    TableFacts,
    ignore_bytes,
)

FURTHER_ROWS = 50
_ENOUGH_TEXT_BYTES = 4 << 20
_FURTHER_FILES = 8
_ENOUGH_PLACES = 4
_FURTHER_SECONDS = 0.3
_ALL_FURTHER_FRAMES = 16
_MOST_NOTICES = 5
PART_NAMES: dict[PartKey, str] = {"train": "Training", "val": "Validation", "test": "Test"}
_PARTS: tuple[PartKey, ...] = ("train", "val", "test")


class CombinedTable:
    """One or more files, opened; implements :class:`~ptft_gui.data.tables.table.Table`."""

    def __init__(self, files: dict[PartKey, list[FileReader]], facts: TableFacts) -> None:
        """``files`` of each part; the first file gives the columns."""
        self._bad: dict[PartKey, BadRows] = {}
        self.bad_rows: list[BadRow] = []
        self.bad_row_count = 0
        first = next(reader for key in _PARTS for reader in files.get(key, []))
        self.columns = first.columns
        notices: list[str] = []
        self._files: dict[PartKey, list[Aligned]] = {
            key: [align(reader, first, notices) for reader in files[key]] for key in _PARTS if files.get(key)
        }
        self.parts = tuple(_part(key, files[key]) for key in self._files)
        self.facts = replace(facts, notices=(*facts.notices, *notices))

    def head(self, count: int) -> pl.DataFrame:
        """The first rows of the first part; of plain texts, whose rows may be long, only so many as are soon read."""
        found, height, size = [], 0, 0
        key = next(iter(self._files))
        for frame in self._read(key, Reading()):
            found.append(frame.head(count - height))
            height += found[-1].height
            size += found[-1].estimated_size()
            if height >= count or (self.facts.kind == "text" and size > _ENOUGH_TEXT_BYTES):
                break
        return pl.concat(found) if found else empty_frame(self.columns)

    def further(self, names: Sequence[str]) -> pl.DataFrame:
        """Some columns of rows from several places of the first part."""
        files = next(iter(self._files.values()))
        step = max(1, len(files) // _FURTHER_FILES)
        end = time.monotonic() + _FURTHER_SECONDS
        columns = [column for column in self.columns if column.name in names]
        found = [empty_frame(columns).drop(ROW)]
        for aligned in [*files[::step], files[-1]]:
            wanted = {
                source
                for column, source in zip(self.columns, aligned.sources, strict=True)
                if source is not None and column in columns
            }
            for frame in _further(aligned.reader, wanted, end):
                found.append(frame.select(self._cells(aligned, columns)))
        return pl.concat(found).select(names)

    def batches(
        self,
        part: PartKey = "train",
        on_bytes: OnBytes = ignore_bytes,
        should_stop: ShouldStop = never_stop,
    ) -> Iterator[pl.DataFrame]:
        """All rows of a part in order; a part that is not there has none."""
        self._bad[part] = BadRows()  # a part that is read again is not counted twice
        return self._read(part, Reading(on_bytes, should_stop, self._bad[part]))

    def late_notices(self) -> list[str]:
        """What was seen of the files since they were opened."""
        readers = [aligned.reader for files in self._files.values() for aligned in files]
        found: list[str] = []
        for reader in readers:
            if isinstance(reader, Noticing):
                found += reader.late_notices()
            elif isinstance(reader, OnDisk) and (grown := reader.origin.growth()):
                found.append(grown)
        more = len(found) - _MOST_NOTICES
        told = found[:_MOST_NOTICES]
        return [*told, f"The same holds for {more:,} more files."] if more > 0 else told

    def _read(self, part: PartKey, reading: Reading) -> Iterator[pl.DataFrame]:
        try:
            for aligned in self._files.get(part, []):
                reading.check()
                for frame in aligned.reader.batches(reading):
                    reading.check()
                    self._tell_bad_rows()
                    yield self._arranged(frame, aligned)
        finally:
            self._tell_bad_rows()

    def _tell_bad_rows(self) -> None:
        count = sum(bad.count for bad in self._bad.values())
        if count != self.bad_row_count:
            self.bad_row_count = count
            self.bad_rows[:] = [row for bad in self._bad.values() for row in bad.kept][:KEPT_BAD_ROWS]

    def _arranged(self, frame: pl.DataFrame, aligned: Aligned) -> pl.DataFrame:
        return frame.select(*self._cells(aligned, self.columns), pl.col(ROW))

    def _cells(self, aligned: Aligned, columns: Sequence[Column]) -> list[pl.Expr]:
        """What stands in some columns of the table, out of a frame of the file."""
        kinds = schema_of(columns)
        return [
            _as_kind(pl.col(source), aligned.reader, source, c)
            if source is not None
            else pl.lit(None, kinds[c.name]).alias(c.name)
            for c, source in zip(self.columns, aligned.sources, strict=True)
            if c in columns
        ]


def _further(reader: FileReader, names: Collection[str], end: float) -> Iterator[pl.DataFrame]:
    """A few rows of several places of a file; what is read in order is left at the time ``end``."""
    left = max(end - time.monotonic(), 0)
    found = list(reader.further(FURTHER_ROWS, names, left)) if isinstance(reader, OutOfOrder) else []
    if len(found) >= _ENOUGH_PLACES:
        yield from found
        return
    for place, frame in enumerate(reader.batches(Reading())):
        is_late = time.monotonic() > end
        if is_late or place < _ALL_FURTHER_FRAMES or not place & (place - 1):  # ever more rarely
            yield frame.gather_every(max(1, frame.height // FURTHER_ROWS)).tail(FURTHER_ROWS)
        if is_late:
            return


def _as_kind(cell: pl.Expr, reader: FileReader, source: str, wanted: Column) -> pl.Expr:
    """A column of a file in the kind that the table has for it."""
    is_list = next(column.is_list for column in reader.columns if column.name == source)
    if wanted.is_list and not is_list:
        cell = pl.when(cell.is_not_null()).then(pl.concat_list(cell))
    elif is_list and not wanted.is_list:
        cell = cell.list.join(" ")
    return cell.alias(wanted.name)


def _part(key: PartKey, readers: Sequence[FileReader]) -> Part:
    names = tuple(reader.name for reader in readers)
    return Part(key, PART_NAMES[key], names, sum(reader.size_bytes for reader in readers))
