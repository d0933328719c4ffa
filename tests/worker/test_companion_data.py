"""Questions about datasets, asked of a real companion as the window asks them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.library import read_dataset
from tests.worker.companion_process import PATIENCE_S, Companion

ANSWERS = ("The train was late again", "Cheap tickets and kind staff", "Nobody answered my letter for weeks")


@pytest.fixture
def companion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Companion]:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    process = Companion(tmp_path / "companion.log")
    assert process.replies.get(timeout=PATIENCE_S).kind == "ready"
    yield process
    process.close()


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    """Odd column names, text labels, empty ones, and copies."""
    path = tmp_path / "survey 2026.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["respnr", "Q17_open", "v23_rec"])
        for number in range(120):
            label = ("", "satisfied", "unsatisfied")[min(number % 10, 2)] if number % 4 else "satisfied"
            text = ANSWERS[number % 3] if number < 6 else f"{ANSWERS[number % 3]} on day {number}."
            out.writerow([70_000 + number, text, label])
    return path


def request_of(path: Path | str, **more: Any) -> dict[str, Any]:
    return DataRequest(dataset=str(path), **more).model_dump(mode="json")


def error_of(companion: Companion, kind: str, /, **arguments: Any) -> str:
    reply = companion.last_reply(companion.ask(kind, **arguments))
    assert reply.kind == "error", reply
    return reply.problem().as_sentence()


def test_a_survey_is_understood_at_once_and_adds_up(companion: Companion, survey: Path) -> None:
    opened = companion.result("open_data", request=request_of(survey))
    roles = {guess["role"]: guess["column"] for guess in opened["roles"]}
    assert (roles["text"], roles["label"]) == ("Q17_open", "v23_rec")
    assert opened["task"] == "classification"
    assert len(opened["rows"]) == 8
    studied = companion.result("study_data", request=request_of(survey))
    assert studied["rows"] == {"train": 120}
    assert studied["sums"].startswith("120 rows = ")
    counted = {part["key"]: part["count"] for part in studied["sum_parts"]}
    assert sum(counted.values()) == 120
    assert sum(studied["parts"].values()) == counted["used"] + counted["set_aside"]
    found = {finding["finding"]: finding["count"] for finding in studied["findings"]}
    lines = survey.read_text(encoding="utf-8").splitlines()
    assert found["empty_label"] == sum(line.endswith(",") for line in lines)
    rows = companion.result("finding_rows", request=request_of(survey), finding="empty_label", limit=3)
    assert rows["columns"] == ["respnr", "Q17_open", "v23_rec"]
    assert [row[3] for row in rows["rows"]] == [None, None, None]


def test_roles_that_came_with_a_dataset_are_not_called_the_persons_choice(companion: Companion) -> None:
    opened = companion.result("open_data", request=request_of("opinions-en", roles={"label": "label"}))
    assert {guess["role"]: guess["reason"] for guess in opened["roles"]} == {
        "text": "text: text, because the dataset says so",
        "label": "label: label, because you chose it",
    }


def test_words_of_a_table_are_previewed_with_what_a_person_switched(
    companion: Companion, survey: Path
) -> None:
    answer = companion.result(
        "prepare_preview", request=request_of(survey), preparation={"case": "keep", "copies": None}
    )
    assert answer["pairs"][0]["words"] == ["The", "train", "was", "late", "again"]
    assert "capitals are kept" in answer["sentence"]
    facts = companion.result("inspect_dataset", dataset=str(survey), request=request_of(survey))
    assert facts["facts"]["tokens"] > 500


def test_the_library_keeps_changes_renames_removes_and_brings_back(
    companion: Companion, survey: Path, tmp_path: Path
) -> None:
    added = companion.result("add_dataset", request=request_of(survey), name="my-survey")["dataset"]
    assert (added["name"], added["rows"], added["state"]) == ("my-survey", 120, "unchanged")
    changed = request_of("my-survey", roles={"text": "Q17_open"}, task="plain-text")
    kept = companion.result("change_dataset", name="my-survey", request=changed, preparation={"case": "keep"})
    assert kept["dataset"]["preparation"] == {"case": "keep"}
    decided = request_of("my-survey", decisions={"equal_texts": "keep_one"})
    companion.result("change_dataset", name="my-survey", request=decided, preparation={"case": "keep"})
    stored = read_dataset(tmp_path / "home", "my-survey").request
    assert (stored.roles, stored.task) == ({"text": "Q17_open"}, "plain-text")  # what was not changed stays
    assert stored.decisions == {"equal_texts": "keep_one"}
    facts = companion.result("inspect_dataset", dataset="my-survey")
    assert facts["preview"][0].startswith("The train")
    assert (
        companion.result("rename_dataset", name="my-survey", new_name="answers")["dataset"]["name"]
        == "answers"
    )
    known = {record["name"] for record in companion.result("datasets")["datasets"]}
    assert {"answers", "wikipedia"} <= known
    companion.result("remove_dataset", name="answers")
    assert "answers" not in {r["name"] for r in companion.result("datasets")["datasets"]}
    assert companion.result("restore_dataset", name="answers")["dataset"]["state"] == "unchanged"
    survey.write_text(survey.read_text(encoding="utf-8") + "1,one more row,satisfied\n", encoding="utf-8")
    checked = companion.result("check_dataset", name="answers")["dataset"]
    assert checked["state"] == "changed"
    assert "survey 2026.csv is now" in checked["state_sentence"]


def test_what_cannot_be_answered_is_told_in_words(companion: Companion, tmp_path: Path) -> None:
    assert "There is no file or folder named gone.csv." in error_of(
        companion, "open_data", request=request_of(tmp_path / "gone.csv")
    )
    assert "does not say which data it is about" in error_of(companion, "open_data", request={"roles": 3})
    assert 'There is no dataset "nothing"' in error_of(companion, "check_dataset", name="nothing")
    assert "cannot be brought back" in error_of(companion, "restore_dataset", name="nothing")
