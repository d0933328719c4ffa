"""Lessons as data: what is bundled holds together, and a broken or hostile file is told in one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.lessons import (
    LessonError,
    Question,
    bundled_lessons,
    lesson_of,
    lesson_runs,
    mark_lesson_run,
    read_lesson,
)
from ptft_gui.core.probe_answers import answers_of
from ptft_gui.core.race import race_result
from ptft_gui.core.recording import read_recording, read_tape
from ptft_gui.core.resources import resource_path
from ptft_gui.core.rundir import RunDir, create_run, folder_bytes
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary

LESSON = resource_path("lessons", "words-become-points", "lesson.json")


def written(folder: Path, **changes: Any) -> Path:
    record = {**json.loads(LESSON.read_text("utf-8")), **changes}
    path = folder / "lesson.json"
    path.write_text(json.dumps(record), "utf-8")
    return path


def test_every_bundled_lesson_can_be_read() -> None:
    lessons, problems = bundled_lessons()
    assert problems == ()
    assert [lesson.id for lesson in lessons] == [
        "words-become-points",
        "learning-a-language",
        "learning-a-job",
    ]
    for lesson in lessons:
        assert lesson.minutes[0] <= lesson.minutes[1] <= 15
        assert any(step.ask for step in lesson.steps)
        for step in lesson.steps:
            assert len(step.sentence.split()) <= 45, step.title
            assert "!" not in step.sentence + step.try_it


def test_the_recording_of_each_lesson_is_whole_small_and_of_its_main_run() -> None:
    for lesson in bundled_lessons()[0]:
        folders = {key: folder for key in lesson.runs if (folder := lesson.recording(key)) is not None}
        assert lesson.main_run in folders
        assert sum(folder_bytes(folder) for folder in folders.values()) < 3_000_000
        for key, folder in folders.items():
            recording = read_recording(folder)
            assert recording.lesson == lesson.id
            run = RunDir(folder)
            assert run.read_spec().data.dataset == lesson.runs[key].dataset
            assert run.read_spec().method == lesson.runs[key].spec().method
            assert run.state() == "finished"
            assert read_tape(run).seconds == pytest.approx(recording.seconds, abs=0.01)
            assert 5 < recording.seconds < 150


def test_the_lesson_of_a_job_has_a_recording_of_every_lane_and_they_hold_what_it_asks() -> None:
    lesson = bundled_lessons()[0][2]
    folders = [lesson.recording(key) for key in lesson.runs]
    summaries = [summary_of(RunDir(folder)) for folder in folders if folder is not None]
    result = race_result(summaries)
    assert [lane.lane.key for lane in result.lanes] == ["no-pretraining", "frozen", "lora", "full"]
    wanted = next(step.ask.expect_points for step in lesson.steps if step.ask and step.ask.kind == "race")
    assert result.best is not None
    assert result.best.score is not None
    assert 100 * (result.best.score - (result.lanes[0].score or 1.0)) >= wanted
    asked = next(step.ask for step in lesson.steps if step.ask and step.ask.kind == "probe")
    answers = answers_of(summaries[-1], asked.text)
    assert answers[0].step == 0
    assert answers[-1].shares[0][0] == asked.expect_first


def summary_of(run: RunDir) -> RunSummary:
    summary = RunSummary(spec=run.read_spec())
    summary.fold(EventReader(run.events_file).read_all())
    return summary


def test_a_recording_that_is_bundled_names_no_place_of_a_machine() -> None:
    for path in resource_path("lessons").rglob("*.json*"):
        text = path.read_text("utf-8")
        for place in ("/home/", "/tmp/", "/root", "/work", "/Users/", "\\\\"):
            assert place not in text, path


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"format": 2}, "newer ptft-gui"),
        ({"steps": []}, "steps"),
        ({"id": "../../escape"}, "id"),
        ({"runs": {}}, "runs"),
        ({"surprise": 1}, "surprise"),
        ({"steps": [{"title": "a", "sentence": "b", "run": "nowhere"}]}, "nowhere"),
        (
            {"steps": [{"title": "a", "sentence": "b", "run": "kingdom", "do": "ask", "label": "c"}]},
            "question",
        ),
        ({"steps": [{"title": "a", "sentence": "b" * 500}]}, "sentence"),
        ({"minutes": [1]}, "minutes"),
        (
            {
                "steps": [
                    {
                        "title": "a",
                        "sentence": "b",
                        "run": "kingdom",
                        "do": "ask",
                        "label": "c",
                        "ask": {"kind": "race", "text": "What was it worth?"},
                    }
                ]
            },
            "points",
        ),
    ],
)
def test_a_lesson_that_is_wrong_says_where(tmp_path: Path, changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(LessonError) as told:
        read_lesson(written(tmp_path, **changes))
    said = told.value.as_sentence()
    assert sentence in said
    assert str(tmp_path) in said
    assert "\n" not in said


def test_a_run_that_cannot_be_carried_out_is_told(tmp_path: Path) -> None:
    run = {"name": "x", "family": "word2vec", "dataset": "little-kingdom", "preset": "enormous"}
    with pytest.raises(PtftError, match="enormous"):
        read_lesson(written(tmp_path, runs={"kingdom": run, "wikipedia": run}))


@pytest.mark.parametrize("text", ["", "{", "[" * 50_000, "null", "3", '"a"', "\x00"])
def test_a_file_that_is_no_lesson(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lesson.json"
    path.write_text(text, "utf-8")
    with pytest.raises(LessonError, match="is not a lesson"):
        read_lesson(path)


def test_a_file_that_is_missing_huge_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="does not exist"):
        read_lesson(tmp_path / "none.json")
    huge = tmp_path / "huge.json"
    huge.write_text('{"a": "' + "x" * (1 << 19) + '"}', "utf-8")
    with pytest.raises(LessonError, match="too large"):
        read_lesson(huge)
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(LessonError, match="is not a lesson"):
        read_lesson(tmp_path / "bytes.json")
    with pytest.raises(LessonError, match="cannot be read"):
        read_lesson(tmp_path)


def test_an_answer_is_held_against_what_is_expected() -> None:
    first = Question(kind="analogy", text="a", expect_first="queen")
    among = Question(kind="similar", text="a", expect_any=("folk", "songs"), topn=2)
    other = Question(kind="analogy", text="a", expect_not="queen", topn=1)
    assert first.holds(["queen", "girl"])
    assert not first.holds(["girl", "queen"])
    assert not first.holds([])
    assert among.holds(["dance", "songs"])
    assert not among.holds(["dance", "art", "songs"])
    assert other.holds(["zahir", "queen"])
    assert not other.holds(["queen"])
    assert not other.holds([])
    assert other.expected() == "not queen"


def test_a_probe_is_held_against_the_words_of_its_newest_answer(tmp_path: Path) -> None:
    asked = Question(kind="probe", text="The king wears the golden", expect_any=("crown",), topn=2)
    assert asked.holds(["crown", "and", "he"])
    assert not asked.holds(["and", "the", "crown"])
    steps = [
        {
            "title": "a",
            "sentence": "b",
            "run": "kingdom",
            "do": "ask",
            "label": "c",
            "ask": {"kind": "probe", "text": "nobody asked this", "expect_first": "d"},
        }
    ]
    with pytest.raises(LessonError) as told:
        read_lesson(written(tmp_path, steps=steps))
    assert "a probe that its run does not have" in told.value.as_sentence()


def test_a_lesson_is_there_without_the_starter_and_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ptft_gui.core.family.language_starts.STARTER_PACKAGE", "a_package_that_is_not_there")
    lessons, problems = bundled_lessons()
    assert problems == ()
    assert all(not run.missing() for lesson in lessons[:2] for run in lesson.runs.values())
    for run in lessons[2].runs.values():
        assert "starter model, which is not installed" in run.missing()
        with pytest.raises(PtftError, match="not installed"):
            run.spec()


def test_a_run_belongs_to_a_lesson_by_its_mark(tmp_path: Path) -> None:
    spec = new_spec("word2vec", "little-kingdom")
    own, marked = create_run(tmp_path, spec), create_run(tmp_path, spec)
    mark_lesson_run(marked, "words-become-points", "kingdom")
    assert lesson_of(own) is None
    assert lesson_of(marked) == ("words-become-points", "kingdom")
    assert lesson_runs(tmp_path) == [marked]
    (own.path / "lesson.json").write_text("[1, 2", "utf-8")
    assert lesson_of(own) is None
