"""What every test of the window is held to: garbage is collected between tests, nothing stays open or running."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Theme, current_theme
from ptft_gui.gui.widgets.layout_items import forget_layout_items

_PATIENCE_MS = 30_000
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals):
    # A busy computer is no reason to fail: the usual five seconds are few for a process that has to start.
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": _PATIENCE_MS}


@pytest.fixture(scope="session", autouse=True)
def _quick_collections() -> None:
    """What the imports made stays; collections between tests need not look at it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _layout_items(qapp: QApplication) -> Iterator[None]:
    """As in the program, what PySide keeps of layouts too long is forgotten once a second."""
    timer = QTimer()
    timer.timeout.connect(forget_layout_items)
    timer.start(1_000)
    yield
    timer.stop()


def _delete_what_was_to_be_deleted() -> None:
    forget_layout_items()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def _running_qt_threads() -> list[QThread]:
    threads = [o for o in gc.get_objects() if issubclass(type(o), QThread)]
    return [t for t in threads if t.isRunning() and t is not QThread.currentThread()]


_TOLD_OF: set[int] = set()
"""Windows that an earlier test left: the one that failed is told of, not all that come after it."""


def _not_told_of(qapp: QApplication) -> list[QWidget]:
    return [w for w in qapp.topLevelWidgets() if id(w) not in _TOLD_OF]


@pytest.fixture(autouse=True)
def _tidy_window(qapp: QApplication) -> Iterator[None]:
    """As in the program, no collection happens on its own; after the test everything is taken down for good."""
    gc.disable()
    yield
    _delete_what_was_to_be_deleted()
    running = [t.objectName() or type(t).__name__ for t in _running_qt_threads()]
    visible = [w.objectName() or type(w).__name__ for w in _not_told_of(qapp) if w.isVisible()]
    gc.collect()
    gc.enable()
    left = [w for w in _not_told_of(qapp) if isinstance(w, QMainWindow)]
    kept = [type(w).__name__ for w in left]
    _TOLD_OF.update(map(id, left))
    if running:
        pytest.fail(f"Qt threads left running: {', '.join(running)}", pytrace=False)
    if kept:  # every later change of the style would dress it anew: the tests after it crawl
        pytest.fail(f"Windows left in memory: {', '.join(kept)}", pytrace=False)
    if visible:
        pytest.fail(f"Windows left open: {', '.join(visible)}", pytrace=False)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The theme of the application, as it was, after the test."""
    theme = current_theme()
    yield theme
    theme.set_presenting(False)
    theme.set_text_scale(1.0)
    theme.set_preference("system")
