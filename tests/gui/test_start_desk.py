"""Starting on battery or with a full disk is asked about first, and starts when a person says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.before_start import battery_concern
from ptft_gui.gui.desks.start import StartDesk
from tests.gui.workers import spec_named


class Controller:
    """Notes what was started."""

    is_read_only = False

    def __init__(self, runs: Path) -> None:
        self.runs = runs
        self.started: list[str] = []

    def start(self, spec: object) -> None:
        self.started.append(spec.name)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def on_battery(monkeypatch: pytest.MonkeyPatch, is_so: bool) -> None:
    concern = battery_concern(is_so)
    monkeypatch.setattr(
        "ptft_gui.gui.desks.start.concerns_before_start", lambda _: (concern,) if concern else ()
    )


def button(window: QWidget, key: str) -> QAbstractButton:
    found = window.findChild(QAbstractButton, f"{key}Choice")
    assert isinstance(found, QAbstractButton)
    return found


def test_without_a_concern_it_starts_at_once(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_battery(monkeypatch, False)
    controller = Controller(tmp_path)
    StartDesk(controller, window).start(spec_named("One"))
    assert controller.started == ["One"]


@pytest.mark.parametrize(("answer", "started"), [("start", ["One"]), ("not_now", [])])
def test_on_battery_it_asks_first(
    window: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, started: list[str]
) -> None:
    on_battery(monkeypatch, True)
    controller = Controller(tmp_path)
    desk = StartDesk(controller, window)
    desk.start(spec_named("One"))
    desk.start(spec_named("One"))  # a second press while it is asked asks nothing anew
    assert controller.started == []
    texts = [label.text() for label in window.findChildren(QLabel)]
    assert any(text.startswith("Running on battery: training may be slow") for text in texts)
    assert button(window, "start").text() == "Start anyway"
    button(window, answer).click()
    assert controller.started == started
