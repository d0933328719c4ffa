"""Tables whose cells hold lists as pandas and JSON write them: labels, words with tags, answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.examples.examine import study_data
from ptft_gui.data.tables.opening import open_table_path
from ptft_gui.data.tables.written_lists import read_lists

_TOPICS = [["sport"], ["sport", "law"], ["it's, well"], ["体育", "law"], []]
_WRITERS: dict[str, Callable[[list[str]], str]] = {
    "python": repr,
    "json": json.dumps,
    "numpy": lambda items: "[" + " ".join(map(repr, items)) + "]",
}


def _write(path: Path, columns: dict[str, list[str]]) -> Path:
    pl.DataFrame(columns).write_csv(path)
    return path


@pytest.mark.parametrize("writer", _WRITERS)
def test_labels_in_written_lists_are_labels(tmp_path: Path, writer: str) -> None:
    count = 200
    cells = [_WRITERS[writer](_TOPICS[n % len(_TOPICS)]) for n in range(count)]
    texts = [f"the people of house {n} talk about what they saw" for n in range(count)]
    path = _write(tmp_path / "made.csv", {"v1": texts, "v2": cells})
    asked = ask(DataRequest(dataset=str(path)))
    assert asked.roles == {"text": "v1", "label": "v2"}
    assert asked.task == "multilabel"
    studied = study_data(DataRequest(dataset=str(path), task="multilabel"), cache_dir=tmp_path / "cache")
    classes = {label for part in studied["classes"].values() for label, _ in part}
    assert classes == {"sport", "law", "it's, well", "体育"}


def test_words_and_tags_in_written_lists(tmp_path: Path) -> None:
    words, tags = [["Ann", "sings"], ["Bob", "left", "Rome"]], [["B-PER", "O"], ["B-PER", "O", "B-LOC"]]
    columns = {"c1": [repr(words[n % 2]) for n in range(40)], "c2": [repr(tags[n % 2]) for n in range(40)]}
    asked = ask(DataRequest(dataset=str(_write(tmp_path / "names.csv", columns))))
    assert asked.task == "tagging"
    assert asked.roles == {"tokens": "c1", "tags": "c2"}
    assert asked.fields.read(asked.head)["tokens"][1].to_list() == ["Bob", "left", "Rome"]


@pytest.mark.parametrize(
    "cell", ["[removed]", '[{"role": "user", "content": "hello"}]', "[0.5, 0.25]", "[see, below]", "[1]"]
)
def test_what_only_looks_like_a_list_stays_as_it_is(tmp_path: Path, cell: str) -> None:
    path = _write(tmp_path / "a.csv", {"v1": [cell] * 9, "v2": [f"text {n}" for n in range(9)]})
    table = open_table_path(path)
    assert [column.is_list for column in table.columns] == [False, False]
    assert table.head(1)["v1"][0] == cell


def test_a_cell_that_is_no_list_is_a_list_of_one(tmp_path: Path) -> None:
    cells = ["['a', 'b']"] * 250 + ["c", "['d", ""]
    table = open_table_path(_write(tmp_path / "a.csv", {"v1": [str(n) for n in range(253)], "v2": cells}))
    read = pl.concat(table.batches())["v2"].to_list()
    assert read[0] == ["a", "b"]
    assert read[250:] == [["c"], ["['d"], None]


def test_a_very_long_list_stays_one_text() -> None:
    """A cell of many megabytes must not become millions of small texts."""
    long = "[" + "1, " * 200_000 + "1]"
    assert read_lists(pl.Series("x", [long, "['a', 'b']"])).to_list() == [[long], ["a", "b"]]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=8), max_size=4), min_size=1))
def test_what_python_and_json_write_is_read_back(items: list[list[str]]) -> None:
    written = pl.Series("x", [repr(each) for each in items] + [json.dumps(each) for each in items])
    assert read_lists(written).to_list() == items * 2
