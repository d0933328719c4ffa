"""Parquet, Arrow and Feather files: columns of typed values, read a few thousand rows at a time.

Parts of records become columns named with dots; lists of values stay lists; what has more parts inside is written as
JSON. Everything else is written as polars writes it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.plainfile import PlainFile
from ptft_gui.data.tables.cells import (
    BATCH_BYTES,
    BATCH_ROWS,
    MOST_COLUMNS,
    column_names,
    empty_as_null,
    in_pieces,
    list_of,
    text_of,
)
from ptft_gui.data.tables.json_values import nesting_notices
from ptft_gui.data.tables.origin import Origin
from ptft_gui.data.tables.reader import Reading, no_rows
from ptft_gui.data.tables.table import ROW, Column, TableFacts

PARQUET_START = b"PAR1"
ARROW_START = b"ARROW1"
STREAM_START = b"\xff\xff\xff\xff"
_BUFFER_BYTES = 1 << 20
_DEEPEST = 8
_FURTHER_PLACES = 8
_FURTHER_STRETCH_ROWS = 1 << 17
_LARGEST_READ_BATCH = 32 << 20


@dataclass(frozen=True)
class _Field:
    """One column of the table: the way to it through records, and what it holds."""

    path: tuple[str | int, ...]
    name: str
    type: pa.DataType

    @property
    def is_list(self) -> bool:
        return _is_list(self.type) and _is_plain(self.type.value_type)

    @property
    def is_nested(self) -> bool:
        return not self.is_list and not _is_plain(self.type)


class ColumnarFile:
    """A parquet, arrow or feather file; rows are counted from 1."""

    def __init__(self, origin: Origin, _options: ReadOptions) -> None:
        """Read the names and types of the columns. Raises DataError."""
        self.origin, self.name, self.size_bytes = origin, origin.name, origin.size_bytes
        self._is_mapped = False
        self.is_parquet = origin.source.head(4) == PARQUET_START
        schema = self._schema()
        fields = [field for i, one in enumerate(schema) for field in _fields(one, (i,), one.name, 0)]
        if not fields:
            raise no_rows(self.name)
        if len(fields) > MOST_COLUMNS:
            raise DataError(
                f"{self.name} has too many columns.",
                f"There are {len(fields):,}; at most {MOST_COLUMNS:,} can be read.",
                "Save the columns that you need in a file of their own.",
            )
        names = column_names([field.name for field in fields])
        self._fields = [_Field(f.path, name, f.type) for f, name in zip(fields, names, strict=True)]
        self.columns = tuple(Column(field.name, field.is_list) for field in self._fields)
        self.facts = TableFacts(
            title=self.name,
            kind="table",
            format_name="Parquet" if self.is_parquet else "Arrow",
            notices=tuple(self._notices()),
        )

    def _notices(self) -> list[str]:
        said = nesting_notices(self.name, [field.name for field in self._fields if field.is_nested])
        blobs = [f'"{field.name}"' for field in self._fields if _is_binary(field.type)]
        if blobs:
            said.append(f"Bytes in {', '.join(blobs[:5])} that are no text are left empty.")
        return said

    def _schema(self) -> pa.Schema:
        try:
            with self._bytes() as opened:
                return pq.ParquetFile(opened).schema_arrow if self.is_parquet else _open_arrow(opened)[0]
        except (pa.ArrowException, OSError, ValueError) as problem:
            raise self._damaged(problem) from problem

    def _bytes(self) -> pa.NativeFile:
        """The file, guarded: a part of memory whose file was cut off behind it ends the process that looks at it."""
        source = self.origin.source
        if not source.is_plain:
            return pa.OSFile(str(self.origin.as_path()))  # unpacked for this reader alone
        return pa.PythonFile(PlainFile(source.path, source.size_bytes, source.mtime_ns), mode="r")

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """All rows in order."""
        row = 1
        try:
            for batch in self._record_batches(reading):
                reading.check()
                frame = self._frame(batch, row)
                row += batch.num_rows
                yield from in_pieces(frame)
        except (pa.ArrowException, OSError, ValueError, MemoryError) as problem:
            if self.origin.source.is_plain:
                self._refuse_shorter()
            raise self._damaged(problem) from problem

    def further(self, count: int, names: Collection[str], seconds: float) -> Iterator[pl.DataFrame]:
        """Rows of several groups of rows; of a file with few of them, these columns of as many as can be read soon."""
        try:
            if not self.is_parquet:
                yield from self._further_slices(count, names)
                return
            with self._bytes() as opened:
                file = _open_parquet(opened)
                groups = file.metadata.num_row_groups
                places = sorted({groups * part // _FURTHER_PLACES for part in range(1, _FURTHER_PLACES)})
                if groups < _FURTHER_PLACES:
                    yield from self._further_columns(file, count, names, time.monotonic() + seconds)
                    return
                for group in places:
                    for batch in file.iter_batches(count, row_groups=[group], use_threads=False):
                        yield self._frame(batch, 0)
                        break
        except (pa.ArrowException, OSError, ValueError, MemoryError):
            return  # whoever reads all rows is told of the damage

    def _further_columns(
        self, file: pq.ParquetFile, count: int, names: Collection[str], end: float
    ) -> Iterator[pl.DataFrame]:
        """Some rows of every stretch of these columns alone: labels are read many times as fast as the texts beside."""
        fields = [field for field in self._fields if field.name in names]
        tops = sorted({int(field.path[0]) for field in fields})
        wanted = [file.schema_arrow.names[top] for top in tops]
        for batch in file.iter_batches(_FURTHER_STRETCH_ROWS, columns=wanted, use_threads=False):
            if batch.num_columns != len(tops):
                return  # two columns of one name
            rows = batch.slice(batch.num_rows - min(count, batch.num_rows))
            ways = [(tops.index(int(field.path[0])), *field.path[1:]) for field in fields]
            cells = [_series(_reach(rows, way), field) for way, field in zip(ways, fields, strict=True)]
            yield empty_as_null(pl.DataFrame(cells))
            if time.monotonic() > end:
                return

    def _further_slices(self, count: int, names: Collection[str]) -> Iterator[pl.DataFrame]:
        """Slices of some batches of an arrow file, which lies in memory as it lies on disk."""
        fields = [field for field in self._fields if field.name in names]
        with self._bytes() as opened:
            if opened.read(len(ARROW_START)) != ARROW_START:
                return  # a stream is read in order
            file = self._open_arrow_file(opened)
            for part in range(1, _FURTHER_PLACES + 1):
                place = file.num_record_batches * part / _FURTHER_PLACES
                number = min(int(place), file.num_record_batches - 1)
                self._refuse_shrunk()
                batch = file.get_batch(number)
                start = int(min(place - number, 1) * max(batch.num_rows - count, 0))
                rows = self._kept(batch.slice(start, count))
                rows.validate(full=True)
                cells = [_series(_reach(rows, field.path), field) for field in fields]
                yield empty_as_null(pl.DataFrame(cells))

    def _open_arrow_file(self, opened: pa.NativeFile) -> pa.ipc.RecordBatchFileReader:
        """An arrow file: its batches are read one by one, but such as memory should not hold are mapped into it."""
        file = pa.ipc.open_file(opened)
        if self.origin.source.size_bytes <= _LARGEST_READ_BATCH * max(file.num_record_batches, 1):
            return file
        self._is_mapped = True
        return pa.ipc.open_file(pa.memory_map(str(self.origin.as_path())))

    def _refuse_shrunk(self) -> None:
        """Raise DataError where a file that is mapped into memory was cut off since it was looked at."""
        if self._is_mapped and self.origin.source.is_plain:
            self._refuse_shorter()

    def _refuse_shorter(self) -> None:
        source = self.origin.source
        PlainFile(source.path, source.size_bytes, source.mtime_ns).close()

    def _kept(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """The rows in memory of their own: those of a mapped file go when it is cut off, whoever holds them."""
        if not self._is_mapped:
            return rows
        return pa.ipc.read_record_batch(rows.serialize(), rows.schema)

    def _record_batches(self, reading: Reading) -> Iterator[pa.RecordBatch]:
        return self._parquet_batches(reading) if self.is_parquet else self._arrow_batches(reading)

    def _parquet_batches(self, reading: Reading) -> Iterator[pa.RecordBatch]:
        with self._bytes() as opened:
            file = _open_parquet(opened)
            groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
            rows = max(1, file.metadata.num_rows)
            size = sum(group.total_byte_size for group in groups)
            step = max(1, min(BATCH_ROWS, BATCH_BYTES * rows // max(1, size)))
            done = 0
            for batch in file.iter_batches(batch_size=step, use_threads=False):
                told = self.size_bytes * done // rows
                done += batch.num_rows
                reading.on_bytes(self.size_bytes * min(done, rows) // rows - told)
                yield batch
            if done < file.metadata.num_rows:
                raise ValueError(f"it ends after row {done:,} of {file.metadata.num_rows:,}")

    def _arrow_batches(self, reading: Reading) -> Iterator[pa.RecordBatch]:
        told = 0
        with self._bytes() as opened:
            is_file = opened.read(len(ARROW_START)) == ARROW_START
            opened.seek(0)
            file = self._open_arrow_file(opened) if is_file else None
            for batch in _arrow_batches(opened, file, self._refuse_shrunk):
                self._refuse_shrunk()
                batch.validate(full=True)  # its offsets are a stranger's numbers
                count = min(batch.nbytes, self.size_bytes - told)
                step = max(1, min(BATCH_ROWS, BATCH_BYTES * batch.num_rows // max(1, batch.nbytes)))
                for start in range(0, batch.num_rows, step):
                    self._refuse_shrunk()
                    yield self._kept(batch.slice(start, step))
                reading.on_bytes(count)
                told += count
        reading.on_bytes(self.size_bytes - told)

    def _frame(self, batch: pa.RecordBatch, row: int) -> pl.DataFrame:
        series = [_series(_reach(batch, field.path), field) for field in self._fields]
        numbers = pl.Series(ROW, range(row, row + batch.num_rows), dtype=pl.UInt64)
        return empty_as_null(pl.DataFrame([*series, numbers]))

    def _damaged(self, problem: Exception) -> DataError:
        kind = "a parquet file" if self.is_parquet else "an arrow file"
        return DataError(
            f"{self.name} cannot be read as {kind}.",
            f"It is damaged or not complete: {' '.join(str(problem).split())[:200].rstrip('.')}.",
            "Copy or download it again, or save it once more with the program that made it.",
        )


def _open_parquet(opened: pa.NativeFile) -> pq.ParquetFile:
    return pq.ParquetFile(opened, buffer_size=_BUFFER_BYTES, pre_buffer=False)


def _open_arrow(opened: pa.NativeFile) -> tuple[pa.Schema, Any]:
    """The schema and the reader of an arrow file or stream."""
    is_file = opened.read(len(ARROW_START)) == ARROW_START
    opened.seek(0)
    reader = pa.ipc.open_file(opened) if is_file else pa.ipc.open_stream(opened)
    return reader.schema, reader


def _arrow_batches(
    opened: pa.NativeFile, file: pa.ipc.RecordBatchFileReader | None, check: Callable[[], None]
) -> Iterator[pa.RecordBatch]:
    if file is None:
        yield from pa.ipc.open_stream(opened)
        return
    for number in range(file.num_record_batches):
        check()
        yield file.get_batch(number)


def _fields(field: pa.Field, path: tuple[str | int, ...], name: str, depth: int) -> Iterator[_Field]:
    if pa.types.is_struct(field.type) and field.type.num_fields and depth < _DEEPEST:
        for i in range(field.type.num_fields):
            inner = field.type.field(i)
            yield from _fields(inner, (*path, i), f"{name}.{inner.name}", depth + 1)
    else:
        yield _Field(path, name, field.type)


def _reach(batch: pa.RecordBatch, path: tuple[Any, ...]) -> pa.Array:
    """The array at the end of a way through records; a record that is null has null parts."""
    array = batch.column(path[0])
    for step in path[1:]:
        array = array.flatten()[step]
    return array


def _series(array: pa.Array, field: _Field) -> pl.Series:
    if field.is_list:
        kind = pl.List(pl.String)
        if _is_known(field.type.value_type):
            found = pl.Series(field.name, pl.from_arrow(array))
            return (
                found.cast(kind)
                if array.null_count < len(array)
                else pl.Series(field.name, found, dtype=kind)
            )
        return pl.Series(field.name, [list_of(value) for value in array.to_pylist()], dtype=kind)
    if _is_binary(field.type):
        texts = [_decode(value) for value in array.to_pylist()]
        return pl.Series(field.name, texts, dtype=pl.String)
    if _is_known(field.type):
        found = pl.Series(field.name, pl.from_arrow(array))
        return (found.fill_nan(None) if found.dtype.is_float() else found).cast(pl.String)
    return pl.Series(field.name, [text_of(_plain(value)) for value in array.to_pylist()], dtype=pl.String)


def _decode(value: bytes | None) -> str | None:
    try:
        return value.decode() if value is not None else None
    except UnicodeDecodeError:
        return None


def _plain(value: Any) -> Any:
    """What a map is in Python, a list of pairs, as an object."""
    if isinstance(value, list) and value and all(isinstance(part, tuple) for part in value):
        return {str(key): part for key, part in value}
    return value


def _is_list(kind: pa.DataType) -> bool:
    tests = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(test(kind) for test in tests)


def _is_binary(kind: pa.DataType) -> bool:
    tests = (pa.types.is_binary, pa.types.is_large_binary, pa.types.is_fixed_size_binary)
    return any(test(kind) for test in tests)


def _is_plain(kind: pa.DataType) -> bool:
    """Whether values of this type have no parts."""
    return not pa.types.is_nested(kind)


def _is_known(kind: pa.DataType) -> bool:
    """Whether polars writes values of this type as text; of some others it does not even take the array."""
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    simple = (
        pa.types.is_integer,
        pa.types.is_boolean,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_null,
    )
    return (
        _is_text(kind)
        or pa.types.is_float32(kind)
        or pa.types.is_float64(kind)
        or pa.types.is_decimal128(kind)
        or any(test(kind) for test in simple)
    )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
