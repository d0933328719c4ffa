"""The thread that launches and follows a run, against workers that behave and misbehave."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.commands import send_command
from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.following.followed_run import FollowedRun
from tests.gui.workers import Launches, new_run


@pytest.fixture
def launches() -> Iterator[Launches]:
    launches = Launches()
    yield launches
    launches.end_all()


@pytest.fixture
def run(tmp_path: Path) -> RunDir:
    return new_run(tmp_path / "runs")


@pytest.fixture
def followed(run: RunDir) -> Iterator[FollowedRun]:
    followed = FollowedRun(run)
    yield followed
    followed.leave()


def wait_for_state(qtbot: QtBot, followed: FollowedRun, state: str, timeout: int = 10_000) -> None:
    qtbot.waitUntil(lambda: followed.state == state, timeout=timeout)


def test_a_run_is_followed_from_its_start_to_its_end(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "well"
    with qtbot.waitSignal(followed.ended, timeout=20_000):
        followed.follow(launches)
    assert followed.state == "finished"
    assert followed.summary.step == 200
    assert len(followed.summary.series["train/loss"]) == 20
    assert not followed.is_followed


def test_history_shows_what_the_live_view_showed(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "well"
    with qtbot.waitSignal(followed.ended, timeout=20_000):
        followed.follow(launches)
    later = FollowedRun(followed.run)
    later.follow()
    qtbot.waitUntil(lambda: later.is_whole and not later.is_followed)
    live, history = followed.summary.series, later.summary.series
    assert live.keys() == history.keys()
    assert all(np.array_equal(live[name].values, history[name].values) for name in live)
    assert later.state == followed.state == "finished"


def test_a_killed_worker_is_lost_within_three_seconds_with_its_cause(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    followed.follow(launches)
    qtbot.waitUntil(lambda: followed.summary.step >= 60, timeout=10_000)
    launches.processes[0].kill()
    killed_at = time.monotonic()
    wait_for_state(qtbot, followed, "lost")
    assert time.monotonic() - killed_at < 3.0
    assert "signal 9" in followed.end_note
    assert "Last checkpoint: step" in followed.end_note
    assert "Memory at the last look: 100 MB" in followed.end_note


def test_the_next_window_knows_how_a_killed_worker_ended(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    followed.follow(launches)
    wait_for_state(qtbot, followed, "running")
    launches.processes[0].kill()
    wait_for_state(qtbot, followed, "lost")
    later = FollowedRun(followed.run)
    later.follow()
    qtbot.waitUntil(lambda: later.is_whole)
    assert later.state == "lost"
    assert "signal 9" in later.end_note
    later.leave()


def test_a_worker_nobody_saw_die_ended_without_a_last_word(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    followed.follow(launches)
    wait_for_state(qtbot, followed, "running")
    followed.leave()
    launches.end_all()
    followed.follow()
    qtbot.waitUntil(lambda: followed.state == "lost" and followed.is_whole)
    assert "without a last word" in followed.end_note


def test_leaving_a_run_does_not_end_it(qtbot: QtBot, followed: FollowedRun, launches: Launches) -> None:
    followed.follow(launches)
    wait_for_state(qtbot, followed, "running")
    followed.leave()
    assert launches.processes[0].poll() is None
    followed.follow()
    wait_for_state(qtbot, followed, "running")
    send_command(followed.run.commands_file, "stop", followed.run.attempt())
    wait_for_state(qtbot, followed, "stopped")


def test_a_worker_that_dies_before_it_is_ready_says_what_it_printed(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "die_before_ready"
    followed.follow(launches)
    wait_for_state(qtbot, followed, "start_failed")
    assert "exit code 3" in followed.end_note
    assert "No module named 'gensim'" in followed.end_note


def test_a_worker_that_hangs_before_it_is_ready_is_starting(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "hang_before_ready"
    with qtbot.waitSignal(followed.changed):
        followed.follow(launches)
    assert followed.state == "starting"
    launches.end_all()
    wait_for_state(qtbot, followed, "start_failed")
    assert "signal 9" in followed.end_note


def test_junk_in_the_log_hides_nothing_that_is_good(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "junk"
    followed.follow(launches)
    qtbot.waitUntil(lambda: followed.summary.step >= 30, timeout=10_000)
    assert followed.state == "running"


def test_half_a_line_is_waited_for_and_the_rest_is_shown(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "half_a_line"
    followed.follow(launches)
    wait_for_state(qtbot, followed, "lost")
    assert followed.summary.step == 10


def test_what_a_dead_worker_left_running_is_ended(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "with_child"
    followed.follow(launches)
    wait_for_state(qtbot, followed, "lost")
    child = int((followed.run.path / "child.pid").read_text(encoding="ascii"))
    qtbot.waitUntil(lambda: not psutil.pid_exists(child) or _is_zombie(child))


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_a_resumed_run_does_not_show_its_old_end(
    qtbot: QtBot, followed: FollowedRun, launches: Launches
) -> None:
    launches.behaviour = "failing"
    followed.follow(launches)
    wait_for_state(qtbot, followed, "failed")
    launches.behaviour = "endless"
    states: list[str] = []
    followed.changed.connect(lambda f: states.append(f.state) if f.is_whole else None)
    followed.follow(launches, is_resuming=True)
    qtbot.waitUntil(lambda: followed.summary.step > 60, timeout=10_000)
    assert set(states) <= {"starting", "running"}
    assert followed.summary.attempt == 2


def test_a_launch_that_is_impossible_is_told_in_words(qtbot: QtBot, followed: FollowedRun) -> None:
    def refuse(run: RunDir, is_resuming: bool, changes: object) -> object:
        raise PtftError("The training process could not be started.", hint="Free some memory.")

    followed.follow(refuse)  # type: ignore[arg-type]
    wait_for_state(qtbot, followed, "start_failed")
    assert followed.end_note == "The training process could not be started. Free some memory."


def test_a_replaced_log_is_read_afresh(qtbot: QtBot, followed: FollowedRun, launches: Launches) -> None:
    followed.follow(launches)
    qtbot.waitUntil(lambda: followed.summary.step >= 30, timeout=10_000)
    os.truncate(followed.run.events_file, 0)
    qtbot.waitUntil(lambda: 0 < len(followed.summary.evaluations) < followed.summary.step / 10 - 1)


def test_a_long_history_arrives_whole(qtbot: QtBot, followed: FollowedRun) -> None:
    log = EventWriter(followed.run.events_file)
    log.write(ev.Started(attempt=1))
    for first in range(0, 200_000, 256):
        steps = list(range(first, first + 256))
        log.write(ev.Steps(step=steps, columns={"lr": [0.025] * 256, "progress": [0.5] * 256}))
    log.write(ev.Finished(step=200_000))
    log.close()
    shown: list[int] = []
    followed.changed.connect(lambda f: shown.append(len(f.summary.series["lr"])))
    followed.follow()
    qtbot.waitUntil(lambda: followed.is_whole and not followed.is_followed)
    assert shown == [782 * 256]
    assert followed.state == "finished"
