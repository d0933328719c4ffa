"""kill -9 of worker, window or both at random moments: no run lost, no folder unreadable, no wrong state shown."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core.eventlog import EventReader, EventWriter
from ptft_gui.core.launch import launch_worker, package_environment
from ptft_gui.core.locks import lock_holder
from ptft_gui.core.overview import overview
from ptft_gui.core.rundir import RunDir, list_runs
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.following.run_thread import Launch
from ptft_gui.gui.window_lock import LOCK_NAME
from tests.gui.workers import Launches, folder_whose_workers_end, new_run, spec_named

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

_WINDOW = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from PySide6.QtWidgets import QApplication
from ptft_gui.gui.app import OpenWindow, make_application
from tests.gui.workers import Launches, spec_named
made = make_application()
opened = OpenWindow(Path(sys.argv[1]), Launches("endless"))
opened.show()
opened.controller.start(spec_named("One"))
made.exec()
"""
_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    with folder_whose_workers_end(tmp_path / "runs") as folder:
        yield folder


@pytest.fixture
def launches() -> Iterator[Launches]:
    launches = Launches()
    yield launches
    launches.end_all()


def attach(runs: Path, launch: Launch) -> RunController:
    controller = RunController(runs, launch)
    controller.begin()
    return controller


def assert_whole(run: RunDir) -> RunSummary:
    """The folder is readable, and its log holds nothing that no program could have written."""
    reader = EventReader(run.events_file)
    summary = RunSummary(spec=run.read_spec())
    summary.fold(reader.read_all())
    assert reader.unreadable_lines == 0
    assert overview(run).headline
    steps = summary.series.get("progress")
    assert steps is None or list(steps.steps) == sorted(steps.steps)
    return summary


def state_of(controller: RunController, name: str) -> str:
    followed = controller._followed.get(name)
    return followed.state if followed is not None and followed.is_whole else ""


def test_the_worker_is_killed_twenty_times(qtbot: QtBot, runs: Path, launches: Launches) -> None:
    rng = random.Random(1)
    controller = attach(runs, launches)
    controller.start(spec_named("One"))
    qtbot.waitUntil(lambda: bool(list_runs(runs)), timeout=10_000)
    name = list_runs(runs)[0].name
    for number in range(20):
        qtbot.waitUntil(lambda n=number: len(launches.processes) == n + 1, timeout=10_000)
        time.sleep(rng.uniform(0.0, 0.8))
        launches.processes[-1].kill()
        qtbot.waitUntil(lambda: state_of(controller, name) in ("lost", "start_failed"), timeout=3_000)
        assert_whole(RunDir(runs / name))
        controller.resume_from_checkpoint(name)
    controller.close()


def kill_round(runs: Path, seed: int, kills: tuple[str, ...]) -> tuple[RunDir, int | None]:
    """Open a window that starts a run, kill what ``kills`` names at a random moment; the run and its worker's pid."""
    window = subprocess.Popen(
        [sys.executable, "-c", _WINDOW.format(root=str(_ROOT)), str(runs)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**package_environment(), "QT_QPA_PLATFORM": "offscreen"},
    )
    before = {run.name for run in list_runs(runs)}
    deadline = time.monotonic() + 20
    while not (new := [run for run in list_runs(runs) if run.name not in before]):
        assert time.monotonic() < deadline, "the window started no run"
        time.sleep(0.01)
    time.sleep(random.Random(seed).uniform(0.3, 1.2))
    worker = new[0].worker_pid()
    if "worker" in kills and worker is not None:
        os.kill(worker, signal.SIGKILL)
    if "window" in kills:
        window.kill()
    else:
        window.terminate()
    window.wait()
    return new[0], worker


@pytest.mark.parametrize("seed", range(13))
def test_the_window_is_killed_and_the_run_goes_on(
    qtbot: QtBot, runs: Path, launches: Launches, seed: int
) -> None:
    run, worker = kill_round(runs, seed, ("window",))
    assert lock_holder(runs / LOCK_NAME) is None
    controller = attach(runs, launches)
    possible = ("running",) if worker is not None else ("running", "start_failed")
    qtbot.waitUntil(lambda: state_of(controller, run.name) in possible, timeout=30_000)
    if state_of(controller, run.name) == "start_failed":  # the window was killed before it started a worker
        controller.resume_from_checkpoint(run.name)
        qtbot.waitUntil(lambda: state_of(controller, run.name) == "running", timeout=10_000)
    followed = controller.open(run.name)
    assert followed is not None
    step = followed.summary.step
    qtbot.waitUntil(lambda: followed.summary.step > step)
    assert worker is None or followed.summary.evaluations[0].step == 10
    assert worker is None or run.worker_pid() == worker
    controller.stop(run.name)
    qtbot.waitUntil(lambda: state_of(controller, run.name) == "stopped", timeout=10_000)
    assert_whole(run)
    controller.close()


@pytest.mark.parametrize("seed", range(13))
def test_both_are_killed_and_the_next_window_says_so(
    qtbot: QtBot, runs: Path, launches: Launches, seed: int
) -> None:
    run, worker = kill_round(runs, seed, ("worker", "window"))
    controller = attach(runs, launches)
    followed = controller.open(run.name)
    assert followed is not None
    # a worker that had not introduced itself was not killed: it goes on, or was never started
    possible = ("lost", "start_failed") if worker is not None else ("running", "start_failed")
    qtbot.waitUntil(lambda: state_of(controller, run.name) in possible, timeout=30_000)
    if followed.is_live:
        controller.stop(run.name)
        qtbot.waitUntil(lambda: state_of(controller, run.name) == "stopped", timeout=10_000)
    assert_whole(run)
    # what is left can be gone on with
    controller.resume_from_checkpoint(run.name)
    qtbot.waitUntil(lambda: state_of(controller, run.name) == "running", timeout=10_000)
    controller.close()


@pytest.mark.parametrize("seed", range(4))
def test_a_real_worker_is_killed_and_finishes_after_all(qtbot: QtBot, runs: Path, seed: int) -> None:
    processes: list[subprocess.Popen[bytes]] = []

    def launch(run: RunDir, is_resuming: bool, changes: object) -> subprocess.Popen[bytes]:
        processes.append(launch_worker(run, is_resuming))
        return processes[-1]

    controller = attach(runs, launch)
    settings = {"epochs": 3, "vector_size": 16, "workers": 1}
    controller.start(new_spec("word2vec", "little-kingdom", preset="tiny", settings=settings))
    qtbot.waitUntil(lambda: len(processes) == 1, timeout=10_000)
    run = list_runs(runs)[0]
    time.sleep(random.Random(seed).uniform(0.2, 3.0))
    processes[0].kill()
    ended = ("lost", "start_failed", "finished")
    qtbot.waitUntil(lambda: state_of(controller, run.name) in ended, timeout=10_000)
    if state_of(controller, run.name) != "finished":
        controller.resume_from_checkpoint(run.name)
        qtbot.waitUntil(lambda: state_of(controller, run.name) == "finished", timeout=60_000)
    summary = assert_whole(run)
    assert summary.last("train/loss") is not None
    assert (run.model / "vectors.safetensors").is_file()
    controller.close()
    for process in processes:
        process.wait()


def test_a_log_torn_by_a_kill_is_mended_by_the_next_attempt(runs: Path, launches: Launches) -> None:
    run = new_run(runs)
    launches.behaviour = "half_a_line"
    launches(run, False, {}).wait()
    EventWriter(run.events_file).close()
    assert_whole(run)
