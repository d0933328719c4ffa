"""The scores and single answers of a run that sorts texts, read from its folder; also from damaged ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptft_gui.core.corrections import fingerprint_of
from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.inspection.task_report import answered_rows, task_report


def record(row: int, label: str, predicted: str, score: float, part: str = "test") -> str:
    return json.dumps(
        {"part": part, "key": row, "row": row, "text": f"text {row}", "label": label, "predicted": predicted,
         "score": score}
    )  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    spec = new_spec("word2vec", "rows.csv", stage="finetune", task="classification", method="full")
    run = create_run(tmp_path, spec)
    lines = [
        record(1, "a", "a", 0.9), record(2, "a", "b", 0.6), record(3, "a", "b", 0.8), record(4, "b", "a", 0.7),
        record(5, "a", "b", 0.99, "val"),
    ]  # fmt: skip
    (run.path / "predictions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (run.path / "evaluation.json").write_text(
        json.dumps({"labels": ["a", "b"], "test": {"rows": 4, "matrix": [[1, 2], [1, 0]]}}), encoding="utf-8"
    )
    return run


def test_a_cell_lists_its_rows_the_surest_first(run: RunDir) -> None:
    found = answered_rows(run, "test", "a", "b")
    assert [row[:5] for row in found["rows"]] == [[3, "text 3", "a", "b", 0.8], [2, "text 2", "a", "b", 0.6]]
    assert [row[5:] for row in found["rows"]] == [
        [n, fingerprint_of({"text": f"text {n}"}), "a"] for n in (3, 2)
    ]
    assert answered_rows(run, "test", "a", "b", limit=1) == {"rows": found["rows"][:1], "count": 2}


def test_without_a_cell_the_surest_mistakes(run: RunDir) -> None:
    assert [row[0] for row in answered_rows(run, "test")["rows"]] == [3, 4, 2]
    assert [row[0] for row in answered_rows(run, "val")["rows"]] == [5]


@pytest.mark.parametrize(
    "damage", ["[]", "{", '{"labels": 3}', '{"labels": ["a"], "test": {"matrix": [[1, 2]]}}', "[" * 100_000]
)
def test_damaged_scores_are_said_to_be_damaged(run: RunDir, damage: str) -> None:
    (run.path / "evaluation.json").write_text(damage, encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        task_report(run)


def test_what_is_missing_or_damaged_among_the_answers(run: RunDir) -> None:
    (run.path / "predictions.jsonl").write_text('{"part": "test"}\n', encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be read"):
        answered_rows(run, "test")
    for name in ("predictions.jsonl", "evaluation.json"):
        (run.path / name).unlink()
    with pytest.raises(ModelError, match="are not here"):
        answered_rows(run, "test")
    with pytest.raises(ModelError, match="has no scores"):
        task_report(run)
