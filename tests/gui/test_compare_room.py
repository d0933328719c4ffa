"""Room on the Compare page: long settings, long heads of columns, large text."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.compare import ComparePage, Setting
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.test_compare_page import ended


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    page = ComparePage(FakeAsker())
    qtbot.addWidget(page)
    page.resize(1040, 700)
    page.show()
    return page


def test_a_long_setting_breaks_into_lines(qtbot: QtBot, page: ComparePage, tmp_path: Path) -> None:
    long = "Random: no pre-training, every number is drawn by chance"
    runs = [
        ended(tmp_path, title=f"Run {n}", settings=(Setting("start", "Numbers of the start", value),))
        for n, value in enumerate((long, "What it has learned", "What it has learned", "What it has learned"))
    ]
    page.show_runs(runs)
    cells = page.settings.cells
    usual = cells.verticalHeader().defaultSectionSize()
    qtbot.waitUntil(lambda: cells.rowHeight(0) > usual)
    narrow = cells.rowHeight(0)
    assert cells.height() >= narrow + cells.horizontalHeader().height()
    page.resize(3000, 700)
    qtbot.waitUntil(lambda: cells.rowHeight(0) < narrow)
    assert cells.rowHeight(0) == usual
    head = cells.model().headerData(3, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
    assert "Run 3" in head


def test_the_chart_grows_with_the_text(page: ComparePage, tmp_path: Path, theme: Theme) -> None:
    page.show_runs([ended(tmp_path), ended(tmp_path, title="Wikipedia - B")])
    plot = page.losses.plot
    assert plot is not None
    before = plot.height()
    theme.set_text_scale(1.75)
    assert plot.height() > 1.5 * before
