"""Columns and cells of any origin, made into the one form of a table: texts, lists of texts, null for empty."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl

from ptft_gui.data.tables.table import ROW, Column

MOST_COLUMNS = 10_000
LONGEST_CELL = 1 << 24
BATCH_ROWS = 1 << 14
BATCH_BYTES = 1 << 22
_FIRST_ROWS = 256
_FIRST_BYTES = 1 << 16
_LONGEST_WAIT_SECONDS = 0.3
_LONGEST_NAME = 200


def column_names(raw: Sequence[str | None]) -> tuple[str, ...]:
    """Names a person can tell apart: empty ones become "Column 3", a second "text" becomes "text (2)"."""
    names: list[str] = []
    taken: set[str] = set()
    for number, cell in enumerate(raw, start=1):
        wanted = " ".join((cell or "").replace("\0", " ").split())[:_LONGEST_NAME] or f"Column {number}"
        name, copy = wanted, 1
        while name in taken:
            copy += 1
            name = f"{wanted} ({copy})"
        taken.add(name)
        names.append(name)
    return tuple(names)


def text_of(value: Any) -> str | None:
    """One value as the text a file would show; null for nothing, JSON for what has parts of its own."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else str(value)
    if isinstance(value, dict | list):
        return clean(json.dumps(value, ensure_ascii=False, default=str))
    return str(value)


def clean(text: str) -> str:
    """A text that can be stored: halves of surrogate pairs, which are no signs, become U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def list_of(value: Any) -> list[str] | None:
    """A list cell: each part a text; a single value is a list of one."""
    if value is None:
        return None
    parts = value if isinstance(value, list) else [value]
    return [text_of(part) or "" for part in parts]


def schema_of(columns: Iterable[Column]) -> dict[str, pl.DataType | type[pl.DataType]]:
    """The polars types of a table's frames, :data:`ROW` last."""
    texts = {c.name: pl.List(pl.String) if c.is_list else pl.String for c in columns}
    return {**texts, ROW: pl.UInt64}


def empty_frame(columns: Iterable[Column]) -> pl.DataFrame:
    """A frame of no rows with the columns of a table."""
    return pl.DataFrame(schema=schema_of(columns))


def frame_of(
    columns: Sequence[Column], rows: Sequence[Sequence[Any]], numbers: Sequence[int]
) -> pl.DataFrame:
    """Rows of values that are already texts, lists of texts or None, with their row numbers."""
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    series = [
        pl.Series(c.name, values, dtype=pl.List(pl.String) if c.is_list else pl.String)
        for c, values in zip(columns, cells, strict=True)
    ]
    return pl.DataFrame([*series, pl.Series(ROW, numbers, dtype=pl.UInt64)])


class RowBatches:
    """Gathers rows into frames of moderate size; the first one is small, so that a person sees rows at once."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._most_rows, self._most_bytes = _FIRST_ROWS, _FIRST_BYTES
        self._begin()

    def _begin(self) -> None:
        self._rows: list[Sequence[Any]] = []
        self._numbers: list[int] = []
        self._bytes = 0
        self._begun = time.monotonic()

    def add(self, row: Sequence[Any], number: int, size: int) -> pl.DataFrame | None:
        """Take a row of about ``size`` bytes; the frame that it fills, or None."""
        self._rows.append(row)
        self._numbers.append(number)
        self._bytes += size
        is_full = len(self._rows) >= self._most_rows or self._bytes >= self._most_bytes
        return self.rest() if is_full or time.monotonic() - self._begun > _LONGEST_WAIT_SECONDS else None

    def rest(self) -> pl.DataFrame | None:
        """The frame of the rows that wait; None where none does."""
        if not self._rows:
            return None
        frame = frame_of(self._columns, self._rows, self._numbers)
        self._begin()
        self._most_rows, self._most_bytes = BATCH_ROWS, BATCH_BYTES
        return frame


def empty_as_null(frame: pl.DataFrame) -> pl.DataFrame:
    """The same frame with null in the place of empty texts."""
    texts = pl.col(pl.String)
    return frame.with_columns(pl.when(texts != "").then(texts))


def in_pieces(frame: pl.DataFrame) -> Iterable[pl.DataFrame]:
    """A frame in slices of at most :data:`BATCH_ROWS` rows and about :data:`BATCH_BYTES` bytes."""
    if not frame.height:
        return
    bytes_a_row = max(1, int(frame.estimated_size()) // frame.height)
    step = max(1, min(BATCH_ROWS, BATCH_BYTES // bytes_a_row))
    for start in range(0, frame.height, step):
        yield frame.slice(start, step)
