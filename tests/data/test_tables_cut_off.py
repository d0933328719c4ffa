"""A columnar file that is cut off, or vanishes, while its rows are read: a sentence or all rows, never fewer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest

from ptft_gui.core.errors import DataError
from ptft_gui.data.tables import columnar
from ptft_gui.data.tables.opening import open_table_path

ROWS = 60_000
_TABLE = pa.table(
    {
        "text": [f"A sentence about day {number} and its weather." * 4 for number in range(ROWS)],
        "label": [("rain", "sun")[number % 2] for number in range(ROWS)],
    }
)


def _parquet(path: Path) -> None:
    pq.write_table(_TABLE, path, row_group_size=2000, compression="none")


def _arrow(path: Path) -> None:
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, _TABLE.schema) as writer:
        writer.write_table(_TABLE, max_chunksize=2000)


def _stream(path: Path) -> None:
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_stream(out, _TABLE.schema) as writer:
        writer.write_table(_TABLE, max_chunksize=2000)


def _one_batch(path: Path) -> None:
    with pa.OSFile(str(path), "wb") as out, pa.ipc.new_file(out, _TABLE.schema) as writer:
        writer.write_table(_TABLE.combine_chunks(), max_chunksize=ROWS)


KINDS: dict[str, Callable[[Path], None]] = {
    "rows.parquet": _parquet,
    "rows.arrow": _arrow,
    "stream.arrow": _stream,
    "whole.feather": _one_batch,
}


def _begun(path: Path) -> tuple[pl.DataFrame, Iterator[pl.DataFrame]]:
    """The first rows, and those that have not been read yet."""
    rest = open_table_path(path).batches()
    return next(rest), rest


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("is_mapped", [False, True])
def test_a_file_that_is_cut_off_while_it_is_read_ends_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_mapped: bool
) -> None:
    if is_mapped:
        monkeypatch.setattr(columnar, "_LARGEST_READ_BATCH", 1)
    path = tmp_path / name
    KINDS[name](path)
    first, rest = _begun(path)
    assert first.height < ROWS
    os.truncate(path, path.stat().st_size // 3)
    if name == "whole.feather" and not is_mapped:
        assert first.height + sum(frame.height for frame in rest) == ROWS
        return
    with pytest.raises(DataError) as caught:
        for _frame in rest:
            pass
    assert caught.value.message == f"{name} was changed while it was read."


@pytest.mark.parametrize("name", KINDS)
def test_a_file_that_vanishes_while_it_is_read_is_read_to_its_end(tmp_path: Path, name: str) -> None:
    """Where the system keeps an opened file until it is closed."""
    path = tmp_path / name
    KINDS[name](path)
    first, rest = _begun(path)
    path.unlink()
    assert first.height + sum(frame.height for frame in rest) == ROWS
