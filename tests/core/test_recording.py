"""Recordings: what they hold, the tape of their events, and what is said of those that are broken or hostile."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core import recording as recording_module
from ptft_gui.core.recording import (
    RECORDING_FILE,
    RecordingError,
    Tape,
    is_recording,
    read_recording,
    read_tape,
)
from ptft_gui.core.recording_files import open_recording, save_recording, without_folders
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.summary import RunSummary
from tests.gui.fixtures_runs import make_run
from tests.gui.learning_runs import make_language_run


@pytest.fixture
def ended(tmp_path: Path) -> RunDir:
    return make_run(tmp_path / "runs", "finished")


@pytest.fixture
def saved(ended: RunDir, tmp_path: Path) -> Path:
    save_recording(ended, tmp_path / "saved", sentence="A run to look at.", lesson="a-lesson")
    return tmp_path / "saved"


def change(folder: Path, **fields: object) -> None:
    path = folder / RECORDING_FILE
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**record, **fields}), "utf-8")


def test_a_recording_is_a_run_folder_with_the_same_outcome(ended: RunDir, saved: Path) -> None:
    recording = read_recording(saved)
    assert recording.lesson == "a-lesson"
    assert recording.title == ended.title()
    run = RunDir(saved)
    assert run.state() == "finished"
    summaries = [RunSummary(spec=r.read_spec()) for r in (run, ended)]
    for summary, r in zip(summaries, (run, ended), strict=True):
        summary.fold(read_tape(r).events)
    assert summaries[0].step == summaries[1].step > 0
    answers = [{name: probe.answer for name, probe in s.watched().items()} for s in summaries]
    assert answers[0] == answers[1] != {}
    assert not run.checkpoints.exists()
    assert {file.path.split("/")[0] for file in recording.files} >= {"spec.json", "events.jsonl", "model"}


def test_nothing_in_it_tells_of_the_machine(ended: RunDir, saved: Path) -> None:
    for path in saved.rglob("*"):
        if path.suffix in (".json", ".jsonl"):
            text = path.read_text("utf-8")
            assert str(ended.path.parent) not in text
            assert '"host":{"' not in text
            assert '"pid":4' not in text


def test_paths_lose_their_folders() -> None:
    value = {"dataset": "/home/somebody/texts/a.csv", "at": ["~/b.txt", "little-kingdom", 3]}
    assert without_folders(value) == {"dataset": "a.csv", "at": ["b.txt", "little-kingdom", 3]}


def test_it_is_saved_in_one_file_and_opened_from_it(ended: RunDir, tmp_path: Path) -> None:
    path = tmp_path / "run.ptftrun"
    save_recording(ended, path)
    folder = open_recording(path)
    assert is_recording(folder)
    assert open_recording(path) == folder
    assert read_tape(RunDir(folder)).seconds > 0
    assert [p.name for p in tmp_path.iterdir() if p.name.endswith(".tmp")] == []


def test_a_folder_that_holds_something_else_is_left_alone(ended: RunDir, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", "utf-8")
    with pytest.raises(RecordingError, match="is not empty"):
        save_recording(ended, tmp_path / "mine")
    assert (tmp_path / "mine" / "letter.txt").read_text("utf-8") == "dear"


def test_a_run_that_never_trained_cannot_be_played(tmp_path: Path) -> None:
    run = make_run(tmp_path / "runs", "start_failed")
    with pytest.raises(RecordingError, match="never began to train"):
        read_tape(run)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"format": 99}, "newer ptft-gui"),
        ({"files": []}, "lists no spec.json"),
        ({"files": "all"}, "is not a recording"),
        ({"seconds": -1}, "is not a recording"),
        ({"files": [{"path": "../../secret", "bytes": 1, "sha256": "0" * 64}]}, "no part of a run"),
        ({"files": [{"path": "/etc/passwd", "bytes": 1, "sha256": "0" * 64}]}, "no part of a run"),
        ({"files": [{"path": "model/.hidden", "bytes": 1, "sha256": "0" * 64}]}, "no part of a run"),
        ({"files": [{"path": "model/a/b", "bytes": 1, "sha256": "0" * 64}]}, "no part of a run"),
    ],
)
def test_a_manifest_that_cannot_be_followed(saved: Path, fields: dict[str, object], sentence: str) -> None:
    change(saved, **fields)
    with pytest.raises(RecordingError, match=sentence):
        open_recording(saved)


def test_a_huge_recording_is_not_opened(saved: Path) -> None:
    record = json.loads((saved / RECORDING_FILE).read_text("utf-8"))
    huge = {"path": "model/huge.safetensors", "bytes": 1 << 40, "sha256": "0" * 64}
    change(saved, files=[*record["files"], huge])
    with pytest.raises(RecordingError, match="larger than a recording may be"):
        open_recording(saved)


def test_a_manifest_that_never_ends_is_not_read(saved: Path) -> None:
    (saved / RECORDING_FILE).write_text('{"a": "' + "x" * (1 << 19) + '"}', "utf-8")
    with pytest.raises(RecordingError, match="too large for a list of files"):
        open_recording(saved)


def test_deeply_nested_json_is_refused(saved: Path) -> None:
    (saved / RECORDING_FILE).write_text("[" * 100_000, "utf-8")
    with pytest.raises(RecordingError, match="is not a recording"):
        open_recording(saved)


def test_a_file_that_is_missing_changed_or_leads_away(saved: Path, tmp_path: Path) -> None:
    spec = saved / "spec.json"
    text = spec.read_text("utf-8")
    spec.write_text(text.replace("word2vec", "word3vec"), "utf-8")
    with pytest.raises(RecordingError, match=r"not whole: spec\.json"):
        open_recording(saved)
    spec.unlink()
    with pytest.raises(RecordingError, match=r"not whole: spec\.json") as told:
        open_recording(saved)
    assert told.value.detail == "It is missing."
    (tmp_path / "elsewhere.json").write_text(text, "utf-8")
    os.symlink(tmp_path / "elsewhere.json", spec)
    with pytest.raises(RecordingError, match="leads out of the recording"):
        open_recording(saved)


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="is not a recorded run"):
        open_recording(tmp_path)


def test_a_file_that_is_no_archive_or_holds_more_than_it_says(
    ended: RunDir, saved: Path, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.ptftrun"
    plain.write_text("hello", "utf-8")
    with pytest.raises(RecordingError, match="is not a recorded run"):
        open_recording(plain)
    bomb = tmp_path / "bomb.ptftrun"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in saved.rglob("*"):
            if path.is_file():
                data = b"0" * 50_000_000 if path.name == "spec.json" else path.read_bytes()
                archive.writestr(path.relative_to(saved).as_posix(), data)
    with pytest.raises(RecordingError, match="larger than it says"):
        open_recording(bomb)
    empty = tmp_path / "empty.ptftrun"
    with zipfile.ZipFile(empty, "w"):
        pass
    with pytest.raises(RecordingError, match="is not a recorded run"):
        open_recording(empty)


def test_only_the_newest_unpacked_recordings_stay(
    ended: RunDir, home_of_its_own: Path, tmp_path: Path
) -> None:
    for number in range(7):
        ended.rename(f"Run {number}")
        save_recording(ended, tmp_path / f"{number}.ptftrun")
        open_recording(tmp_path / f"{number}.ptftrun")
    assert len(list((home_of_its_own / "cache" / "recordings").iterdir())) == 5


def test_a_log_that_is_far_too_long_is_not_played(ended: RunDir, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_module, "_MOST_LOG_BYTES", 1000)
    with pytest.raises(RecordingError, match="too long to be played back"):
        read_tape(ended)


def test_the_tape_shortens_what_nobody_wants_to_wait_for() -> None:
    tape = Tape(
        [
            ev.Format(time=100.0),
            ev.Started(time=101.0),
            ev.Phase(time=121.0, name="preparing"),
            ev.Evaluated(time=122.0, step=0, metrics={}),
            ev.Steps(time=124.0, step=[1]),
            ev.Paused(time=125.0),
            ev.Running(time=5104.0),
            ev.Steps(time=5106.0, step=[2]),
            ev.Stopped(time=5107.0),
            ev.Starting(time=90_000.0, attempt=2),
            ev.Started(time=90_001.0, attempt=2),
            ev.Steps(time=90_001.25, step=[3]),
        ]
    )
    assert tape.moments.tolist() == pytest.approx(
        [0, 0.4, 0.8, 1.2, 3.2, 4.2, 5.2, 7.2, 8.2, 9.2, 10.2, 10.45]
    )
    assert tape.seconds == pytest.approx(10.45)
    assert [tape.count_until(t) for t in (0, 3.5, 10.45, 99)] == [1, 5, 12, 12]


def test_a_clock_that_was_set_back_never_turns_the_tape_back() -> None:
    tape = Tape([ev.Format(time=50.0), ev.Started(time=20.0), ev.Steps(time=20.25, step=[1])])
    assert tape.moments.tolist() == pytest.approx([0, 0, 0.25])


def test_what_a_model_wrote_and_its_tokens_are_text_however_they_look(tmp_path: Path) -> None:
    run = make_language_run(tmp_path / "runs", "finished", probes=("/home/",))
    answer = {
        "event": "probe",
        "step": 300,
        "name": "/home/",
        "kind": "continue",
        "answer": "/home/sweet home",
    }
    with run.events_file.open("a", encoding="utf-8") as log:
        log.write(json.dumps(answer) + "\n")
    (run.model / "tokenizer.json").write_text('{"model": {"merges": [["/", "a"]]}}', encoding="utf-8")
    (run.model / "README.md").write_text("Text: /home/somebody/plays.txt", encoding="utf-8")
    save_recording(run, tmp_path / "saved")
    saved = RunDir(tmp_path / "saved")
    assert '["/", "a"]' in (saved.model / "tokenizer.json").read_text("utf-8")
    assert not (saved.model / "README.md").exists()
    summary = RunSummary(spec=saved.read_spec())
    summary.fold(read_tape(saved).events)
    assert summary.probes["/home/"][-1].answer == "/home/sweet home"
    assert saved.read_spec().probes == ("/home/",)
