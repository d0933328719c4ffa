"""Datasets in the library: added whole or not at all, found by name, and their files watched for change."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ptft_gui.core import library
from ptft_gui.core.data_request import DataRequest, ReadOptions, SplitRequest
from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.data.library import (
    add_dataset,
    check_dataset,
    fingerprints_of,
    has_changed,
    resolve_dataset_request,
)

SENTENCE = "The miller walks in the green garden and sings an old song.\n"
DAYS = "".join(f"On day {day} the miller sings another song of {day} words.\n" for day in range(40))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "Old songs.txt"
    path.write_text(DAYS, encoding="utf-8")
    return path


def _visible(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "datasets").iterdir() if not path.name.startswith("."))


def _left_behind(home: Path) -> list[str]:
    return [path.name for path in (home / "datasets").glob(".adding-*")]


def test_a_reference_points_to_the_file_and_keeps_every_choice(text: Path, home_of_its_own: Path) -> None:
    before = text.read_bytes(), text.stat().st_mtime_ns
    asked = DataRequest(
        dataset=str(text),
        read=ReadOptions(encoding="utf-8"),
        decisions={"equal_texts": "keep_one"},
        split=SplitRequest(val_fraction=0.2, seed=7),
    )
    stored = add_dataset(asked)
    assert stored.name == "Old-songs"
    assert stored.title == "Old songs.txt"
    again = library.read_dataset(home_of_its_own, "Old-songs")
    assert again == stored
    assert again.request.decisions == {"equal_texts": "keep_one"}
    assert again.request.split == SplitRequest(val_fraction=0.2, seed=7)
    assert again.facts["words"] == 440
    assert resolve_dataset_request("Old-songs").dataset == str(text)
    assert (text.read_bytes(), text.stat().st_mtime_ns) == before


def test_a_copy_stands_alone_and_moves_with_its_home(
    text: Path, home_of_its_own: Path, tmp_path: Path
) -> None:
    stored = add_dataset(DataRequest(dataset=str(text)), "songs", is_copy=True)
    text.unlink()
    assert library.state_of(stored).kind == "unchanged"
    moved = tmp_path / "moved"
    shutil.move(home_of_its_own, moved)
    again = library.read_dataset(moved, "songs")
    assert again.path.read_text(encoding="utf-8") == DAYS
    assert again.path.is_relative_to(moved)
    assert library.state_of(again).kind == "unchanged"


def test_a_folder_is_copied_with_its_files_and_held_out_text(tmp_path: Path, home_of_its_own: Path) -> None:
    folder, held_out = tmp_path / "articles", tmp_path / "held out.txt"
    (folder / "2024").mkdir(parents=True)
    (folder / "a.txt").write_text(SENTENCE, encoding="utf-8")
    (folder / "2024" / "b.txt").write_text(SENTENCE * 2, encoding="utf-8")
    (folder / ".hidden.txt").write_text("secret", encoding="utf-8")
    (folder / "outside.txt").symlink_to(tmp_path / "elsewhere.txt")
    held_out.write_text(SENTENCE, encoding="utf-8")
    stored = add_dataset(DataRequest(dataset=str(folder), val=str(held_out)), is_copy=True)
    here = home_of_its_own / "datasets" / "articles"
    copied = sorted(path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file())
    assert copied == [
        "dataset.json",
        "files-val/held out.txt",
        "files/articles/2024/b.txt",
        "files/articles/a.txt",
    ]
    assert stored.request.val == str(here / "files-val" / "held out.txt")
    assert len(stored.fingerprints) == 3


def test_what_lies_beside_the_data_of_a_folder_is_neither_copied_nor_watched(
    tmp_path: Path, home_of_its_own: Path
) -> None:
    folder = tmp_path / "holiday"
    folder.mkdir()
    (folder / "diary.txt").write_text(DAYS, encoding="utf-8")
    (folder / "film.mp4").write_bytes(b"\x00\x00\x00\x20ftypisom" + bytes(1_000_000))
    stored = add_dataset(DataRequest(dataset=str(folder)), is_copy=True)
    assert [Path(file.path).name for file in stored.fingerprints] == ["diary.txt"]
    assert stored.facts["language"] == "English"
    assert not list((home_of_its_own / "datasets").rglob("*.mp4"))


def test_an_archive_is_kept_as_it_is(tmp_path: Path) -> None:
    archive = tmp_path / "songs.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(
            "songs/train.csv", "text,label\n" + "".join(f"{n} songs,good\n{n} days,bad\n" for n in range(60))
        )
        packed.writestr("songs/test.csv", "text,label\n" + "".join(f"{n} more,good\n" for n in range(9)))
    stored = add_dataset(DataRequest(dataset=str(archive)), is_copy=True)
    assert stored.facts["rows_of_parts"] == {"train": 120, "test": 9}
    assert stored.path.read_bytes() == archive.read_bytes()


def test_a_text_that_cannot_be_read_leaves_nothing(tmp_path: Path, home_of_its_own: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    for is_copy in (False, True):
        with pytest.raises(DataError) as told:
            add_dataset(DataRequest(dataset=str(empty)), is_copy=is_copy)
        assert "empty.txt" in told.value.message
    assert _visible(home_of_its_own) == []
    assert _left_behind(home_of_its_own) == []


@pytest.mark.parametrize("path", ["absent.txt", ""])
def test_a_missing_file_is_named(tmp_path: Path, path: str) -> None:
    with pytest.raises(DataError) as told:
        add_dataset(DataRequest(dataset=path and str(tmp_path / path)))
    assert told.value.message in (
        "There is no file or folder named absent.txt.",
        "No file is chosen yet.",
    )


def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DataError, match=r"pipe\.txt is neither a file nor a folder\."):
        add_dataset(DataRequest(dataset=str(tmp_path / "pipe.txt")))


def test_a_person_may_stop_an_import(text: Path, home_of_its_own: Path) -> None:
    with pytest.raises(StoppedByPerson):
        add_dataset(DataRequest(dataset=str(text)), is_copy=True, should_stop=lambda: True)
    assert _visible(home_of_its_own) == []
    assert _left_behind(home_of_its_own) == []


def test_a_file_that_grows_while_it_is_read_is_refused(text: Path, home_of_its_own: Path) -> None:
    def grow(_text: str, _fraction: float | None) -> None:
        with text.open("a", encoding="utf-8") as file:
            file.write(SENTENCE)

    text.write_text(SENTENCE * 40_000, encoding="utf-8")
    with pytest.raises(DataError, match=r"Old songs\.txt was written to while it was read\."):
        add_dataset(DataRequest(dataset=str(text)), is_copy=True, progress=grow)
    assert _visible(home_of_its_own) == []


def test_a_full_disk_is_told_before_anything_is_copied(
    text: Path, home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(100, 99, 1))
    with pytest.raises(DataError) as told:
        add_dataset(DataRequest(dataset=str(text)), is_copy=True)
    assert told.value.message == "There is no room for Old songs.txt."
    assert "It needs 2.1 kB, and 1 bytes are free" in told.value.detail
    assert _visible(home_of_its_own) == []


# Real processes: an import that is killed, and two at the same moment.

_SCRIPT = """
import sys
from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.library import add_dataset

path, name, is_copy, when = sys.argv[1:5]

def wait(said):
    print(said, flush=True)
    sys.stdin.readline()

def progress(text, fraction):
    global when
    if when == "halfway" and fraction is not None and fraction >= 0.3:
        when = ""
        wait("halfway")

if when == "ready":
    wait("ready")
try:
    stored = add_dataset(DataRequest(dataset=path), name or None, is_copy == "copy", progress)
    print("stored", stored.name, flush=True)
except DataError as problem:
    print("refused", problem.message, flush=True)
"""


def _start(path: Path, home: Path, name: str, is_copy: str, when: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _SCRIPT, str(path), name, is_copy, when],
        env={**os.environ, "PTFT_HOME": str(home)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == when
    return process


def test_a_killed_import_leaves_nothing_half_there(text: Path, home_of_its_own: Path) -> None:
    text.write_text(SENTENCE * 100_000, encoding="utf-8")
    with _start(text, home_of_its_own, "songs", "copy", "halfway") as process:
        half = next((home_of_its_own / "datasets").glob(".adding-*"))
        assert any(file.stat().st_size > 1_000_000 for file in half.rglob("*.txt"))
        assert library.list_datasets(home_of_its_own) == []
        process.kill()
    assert _visible(home_of_its_own) == []
    assert library.unreadable_names(home_of_its_own) == []
    stored = add_dataset(DataRequest(dataset=str(text)), "songs", is_copy=True)
    assert stored.path.stat().st_size == text.stat().st_size
    assert _left_behind(home_of_its_own) == []


def test_an_import_that_runs_is_left_alone_by_another(text: Path, home_of_its_own: Path) -> None:
    text.write_text(SENTENCE * 100_000, encoding="utf-8")
    with _start(text, home_of_its_own, "first", "copy", "halfway") as process:
        add_dataset(DataRequest(dataset=str(text)), "second")
        out, _ = process.communicate("\n")
    assert out == "stored first\n"
    assert _visible(home_of_its_own) == ["first", "second"]


@pytest.mark.parametrize("name", ["", "songs"])
def test_two_processes_adding_at_once_both_end_well(text: Path, home_of_its_own: Path, name: str) -> None:
    with (
        _start(text, home_of_its_own, name, "copy", "ready") as one,
        _start(text, home_of_its_own, name, "copy", "ready") as other,
    ):
        for process in (one, other):
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        said = sorted(process.communicate()[0].strip() for process in (one, other))
    if name:
        assert said == ['refused There is a dataset named "songs" already.', "stored songs"]
        assert _visible(home_of_its_own) == ["songs"]
    else:
        assert said == ["stored Old-songs", "stored Old-songs-2"]
        assert [library.state_of(stored).kind for stored in library.list_datasets(home_of_its_own)] == [
            "unchanged",
            "unchanged",
        ]
    assert _left_behind(home_of_its_own) == []


# What becomes of the files afterwards.


def test_a_touched_file_is_unchanged_and_a_changed_one_is_told(text: Path) -> None:
    add_dataset(DataRequest(dataset=str(text)), "songs")
    os.utime(text, (1, 1))
    assert check_dataset("songs").kind == "unchanged"
    text.write_text(DAYS.replace("miller", "MILLER"), encoding="utf-8")
    state = check_dataset("songs")
    assert state.kind == "changed"
    assert state.sentence == (
        "Since it was added, Old songs.txt is as long as it was, but its text is another one."
    )
    text.write_text(SENTENCE, encoding="utf-8")
    assert check_dataset("songs").sentence == (
        "Since it was added, Old songs.txt is now 60 bytes, it was 2,100 bytes."
    )
    text.unlink()
    assert check_dataset("songs") == library.DatasetState(
        "missing", f"Old songs.txt is no longer where it was ({text})."
    )


def test_a_file_of_another_folder_member_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name in "abcdef":
        (folder / f"{name}.txt").write_text(SENTENCE, encoding="utf-8")
    add_dataset(DataRequest(dataset=str(folder)), "articles")
    (folder / "notes.docx").write_bytes(b"not a text of this set")
    assert check_dataset("articles").kind == "unchanged"
    (folder / "new.txt").write_text(SENTENCE, encoding="utf-8")
    assert check_dataset("articles").sentence == "Since it was added, new.txt was not there before."
    for name in "abcde":
        (folder / f"{name}.txt").unlink()
    state = check_dataset("articles")
    assert state.kind == "changed"
    assert state.sentence.endswith("; and 3 more files have changed.")


def test_a_run_says_when_its_text_is_another_one(text: Path) -> None:
    recorded = json.loads(json.dumps(fingerprints_of(DataRequest(dataset=str(text)))))
    assert has_changed(recorded) is None
    text.write_text(SENTENCE, encoding="utf-8")
    assert has_changed(recorded) == (
        "Since this run was trained, Old songs.txt is now 60 bytes, it was 2,100 bytes."
    )
    assert fingerprints_of(DataRequest(dataset="little-kingdom")) == []
    text.unlink()
    assert has_changed(recorded) == (
        f"Since this run was trained, Old songs.txt is no longer where it was ({text})."
    )
