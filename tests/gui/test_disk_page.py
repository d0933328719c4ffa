"""The page *What uses the disk* in the real window: numbers, one question before anything goes, and read-only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.hub.models import HubModel, folder_of, write_hub_file
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.dialogs.questions import QuestionDialog
from ptft_gui.gui.panels.disk import DiskPage
from ptft_gui.gui.panels.disk.page import WAYS
from ptft_gui.gui.theme import Theme
from tests.core.test_disk_use import add_checkpoints, steps_of
from tests.gui.fixtures_runs import living, make_run
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
    assert not any(button(opened, way).isEnabled() for way in WAYS)


def test_models_of_the_network_are_counted_and_can_be_removed(
    qtbot: QtBot, opened: OpenWindow, home_of_its_own: Path
) -> None:
    model = fetched_model(home_of_its_own, 3_000_000)
    opened.window.pages.disk.show()
    qtbot.waitUntil(lambda: button(opened, "models").isEnabled())
    assert button(opened, "models").text() == "Remove downloaded models (3.0 MB)"
    assert "Models of the network take 3.0 MB beside them." in shown_words(opened)
    button(opened, "models").click()
    answer(opened.window, "cleanDialog", "clean")
    qtbot.waitUntil(lambda: not model.exists() and not button(opened, "models").isEnabled())
    qtbot.waitUntil(lambda: "Models of the network" not in shown_words(opened))


def test_no_model_is_removed_while_a_run_may_read_it(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path, home_of_its_own: Path
) -> None:
    fetched_model(home_of_its_own, 5_000)
    with living(make_run(tmp_path / "runs", "running")):
        opened.window.pages.disk.show()
        qtbot.waitUntil(lambda: "Models of the network" in shown_words(opened))
        assert not button(opened, "models").isEnabled()
        assert (
            button(opened, "models").text() == "Remove downloaded models (5.0 kB)"
        )  # what it takes, all the same


def test_the_question_about_the_trash_does_not_say_that_what_was_learned_stays(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path
) -> None:
    thrown_away = tmp_path / "runs" / ".trash" / "20260101-000000-word2vec-old"
    thrown_away.mkdir(parents=True)
    (thrown_away / "spec.json").write_text("x" * 2_000)
    opened.window.pages.disk.show()
    qtbot.waitUntil(lambda: button(opened, "trash").isEnabled())
    button(opened, "trash").click()
    dialog = opened.window.findChild(QuestionDialog, "cleanDialog")
    assert dialog is not None
    told = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "the runs in it are gone with all that they have learned" in told
    assert "What runs have learned" not in told
    answer(opened.window, "cleanDialog", "keep")
    assert thrown_away.exists()


def test_a_run_thrown_away_is_brought_back_from_the_page(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path
) -> None:
    run = make_run(tmp_path / "runs", "finished")
    qtbot.waitUntil(lambda: run.name in listed(opened), timeout=10_000)
    opened.window.pages.disk.show()
    page = opened.window.findChild(DiskPage, "diskPage")
    qtbot.waitUntil(lambda: page.table.cells.rowCount() == 1)
    assert not page.trash.isVisible()
    opened.controller.discard(run.name)
    qtbot.waitUntil(lambda: page.trash.isVisible(), timeout=10_000)
    assert any("kept for 7 days more" in label.text() for label in page.trash.findChildren(QLabel))
    back = next(b for b in page.trash.findChildren(QAbstractButton) if b.text() == "Bring back")
    back.click()
    qtbot.waitUntil(lambda: run.path.is_dir() and not page.trash.isVisible(), timeout=10_000)
    assert page.table.cells.rowCount() == 1
    assert run.state() == "finished"


def listed(opened: OpenWindow) -> list[str]:
    return [row.name for row in opened.window._frame.runs_panel.model.all_rows()]


def shown_words(opened: OpenWindow) -> str:
    label = opened.window.findChild(QLabel, "diskRoom")
    assert isinstance(label, QLabel)
    return label.text()


def fetched_model(home: Path, size: int) -> Path:
    folder = folder_of(home, "someone/small-bert", "0123456789abcdef")
    folder.mkdir(parents=True)
    write_hub_file(folder, HubModel("someone/small-bert", "0123456789abcdef", folder))
    card = (folder / "hub.json").stat().st_size
    (folder / "model.safetensors").write_bytes(b"x" * (size - card))
    return folder
