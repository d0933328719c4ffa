"""Tables written to files that other programs open: CSV that no spreadsheet takes for formulas, and JSON lines."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import BinaryIO

import polars as pl

from ptft_gui.core.errors import DataError
from ptft_gui.data.tables.table import ROW

# A spreadsheet computes what begins like this; see https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"
_NUMBER = r"^[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?$"


def write_csv_safely(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    """Write frames of one form as CSV (UTF-8, header, comma); returns the number of rows.

    A text that a spreadsheet would take for a formula gets the mark ``'`` in front of it. Lists are written as JSON,
    :data:`ROW` is left out. The file appears whole or not at all. Raises DataError.
    """

    def write(stream: BinaryIO) -> int:
        rows = 0
        for frame in frames:
            _safe(frame).write_csv(stream, include_header=rows == 0)
            rows += frame.height
        return rows

    return _write_whole(path, write)


def write_jsonl(path: Path, frames: Iterable[pl.DataFrame]) -> int:
    """Write frames as JSON lines (UTF-8), cells as they are, empty ones as null; returns the number of rows.

    :data:`ROW` is left out. The file appears whole or not at all. Raises DataError.
    """

    def write(stream: BinaryIO) -> int:
        rows = 0
        for frame in frames:
            for record in frame.drop(ROW, strict=False).iter_rows(named=True):
                stream.write(json.dumps(record, ensure_ascii=False).encode() + b"\n")
            rows += frame.height
        return rows

    return _write_whole(path, write)


def _safe(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.drop(ROW, strict=False)
    lists = [name for name, kind in frame.schema.items() if isinstance(kind, pl.List)]
    frame = frame.with_columns(_as_json(frame[name]) for name in lists)
    safe = frame.with_columns(_without_formulas(pl.col(name)).alias(name) for name in frame.columns)
    return safe.rename(
        {name: f"'{name}" for name in safe.columns if name.startswith(tuple("=+-@\t\r＝＋－＠"))}
    )


def _without_formulas(cell: pl.Expr) -> pl.Expr:
    is_formula = cell.str.contains(_FORMULA) & ~cell.str.contains(_NUMBER)
    return pl.when(is_formula).then(pl.lit("'") + cell).otherwise(cell)


def _as_json(series: pl.Series) -> pl.Series:
    cells = [None if cell is None else json.dumps(list(cell), ensure_ascii=False) for cell in series]
    return pl.Series(series.name, cells, dtype=pl.String)


def _write_whole(path: Path, write: Callable[[BinaryIO], int]) -> int:
    temporary = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        with open(temporary, "xb") as stream:
            rows = write(stream)
        temporary.replace(path)
    except OSError as problem:
        raise DataError(
            f"{path.name} cannot be written.",
            f"The system said: {problem.strerror or problem}.",
            "Choose another folder, or make room on the disk.",
        ) from problem
    finally:
        temporary.unlink(missing_ok=True)
    return rows
