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
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from ptft_gui.core.locks import lock_holder
from ptft_gui.gui.garbage import GarbageCollector
from ptft_gui.gui.hooks import FaultHooks
from ptft_gui.gui.widgets.toast import Message
from ptft_gui.gui.window_lock import LOCK_NAME, WindowLock

_ROOT = Path(__file__).resolve().parents[2]
_OPEN = "import sys, pathlib; from ptft_gui.gui.app import run_window; sys.exit(run_window(pathlib.Path(sys.argv[1])))"
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


def test_the_second_window_waits_for_the_first(qtbot: QtBot, runs: Path) -> None:
    runs.mkdir()
    first = WindowLock(runs)
    second = WindowLock(runs)
    assert (first.is_held, second.is_held) == (True, False)
    with qtbot.waitSignal(second.taken, timeout=5_000):
        first.release()
    assert second.is_held
    second.release()


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
