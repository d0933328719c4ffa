"""What every place is held to finds each fault that is planted, and nothing where there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel
from tests.gui.place_checks import against_reading, badly_reached, faint, nameless, without_room


@pytest.fixture
def place(qtbot: QtBot, theme: Theme) -> Iterator[QWidget]:
    """A label and two buttons below one another, in a window that has the keyboard."""
    window = QWidget()
    place = QWidget(window)
    outer, column = QVBoxLayout(window), QVBoxLayout(place)
    outer.addWidget(place)
    for widget in (PlainLabel("Some words to read"), SecondaryButton("First"), SecondaryButton("Second")):
        column.addWidget(widget)
    window.resize(400, 300)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    yield place
    window.close()
    window.deleteLater()


def found_in(place: QWidget) -> str:
    return "\n".join([*nameless(place), *faint(place), *badly_reached(place), *without_room(place)])


def buttons(place: QWidget) -> list[QPushButton]:
    return place.findChildren(QPushButton)


def label(place: QWidget) -> QLabel:
    found = place.findChild(QLabel)
    assert isinstance(found, QLabel)
    return found


def test_nothing_where_there_is_none(place: QWidget) -> None:
    assert found_in(place) == ""


def test_words_too_near_to_their_ground(place: QWidget) -> None:
    label(place).setStyleSheet("color: #9a9a9a")
    assert found_in(place).startswith("contrast 2.")


def test_a_control_without_a_name(place: QWidget) -> None:
    buttons(place)[0].setText("")
    assert "nameless SecondaryButton" in found_in(place)


def test_a_control_that_does_not_show_the_focus(place: QWidget) -> None:
    place.setStyleSheet(
        "QPushButton, QPushButton:focus { border: 1px solid black; padding: 4px; outline: 0; }"
    )
    assert "no ring: SecondaryButton First" in found_in(place)


def test_a_control_that_tab_does_not_come_to(place: QWidget) -> None:
    buttons(place)[1].setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    assert "never reached: SecondaryButton Second" in found_in(place)


def test_an_order_that_nobody_reads(place: QWidget) -> None:
    first, second = buttons(place)
    assert against_reading([first, second]) == []
    assert against_reading([second, first]) == [
        "against reading: SecondaryButton Second -> SecondaryButton First"
    ]


def test_words_that_have_no_room(place: QWidget) -> None:
    label(place).setFixedSize(40, 12)
    assert "cut: PlainLabel Some words to read" in found_in(place)


def test_words_that_lie_on_others(place: QWidget, qtbot: QtBot) -> None:
    over = PlainLabel("Words on top", parent=place)
    over.setGeometry(label(place).geometry())
    over.show()
    assert "PlainLabel Some words to read lies on PlainLabel Words on top" in found_in(place)
