"""A page that takes the focus: its bar shows it, and where there is nothing to move Tab goes on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.widgets.scroll_area import PageScroll


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> QWidget:
    """A button, a page, a button."""
    page, content = QWidget(), QWidget()
    column = QVBoxLayout(page)
    for part in (QPushButton("before"), PageScroll(content, "The page"), QPushButton("after")):
        column.addWidget(part)
    qtbot.addWidget(page)
    page.resize(400, 400)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def parts(page: QWidget) -> tuple[QPushButton, PageScroll, QPushButton]:
    before, after = page.findChildren(QPushButton)
    area = page.findChild(PageScroll)
    assert isinstance(area, PageScroll)
    return before, area, after


def accented(area: PageScroll, theme: Theme) -> set[int]:
    """The columns of pixels of the page in which the accent colour is seen."""
    image, accent = area.grab().toImage(), theme.colour(Role.ACCENT)
    return {
        x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y) == accent
    }


def test_the_bar_of_a_long_page_shows_the_focus_and_no_ring_stands_around_the_page(
    page: QWidget, theme: Theme
) -> None:
    before, area, _ = parts(page)
    area.widget().setMinimumHeight(2_000)
    before.setFocus()
    QTest.qWait(0)
    assert not accented(area, theme)
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert area.hasFocus()
    shown = accented(area, theme)
    assert shown
    assert min(shown) >= area.verticalScrollBar().x()


def test_tab_goes_past_a_page_that_is_seen_as_a_whole(page: QWidget) -> None:
    before, _, after = parts(page)
    before.setFocus()
    QTest.keyClick(before, Qt.Key.Key_Tab)
    assert after.hasFocus()
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    assert before.hasFocus()


def test_the_focus_of_what_is_hidden_puts_no_ring_around_the_page(page: QWidget, theme: Theme) -> None:
    before, area, _ = parts(page)
    area.widget().setMinimumHeight(2_000)
    before.setFocus()
    before.hide()
    assert all(x >= area.verticalScrollBar().x() for x in accented(area, theme))


def test_what_a_page_holds_lines_up_with_what_stands_above_it(page: QWidget) -> None:
    before, area, _ = parts(page)
    assert area.widget().mapTo(page, QPoint(0, 0)).x() == before.x()
