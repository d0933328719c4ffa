"""A table whose cells break into lines where they are long: a row for each thing, a column for each run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.cell_table import CellTable

_BELOW = 2


class WholeCells(CellTable):
    """Always as high as its rows are; what a row is called stands at the left of it, whole too."""

    def __init__(self, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(accessible_name, parent)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)

    def show_cells(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        super().show_cells(columns, rows)
        self._fit_rows()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_rows()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_rows()

    def _fit_rows(self) -> None:
        """Give each row the lines that its longest cell needs in the width there is."""
        least = self.verticalHeader().defaultSectionSize()
        height = self.horizontalHeader().sizeHint().height() + _BELOW
        for row in range(self.cells.rowCount()):
            needed = self.sizeHintForRow(row)
            is_one_line = needed < 2 * self.fontMetrics().lineSpacing()
            self.setRowHeight(row, least if is_one_line else needed + Space.SMALL)
            height += self.rowHeight(row)
        self.setFixedHeight(height)
