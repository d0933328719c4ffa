"""The pages of a person's data in a language whose words are 40 % longer: nothing is cut, nothing scrolls sideways."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.test_no_text_is_cut import cut_texts, sideways
from tests.gui.workers import Launches

_MORE = "elle aussi longue que possible et encore un peu plus longue " * 10


class LongerWords(QTranslator):
    """Answers every sentence with itself and two fifths more."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, count: int = -1) -> str:
        return source + _MORE[: round(len(source) * 0.4)].rstrip() if len(source) > 3 else source

    def isEmpty(self) -> bool:
        return False


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    translator = LongerWords()
    qapp.installTranslator(translator)
    launches = Launches()
    opened = OpenWindow(tmp_path, launches, FakeAsker(holds={"inspect_dataset"}))
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()
    launches.end_all()
    qapp.removeTranslator(translator)


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    path = tmp_path / "survey.csv"
    path.write_text("resp_id;Q17_open;v23_rec\n1;More trees;green\n", encoding="utf-8")
    return path


def check(qtbot: QtBot, opened: OpenWindow) -> None:
    window = opened.window
    for width, height in ((1024, 700), (1280, 800)):
        window.resize(width, height)
        with contextlib.suppress(qtbot.TimeoutError):  # layouts settle
            qtbot.waitUntil(lambda: not cut_texts(window) and not sideways(window), timeout=1_000)
        assert (width, cut_texts(window), sideways(window)) == (width, [], [])


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_new_run(qtbot: QtBot, opened: OpenWindow, survey: Path, tab: int) -> None:
    opened.window.show_new_run_with(str(survey))
    data = opened.window.pages.data.new_run_page().data
    qtbot.waitUntil(lambda: data.details.look.studied_data is not None)
    data.tabs.setCurrentIndex(tab)
    check(qtbot, opened)


@pytest.mark.parametrize("tab", [0, 1, 2, 3])
def test_datasets(qtbot: QtBot, opened: OpenWindow, survey: Path, tab: int) -> None:
    opened.window.show_datasets()
    page = opened.window.pages.data.datasets_page()
    page.show_path(str(survey))
    qtbot.waitUntil(lambda: page.details.look.studied_data is not None)
    page.details.tabs.setCurrentIndex(tab)
    check(qtbot, opened)


def test_a_changed_dataset(qtbot: QtBot, opened: OpenWindow) -> None:
    opened.window.show_datasets()
    page = opened.window.pages.data.datasets_page()
    page.show_named("letters")
    qtbot.waitUntil(lambda: page.details.look.studied_data is not None)
    page.details.cleaning.form.set_values({"case": "keep"})
    check(qtbot, opened)
