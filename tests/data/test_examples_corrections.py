"""A person's corrections, laid over the rows of a file that stays as it is."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from ptft_gui.core.corrections import Correction, fingerprint_of
from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.prepared import PartName, PreparedExamples, prepare_examples

_PARTS: tuple[PartName, ...] = ("train", "val", "test")
_TOPICS = ("economy", "health", "school")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    write(path, [[f"answer number {n} speaks of something", _TOPICS[n % 3]] for n in range(120)])
    return path


def write(path: Path, rows: list[list[str]], head: tuple[str, str] = ("text", "label")) -> None:
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([list(head), *rows])


def prepared(path: Path, *corrections: Correction, task: str = "classification") -> PreparedExamples:
    request = DataRequest(dataset=str(path), task=task, corrections=corrections)
    return prepare_examples(request, path.parent / "cache")


def correction_of(row: dict[str, object], **more: object) -> Correction:
    told = {"key": row["key"], "row": row["row"], "fingerprint": fingerprint_of(row), **more}
    return Correction.model_validate(told)


def keys(examples: PreparedExamples, part: PartName) -> list[int]:
    return pl.read_parquet(examples.path(part))["key"].to_list()


def test_labels_are_laid_over_and_no_row_changes_its_part(path: Path) -> None:
    before = prepared(path)
    row, other = next(before.rows("test")), next(before.rows("train"))
    after = prepared(path, correction_of(row, label="weather"), correction_of(other, label="weather"))
    corrected = next(each for each in after.rows("test") if each["key"] == row["key"])
    assert (corrected["label"], corrected["label_given"]) == ("weather", row["label"])
    assert after.labels == ("economy", "health", "school", "weather")
    assert sum(after.facts["label_counts"].values()) == 120
    assert after.facts["label_counts"]["weather"] == 2
    assert after.facts["corrections"]["labels"] == {"test": 1, "train": 1}
    assert "2 labels were corrected by hand (1 to learn from, 1 for testing)." in after.facts["notices"]
    for part in _PARTS:
        assert keys(before, part) == keys(after, part)


def test_rows_left_out_are_counted_and_the_others_stay_where_they_were(path: Path) -> None:
    before = prepared(path)
    out = [next(before.rows(part)) for part in _PARTS]
    after = prepared(path, *(correction_of(row, leave_out=True) for row in out))
    for part, row in zip(_PARTS, out, strict=True):
        assert keys(after, part) == [key for key in keys(before, part) if key != row["key"]]
        assert after.count(part) == before.count(part) - 1
    assert after.facts["sum_sentence"].startswith("120 rows = 117 used + 3 left out by hand.")
    assert sum(each["count"] for each in after.facts["sums"]) == 120
    assert sum(after.facts["label_counts"].values()) == 117


def test_a_correction_whose_text_no_longer_stands_there_is_told_and_passed_over(path: Path) -> None:
    row = next(prepared(path).rows("test"))
    rows = [[f"answer number {n} speaks of something", _TOPICS[n % 3]] for n in range(120)]
    rows[row["key"]][0] = "another text stands here now"
    write(path, rows)
    after = prepared(path, correction_of(row, label="weather"))
    assert "weather" not in after.labels
    assert after.facts["corrections"]["skipped"] == [row["row"]]
    told = f"1 correction was passed over: its text no longer stands in row {row['row']}"
    assert any(notice.startswith(told) for notice in after.facts["notices"])


def test_a_row_that_is_not_there_at_all_is_told_too(path: Path) -> None:
    row = next(prepared(path).rows("train"))
    after = prepared(path, correction_of(row | {"key": 5_000, "row": 5_001}, leave_out=True))
    assert after.facts["corrections"]["skipped"] == [5_001]
    assert after.facts["sum_sentence"].startswith("120 rows = 120 used.")


def test_several_labels_are_corrected_together(path: Path) -> None:
    rows = [[f"answer number {n}", "a; b" if n % 2 else "a" if n % 3 else "b"] for n in range(90)]
    write(path, rows)
    row = next(prepared(path, task="multilabel").rows("val"))
    after = prepared(path, correction_of(row, label=["b", "c"]), task="multilabel")
    corrected = next(each for each in after.rows("val") if each["key"] == row["key"])
    assert corrected["labels"] == ["b", "c"]
    assert corrected["labels_given"] == row["labels"]


def test_a_row_of_numbers_can_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    with open(path, "w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(
            [["text", "text_pair", "score"], *([f"one {n}", f"two {n}", n % 5 + 0.5] for n in range(60))]
        )
    row = next(prepared(path, task="pair-similarity").rows("test"))
    after = prepared(path, correction_of(row, leave_out=True), task="pair-similarity")
    assert row["key"] not in keys(after, "test")
    assert after.facts["corrections"]["left_out"] == {"test": 1}


def test_the_file_itself_stays_as_it_is(path: Path) -> None:
    was = path.read_bytes()
    row = next(prepared(path).rows("test"))
    prepared(path, correction_of(row, label="weather"))
    assert path.read_bytes() == was
