"""A run is a folder: created, listed, found, thrown away and brought back; its state comes from lock and log."""

import errno
import json
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.locks import try_lock
from ptft_gui.core.overview import overview
from ptft_gui.core.rundir import (
    RunDir,
    check_runs_folder,
    create_run,
    derive_state,
    events_from_end,
    find_run,
    folder_bytes,
    last_state_event,
    list_runs,
    slug,
)
from ptft_gui.core.spec import new_spec
from ptft_gui.core.trash import empty_trash, restore_run, trash_run


def make_run(runs, dataset="wikipedia"):
    return create_run(runs, new_spec("word2vec", dataset))


def log(run, *events):
    writer = EventWriter(run.events_file)
    for event in events:
        writer.write(event)
    writer.close()


def test_a_new_run_is_there_at_once_and_readable_by_nobody_else(tmp_path):
    run = make_run(tmp_path / "new" / "runs")
    assert run.read_spec().data.dataset == "wikipedia"
    assert run.path.stat().st_mode & 0o077 == 0
    assert run.name.endswith("-word2vec-wikipedia")
    assert list_runs(run.path.parent) == [run]


def test_runs_of_the_same_second_get_names_of_their_own(tmp_path):
    names = {make_run(tmp_path).name for _ in range(5)}
    assert len(names) == 5


@pytest.mark.parametrize("text", ["../../etc", "A B/ç.txt", "漢字", "", "x" * 300])
def test_names_are_safe_for_every_file_system(text):
    assert all(sign.isalnum() or sign == "-" for sign in slug(text))
    assert len(slug(text)) <= 40


@pytest.mark.parametrize(
    ("is_alive", "last", "age", "state"),
    [
        (True, None, 0, "starting"),
        (True, "queued", 0, "queued"),
        (True, "started", 0, "running"),
        (True, "paused", 0, "paused"),
        (True, "running", 0, "running"),
        (True, "stopping", 0, "stopping"),
        (True, "finished", 0, "finished"),  # said its last word and is on its way out
        (False, None, 1, "starting"),
        (False, None, 1000, "start_failed"),
        (False, "finished", 0, "finished"),
        (False, "stopped", 0, "stopped"),
        (False, "failed", 0, "failed"),
        (False, "start_failed", 0, "start_failed"),
        (False, "started", 0, "lost"),
        (False, "queued", 0, "lost"),
        (False, "paused", 1000, "lost"),
    ],
)
def test_state_is_derived_from_lock_and_log(is_alive, last, age, state):
    assert derive_state(is_alive, last, age) == state


def test_state_of_a_real_folder(tmp_path):
    run = make_run(tmp_path)
    log(run, ev.Starting(attempt=1), ev.Started(attempt=1), ev.Steps(step=[1], columns={}))
    lock = try_lock(run.lock_file)
    assert run.state() == "running"
    lock.release()
    assert run.state() == "lost"
    log(run, ev.Stopped(step=1))
    assert run.state() == "stopped"


def test_a_start_that_failed_is_told_from_one_that_is_under_way(tmp_path):
    run = make_run(tmp_path)
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    run.note_launch(process.pid)
    os.utime(run.spec_file, (0, 0))
    assert run.state() == "starting"
    process.kill()
    process.wait()
    assert run.state() == "start_failed"


def test_a_pid_that_was_given_to_another_process_is_not_the_worker(tmp_path):
    run = make_run(tmp_path)
    run.launch_file.write_text(json.dumps({"pid": os.getpid(), "create_time": 1.0}))
    assert run.state() == "start_failed"
    run.launch_file.write_text("[]")
    assert run.state() == "starting"


def test_last_state_is_found_far_behind_the_end(tmp_path):
    run = make_run(tmp_path)
    noise = [ev.Notice(key=str(i), message="z" * 500) for i in range(400)]
    log(run, ev.Started(attempt=1), ev.Paused(step=2), *noise)
    assert run.events_file.stat().st_size > 2 * 65536
    assert last_state_event(run.events_file) == "paused"


def test_events_from_the_end_are_all_events_backwards(tmp_path):
    run = make_run(tmp_path)
    log(run, *[ev.Notice(key=str(i), message="z" * (i * 37 % 3000)) for i in range(150)])
    keys = [event.key for event in events_from_end(run.events_file) if event.event == "notice"]
    assert keys == [str(i) for i in reversed(range(150))]
    assert [e.key for e in islice(events_from_end(run.events_file), 2)] == ["149", "148"]


def test_a_damaged_log_or_spec_never_hides_a_run(tmp_path):
    run = make_run(tmp_path)
    run.events_file.write_bytes(b"\x00\xffgarbage\n{}\n")
    run.spec_file.write_text("{broken")
    os.utime(run.spec_file, (0, 0))
    row = overview(run)
    assert row.state == "start_failed"
    assert row.title == run.name
    assert "cannot be read" in row.headline


def test_runs_are_found_by_path_name_title_and_beginning(tmp_path):
    run, other = make_run(tmp_path, "alpha.txt"), make_run(tmp_path, "beta.txt")
    run.rename("My first vectors")
    for wanted in (str(run.path), run.name, "My first vectors", "alpha"):
        assert find_run(tmp_path, wanted).name == run.name
    with pytest.raises(RunFolderError, match="could be several"):
        find_run(tmp_path, other.name[:8])
    with pytest.raises(RunFolderError, match="no run"):
        find_run(tmp_path, "gamma")


def test_title_is_kept_beside_the_spec(tmp_path):
    run = make_run(tmp_path)
    before = run.spec_file.read_bytes()
    run.rename("  Reviews, second try ")
    assert run.title() == "Reviews, second try"
    assert run.spec_file.read_bytes() == before


def test_what_was_thrown_away_can_be_brought_back(tmp_path):
    run = make_run(tmp_path)
    trashed = trash_run(run)
    assert list_runs(tmp_path) == []
    assert restore_run(trashed).read_spec() == run.read_spec()
    assert list_runs(tmp_path) == [run]


def test_trash_is_emptied_after_seven_days_only(tmp_path):
    fresh, old = trash_run(make_run(tmp_path, "a")), trash_run(make_run(tmp_path, "b"))
    aged = old.with_name(old.name.rpartition("~")[0] + f"~{int(time.time()) - 8 * 86_400}")
    old.rename(aged)
    empty_trash(tmp_path)
    assert fresh.exists()
    assert not aged.exists()


def test_a_run_is_not_restored_over_another(tmp_path):
    run = make_run(tmp_path)
    trashed = trash_run(run)
    run.path.mkdir()
    with pytest.raises(RunFolderError, match="there already"):
        restore_run(trashed)


def test_a_folder_that_cannot_hold_runs_is_named(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    for work in (lambda: make_run(blocked), lambda: check_runs_folder(blocked)):
        with pytest.raises(RunFolderError, match="cannot be written") as caught:
            work()
        assert str(blocked) in caught.value.message
        assert "--runs" in caught.value.hint


def test_links_and_hidden_folders_are_not_runs(tmp_path):
    run = make_run(tmp_path)
    (tmp_path / "link").symlink_to(run.path)
    (tmp_path / "empty").mkdir()
    assert list_runs(tmp_path) == [run]
    assert list_runs(tmp_path / "absent") == []


def test_folder_bytes_counts_files(tmp_path):
    (tmp_path / "a").write_bytes(b"12345")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "b").write_bytes(b"123")
    assert folder_bytes(tmp_path) == 8


def test_overview_of_an_ended_run(tmp_path):
    run = make_run(tmp_path)
    log(
        run,
        ev.Started(attempt=1),
        ev.Evaluated(step=3, epoch=1, metrics={"train/loss": 1.5, "val/loss": 1.8}),
        ev.Finished(step=3, metrics={"val/loss": 1.8}),
    )
    row = overview(RunDir(run.path))
    assert (row.state, row.number, row.family) == ("finished", "loss 1.80", "Word2Vec")


def test_overview_of_a_long_run_knows_how_it_began(tmp_path):
    run = make_run(tmp_path)
    log(
        run,
        ev.Started(attempt=1),
        ev.Resolved(values={"vocabulary_size": 9002}),
        ev.Baseline(metric="val/loss", value=4.16),
        *[ev.Steps(step=[step], columns={"lr": [0.01]}) for step in range(1, 500)],
        ev.Evaluated(step=500, epoch=1, metrics={"val/loss": 1.8}),
        ev.Finished(step=500, seconds=130.0, metrics={"val/loss": 1.8}),
    )
    assert overview(run).headline == "Learned 9,002 words in 2 min 10 s: held-out loss 1.80 (guessing: 4.16)."


def test_a_full_disk_is_told_and_the_trial_leaves_nothing(tmp_path, monkeypatch):
    def fill_up(path, content):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill_up)
    with pytest.raises(RunFolderError, match="cannot be written"):
        check_runs_folder(tmp_path / "runs")
    assert list((tmp_path / "runs").iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said_to_be_away():
    with pytest.raises(RunFolderError, match="/proc/away/runs is not there and cannot be made"):
        check_runs_folder(Path("/proc/away/runs"))
