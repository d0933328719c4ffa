"""A card of rows: a quiet name, a value, and below it, smaller, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel


@dataclass(frozen=True)
class Row:
    """``note`` explains the value; ``is_strong`` sets the value off."""

    name: str
    value: str
    note: str = ""
    is_strong: bool = False


class RowsCard(Card):
    """Shows rows in two columns; the labels are made again only when the rows change."""

    def __init__(self, title: str, name: str, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, caption, parent)
        self.setObjectName(name)
        self._rows: tuple[Row, ...] = ()
        self._content = QWidget()
        self.body.addWidget(self._content)

    def rows(self) -> tuple[Row, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows``; none hides the whole card."""
        self.setVisible(bool(rows))
        if tuple(rows) == self._rows:
            return
        self._rows = tuple(rows)
        self.body.removeWidget(self._content)
        self._content.hide()
        self._content.deleteLater()
        self._content = _grid_of(self._rows)
        self.body.addWidget(self._content)


def _grid_of(rows: Sequence[Row]) -> QWidget:
    content = QWidget()
    grid = QGridLayout(content)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.MEDIUM)
    grid.setVerticalSpacing(Space.SMALL)
    grid.setColumnStretch(0, 2)
    grid.setColumnStretch(1, 3)
    for line, row in enumerate(rows):
        name = PlainLabel(row.name, TextStyle.BODY, Role.QUIET_TEXT)
        grid.addWidget(name, line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_value_of(row), line, 1, Qt.AlignmentFlag.AlignTop)
    return content


def _value_of(row: Row) -> QWidget:
    """The value with its note close below, so that every row is as far from the next one."""
    value = PlainLabel(row.value, TextStyle.STRONG if row.is_strong else TextStyle.BODY)
    value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if not row.note:
        return value
    cell = QWidget()
    column = QVBoxLayout(cell)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addWidget(value)
    column.addWidget(PlainLabel(row.note, TextStyle.CAPTION, Role.QUIET_TEXT))
    return cell
