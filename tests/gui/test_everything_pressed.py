"""Every button of every page and dialog is pressed, and every entry of the menus chosen: none ends in a fault."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.every_place import PLACES, Place
from tests.gui.place_checks import called
from tests.gui.test_every_place import PatientAsker
from tests.gui.workers import Launches

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1_800),
    pytest.mark.qt_log_ignore(
        "This plugin does not support", extend=True
    ),  # raise() and grabs, without a screen
]

_LEAVES = ("quit", "close")
"""Entries that end the window are tested for themselves."""


@pytest.fixture
def opened(
    qtbot: QtBot, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenWindow]:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda *_: True)  # nothing of the desktop is started
    launches = Launches()
    opened = OpenWindow(tmp_path, launches, PatientAsker(holds={"inspect_dataset"}))
    opened.show()
    qtbot.waitExposed(opened.window)
    _activate(qtbot, opened.window)
    yield opened
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()
    launches.end_all()


class Menus:
    """A menu holds its caller up until something is chosen: every entry of one that opens is chosen, from the timer."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._close)
        self._timer.start()
        self.seen: list[QMenu] = []

    def _close(self) -> None:
        popup = QApplication.activePopupWidget()
        if popup is not None:
            if isinstance(popup, QMenu):
                self.seen.append(popup)
            popup.close()

    def end(self) -> None:
        self._timer.stop()


@pytest.fixture
def menus() -> Iterator[Menus]:
    menus = Menus()
    yield menus
    menus.end()


def _buttons(place: QWidget, pressed: set[str]) -> Iterator[QAbstractButton]:
    for button in place.findChildren(QAbstractButton):
        if button.isVisible() and button.isEnabled() and called(button) not in pressed:
            yield button


def _activate(qtbot: QtBot, window: QWidget) -> None:
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=30_000)


def _close_others(qtbot: QtBot, window: QWidget, kept: QWidget) -> None:
    """Whatever a button opened is closed again as Esc does it, and the keyboard is back in the window."""
    for other in QApplication.topLevelWidgets():
        if other not in (window, kept) and other.isVisible():
            other.reject() if isinstance(other, QDialog) else other.close()
    QApplication.processEvents()
    if not isinstance(kept, QDialog):
        _activate(qtbot, window)


def _press(button: QAbstractButton, menus: Menus) -> None:
    menus.seen.clear()
    button.click()
    QApplication.processEvents()
    for menu in list(menus.seen):
        for action in menu.actions() if isValid(menu) else []:
            if isValid(action) and action.isEnabled() and action.menu() is None:
                action.trigger()
                QApplication.processEvents()


def _faults_of(qtbot: QtBot, what: str, act: Callable[[], None]) -> list[str]:
    with qtbot.captureExceptions() as raised:
        act()
    return [f"{what}: {problem!r}" for _, problem, _ in raised]


def _again(qtbot: QtBot, opened: OpenWindow, go: Place) -> QWidget:
    """Back in the place; runs that a button started may come to the front once, on the way there."""
    try:
        return go(qtbot, opened)
    except qtbot.TimeoutError:
        return go(qtbot, opened)


def faults_in(qtbot: QtBot, opened: OpenWindow, go: Place, menus: Menus) -> tuple[list[str], int]:
    """What went wrong in a place, and how many of its buttons were pressed; it is gone to again where one led away."""
    place, pressed, found = go(qtbot, opened), set[str](), list[str]()
    while (button := next(_buttons(place, pressed), None)) is not None:
        name = called(button)
        pressed.add(name)
        found += _faults_of(qtbot, name, lambda button=button: _press(button, menus))  # type: ignore[misc]
        found += _faults_of(
            qtbot, f"after {name}", lambda place=place: _close_others(qtbot, opened.window, place)  # type: ignore[misc]
        )  # fmt: skip
        if not isValid(place) or not place.isVisible():
            place = _again(qtbot, opened, go)
    return found, len(pressed)


@pytest.mark.parametrize("place", PLACES)
def test_no_button_ends_in_a_fault(qtbot: QtBot, opened: OpenWindow, menus: Menus, place: str) -> None:
    found, pressed = faults_in(qtbot, opened, PLACES[place], menus)
    assert found == []
    assert pressed > 0 or place == "glossary"  # which has nothing to press


@pytest.mark.parametrize("place", ["home", "words, train"])
def test_no_entry_of_the_menus_ends_in_a_fault(
    qtbot: QtBot, opened: OpenWindow, menus: Menus, place: str
) -> None:
    found, chosen = list[str](), 0
    for name, action in opened.window._actions.items():
        shown = PLACES[place](qtbot, opened)
        if action.isEnabled() and name not in _LEAVES:
            chosen += 1
            found += _faults_of(qtbot, name, action.trigger)
            found += _faults_of(
                qtbot, f"after {name}", lambda shown=shown: _close_others(qtbot, opened.window, shown)  # type: ignore[misc]
            )  # fmt: skip
    assert found == []
    assert chosen > 20
