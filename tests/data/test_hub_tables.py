"""From the hub's files to one table a split: names of splits and sets from paths, classes by their names."""

from __future__ import annotations

import json
import string
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.hub.names import HubName, parse_hub_id
from ptft_gui.data.hub.assembling import assemble
from ptft_gui.data.hub.download import choose_parts
from ptft_gui.data.hub.info import HubFile, HubPart, _by_config

NAMES = ["World", "Sports", "\u79d1\u6280"]
_numbers = st.none() | st.integers(-2, 4)
_rows = st.lists(st.tuples(_numbers, st.none() | st.lists(_numbers, max_size=4)), min_size=1, max_size=30)
_once = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _write(path: Path, rows: list[tuple[int | None, list[int | None] | None]]) -> None:
    label = {"names": NAMES, "_type": "ClassLabel"}
    features = {"label": label, "tags": {"feature": label, "_type": "Sequence"}}
    schema = pa.schema(
        [pa.field("label", pa.int64()), pa.field("tags", pa.list_(pa.int64()))],
        {b"huggingface": json.dumps({"info": {"features": features}}).encode()},
    )
    columns = [[label for label, _ in rows], [tags for _, tags in rows]]
    pq.write_table(
        pa.table(dict(zip(("label", "tags"), columns, strict=True)), schema), path, row_group_size=7
    )


def _named(number: int | None) -> str | None:
    return NAMES[number] if number is not None and 0 <= number < len(NAMES) else None


@_once
@given(st.lists(_rows, min_size=1, max_size=3))
def test_every_class_gets_its_name_and_every_other_number_becomes_empty(
    tmp_path: Path, shards: list[list[tuple[int | None, list[int | None] | None]]]
) -> None:
    sources = [tmp_path / f"{number}.parquet" for number in range(len(shards))]
    for source, rows in zip(sources, shards, strict=True):
        _write(source, rows)
    told = 0

    def on_rows(count: int) -> None:
        nonlocal told
        told += count

    rows = [row for shard in shards for row in shard]
    assert assemble(sources, tmp_path / "train.parquet", on_rows, lambda: False) == len(rows) == told
    found = pq.read_table(tmp_path / "train.parquet")
    assert found["label"].to_pylist() == [_named(label) for label, _ in rows]
    expected = [None if tags is None else [_named(tag) for tag in tags] for _, tags in rows]
    assert found["tags"].to_pylist() == expected


def test_files_whose_columns_differ_are_told(tmp_path: Path) -> None:
    for number, column in enumerate(("text", "words")):
        pq.write_table(pa.table({column: ["a"]}), tmp_path / f"{number}.parquet")
    with pytest.raises(DataError, match=r"train\.parquet cannot be put together"):
        assemble(sorted(tmp_path.glob("?.parquet")), tmp_path / "train.parquet", print, lambda: False)


def test_putting_together_can_be_stopped(tmp_path: Path) -> None:
    _write(tmp_path / "0.parquet", [(0, [0])])
    with pytest.raises(StoppedByPerson):
        assemble([tmp_path / "0.parquet"], tmp_path / "train.parquet", print, lambda: True)


@pytest.mark.parametrize(
    "head", ["{", "[]", '{"info": 3}', '{"info": {"features": [1]}}', '{"info": {"features": {"a": 1}}}']
)
def test_a_head_that_says_nothing_of_classes_leaves_the_numbers(tmp_path: Path, head: str) -> None:
    table = pa.table({"a": [1, 2]}).replace_schema_metadata({"huggingface": head})
    pq.write_table(table, tmp_path / "0.parquet")
    assemble([tmp_path / "0.parquet"], tmp_path / "train.parquet", lambda _: None, lambda: False)
    assert pq.read_table(tmp_path / "train.parquet")["a"].to_pylist() == [1, 2]


@pytest.mark.parametrize(
    ("path", "config", "split"),
    [
        ("default/train/0000.parquet", "default", "train"),
        ("mrpc/validation/0003.parquet", "mrpc", "validation"),
        ("en/partial-train/0000.parquet", "en", "train"),
        ("data/train-00000-of-00001-02f200ca5f2a7868.parquet", "default", "train"),
        ("plain_text/test-00000-of-00001.parquet", "plain_text", "test"),
        ("wikitext-2-raw-v1/validation-00000-of-00001.parquet", "wikitext-2-raw-v1", "validation"),
        ("test.parquet", "default", "test"),
        ("data/0000.parquet", "default", "0000"),
    ],
)
def test_sets_and_splits_are_read_from_paths(path: str, config: str, split: str) -> None:
    assert _by_config([HubFile(path, 1)]) == {config: {split: [HubFile(path, 1)]}}


@pytest.mark.parametrize(
    ("names", "chosen", "left"),
    [
        ("train validation test", "train validation test", 0),
        ("train dev", "train dev", 0),
        (
            "train validation_matched validation_mismatched test_matched",
            "train validation_matched test_matched",
            1,
        ),
        ("full", "full", 0),
        ("test", "test", 0),
        ("train train_small", "train", 1),
        ("unsupervised train test", "train test", 1),
    ],
)
def test_splits_become_parts(names: str, chosen: str, left: int) -> None:
    parts = [HubPart(name, (HubFile(f"{name}.parquet", 10),)) for name in names.split()]
    found, said = choose_parts(parts)
    assert [part.name for part in found.values()] == chosen.split()
    assert next(iter(found)) == "train"
    assert len(said) == left


def _parsed(text: str) -> HubName | str:
    try:
        return parse_hub_id(text)
    except DataError as problem:
        return problem.message


@given(st.text(string.printable + "\u00e9\u5b57\x00", max_size=40))
def test_any_name_is_taken_or_refused_in_a_sentence(text: str) -> None:
    found = _parsed(text)
    if isinstance(found, str):
        assert found.endswith(".")
    else:
        assert ".." not in found.id
        assert parse_hub_id(str(found)) == found
