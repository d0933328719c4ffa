"""Starting and ending the real program in a process of its own, and what happens to its faults."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from ptft_gui.core.locks import lock_holder
from ptft_gui.gui import window_lock
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.garbage import GarbageCollector
from ptft_gui.gui.hooks import FaultHooks
from ptft_gui.gui.widgets.toast import Message
from ptft_gui.gui.window_lock import LOCK_NAME, WindowLock
from tests.gui.fixtures_runs import make_run
from tests.gui.test_main_window import SilentAsker, finish
from tests.gui.workers import Launches, new_run

_ROOT = Path(__file__).resolve().parents[2]
_OPEN = "import sys, pathlib; from ptft_gui.gui.app import run_window; sys.exit(run_window(pathlib.Path(sys.argv[1])))"
_OPEN_AND_TELL_LIVE_RUNS = """
import sys, pathlib
from PySide6.QtCore import QTimer
from ptft_gui.gui.app import run_window
def look(opened):
    if opened.controller.live_runs():
        print("a run is live", flush=True)
    else:
        QTimer.singleShot(50, lambda: look(opened))
sys.exit(run_window(pathlib.Path(sys.argv[1]), on_opened=look))
"""
_FORBIDDEN = ("torch", "transformers", "gensim", "numba", "datasets", "scipy", "sklearn")


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    return tmp_path / "runs"


@pytest.fixture
def open_window(runs: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Opens windows as processes, and ends them."""
    windows: list[subprocess.Popen[str]] = []

    def open_one(code: str = _OPEN) -> subprocess.Popen[str]:
        window = subprocess.Popen(
            [sys.executable, "-c", code, str(runs)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={
                **os.environ,
                "PYTHONPATH": str(_ROOT),
                "QT_QPA_PLATFORM": "offscreen",
                "PTFT_MEASURE_START": str(time.monotonic()),
            },
        )
        windows.append(window)
        return window

    yield open_one
    for window in windows:
        if window.poll() is None:
            window.kill()
        window.communicate()


def first_line(window: subprocess.Popen[str]) -> str:
    assert window.stdout is not None
    return window.stdout.readline()


def test_a_window_opens_holds_the_folder_and_ends_on_request(
    open_window: Callable[..., subprocess.Popen[str]], runs: Path
) -> None:
    window = open_window()
    assert first_line(window).startswith("usable after ")
    assert lock_holder(runs / LOCK_NAME) == window.pid
    window.send_signal(signal.SIGTERM)
    output, _ = window.communicate(timeout=10)
    assert window.returncode == 0
    assert output == ""
    assert lock_holder(runs / LOCK_NAME) is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_closes_the_window_without_a_question_and_the_run_goes_on(
    open_window: Callable[..., subprocess.Popen[str]], runs: Path, number: signal.Signals
) -> None:
    launches = Launches()
    try:
        worker = launches(new_run(runs), False, {})
        window = open_window(_OPEN_AND_TELL_LIVE_RUNS)
        assert first_line(window).startswith("usable after ")
        assert first_line(window) == "a run is live\n"
        window.send_signal(number)
        output, _ = window.communicate(timeout=30)
        assert (window.returncode, output) == (0, "")
        assert worker.poll() is None
    finally:
        launches.end_all()


def test_the_window_never_holds_a_training_library(
    open_window: Callable[..., subprocess.Popen[str]],
) -> None:
    code = f"""
import sys, gc
from PySide6.QtCore import QTimer
from ptft_gui.gui import app
made = app.make_application()
def look():
    window = next((w for w in made.topLevelWidgets() if type(w) is app.MainWindow), None)
    if window is None or not window.isVisible():
        QTimer.singleShot(300, look)
        return
    window.prepare_pages()
    print(sorted(m for m in sys.modules if m.partition(".")[0] in {_FORBIDDEN!r}))
    window.close()
QTimer.singleShot(800, look)
{_OPEN}
"""
    window = open_window(code)
    output, _ = window.communicate(timeout=30)
    assert window.returncode == 0, output
    assert output.splitlines()[-1] == "[]"


def test_a_folder_that_cannot_be_used_is_asked_about(
    open_window: Callable[..., subprocess.Popen[str]], runs: Path
) -> None:
    runs.write_text("a file, not a folder", encoding="utf-8")
    code = f"""
import sys, pathlib
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QAbstractButton
from ptft_gui.gui import app
made = app.make_application()
def look():
    dialog = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "folderDialog")
    print([label.text() for label in dialog.findChildren(QLabel)][0])
    dialog.findChild(QAbstractButton, "quitChoice").click()
QTimer.singleShot(500, look)
{_OPEN}
"""
    window = open_window(code)
    output, _ = window.communicate(timeout=30)
    assert window.returncode == 0, output
    assert output.strip() == f"The folder {runs} cannot be written."


def test_a_folder_that_can_only_be_read_is_shown_and_left_for_another(
    open_window: Callable[..., subprocess.Popen[str]], runs: Path, tmp_path: Path
) -> None:
    runs.mkdir()
    run = make_run(runs, "finished")
    other = tmp_path / "other"
    other.mkdir()
    code = f"""
import errno, pathlib, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from ptft_gui.core.errors import RunFolderError
from ptft_gui.gui import app, window_lock
read_only, other = pathlib.Path(sys.argv[1]), pathlib.Path({str(other)!r})
real_check, real_lock = app.check_runs_folder, window_lock.try_lock
def check(runs):
    if runs == read_only:
        raise RunFolderError(f"The folder {{runs}} cannot be written.", "Read-only file system.")
    real_check(runs)
def lock(path):
    if path.parent == read_only:
        raise OSError(errno.EROFS, "Read-only file system")
    return real_lock(path)
app.check_runs_folder, window_lock.try_lock = check, lock
app.may_only_read = lambda runs: runs == read_only
seen = []
def on_opened(opened):
    seen.append(opened)
    QTimer.singleShot(0, look_at_new if len(seen) == 2 else look)
def find(kind, name):
    return seen[-1].window.findChild(kind, name)
def look():
    window = seen[0].window
    if not seen[0].controller._rows:
        QTimer.singleShot(100, look)
        return
    print(find(QWidget, "banner").accessibleName())
    window.open_run({run.name!r})
    print(seen[0].controller.opened().state)
    window.show_new_run_with("little-kingdom")
    print(find(QAbstractButton, "startButton").isEnabled(), find(QWidget, "startReason").property("text"))
    find(QAbstractButton, "otherFolderButton").click()
    find(QFileDialog, "otherFolderDialog").fileSelected.emit(str(other))
def look_at_new():
    windows = [w for w in QApplication.topLevelWidgets() if w.objectName() == "mainWindow" and w.isVisible()]
    print(seen[-1].controller.runs.name, find(QWidget, "banner").isVisible(), len(windows))
    seen[-1].window.close()
sys.exit(app.run_window(read_only, on_opened=on_opened))
"""
    window = open_window(code)
    output, _ = window.communicate(timeout=120)
    sentence = (
        f"The folder {runs} cannot be written. What is there can be looked at; to start something, choose another "
        "folder."
    )
    told = [line for line in output.splitlines() if not line.startswith(("usable after", "This plugin"))]
    assert told == [sentence, "finished", f"False {sentence}", "other False 1"]
    assert window.returncode == 0
    assert {path.name for path in runs.iterdir()} - {".rows.json"} == {run.name}


def test_the_second_window_waits_for_the_first(qtbot: QtBot, runs: Path) -> None:
    runs.mkdir()
    first = WindowLock(runs)
    second = WindowLock(runs)
    assert (first.is_held, second.is_held) == (True, False)
    with qtbot.waitSignal(second.taken, timeout=5_000):
        first.release()
    assert second.is_held
    second.release()


def test_a_folder_on_a_disk_that_is_away_is_told_and_tried_again(
    open_window: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    away = Path("/proc/away/runs")  # where nobody can make a folder
    code = f"""
import pathlib, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from ptft_gui.gui import app
made, asked = app.make_application(), []
def look():
    shown = [w for w in QApplication.topLevelWidgets() if w.objectName() == "folderDialog" and w.isVisible()]
    if not shown or shown[0] in asked:
        QTimer.singleShot(50, look)
        return
    asked.append(shown[0])
    print(" ".join(label.text() for label in shown[0].findChildren(QLabel)))
    shown[0].findChild(QAbstractButton, ["againChoice", "quitChoice"][len(asked) - 1]).click()
    QTimer.singleShot(50, look)
QTimer.singleShot(50, look)
sys.exit(app.run_window(pathlib.Path({str(away)!r})))
"""
    window = open_window(code)
    output, _ = window.communicate(timeout=60)
    assert window.returncode == 0, output
    sentence = f"The folder {away} is not there and cannot be made. No such file or directory."
    told = [line for line in output.splitlines() if not line.startswith("This plugin")]
    assert told == [f"{sentence} If it lies on another disk or on the network, connect that first."] * 2


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (FileNotFoundError(2, "No such file or directory"), "The folder {runs} is not there."),
        (PermissionError(13, "Permission denied"), "The runs in {runs} belong to another person."),
        (
            OSError(37, "No locks available"),
            "The disk of {runs} cannot tell whether another window is at work there.",
        ),
    ],
)
def test_a_folder_whose_lock_cannot_be_asked_for_is_not_called_in_use(
    qtbot: QtBot, runs: Path, monkeypatch: pytest.MonkeyPatch, problem: OSError, sentence: str
) -> None:
    def refuse(path: Path) -> None:
        raise problem

    if not isinstance(problem, FileNotFoundError):
        runs.mkdir()
        monkeypatch.setattr(window_lock, "try_lock", refuse)
    opened = OpenWindow(runs, asker=SilentAsker())
    opened.show()
    banner = opened.window.findChild(QWidget, "banner")
    assert isinstance(banner, QWidget)
    assert banner.accessibleName().startswith(sentence.format(runs=runs))
    assert "Another window" not in banner.accessibleName()
    runs.mkdir(exist_ok=True)
    monkeypatch.undo()
    with qtbot.waitSignal(opened.lock.taken):
        pass  # it is asked for again and again
    assert not banner.isVisible()
    finish(opened)


@pytest.fixture
def hooks(qtbot: QtBot, tmp_path: Path) -> Iterator[FaultHooks]:
    before = sys.excepthook
    hooks = FaultHooks(tmp_path / "home" / "window.log")
    hooks.install()
    yield hooks
    hooks.remove()
    sys.excepthook = before


def test_a_fault_in_a_thread_is_written_down_and_told(
    qtbot: QtBot, hooks: FaultHooks, tmp_path: Path, allow_log: Callable[[str], None]
) -> None:
    allow_log("A fault nobody caught")

    def fail() -> None:
        raise ValueError("the answer is 43")

    with qtbot.waitSignal(hooks.told) as told:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    message = told.args[0]
    assert isinstance(message, Message)
    assert message.text == "The window met a fault of its own. Your runs go on."
    assert "the answer is 43" in message.detail
    assert "the answer is 43" in (tmp_path / "home" / "window.log").read_text(encoding="utf-8")


def test_a_fault_in_a_slot_does_not_end_the_window(
    qtbot: QtBot, hooks: FaultHooks, allow_log: Callable[[str], None]
) -> None:
    allow_log("A fault nobody caught")
    with capture_exceptions(), qtbot.waitSignal(hooks.told):
        hooks._on_exception(RuntimeError, RuntimeError("in a slot"), None)


def test_what_qt_says_is_written_down(
    hooks: FaultHooks, tmp_path: Path, allow_log: Callable[[str], None]
) -> None:
    allow_log("something is odd")
    qWarning("something is odd")
    assert "Qt: something is odd" in (tmp_path / "home" / "window.log").read_text(encoding="utf-8")


def test_garbage_is_collected_in_the_gui_thread_only(qtbot: QtBot) -> None:
    collector = GarbageCollector()
    assert not gc.isenabled()
    seen: list[str] = []
    gc.callbacks.append(lambda phase, info: seen.append(threading.current_thread().name))
    try:
        thread = threading.Thread(target=lambda: [[i] for i in range(100_000)])
        thread.start()
        thread.join()
        assert seen == []
        rings = []
        for _ in range(1_000):
            ring: list[object] = []
            ring.append(ring)
            rings.append(ring)
        del rings
        collector.collect_if_due()
    finally:
        gc.callbacks.pop()
        collector.end()
    assert set(seen) == {"MainThread"}
    assert gc.isenabled()


def test_logging_of_the_window_does_not_reach_the_terminal() -> None:
    assert not any(
        isinstance(h, logging.StreamHandler) and h.stream is sys.stderr for h in logging.root.handlers
    )
