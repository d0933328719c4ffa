"""Rows that were rejected or skipped when they were marked are left out, counted, and brought back by one choice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import finding_rows, open_data, study_data
from ptft_gui.data.examples.prepared import prepare_examples

_TOPICS = {"sport": "the club won the cup", "money": "shares fell again", "war": "the siege went on"}
_ANSWERS = ("accept", "accept", "accept", "reject", "ignore")


def _labelled(number: int) -> dict[str, Any]:
    label = list(_TOPICS)[number % 3]
    text = f"{_TOPICS[label]} on day {number}"
    return {"text": text, "label": label, "_input_hash": number * 7919, "answer": _ANSWERS[number % 5]}


def _chosen(number: int) -> dict[str, Any]:
    row = _labelled(number)
    options = [{"id": label, "text": label.title()} for label in _TOPICS]
    return {"text": row["text"], "options": options, "accept": [row["label"]], "answer": row["answer"]}


def _named(number: int) -> dict[str, Any]:
    text = f"Jun met Omar in week {number}"
    spans = [{"start": 0, "end": 3, "label": "PER"}, {"start": 8, "end": 12, "label": "PER"}]
    return {"text": text, "spans": spans, "answer": _ANSWERS[number % 5]}


def _binary(number: int) -> dict[str, Any]:
    is_sport = number % 3 == 0
    text = f"{_TOPICS['sport' if is_sport else 'war']} on day {number}"
    answer = "ignore" if number % 5 == 4 else "accept" if is_sport else "reject"
    return {"text": text, "label": "SPORT", "answer": answer}


def _request(folder: Path, row: Any, **more: Any) -> DataRequest:
    path = folder / "annotated.jsonl"
    path.write_text("".join(json.dumps(row(number)) + "\n" for number in range(100)))
    return DataRequest(dataset=str(path), **more)


def _rows(request: DataRequest, cache: Path) -> list[dict[str, Any]]:
    prepared = prepare_examples(request, cache)
    return [row for part in ("train", "val", "test") for row in prepared.rows(part)]


@pytest.mark.parametrize("row", [_labelled, _chosen, _named])
def test_rejected_and_skipped_rows_are_left_out_and_counted(tmp_path: Path, row: Any) -> None:
    request = _request(tmp_path, row)
    verdict = next(each for each in open_data(request)["roles"] if each["role"] == "verdict")
    assert verdict["column"] == "answer"
    assert "accept, reject, ignore" in verdict["reason"]
    studied = study_data(request, cache_dir=tmp_path)
    assert studied["findings"][0]["finding"] == "rejected"
    assert studied["findings"][0]["count"] == 40
    assert studied["sums"].startswith("100 rows = 60 used + 40 rejected or skipped when they were marked")
    rows = _rows(request, tmp_path)
    assert len(rows) == 60
    assert all(each["key"] % 5 < 3 for each in rows)


def test_the_rejected_rows_are_shown_and_one_choice_brings_them_back(tmp_path: Path) -> None:
    shown = finding_rows(_request(tmp_path, _labelled), "rejected", cache_dir=tmp_path)
    answers = {row[shown["columns"].index("answer") + 1] for row in shown["rows"]}
    assert len(shown["rows"]) == 40
    assert answers == {"reject", "ignore"}
    again = _request(tmp_path, _labelled, decisions={"rejected": "learn"})
    assert len(_rows(again, tmp_path)) == 100


def test_where_nothing_else_was_marked_the_verdict_is_the_label_and_skipped_rows_are_no_class(
    tmp_path: Path,
) -> None:
    request = _request(tmp_path, _binary)
    roles = {each["role"]: each["column"] for each in open_data(request)["roles"]}
    assert roles == {"text": "text", "label": "answer"}
    studied = study_data(request, cache_dir=tmp_path)
    assert {name for name, _ in studied["classes"]["train"]} == {"accept", "reject"}
    assert studied["sums"].startswith("100 rows = 80 used + 20 with a sign for “no label”")


def test_a_column_of_other_answers_is_no_verdict(tmp_path: Path) -> None:
    request = _request(tmp_path, lambda number: _labelled(number) | {"answer": ("yes", "no")[number % 2]})
    assert "verdict" not in {each["role"] for each in open_data(request)["roles"]}
