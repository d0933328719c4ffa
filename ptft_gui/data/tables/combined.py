"""Several files as one table: its parts, the columns they share, and what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.data.tables.cells import empty_frame, schema_of
from ptft_gui.data.tables.reader import BadRows, FileReader, Reading
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

PART_NAMES: dict[PartKey, str] = {"train": "Training", "val": "Validation", "test": "Test"}
_PARTS: tuple[PartKey, ...] = ("train", "val", "test")


@dataclass(frozen=True)
class _Aligned:
    """A file of a part: ``sources`` names its own column for each column of the table, None where it has none."""

    reader: FileReader
    sources: tuple[str | None, ...]


class CombinedTable:
    """One or more files, opened; implements :class:`~ptft_gui.data.tables.table.Table`."""

    def __init__(self, files: dict[PartKey, list[FileReader]], facts: TableFacts) -> None:
        """``files`` of each part; the first file gives the columns."""
        self._bad = BadRows()
        self.bad_rows: list[BadRow] = self._bad.kept
        self.bad_row_count = 0
        first = next(reader for key in _PARTS for reader in files.get(key, []))
        self.columns = first.columns
        notices: list[str] = []
        self._files: dict[PartKey, list[_Aligned]] = {
            key: [_align(reader, first, notices) for reader in files[key]] for key in _PARTS if files.get(key)
        }
        self.parts = tuple(_part(key, files[key]) for key in self._files)
        self.facts = replace(facts, notices=(*facts.notices, *notices))

    def head(self, count: int) -> pl.DataFrame:
        """The first rows of the first part."""
        found, height = [], 0
        key = next(iter(self._files))
        for frame in self._read(key, Reading()):
            found.append(frame.head(count - height))
            height += found[-1].height
            if height >= count:
                break
        return pl.concat(found) if found else empty_frame(self.columns)

    def batches(
        self,
        part: PartKey = "train",
        on_bytes: OnBytes = ignore_bytes,
        should_stop: ShouldStop = never_stop,
    ) -> Iterator[pl.DataFrame]:
        """All rows of a part in order; a part that is not there has none."""
        self._forget_bad_rows(part)
        return self._read(part, Reading(on_bytes, should_stop, self._bad))

    def _forget_bad_rows(self, part: PartKey) -> None:
        """A part that is read again must not be counted twice."""
        names = {aligned.reader.name for aligned in self._files.get(part, [])}
        self._bad.forget(names)

    def _read(self, part: PartKey, reading: Reading) -> Iterator[pl.DataFrame]:
        for aligned in self._files.get(part, []):
            reading.check()
            for frame in aligned.reader.batches(reading):
                reading.check()
                self.bad_row_count = self._bad.count
                yield self._arranged(frame, aligned)
        self.bad_row_count = self._bad.count

    def _arranged(self, frame: pl.DataFrame, aligned: _Aligned) -> pl.DataFrame:
        kinds = schema_of(self.columns)
        cells = [
            _as_kind(pl.col(source), aligned.reader, source, c)
            if source is not None
            else pl.lit(None, kinds[c.name]).alias(c.name)
            for c, source in zip(self.columns, aligned.sources, strict=True)
        ]
        return frame.select(*cells, pl.col(ROW))


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


def _align(reader: FileReader, first: FileReader, notices: list[str]) -> _Aligned:
    """Find the columns of the table in another file: by name, else by position."""
    if reader.columns == first.columns:
        return _Aligned(reader, tuple(column.name for column in first.columns))
    own = {column.name.casefold(): column.name for column in reader.columns}
    wanted = [column.name for column in first.columns]
    shared = [own.get(name.casefold()) for name in wanted]
    found = sum(source is not None for source in shared)
    if found and reader.facts.has_header and first.facts.has_header:
        return _Aligned(reader, _by_name(reader, first, shared, notices))
    return _Aligned(reader, _by_position(reader, first, notices))


def _by_name(
    reader: FileReader, first: FileReader, shared: list[str | None], notices: list[str]
) -> tuple[str | None, ...]:
    missing = [c.name for c, source in zip(first.columns, shared, strict=True) if source is None]
    unused = [column.name for column in reader.columns if column.name not in shared]
    if missing:
        notices.append(f"{reader.name} has no column {_and(missing)}; it is empty there.")
    if unused:
        notices.append(f"{reader.name} also has {_and(unused)}, which {first.name} lacks; it is left aside.")
    return tuple(shared)


def _by_position(reader: FileReader, first: FileReader, notices: list[str]) -> tuple[str | None, ...]:
    count, wanted = len(reader.columns), len(first.columns)
    said = f"{reader.name} does not name its columns as {first.name} does; they are taken in order"
    if count > wanted:
        said += f", and its last {count - wanted:,} left aside"
    elif count < wanted:
        said += f", and {_and([column.name for column in first.columns[count:]])} is empty there"
    notices.append(said + ".")
    own = [column.name for column in reader.columns]
    return tuple(own[i] if i < count else None for i in range(wanted))


def _and(names: Sequence[str]) -> str:
    shown = [f'"{name}"' for name in names[:4]]
    if len(names) > 4:
        shown.append(f"{len(names) - 4:,} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
