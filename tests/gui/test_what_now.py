"""The buttons of *What now?* and of the narrator in the real window: each does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.sorting_runs import make_sorting_run
from tests.gui.token_runs import make_token_run
from tests.gui.workers import Launches

LONG_MS = 30_000


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    (tmp_path / "runs").mkdir()
    launches = Launches()
    opened = OpenWindow(tmp_path / "runs", launches, FakeAsker())  # type: ignore[arg-type]
    opened.show()
    yield opened
    opened.window.close_for_good()
    opened.close_down()
    opened.window.deleteLater()
    launches.end_all()


def open_run(opened: OpenWindow, qtbot: QtBot, run: RunDir) -> None:
    opened.window.open_run(run.name)
    desk = opened.window.pages.run_desk()
    qtbot.waitUntil(lambda: desk.shows(run.name) and desk.shown().is_whole, timeout=LONG_MS)  # type: ignore[union-attr]


def press(opened: OpenWindow, qtbot: QtBot, words: str) -> None:
    def found() -> QAbstractButton | None:
        buttons = opened.window.findChildren(QAbstractButton)
        return next((b for b in buttons if b.isVisible() and b.text() == words), None)

    qtbot.waitUntil(lambda: found() is not None, timeout=LONG_MS)
    button = found()
    assert button is not None
    button.click()


def test_rows_without_a_label_lead_to_where_their_answers_go(
    opened: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_run(opened, qtbot, make_sorting_run(tmp_path / "runs", unlabelled=612))
    press(opened, qtbot, "Classify the 612 rows without label")
    qtbot.waitUntil(lambda: opened.window.findChild(QFileDialog, "classifyTargetDialog") is not None)
    dialog = opened.window.findChild(QFileDialog, "classifyTargetDialog")
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith("-without-label.csv")
    dialog.reject()


def test_classify_a_file_leads_to_where_a_file_is_chosen(
    opened: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    open_run(opened, qtbot, make_token_run(tmp_path / "runs", "tagging"))
    press(opened, qtbot, "Mark names in a file")
    focus = QApplication.focusWidget()
    assert isinstance(focus, QWidget)
    assert focus.objectName() == "classifyFileButton"


def test_why_is_answered_in_a_note(opened: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    open_run(opened, qtbot, make_sorting_run(tmp_path / "runs"))
    opened.window.pages.run_desk().act("tell", {"text": "Because memory was short."})
    assert opened.window.toasts.history[-1].text == "Because memory was short."


def test_next_steps_without_room_stand_under_more(opened: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    opened.window.resize(1024, 700)
    open_run(opened, qtbot, make_token_run(tmp_path / "runs", "tagging"))
    header = opened.window.pages.run_desk().page.header
    menu = header.findChild(QMenu, "moreMenu")
    menu.aboutToShow.emit()
    offered = [item.text() for item in menu.actions() if item.isVisible() and not item.isSeparator()]
    beside = [button.text() for button in header._next_buttons if button.isVisible()]
    assert beside == ["Try it"]
    assert offered[:4] == [
        "Mark names in a file",
        "Score to report",
        "Race the methods",
        "How many labels do I need?",
    ]
    next(item for item in menu.actions() if item.text() == "Race the methods").trigger()
    dialog = opened.window.findChild(QDialog, "raceDialog")
    assert dialog is not None
    dialog.reject()
