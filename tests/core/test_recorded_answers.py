"""A recording of a run that sorts texts brings what was answered, without a word of the texts."""

from __future__ import annotations

import json
from pathlib import Path

from ptft_gui.core.recording import read_recording
from ptft_gui.core.recording_files import open_recording, save_recording
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.task_report import answered_rows, surest_scores
from tests.gui.sorting_runs import make_sorting_run


def test_answers_travel_without_their_texts(tmp_path: Path) -> None:
    run = make_sorting_run(tmp_path / "runs")
    with (run.path / "predictions.jsonl").open("a", encoding="utf-8") as file:
        file.write("{broken\n" + json.dumps({"part": "test", "key": 1, "answer": "a person's text"}) + "\n")
    target = tmp_path / "recording"
    save_recording(run, target)
    assert "predictions.jsonl" in [file.path for file in read_recording(target).files]
    text = (target / "predictions.jsonl").read_text(encoding="utf-8")
    assert "about" not in text
    assert "person" not in text
    recorded = RunDir(target)
    assert list(surest_scores(recorded, "test")) == list(surest_scores(_without_odd_lines(run), "test"))
    found = answered_rows(recorded, "test", "water", "land")
    assert found["count"] == 3
    assert [row[1] for row in found["rows"]] == ["row 13", "row 12", "row 11"]


def test_scores_and_answers_stand_in_the_one_file_too(tmp_path: Path) -> None:
    target = tmp_path / "lesson.ptftrun"
    save_recording(make_sorting_run(tmp_path / "runs"), target)
    folder = open_recording(target)
    assert json.loads((folder / "evaluation.json").read_text())["test"]["rows"] == 28
    assert answered_rows(RunDir(folder), "test", "water", "land")["count"] == 3


def _without_odd_lines(run: RunDir) -> RunDir:
    path = run.path / "predictions.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()[:-2]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return run
