"""A table that is sorted by its label, whose first rows all hold the same one, under names that tell nothing."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.bytesource import source_of
from ptft_gui.data.examples.asking import Asked, ask
from ptft_gui.data.tables import columnar, combined, origin
from ptft_gui.data.tables.opening import open_table

_ROWS = 30_000
_CLASSES = ("alpha", "beta", "gamma")


def _rows() -> list[tuple[str, str, str]]:
    """Place, a text of its own and a label; ten thousand rows of each label one after the other."""
    return [
        (
            "north",
            f"The {n * 7 % 991} people of street {n} walked to house {n % 83} and told of it.",
            _CLASSES[n * 3 // _ROWS],
        )
        for n in range(_ROWS)
    ]


def _asked(path: Path) -> Asked:
    return ask(DataRequest(dataset=str(path)))


def _write(folder: Path, name: str) -> Path:
    path = folder / name
    frame = pl.DataFrame(_rows(), schema=["c1", "c2", "c3"], orient="row")
    if name.endswith(".parquet"):
        frame.write_parquet(path, row_group_size=2_000 if "small" in name else 1_000_000)
    elif name.endswith(".arrow"):
        frame.write_ipc(path)
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(row) + "\n" for row in frame.iter_rows(named=True)))
    else:
        text = frame.write_csv(separator="\t" if ".tsv" in name else ",")
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return path


@pytest.mark.parametrize(
    "name",
    [
        "large.csv",
        "large.tsv",
        "large.csv.gz",
        "large.jsonl",
        "large.parquet",
        "small-groups.parquet",
        "large.arrow",
    ],
)
def test_the_label_is_seen_further_on(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(combined, "_FURTHER_SECONDS", 60)
    asked = _asked(_write(tmp_path, name))
    assert asked.roles == {"text": "c2", "label": "c3"}
    assert asked.task == "classification"
    reason = next(guess.reason for guess in asked.guesses if guess.role == "label")
    assert reason == (
        "label: c3, because its values are short and repeated; the file is sorted by it: "
        "the first 1,000 rows all hold one value, others come further on"
    )


def test_several_files_each_of_one_label(tmp_path: Path) -> None:
    for label in _CLASSES:
        rows = [row for row in _rows() if row[2] == label][:2_000]
        pl.DataFrame(rows, schema=["c1", "c2", "c3"], orient="row").write_csv(tmp_path / f"{label}.csv")
    asked = _asked(tmp_path)
    assert asked.roles == {"text": "c2", "label": "c3"}


def test_a_column_that_never_changes_is_no_label(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    frame = pl.DataFrame(_rows(), schema=["c1", "c2", "c3"], orient="row").with_columns(c3=pl.lit("same"))
    frame.write_csv(path)
    asked = _asked(path)
    assert asked.roles == {"text": "c2"}
    assert asked.task == "plain-text"


@pytest.mark.parametrize("name", ["packed.csv.gz", "packed.jsonl.gz", "one-group.parquet"])
def test_a_long_file_is_looked_into_without_reading_its_texts(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Passing over packed bytes, or reading one column, reaches the next label long before all rows are read."""
    monkeypatch.setattr(combined, "_FURTHER_SECONDS", 60)
    monkeypatch.setattr(columnar, "_FURTHER_STRETCH_ROWS", 4_000)
    monkeypatch.setattr(origin, "_PASSED_BYTES", 1 << 18)
    monkeypatch.setattr(origin, "WHOLE_SAMPLE_BYTES", 1 << 20)
    path = tmp_path / name
    frame = pl.DataFrame(_rows(), schema=["c1", "c2", "c3"], orient="row")
    if name.endswith(".parquet"):
        frame.write_parquet(path)
    else:
        text = frame.write_csv() if ".csv" in name else frame.write_ndjson()
        path.write_bytes(gzip.compress(text.encode()))

    def no_batches(*_asked: object) -> None:
        raise AssertionError("all rows were read")

    table = open_table(DataRequest(dataset=str(path)))
    reader = table._files["train"][0].reader  # type: ignore[attr-defined]
    monkeypatch.setattr(reader, "batches", no_batches)
    assert set(table.further(["c3"])["c3"]) == set(_CLASSES)


def test_few_stretches_are_kept_of_a_very_long_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origin, "_PASSED_BYTES", 1 << 14)
    monkeypatch.setattr(origin, "WHOLE_SAMPLE_BYTES", 1 << 16)
    path = tmp_path / "long.csv.gz"
    path.write_bytes(gzip.compress(b"text,label\n" + b"some words of it,yes\n" * 100_000))
    samples = origin.Origin(source_of(path)).later_samples(60)
    assert 16 <= len(samples) <= 32
    assert samples[-1].endswith(b"yes\n")
