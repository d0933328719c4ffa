"""The page *What uses the disk* in the real window: numbers, one question before anything goes, and read-only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.panels.disk import DiskPage
from ptft_gui.gui.theme import Theme
from tests.core.test_disk_use import add_checkpoints, steps_of
from tests.gui.fixtures_runs import make_run
from tests.gui.test_main_window import SilentAsker, answer, finish, page_name
from tests.gui.workers import Launches


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    (tmp_path / "runs").mkdir()
    opened = OpenWindow(tmp_path / "runs", Launches(), SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    finish(opened)


def button(opened: OpenWindow, way: str) -> QAbstractButton:
    found = opened.window.findChild(QAbstractButton, f"clean_{way}")
    assert isinstance(found, QAbstractButton)
    return found


def test_cleaning_up_asks_first_then_frees_and_tells(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path
) -> None:
    run = make_run(tmp_path / "runs", "finished")
    add_checkpoints(run, [44, 88, 132])
    action = opened.window.findChild(QAction, "disk_useAction")
    assert isinstance(action, QAction)
    action.trigger()
    assert page_name(opened.window) == "diskPage"
    qtbot.waitUntil(lambda: button(opened, "spare").isEnabled())
    assert "Clean up checkpoints (" in button(opened, "spare").text()
    button(opened, "spare").click()
    answer(opened.window, "cleanDialog", "keep")
    assert steps_of(run) == [44, 88, 132]
    button(opened, "spare").click()
    answer(opened.window, "cleanDialog", "clean")
    qtbot.waitUntil(lambda: steps_of(run) == [132])
    qtbot.waitUntil(lambda: any("are free again" in m.text for m in opened.window.toasts.history))
    page = opened.window.findChild(DiskPage, "diskPage")
    assert page.table.cells.cell(0, 0) == run.title()
    qtbot.waitUntil(lambda: not button(opened, "spare").isEnabled())


def test_a_window_that_only_shows_deletes_nothing(qtbot: QtBot, opened: OpenWindow, tmp_path: Path) -> None:
    add_checkpoints(make_run(tmp_path / "runs", "finished"), [44, 88])
    opened.window.set_read_only(True)
    opened.window.pages.disk.show()
    page = opened.window.findChild(DiskPage, "diskPage")
    qtbot.waitUntil(lambda: page.table.cells.rowCount() == 1)
    assert not any(button(opened, way).isEnabled() for way in ("spare", "all_checkpoints", "trash", "cache"))
