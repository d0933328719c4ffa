"""Scores before and after a person's corrections, recomputed from what a run answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sklearn.metrics import accuracy_score, f1_score

from ptft_gui.core.corrections import CORRECTIONS_FILE, Correction, add_correction, fingerprint_of
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.inspection.corrected import corrected_report

TRUE = ["a", "a", "a", "b", "b", "c"]
SAID = ["a", "b", "a", "b", "a", "c"]


def records() -> list[dict[str, Any]]:
    return [
        {"part": "test", "key": n, "row": n + 2, "text": f"text {n}", "label": true, "predicted": said, "score": 0.9}
        for n, (true, said) in enumerate(zip(TRUE, SAID, strict=True))
    ]  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    spec = new_spec("bert", "rows.csv", stage="finetune", task="classification", method="full")
    return create_run(tmp_path, spec)


def correct(run: RunDir, record: dict[str, Any], **more: object) -> None:
    told = {"key": record["key"], "row": record["row"], "fingerprint": fingerprint_of(record), **more}
    add_correction(run.path / CORRECTIONS_FILE, Correction.model_validate(told))


def test_without_corrections_there_is_one_score_only(run: RunDir) -> None:
    assert corrected_report(run, "classification", "test", records()) == {
        "corrections": [],
        "corrections_count": 0,
        "learned_count": 0,
    }


def test_both_scores_of_the_same_answers(run: RunDir) -> None:
    rows = records()
    correct(run, rows[1], label="b", was="a")
    correct(run, rows[4], leave_out=True, was="b")
    found = corrected_report(run, "classification", "test", rows)
    assert (found["labels"], found["left_out"]) == (1, 1)
    before, after = (
        {n: v for n, v, _ in found["before"]["scores"]},
        {n: v for n, v, _ in found["after"]["scores"]},
    )
    assert before["accuracy"] == pytest.approx(accuracy_score(TRUE, SAID))
    assert before["macro_f1"] == pytest.approx(f1_score(TRUE, SAID, average="macro"))
    kept = [("b" if n == 1 else t, s) for n, (t, s) in enumerate(zip(TRUE, SAID, strict=True)) if n != 4]
    true, said = zip(*kept, strict=True)
    assert after["accuracy"] == pytest.approx(accuracy_score(true, said)) == 1.0
    assert (found["before"]["rows"], found["after"]["rows"]) == (6, 5)
    assert [(c["row"], c["text"], c["is_learned"]) for c in found["corrections"]] == [
        (3, "text 1", False), (6, "text 4", False),
    ]  # fmt: skip


def test_a_run_that_learned_from_corrections_still_knows_what_the_file_said(tmp_path: Path) -> None:
    rows = records()
    given = Correction(key=1, row=3, fingerprint=fingerprint_of(rows[1]), label="b", was="a")
    rows[1] |= {"label": "b", "label_given": "a"}
    spec = new_spec(
        "bert", "rows.csv", stage="finetune", task="classification", method="full", corrections=[given]
    )
    found = corrected_report(create_run(tmp_path, spec), "classification", "test", rows)
    assert found["before"]["scores"][0][1] == pytest.approx(4 / 6)
    assert found["after"]["scores"][0][1] == pytest.approx(5 / 6)
    assert found["corrections"][0]["is_learned"]


def test_a_correction_of_another_text_changes_no_score(run: RunDir) -> None:
    rows = records()
    correct(run, rows[1], label="b")
    rows[1]["text"] = "another text"
    found = corrected_report(run, "classification", "test", rows)
    assert "after" not in found
    assert found["corrections"][0]["text"] == ""


def test_a_damaged_side_file_is_told_beside_the_scores(run: RunDir) -> None:
    (run.path / CORRECTIONS_FILE).write_text("no json\n\n", encoding="utf-8")
    found = corrected_report(run, "classification", "test", records())
    assert "cannot be read" in found["corrections_problem"]


@pytest.mark.parametrize(
    ("task", "record", "name"),
    [
        (
            "multilabel",
            {"text": "t", "labels": ["a"], "predicted": ["a", "b"], "scores": [0.9, 0.6]},
            "micro_f1",
        ),
        ("pair-similarity", {"text": "t", "text_pair": "u", "label": 1.0, "predicted": 2.0}, "spearman"),
        (
            "tagging",
            {"tokens": ["Ann", "left"], "tags": ["B-PER", "O"], "predicted": ["O", "O"]},
            "entity_f1",
        ),
        (
            "question-answering",
            {"question": "q", "context": "c", "answers": ["c"], "answer": "", "exact": 0.0, "f1": 0.0},
            "exact_match",
        ),
        ("reply", {"prompt": "p", "reply": "r", "tokens": 3, "nats": 6.0, "right": 1}, "perplexity"),
    ],
)
def test_every_task_can_leave_rows_out(run: RunDir, task: str, record: dict[str, Any], name: str) -> None:
    rows = [{"part": "test", "key": n, "row": n, **record} for n in range(3)]
    correct(run, rows[0], leave_out=True)
    found = corrected_report(run, task, "test", rows)
    assert found["after"]["rows"] == 2
    assert found["after"]["scores"][0][0] == name
