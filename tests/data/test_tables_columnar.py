"""Parquet, Arrow and Feather files with all that other programs put into them."""

import datetime as dt
import decimal
from pathlib import Path

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.feather as feather  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.table import ROW, Column, Table


def all_rows(table: Table) -> pl.DataFrame:
    return pl.concat([table.head(0), *table.batches()])


def write(path: Path, table: pa.Table) -> Path:
    if path.suffix == ".parquet":
        pq.write_table(table, path, row_group_size=2)
    elif path.suffix == ".feather":
        feather.write_feather(table, path, compression="lz4")
    else:
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table.schema) as stream:
            stream.write_table(table, 2)
    return path


EVERYTHING = pa.table(
    {
        "text": ["a", "", None],
        "whole": pa.array([1, -2, None], pa.int64()),
        "half": [0.5, float("nan"), 1e20],
        "true": [True, False, None],
        "day": [dt.date(2020, 1, 2), None, None],
        "price": [decimal.Decimal("1.50"), None, None],
        "large": pa.array([decimal.Decimal("1.5"), None, None], pa.decimal256(50, 2)),
        "span": [dt.timedelta(days=1), None, None],
        "class": pa.array(["x", "y", "x"]).dictionary_encode(),
        "bytes": [b"ok", b"\xff\xfe", None],
        "tokens": [["a", "b"], [], None],
        "numbers": [[1, 2], [], None],
        "inner": [{"x": 1, "deep": {"y": "z"}}, {"x": 2, "deep": None}, None],
        "records": [[{"q": "?"}], [], None],
        "map": pa.array([[("k", 1)], [], None], pa.map_(pa.string(), pa.int64())),
        "nothing": pa.nulls(3),
    }
)


@pytest.mark.parametrize("name", ["data.parquet", "data.arrow", "data.feather"])
def test_every_type_becomes_texts_or_lists_of_texts(tmp_path: Path, name: str) -> None:
    table = open_table_path(write(tmp_path / name, EVERYTHING))
    assert [c for c in table.columns if c.is_list] == [Column("tokens", True), Column("numbers", True)]
    first, second, third = all_rows(table).rows(named=True)
    assert first == {
        "text": "a",
        "whole": "1",
        "half": "0.5",
        "true": "true",
        "day": "2020-01-02",
        "price": "1.50",
        "large": "1.50",
        "span": "1 day, 0:00:00",
        "class": "x",
        "bytes": "ok",
        "tokens": ["a", "b"],
        "numbers": ["1", "2"],
        "inner.x": "1",
        "inner.deep.y": "z",
        "records": '[{"q": "?"}]',
        "map": '{"k": 1}',
        "nothing": None,
        ROW: 1,
    }
    assert (second["text"], second["half"], second["bytes"], second["tokens"]) == (None, None, None, [])
    assert {third[name] for name in ("inner.x", "inner.deep.y", "tokens", "records")} == {None}
    assert table.facts.notices == (
        f"Some cells of {name} hold lists or objects inside one another; they are shown as JSON: records, map.",
        'Bytes in "bytes" that are no text are left empty.',
    )


@pytest.mark.parametrize("ending", ["parquet", "arrow", "feather"])
def test_a_file_that_is_cut_off_is_refused_in_words(tmp_path: Path, ending: str) -> None:
    path = write(tmp_path / f"whole.{ending}", EVERYTHING)
    short = tmp_path / f"short.{ending}"
    short.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError) as caught:
        all_rows(open_table_path(short))
    kind = "a parquet file" if ending == "parquet" else "an arrow file"
    assert caught.value.message == f"short.{ending} cannot be read as {kind}."


def test_bytes_are_told_and_a_stop_is_heard_between_batches(tmp_path: Path) -> None:
    path = write(tmp_path / "long.parquet", pa.table({"text": ["word"] * 50_000}))
    table = open_table_path(path)
    told: list[int] = []
    assert sum(frame.height for frame in table.batches(on_bytes=told.append)) == 50_000
    assert sum(told) == path.stat().st_size
    seen: list[pl.DataFrame] = []
    frames = table.batches(should_stop=lambda: bool(seen))
    seen.append(next(frames))
    with pytest.raises(StoppedByPerson):
        next(frames)


@given(
    st.lists(
        st.tuples(st.text(max_size=9), st.lists(st.text(max_size=5), max_size=3)), min_size=1, max_size=9
    )
)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_table_comes_back_cell_by_cell(tmp_path: Path, rows: list[tuple[str, list[str]]]) -> None:
    texts, lists = zip(*rows, strict=True)
    data = pa.table({"text": list(texts), "tokens": pa.array(list(lists), pa.list_(pa.string()))})
    frame = all_rows(open_table_path(write(tmp_path / "any.parquet", data)))
    assert frame.rows() == [(text or None, tokens, n) for n, (text, tokens) in enumerate(rows, start=1)]
