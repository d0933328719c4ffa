"""Running text: its lines are no longer than can be read, however wide the window is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Role, TextStyle, Theme
from ptft_gui.gui.widgets.labels import PlainLabel

SENTENCE = "How wrong the model still is: lower is better. Training is the text that it learns from. " * 4


def longest_line(label: PlainLabel) -> int:
    """Pixels from the first to the last column in which anything is written."""
    image = label.grab().toImage()
    ground = image.pixelColor(image.width() - 1, image.height() - 1)
    columns = [
        x
        for x in range(image.width())
        if any(image.pixelColor(x, y) != ground for y in range(image.height()))
    ]
    return max(columns) - min(columns) if columns else 0


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> QWidget:
    page = QWidget()
    QVBoxLayout(page)
    qtbot.addWidget(page)
    return page


@pytest.mark.parametrize("style", [TextStyle.CAPTION, TextStyle.BODY])
def test_a_line_has_about_a_hundred_letters_on_a_wide_page(page: QWidget, style: TextStyle) -> None:
    label = PlainLabel(SENTENCE, style)
    page.layout().addWidget(label)
    page.layout().addStretch(1)
    page.resize(1_800, 400)
    page.show()
    letter = label.fontMetrics().horizontalAdvance(SENTENCE) / len(SENTENCE)
    assert 85 < longest_line(label) / letter <= 105
    assert label.height() >= 4 * label.fontMetrics().height(), "and all of it is seen"
    page.resize(300, 800)
    assert longest_line(label) < 300
    page.resize(1_800, 400)
    assert 85 < longest_line(label) / letter <= 105


def test_a_label_asks_for_no_more_room_than_before(page: QWidget) -> None:
    label, row = PlainLabel(SENTENCE), QHBoxLayout()
    before = label.sizeHint(), label.minimumSizeHint()
    row.addWidget(label)
    page.layout().addLayout(row)
    page.resize(1_800, 400)
    page.show()
    assert (label.sizeHint(), label.minimumSizeHint()) == before


def test_a_text_is_not_broken_for_its_last_words(page: QWidget) -> None:
    label = PlainLabel(SENTENCE[:115])
    page.layout().addWidget(label)
    page.layout().addStretch(1)
    page.resize(1_800, 400)
    page.show()
    assert label.height() < 2 * label.fontMetrics().height()


@pytest.mark.parametrize("ink", [Role.TEXT, Role.QUIET_TEXT, Role.WARNING_TEXT])
def test_a_long_text_is_written_in_its_colour(page: QWidget, theme: Theme, ink: Role) -> None:
    label = PlainLabel(SENTENCE, TextStyle.BODY, ink)
    page.layout().addWidget(label)
    page.resize(1_800, 400)
    page.show()
    assert label.text_width() < label.width()
    image = label.grab().toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(label.text_width()) for y in range(image.height())
    }
    assert theme.colour(ink).name() in colours


def test_what_does_not_wrap_or_can_be_marked_is_left_alone(page: QWidget) -> None:
    for change in (
        lambda label: label.setWordWrap(False),
        lambda label: label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse),
    ):
        label = PlainLabel(SENTENCE[:180])
        change(label)
        page.layout().addWidget(label)
        page.resize(1_800, 400)
        page.show()
        assert label.text_width() == label.width()
