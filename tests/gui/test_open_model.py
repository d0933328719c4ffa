"""Word vectors that no run made: opened from the File menu, read, explored, gone on from; what fails is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core.errors import ModelError, Remedy
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.panels.run.explore.opened_model import OpenedModelPage
from ptft_gui.gui.theme import Theme
from tests.gui import fake_asker
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import make_run
from tests.gui.workers import Launches

FACTS: dict[str, Any] = {
    "name": "glove.txt", "format": "glove-text", "words": 400_000, "dimensions": 100, "tokens": None, "dataset": "",
    "examples": [], "notices": ["3 words stand in glove.txt more than once; the first of each is used."],
}  # fmt: skip


@pytest.fixture
def asker(monkeypatch: pytest.MonkeyPatch) -> FakeAsker:
    def facts(arguments: dict[str, Any]) -> dict[str, Any]:
        if "broken" in arguments["model"]:
            raise ModelError(
                "broken.txt holds no word vectors.", "Its first line is empty.", "Choose another file."
            )
        return FACTS

    monkeypatch.setitem(fake_asker._ANSWERS, "vocabulary_info", facts)
    return FakeAsker(holds={"inspect_dataset", "open_data", "start_facts"})


@pytest.fixture
def page(qtbot: QtBot, asker: FakeAsker, theme: Theme) -> OpenedModelPage:
    page = OpenedModelPage(asker)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


def text(page: OpenedModelPage, name: str) -> str:
    label = page.findChild(QLabel, name)
    assert label is not None
    return label.text() or label.toolTip()


def test_a_file_is_read_and_explored_with_every_view_that_needs_no_run(
    page: OpenedModelPage, asker: FakeAsker
) -> None:
    said: list[str] = []
    page.said.connect(said.append)
    asker.holds.add("vocabulary_info")
    page.open("/data/glove.txt")
    assert page.state.isVisible()
    assert page.state.sentence() == "Reading glove.txt ..."
    assert not page.explore.isVisible()
    asker.release()
    assert page.explore.isVisible()
    assert text(page, "openedModelTitle") == "glove.txt"
    assert said == FACTS["notices"]
    assert asker.questions("map")[-1]["model"] == "/data/glove.txt"
    page.explore.neighbours.ask("music")
    assert asker.questions("similar")[-1] == {**asker.questions("similar")[-1], "model": "/data/glove.txt"}
    page.explore.choose("analogy")
    page.explore.analogy.ask("king - man + woman")
    assert asker.questions("analogy")[-1]["model"] == "/data/glove.txt"
    views = {
        button.text(): button.isVisibleTo(page) for button in page.explore._choice.findChildren(QPushButton)
    }
    assert views["Map"]
    assert not views["How a word found its place"]


def test_what_cannot_be_read_is_told_with_a_way_on(qtbot: QtBot, page: OpenedModelPage) -> None:
    page.open("/data/broken.txt")
    assert (
        page.state.sentence()
        == "broken.txt holds no word vectors. Its first line is empty. Choose another file."
    )
    assert not page.findChild(QPushButton, "openedModelGoOn").isEnabled()  # type: ignore[union-attr]
    with qtbot.waitSignal(page.open_requested):
        page.state.button.click()


def test_an_answer_about_an_earlier_file_reaches_nobody(page: OpenedModelPage, asker: FakeAsker) -> None:
    asker.holds.add("vocabulary_info")
    page.open("/data/glove.txt")
    page.open("/data/broken.txt")
    asker.release()
    assert not page.explore.isVisible()
    assert page.state.sentence().startswith("broken.txt holds no word vectors.")


def test_what_only_a_run_can_do_is_said_rather_than_left_without_effect(page: OpenedModelPage) -> None:
    said: list[str] = []
    page.open("/data/glove.txt")
    page.said.connect(said.append)
    page.explore.neighbours.remedy_chosen.emit(
        Remedy("new_run_with", "Train again with limit 3", {"min_count": 3})
    )
    assert said == [
        "This model belongs to no run, so none can be repeated. Choose Go on with new text instead."
    ]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme, asker: FakeAsker) -> Iterator[OpenWindow]:
    launches = Launches()
    make_run(tmp_path, "finished")
    opened = OpenWindow(tmp_path, launches, asker)
    opened.show()
    qtbot.waitExposed(opened.window)
    qtbot.waitUntil(lambda: opened.window._frame.runs_panel.model.rowCount() == 1)
    yield opened
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()
    launches.end_all()


@pytest.mark.parametrize("action", ["open_vectors", "open_model"])
def test_the_file_menu_opens_a_model_and_a_run_goes_on_from_it(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path, action: str
) -> None:
    window = opened.window
    vectors = tmp_path / "vectors.txt"
    vectors.write_text("music 1 2\nwar 2 1\n", encoding="utf-8")
    window._actions[action].trigger()
    dialog = window.findChild(QFileDialog, "openModelDialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(vectors))
    dialog.close()
    page: Any = window._frame.pages.currentWidget()
    assert page.objectName() == "openedModelPage"
    page.explore.choose("compare")
    combo = page.explore.findChild(QComboBox, "otherModel")
    offered = [combo.itemText(row) for row in range(combo.count())]
    assert window._frame.runs_panel.model.all_rows()[0].title in offered
    page.findChild(QPushButton, "openedModelGoOn").click()
    assert window.pages.data.is_new_run(window._frame.pages.currentWidget())
    assert window.pages.data.new_run_page().model.start.path() == str(vectors)
