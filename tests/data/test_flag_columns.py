"""Labels that are written as a column each, with 0 and 1."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import open_data, study_data
from ptft_gui.data.examples.prepared import prepare_examples


def _comments(folder: Path, **more: list[str]) -> Path:
    rows = range(1200)
    path = folder / "comments.csv"
    columns = {
        "id": [f"c{n}" for n in rows],
        "comment_text": [f"People in street {n} said that house {n * 7 % 401} is too loud." for n in rows],
        "toxic": ["1" if n % 3 == 0 else "0" for n in rows],
        "rude": ["1" if n % 4 == 0 else "0" for n in rows],
        "threat": ["1" if n > 1150 else "0" for n in rows],
    }
    pl.DataFrame(columns | more).write_csv(path)
    return path


def test_columns_of_0_and_1_are_several_labels_of_a_text(tmp_path: Path) -> None:
    request = DataRequest(dataset=str(_comments(tmp_path)))
    opened = open_data(request)
    label = next(guess for guess in opened["roles"] if guess["role"] == "label")
    assert (label["column"], opened["task"]) == ("toxic + rude + threat", "multilabel")
    assert label["reason"].endswith("because each is 1 where a text has this label and 0 where it has not")
    studied = study_data(request, cache_dir=tmp_path / "cache")
    assert studied["can_start"], studied["problem"]
    assert {name for name, _ in studied["classes"]["train"]} == {"toxic", "rude", "threat", "none"}
    examples = prepare_examples(request, tmp_path / "cache")
    rows = {row["key"]: row["labels"] for part in ("train", "val", "test") for row in examples.rows(part)}
    assert len(rows) == 1200
    assert (rows[0], rows[1], rows[3], rows[1188]) == (["toxic", "rude"], ["none"], ["toxic"], [
        "toxic", "rude", "threat",
    ])  # fmt: skip


def test_columns_of_which_each_text_has_one_are_classes(tmp_path: Path) -> None:
    names = ("sports", "politics", "culture")
    columns = {name: ["1" if n % 3 == place else "0" for n in range(900)] for place, name in enumerate(names)}
    path = tmp_path / "news.csv"
    pl.DataFrame(
        {"text": [f"What happened in town {n} on day {n % 77}" for n in range(900)]} | columns
    ).write_csv(path)
    opened = open_data(DataRequest(dataset=str(path)))
    assert opened["task"] == "classification"
    studied = study_data(DataRequest(dataset=str(path)), cache_dir=tmp_path / "cache")
    assert {name for name, _ in studied["classes"]["train"]} == set(names)


@pytest.mark.parametrize("name", ["label", "Kategorie"])
def test_a_column_named_like_a_label_comes_first(tmp_path: Path, name: str) -> None:
    path = _comments(tmp_path, **{name: ["good" if n % 2 else "bad" for n in range(1200)]})
    opened = open_data(DataRequest(dataset=str(path)))
    assert next(guess["column"] for guess in opened["roles"] if guess["role"] == "label") == name


def test_two_such_columns_are_facts_about_a_text(tmp_path: Path) -> None:
    path = _comments(tmp_path)
    pl.read_csv(path).drop("threat").write_csv(path)
    opened = open_data(DataRequest(dataset=str(path)))
    assert " + " not in next(guess["column"] for guess in opened["roles"] if guess["role"] == "label")
