"""Start, queue, stop, discard, delete, re-attach: against real processes and real folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, list_runs
from ptft_gui.core.runs_list import RunsList, RunsSeen
from ptft_gui.core.trash import TRASH, trash_run
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.widgets.toast import Message
from tests.gui.workers import Launches, new_run, spec_named


@pytest.fixture
def launches() -> Iterator[Launches]:
    launches = Launches()
    yield launches
    launches.end_all()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


class Watched:
    """A controller and everything it told."""

    def __init__(self, runs: Path, launches: Launches, patience_ms: int = 15_000) -> None:
        self.controller = RunController(runs, launches, patience_ms)
        self.told: list[Message] = []
        self.failed: list[PtftError] = []
        self.seen = RunsSeen()
        self.controller.told.connect(self.told.append)
        self.controller.failed.connect(self.failed.append)
        self.controller.runs_changed.connect(self._on_runs_changed)

    def _on_runs_changed(self, seen: RunsSeen) -> None:
        self.seen = seen

    def states(self) -> dict[str, str]:
        return {row.title: row.state for row in self.seen.rows}

    def name_of(self, title: str) -> str:
        return next(row.name for row in self.seen.rows if row.title == title)


@pytest.fixture
def watched(runs: Path, launches: Launches) -> Iterator[Watched]:
    watched = Watched(runs, launches)
    watched.controller.begin()
    yield watched
    watched.controller.close()


def start(qtbot: QtBot, watched: Watched, title: str, state: str = "running") -> str:
    watched.controller.start(spec_named(title))
    qtbot.waitUntil(lambda: watched.states().get(title) == state)
    return watched.name_of(title)


def finished_run(runs: Path, title: str) -> RunDir:
    run = new_run(runs, title)
    log = EventWriter(run.events_file)
    log.write(ev.Started(attempt=1))
    log.write(ev.Finished(step=10, metrics={"val/loss": 2.0}))
    log.close()
    return run


def test_start_pause_go_on_and_stop(qtbot: QtBot, watched: Watched) -> None:
    name = start(qtbot, watched, "One")
    watched.controller.pause(name)
    qtbot.waitUntil(lambda: watched.states()["One"] == "paused")
    watched.controller.go_on(name)
    qtbot.waitUntil(lambda: watched.states()["One"] == "running")
    with qtbot.waitSignal(watched.controller.run_ended):
        watched.controller.stop(name)
    assert RunDir(watched.controller.runs / name).state() == "stopped"


def test_a_second_start_waits_its_turn_and_can_be_moved(
    qtbot: QtBot, watched: Watched, launches: Launches
) -> None:
    launches.behaviour = "queued"
    first = start(qtbot, watched, "One")
    second = start(qtbot, watched, "Two", "queued")
    third = start(qtbot, watched, "Three", "queued")
    qtbot.waitUntil(lambda: watched.seen.queue == (second, third))
    watched.controller.reorder_queue([third, second])
    qtbot.waitUntil(lambda: watched.seen.queue == (third, second))
    watched.controller.stop(first)
    qtbot.waitUntil(lambda: watched.states()["Three"] == "running")
    assert watched.states()["Two"] == "queued"


def test_discard_stops_then_throws_away_and_can_be_undone(qtbot: QtBot, watched: Watched) -> None:
    name = start(qtbot, watched, "One")
    with qtbot.waitSignal(watched.controller.run_gone):
        watched.controller.discard(name)
    assert not (watched.controller.runs / name).exists()
    undo = watched.told[-1]
    assert undo.action.startswith(f"restore/{name}~")
    assert watched.controller.act(undo.action)
    qtbot.waitUntil(lambda: watched.states().get("One") == "stopped")


def test_a_worker_that_ignores_everything_is_ended_rung_by_rung(
    qtbot: QtBot, runs: Path, launches: Launches
) -> None:
    launches.behaviour = "stubborn"
    watched = Watched(runs, launches, patience_ms=300)
    watched.controller.begin()
    name = start(qtbot, watched, "One")
    watched.controller.stop(name)
    qtbot.waitUntil(lambda: any(m.action == f"terminate/{name}" for m in watched.told))
    watched.controller.act(f"terminate/{name}")
    qtbot.waitUntil(lambda: any(m.action == f"kill/{name}" for m in watched.told))
    assert launches.processes[0].poll() is None
    watched.controller.act(f"kill/{name}")
    qtbot.waitUntil(lambda: watched.states()["One"] == "lost")
    watched.controller.close()


def test_a_worker_that_hangs_before_it_is_ready_can_be_ended(
    qtbot: QtBot, runs: Path, launches: Launches
) -> None:
    launches.behaviour = "hang_before_ready"
    watched = Watched(runs, launches, patience_ms=300)
    watched.controller.begin()
    name = start(qtbot, watched, "One", "starting")
    watched.controller.discard(name)
    qtbot.waitUntil(lambda: any(m.action == f"terminate/{name}" for m in watched.told))
    with qtbot.waitSignal(watched.controller.run_gone):
        watched.controller.act(f"terminate/{name}")
    watched.controller.close()


def test_the_next_window_re_attaches_and_shows_the_whole_curve(
    qtbot: QtBot, watched: Watched, launches: Launches
) -> None:
    name = start(qtbot, watched, "One")
    watched.controller.close()
    later = Watched(watched.controller.runs, launches)
    later.controller.begin()
    qtbot.waitUntil(lambda: later.states().get("One") == "running")
    followed = later.controller.open(name)
    assert followed is not None
    qtbot.waitUntil(lambda: followed.is_whole and followed.summary.evaluations[0].step == 10)
    later.controller.stop(name)
    qtbot.waitUntil(lambda: later.states()["One"] == "stopped")
    later.controller.close()


def test_a_run_started_elsewhere_appears(qtbot: QtBot, watched: Watched, launches: Launches) -> None:
    run = new_run(watched.controller.runs, "From the command line")
    launches(run, False, {})
    qtbot.waitUntil(lambda: watched.states().get("From the command line") == "running")


def test_a_lost_run_goes_on_from_its_checkpoint(qtbot: QtBot, watched: Watched, launches: Launches) -> None:
    name = start(qtbot, watched, "One")
    launches.end_all()
    qtbot.waitUntil(lambda: watched.states()["One"] == "lost")
    watched.controller.resume_from_checkpoint(name, {"learning_rate_factor": 0.5})
    qtbot.waitUntil(lambda: watched.states()["One"] == "running")
    assert launches.changes == {"learning_rate_factor": 0.5}
    followed = watched.controller.opened()
    assert followed is not None
    qtbot.waitUntil(lambda: followed.summary.attempt == 2 and followed.summary.step > 50)


def test_a_living_run_is_stopped_before_it_goes_on_otherwise(
    qtbot: QtBot, watched: Watched, launches: Launches
) -> None:
    name = start(qtbot, watched, "One")
    watched.controller.resume_from_checkpoint(name, {"learning_rate_factor": 0.5})
    followed = watched.controller.opened()
    assert followed is not None
    qtbot.waitUntil(lambda: followed.summary.attempt == 2 and followed.state == "running")
    assert len(launches.processes) == 2
    assert launches.processes[0].poll() == 0


def test_an_ended_run_is_deleted_and_brought_back(qtbot: QtBot, watched: Watched) -> None:
    run = finished_run(watched.controller.runs, "Done")
    qtbot.waitUntil(lambda: watched.states().get("Done") == "finished")
    with qtbot.waitSignal(watched.controller.run_gone):
        watched.controller.delete(run.name)
    assert watched.states() == {}
    watched.controller.act(watched.told[-1].action)
    qtbot.waitUntil(lambda: watched.states().get("Done") == "finished")


def test_a_running_run_is_not_deleted(qtbot: QtBot, watched: Watched) -> None:
    name = start(qtbot, watched, "One")
    watched.controller.delete(name)
    assert watched.failed[-1].message == "One is still running."
    assert (watched.controller.runs / name).is_dir()


def test_a_read_only_window_changes_nothing(qtbot: QtBot, runs: Path, launches: Launches) -> None:
    run = finished_run(runs, "Done")
    watched = Watched(runs, launches)
    watched.controller.is_read_only = True
    watched.controller.begin()
    for request in (watched.controller.delete, watched.controller.discard):
        request(run.name)
    watched.controller.start(spec_named())
    watched.controller.rename(run.name, "Other")
    assert [f.message for f in watched.failed] == ["Another window is using this runs folder."] * 4
    qtbot.waitUntil(lambda: watched.states() == {"Done": "finished"})
    watched.controller.close()


def test_a_discard_cut_short_is_finished_by_the_next_window(
    qtbot: QtBot, runs: Path, launches: Launches
) -> None:
    run = new_run(runs, "Unwanted")
    log = EventWriter(run.events_file)
    log.write(ev.Started(attempt=1))
    log.write(ev.Stopped(step=3, discarded=True))
    log.close()
    kept = finished_run(runs, "Wanted")
    watched = Watched(runs, launches)
    watched.controller.begin()
    qtbot.waitUntil(lambda: watched.states() == {"Wanted": "finished"})
    assert list_runs(runs) == [kept]
    assert len(list((runs / TRASH).iterdir())) == 1
    watched.controller.close()


def test_a_full_or_unwritable_folder_is_told_in_words(
    qtbot: QtBot, tmp_path: Path, launches: Launches
) -> None:
    runs = tmp_path / "file"
    runs.write_text("not a folder", encoding="utf-8")
    watched = Watched(runs, launches)
    watched.controller.start(spec_named())
    qtbot.waitUntil(lambda: bool(watched.failed))
    assert str(runs) in watched.failed[0].message
    watched.controller.close()


def test_renaming_is_seen_in_the_list(qtbot: QtBot, watched: Watched) -> None:
    run = finished_run(watched.controller.runs, "Before")
    qtbot.waitUntil(lambda: "Before" in watched.states())
    watched.controller.rename(run.name, "After")
    qtbot.waitUntil(lambda: "After" in watched.states())


def test_rows_of_ended_runs_are_read_once(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for title in ("One", "Two"):
        finished_run(runs, title)
    rows = RunsList(runs)
    first = rows.read()
    for run in list_runs(runs):
        mtime = run.events_file.stat().st_mtime_ns
        run.events_file.write_bytes(b"")
        os.utime(run.events_file, ns=(mtime, mtime))
    assert rows.read() == first
    trash_run(list_runs(runs)[0])
    assert len(rows.read().rows) == 1


def test_a_damaged_run_does_not_hide_the_others(qtbot: QtBot, watched: Watched) -> None:
    damaged = finished_run(watched.controller.runs, "Damaged")
    damaged.spec_file.write_text('{"schema_version": 99}', encoding="utf-8")
    finished_run(watched.controller.runs, "Whole")
    qtbot.waitUntil(lambda: watched.states().get("Whole") == "finished")
    headlines = {row.headline for row in watched.seen.rows}
    assert "This run's settings cannot be read." in headlines
    followed = watched.controller.open(damaged.name)
    assert followed is not None
    qtbot.waitUntil(lambda: followed.state == "finished")
