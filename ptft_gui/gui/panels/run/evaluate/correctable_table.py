"""A table of rows of a run, each of which can be corrected: by its last column, Return, or the right button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from ptft_gui.gui.panels.run.row_corrections import CorrectableRow, RowCorrections
from ptft_gui.gui.widgets.cell_table import CellTable

_LEAST_FIRST, _WIDEST, _NARROWEST = 240, 360, 80
_WIDEST_LAST = 160
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class CorrectableTable(CellTable):
    """Shows cells, and behind them what was corrected of each row; the menu of a row opens at it."""

    def __init__(
        self, accessible_name: str, corrections: RowCorrections, parent: QWidget | None = None
    ) -> None:
        super().__init__(accessible_name, parent)
        self._corrections = corrections
        self._heads: tuple[str, ...] = ()
        self._cells: tuple[tuple[str, ...], ...] = ()
        self._rows: tuple[CorrectableRow | None, ...] = ()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_context_menu)
        self.clicked.connect(self._on_clicked)
        corrections.changed.connect(self.show_corrections)

    def show_rows(
        self,
        heads: Sequence[str],
        cells: Sequence[Sequence[str]],
        rows: Sequence[CorrectableRow | None],
    ) -> None:
        """``cells``: as in :meth:`show_cells`; ``rows``: which row each of them is, None for one that is not known."""
        self._heads = tuple(heads)
        self._cells, self._rows = tuple(tuple(each) for each in cells), tuple(rows)
        self._fill()
        if self._cells:
            self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)

    def _fill(self) -> None:
        words = [self._corrections.words_of(row) for row in self._rows]
        if any(words):
            cells = [(*each, word) for each, word in zip(self._cells, words, strict=True)]
            self.show_cells((*self._heads, self.tr("Correction")), cells)
        else:
            self.show_cells(self._heads, self._cells)

    @Slot()
    def show_corrections(self) -> None:
        """Say again what was corrected; the chosen row stays chosen."""
        place = self.currentIndex()
        self._fill()
        if place.isValid():
            self.setCurrentIndex(self.model().index(place.row(), place.column()))

    def _fit_columns(self) -> None:
        """All columns are seen at once, the last one above all: long ones are cut, the first gets what is left."""
        super()._fit_columns()
        if len(self._wanted) != self.cells.columnCount():
            return  # other cells are just being shown
        whole = self.viewport().width()
        widest = max(_WIDEST, whole // 2)
        widths = {place: self._wanted[place] for place in range(1, self.cells.columnCount())}
        last = self.cells.columnCount() - 1
        wanted = min(widths.pop(last, 0), _WIDEST_LAST)
        if wanted:
            self.setColumnWidth(last, wanted)
        first = max(_LEAST_FIRST, min(self._wanted[0], whole // 3)) if self._wanted else _LEAST_FIRST
        room = whole - first - wanted
        most = next(
            (
                most
                for most in range(widest, _NARROWEST, -8)
                if sum(min(w, most) for w in widths.values()) <= room
            ),
            _NARROWEST,
        )
        for place, width in widths.items():
            self.setColumnWidth(place, min(width, most))

    # asking

    @Slot(QModelIndex)
    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == len(self._heads):
            self._open_menu(index.row())

    @Slot(QPoint)
    def _on_context_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        if index.isValid():
            self.setCurrentIndex(index)
            self._open_menu(index.row(), self.viewport().mapToGlobal(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _RETURN and self.currentIndex().isValid():
            self._open_menu(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def menu_at(self, row: int) -> QMenu | None:
        """What can be done about a row; None where nothing can be changed."""
        known = self._rows[row] if row < len(self._rows) else None
        if known is None or not self._corrections.may_change:
            return None
        return self._corrections.menu_of(known, self)

    def _open_menu(self, row: int, place: QPoint | None = None) -> None:
        if (menu := self.menu_at(row)) is not None:
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            at = self.visualRect(self.model().index(row, len(self._heads))).bottomLeft()
            menu.popup(place or self.viewport().mapToGlobal(at))
