"""The check of drawn words sees what is drawn, where, and what is too faint; every picture with words passes it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Preference, Role, Theme, current_theme
from ptft_gui.gui.widgets.axis_strip import AxisStrip
from tests.gui.drawn_words import faint_drawn, noted
from tests.gui.place_checks import picture_of


class Painted(QWidget):
    """A word in ``ink`` on ``ground``."""

    def __init__(self, ink: str, ground: str) -> None:
        super().__init__()
        self._ink, self._ground = QColor(ink), QColor(ground)
        self.setMinimumSize(200, 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._ground)
        painter.setPen(self._ink)
        painter.drawText(QRectF(20, 10, 100, 30), int(Qt.AlignmentFlag.AlignCenter), "river")
        painter.drawText(QPointF(130, 40), "bank")
        painter.end()


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    place = QWidget()
    qtbot.addWidget(place)
    column = QVBoxLayout(place)
    for widget in widgets:
        column.addWidget(widget)
    place.show()
    return place


def test_words_are_noted_where_they_stand(qtbot: QtBot, theme: Theme) -> None:
    place = shown(qtbot, Painted("#000000", "#FFFFFF"))
    with noted() as words:
        picture_of(place)
    assert [word.text for word in words] == ["river", "bank"]
    inner = place.findChild(Painted)
    assert inner is not None
    assert words[0].place is not None
    assert words[0].place.left() == pytest.approx(3 * (inner.x() + 20))
    with noted() as words:
        pass
    assert words == []


@pytest.mark.parametrize(
    ("ink", "ground", "is_faint"), [("#9A9A9A", "#FFFFFF", True), ("#5A5A5A", "#FFFFFF", False)]
)
def test_a_faint_word_is_found(qtbot: QtBot, theme: Theme, ink: str, ground: str, is_faint: bool) -> None:
    problems = faint_drawn(shown(qtbot, Painted(ink, ground)))
    assert (len(problems) == 2) is is_faint
    assert (problems == []) is not is_faint


def test_a_dark_word_on_a_dark_ground_of_its_own_is_found(qtbot: QtBot, theme: Theme) -> None:
    assert len(faint_drawn(shown(qtbot, Painted("#1B1F27", "#3B5BDB")))) == 2


def test_a_faint_title_of_a_column_is_found(qtbot: QtBot, theme: Theme) -> None:
    table = QTableView()
    model = QStandardItemModel(2, 2, table)
    model.setHorizontalHeaderLabels(["similarity", "word"])
    table.setModel(model)
    table.verticalHeader().hide()
    place = shown(qtbot, table)
    assert faint_drawn(place) == []
    table.horizontalHeader().setStyleSheet("QHeaderView::section { color: #B0B0B0; background: #FFFFFF; }")
    problems = faint_drawn(place)
    assert len(problems) == 2
    assert "similarity" in problems[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_axis_is_legible(qtbot: QtBot, theme: Theme, scheme: Preference) -> None:
    theme.set_preference(scheme)
    strip = AxisStrip()
    values = np.linspace(-1, 1, 30).astype(np.float32)
    strip.show_words([f"word{n}" for n in range(30)], values, ("man", "woman"), ["word3"])
    place = shown(qtbot, strip)
    place.setStyleSheet(f"background: {current_theme().hex(Role.SURFACE)};")
    with noted() as words:
        picture_of(place)
    assert {"word3", "word29"} <= {word.text for word in words}
    assert faint_drawn(place) == []
