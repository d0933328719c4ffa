"""Packing a run and opening packs and foreign run folders, in the real window."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QFileDialog
from pytestqt.qtbot import QtBot

from ptft_gui.core.packing import pack_run
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.recorded.played_run import PlayedRun
from ptft_gui.gui.theme import Theme
from tests.gui.fixtures_runs import make_run
from tests.gui.test_main_window import SilentAsker, finish, page_name
from tests.gui.workers import Launches


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(qtbot: QtBot, runs: Path, theme: Theme) -> Iterator[OpenWindow]:
    opened = OpenWindow(runs, Launches(), SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    finish(opened)


def test_a_run_is_packed_and_opened_beside_itself(
    qtbot: QtBot, runs: Path, opened: OpenWindow, tmp_path: Path
) -> None:
    run = make_run(runs, "finished")
    opened.window.open_run(run.name)
    pack = opened.window.findChild(QAction, "packAction")
    assert isinstance(pack, QAction)
    qtbot.waitUntil(pack.isEnabled)
    packing = opened.window.pages.packing
    packing.pack(run, tmp_path / "mine.ptftpack")
    qtbot.waitUntil(lambda: (tmp_path / "mine.ptftpack").exists())
    assert packing.takes(str(tmp_path / "mine.ptftpack"))
    with qtbot.waitSignal(packing.unpacked) as unpacked:
        opened.window.pages.take_dropped(str(tmp_path / "mine.ptftpack"))
    assert unpacked.args == [f"{run.name}-2"]
    assert page_name(opened.window) == "runPage"
    assert opened.window.pages.desk.shows(f"{run.name}-2")


def test_the_rows_of_a_person_are_packed_only_with_a_tick(
    qtbot: QtBot, runs: Path, opened: OpenWindow, tmp_path: Path
) -> None:
    run = make_run(runs, "finished")
    packing = opened.window.pages.packing
    packing.ask_where_to_pack(run)
    first = opened.window.findChild(QFileDialog, "packDialog")
    assert first is not None
    assert not ticks(first)["packRows"].isVisible(), "it has none"
    first.reject()
    qtbot.waitUntil(lambda: opened.window.findChild(QFileDialog, "packDialog") is None)
    (run.path / "predictions.jsonl").write_text('{"text": "Dear doctor"}\n')
    packing.ask_where_to_pack(run)
    dialog = opened.window.findChild(QFileDialog, "packDialog")
    assert dialog is not None
    assert ticks(dialog)["packRows"].isVisible()
    assert not ticks(dialog)["packRows"].isChecked()
    ticks(dialog)["packRows"].click()
    dialog.fileSelected.emit(str(tmp_path / "all.ptftpack"))
    told = opened.window.toasts.history
    qtbot.waitUntil(lambda: any("the texts on which it was checked" in m.detail for m in told))
    with zipfile.ZipFile(tmp_path / "all.ptftpack") as archive:
        assert b"Dear doctor" in archive.read("predictions.jsonl")
    dialog.reject()


def ticks(dialog: QFileDialog) -> dict[str, QCheckBox]:
    return {box.objectName(): box for box in dialog.findChildren(QCheckBox)}


def test_a_damaged_pack_is_told_and_nothing_comes_into_the_list(
    qtbot: QtBot, runs: Path, opened: OpenWindow, tmp_path: Path
) -> None:
    pack = pack_run(make_run(tmp_path / "elsewhere", "finished"), tmp_path / "bad")
    pack.write_bytes(pack.read_bytes()[:3_000])
    with qtbot.waitSignal(opened.window.pages.packing.failed):
        opened.window.pages.packing.open_path(str(pack))
    assert any("bad.ptftpack is not a packed run" in m.text for m in opened.window.toasts.history)
    assert not [path for path in runs.iterdir() if path.is_dir()]


def test_a_run_folder_anywhere_is_shown_at_its_end_and_left_as_it_is(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path
) -> None:
    run = make_run(tmp_path / "elsewhere", "finished")
    before = sorted(path.name for path in run.path.iterdir())
    opened.window.pages.packing.open_path(str(run.path))
    qtbot.waitUntil(lambda: page_name(opened.window) == "runPage")
    shown = opened.window.pages.desk.shown()
    assert isinstance(shown, PlayedRun)
    qtbot.waitUntil(lambda: shown.state == "finished")
    assert not shown.is_playing
    assert sorted(path.name for path in run.path.iterdir()) == before


def test_any_other_folder_is_refused_with_a_sentence(opened: OpenWindow, tmp_path: Path) -> None:
    opened.window.pages.packing.open_path(str(tmp_path))
    assert any("is not a run's folder" in message.text for message in opened.window.toasts.history)
