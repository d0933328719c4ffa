"""The dialog of preferences: each control does what it says, in the real window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QDialog, QLabel, QScrollArea, QSpinBox
from pytestqt.qtbot import QtBot

from ptft_gui.core.errors import PtftError
from ptft_gui.core.paths import runs_folder
from ptft_gui.core.preferences import read_preferences
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.dialogs.preferences import PreferencesDialog
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice
from tests.gui.test_main_window import SilentAsker, finish
from tests.gui.workers import Launches


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme, tmp_path: Path) -> PreferencesDialog:
    dialog = PreferencesDialog(WindowSettings(), tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_theme_and_size_hold_at_once_and_are_kept(dialog: PreferencesDialog, theme: Theme) -> None:
    dialog.findChild(SegmentedChoice, "themeChoice").set_value("dark")
    dialog.findChild(SegmentedChoice, "textSizeChoice").set_value("1.3")
    assert theme.is_dark
    assert theme.text_scale == 1.3
    theme.set_preference("light")
    theme.set_text_scale(1.0)
    WindowSettings().dress(theme)
    assert (theme.preference, theme.text_scale) == ("dark", 1.3)


def test_large_text_is_not_scrolled_sideways(qtbot: QtBot, dialog: PreferencesDialog) -> None:
    scroll = dialog.findChild(QScrollArea)
    assert scroll is not None
    before = dialog.width()
    dialog.findChild(SegmentedChoice, "textSizeChoice").set_value("1.5")
    qtbot.waitUntil(lambda: dialog.width() > before)
    qtbot.waitUntil(lambda: scroll.horizontalScrollBar().maximum() == 0)


def test_device_threads_and_resuming_are_kept(dialog: PreferencesDialog) -> None:
    dialog.findChild(SegmentedChoice, "deviceChoice").set_value("cpu")
    dialog.findChild(QSpinBox, "threadsField").setValue(2)
    dialog.findChild(QCheckBox, "resumeByItself").setChecked(True)
    kept = read_preferences()
    assert (kept.device, kept.threads) == ("cpu", 2)
    assert WindowSettings().resumes_by_itself()
    dialog.findChild(QCheckBox, "resumeByItself").setChecked(False)
    assert not WindowSettings().resumes_by_itself()


def test_a_folder_is_used_from_the_next_start_and_one_that_cannot_be_written_is_refused(
    dialog: PreferencesDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PTFT_RUNS", raising=False)
    usual = runs_folder()
    dialog.choose_folder("runs", str(tmp_path / "mine"))
    assert runs_folder() == tmp_path / "mine"
    failures: list[PtftError] = []
    dialog.failed.connect(failures.append)
    (tmp_path / "file").write_text("")
    dialog.choose_folder("runs", str(tmp_path / "file" / "below"))
    assert runs_folder() == tmp_path / "mine"
    assert "cannot be made" in failures[0].message
    dialog.findChild(QAbstractButton, "usual_runs").click()
    assert runs_folder() == usual


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    (tmp_path / "runs").mkdir()
    opened = OpenWindow(tmp_path / "runs", Launches(), SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    finish(opened)


def test_the_key_opens_it_and_the_network_switch_shows_in_the_status_line(opened: OpenWindow) -> None:
    action = opened.window.findChild(QAction, "preferencesAction")
    assert action.shortcut().toString() == "Ctrl+,"
    action.trigger()
    action.trigger()  # it is there once
    dialogs = [d for d in opened.window.findChildren(QDialog, "preferencesDialog") if d.isVisible()]
    assert len(dialogs) == 1
    status = opened.window.findChild(QLabel, "offlineStatus")
    assert status.text() == "network on"
    dialogs[0].findChild(QCheckBox, "networkSwitch").setChecked(False)
    assert status.text() == "offline"
    assert read_preferences().network is False
    dialogs[0].close()
