"""The display goes while the window is open: the run goes on, nothing is lost, the next window finds it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core.launch import package_environment
from ptft_gui.core.locks import lock_holder
from ptft_gui.core.rundir import RunDir, list_runs
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.window_lock import LOCK_NAME
from tests.gui.workers import Launches, folder_whose_workers_end

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

_LONG_MS = 60_000
_WINDOW = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from ptft_gui.gui.app import OpenWindow, run_window
from tests.gui.workers import Launches, spec_named
def begin(opened: OpenWindow) -> None:
    opened.controller._launch = Launches("endless")
    opened.controller.start(spec_named("One"))
sys.exit(run_window(Path(sys.argv[1]), on_opened=begin))
"""


@dataclass
class Display:
    """A screen of its own in memory; ``kill`` takes it away at once."""

    process: subprocess.Popen[bytes]
    name: str

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@pytest.fixture
def display() -> Iterator[Display]:
    program = shutil.which("Xvfb")
    if program is None:
        pytest.skip("Xvfb is not installed here, so there is no display that could be taken away.")
    reading, writing = os.pipe()
    process = subprocess.Popen(
        [program, "-displayfd", str(writing), "-screen", "0", "1280x800x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:  # ends without a number where the display cannot start
        number = numbers.readline().strip()
    shown = Display(process, f":{number}")
    if not number:
        shown.kill()
        pytest.skip("Xvfb does not start here, so there is no display that could be taken away.")
    yield shown
    shown.kill()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    with folder_whose_workers_end(tmp_path / "runs") as folder:
        yield folder


@pytest.fixture
def window(display: Display, runs: Path, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A window on the display that has started a run; its home is beside the runs."""
    environment = {**package_environment(), "DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb"}
    process = subprocess.Popen(
        [sys.executable, "-c", _WINDOW.format(root=str(Path(__file__).resolve().parents[2])), str(runs)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**environment, "PTFT_HOME": str(tmp_path / "home")},
    )
    yield process
    process.kill()
    process.wait()


def living_run(runs: Path) -> RunDir | None:
    return next((run for run in list_runs(runs) if run.worker_pid() is not None), None)


def test_a_run_outlives_the_display_and_the_next_window_finds_it(
    qtbot: QtBot, theme: Theme, display: Display, window: subprocess.Popen[str], runs: Path, tmp_path: Path
) -> None:
    qtbot.waitUntil(lambda: living_run(runs) is not None or window.poll() is not None, timeout=_LONG_MS)
    if window.poll() is not None:
        pytest.skip(f"Qt opens no window on a display here: {window.communicate()[0][-200:]}")
    run = living_run(runs)
    assert run is not None
    worker = run.worker_pid()
    display.kill()
    qtbot.waitUntil(lambda: window.poll() is not None, timeout=_LONG_MS)
    said = window.communicate()[0]
    assert "Traceback" not in said
    log = tmp_path / "home" / "window.log"
    assert not log.exists() or "Traceback" not in log.read_text(encoding="utf-8")
    assert run.worker_pid() == worker
    assert lock_holder(runs / LOCK_NAME) is None
    launches = Launches()
    controller = RunController(runs, launches)
    controller.begin()
    qtbot.waitUntil(lambda: bool(controller.live_runs()), timeout=_LONG_MS)
    (followed,) = controller.live_runs()
    qtbot.waitUntil(lambda: followed.is_whole and followed.state == "running", timeout=_LONG_MS)
    step = followed.summary.step
    qtbot.waitUntil(lambda: followed.summary.step > step, timeout=_LONG_MS)
    controller.stop(run.name)
    qtbot.waitUntil(lambda: run.worker_pid() is None, timeout=_LONG_MS)
    qtbot.waitUntil(lambda: followed.state == "stopped", timeout=_LONG_MS)
    controller.close()
    assert launches.processes == []
