"""*Report...* in the real window: where it goes, the one tick box, the file, and what is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFileDialog
from pytestqt.qtbot import QtBot

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.fixtures_runs import make_run
from tests.gui.test_main_window import SilentAsker, finish
from tests.gui.workers import Launches


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    (tmp_path / "runs").mkdir()
    opened = OpenWindow(tmp_path / "runs", Launches(), SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    finish(opened)


@pytest.mark.parametrize("is_bundled", [True, False])
def test_the_tick_box_is_on_for_bundled_data_only_and_the_file_is_written(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path, is_bundled: bool
) -> None:
    run = make_run(
        tmp_path / "runs", "finished", dataset="wikipedia" if is_bundled else str(tmp_path / "own.txt")
    )
    opened.window.open_run(run.name)
    action = opened.window.findChild(QAction, "reportAction")
    assert isinstance(action, QAction)
    assert action.shortcut().toString() == "Ctrl+R"
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    dialog = opened.window.findChild(QFileDialog, "reportDialog")
    assert isinstance(dialog, QFileDialog)
    box = dialog.findChild(QCheckBox, "includeSentences")
    assert isinstance(box, QCheckBox)
    assert box.isChecked() is is_bundled
    dialog.fileSelected.emit(str(tmp_path / "mine.html"))
    qtbot.waitUntil(lambda: (tmp_path / "mine.html").exists())
    said = "Sentences of the data are shown" if is_bundled else "No sentences of the data"
    assert said in (tmp_path / "mine.html").read_text(encoding="utf-8")
    qtbot.waitUntil(lambda: any("was written to" in m.text for m in opened.window.toasts.history))
    dialog.close()


def test_a_place_that_cannot_be_written_is_told(qtbot: QtBot, opened: OpenWindow, tmp_path: Path) -> None:
    run = make_run(tmp_path / "runs", "finished")
    with qtbot.waitSignal(opened.window.pages.report.failed):
        opened.window.pages.report.write(run, tmp_path / "no" / "such.html", False)
    assert any("cannot be written" in message.text for message in opened.window.toasts.history)
