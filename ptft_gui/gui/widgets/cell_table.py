"""Cells of a person's data as a table: always plain text, in one line, with the number of each row at its left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ptft_gui.gui.theme import TextStyle, current_theme
from ptft_gui.gui.widgets.labels import as_plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_SHOWN_SIGNS = 400
_TIP_SIGNS = 2_000
_SCROLL_BAR = 12
_AT_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_LEAST_COLUMN, _MOST_COLUMN = 80, 360


class CellModel(QAbstractTableModel):
    """Rows of text; the first text of each is the number of the row in the file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns: tuple[str, ...] = ()
        self._rows: tuple[tuple[str, ...], ...] = ()

    def show(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        self.beginResetModel()
        self._columns = tuple(columns)
        self._rows = tuple(tuple(row) for row in rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def cell(self, row: int, column: int) -> str:
        cells = self._rows[row]
        return cells[column + 1] if column + 1 < len(cells) else ""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        text = self.cell(index.row(), index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(text[:_SHOWN_SIGNS].split())
        if role == Qt.ItemDataRole.ToolTipRole and text:
            return as_plain_tooltip(text[:_TIP_SIGNS])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return as_plain_tooltip(self._columns[section])  # a long head is cut
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._columns[section]
        row = self._rows[section]
        return row[0] if row else ""


class CellTable(QTableView):
    """Shows cells; Ctrl+C copies the chosen ones as lines parted by tabs."""

    def __init__(self, accessible_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(accessible_name)
        self._wanted: list[int] = []
        self.cells = CellModel(self)
        self.setModel(self.cells)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setDefaultAlignment(_AT_LEFT)
        self.verticalHeader().setHighlightSections(False)
        current_theme().theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_cells(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show ``rows``, each the number of the row and then its cells; the room goes to the longer columns."""
        self.cells.show(columns, rows)
        self._share_width()

    def fit_height(self, most_rows: int | None = None) -> None:
        """Be exactly as high as the rows are, or as ``most_rows`` of them, with room for the bar that scrolls
        sideways."""
        count = self.cells.rowCount() if most_rows is None else min(self.cells.rowCount(), most_rows)
        rows = self.verticalHeader().defaultSectionSize() * count
        self.setFixedHeight(rows + self.horizontalHeader().sizeHint().height() + _SCROLL_BAR + 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def _share_width(self) -> None:
        metrics = self.fontMetrics()
        self._wanted = []
        for column in range(self.cells.columnCount()):
            texts = [self.cells.cell(row, column)[:200] for row in range(self.cells.rowCount())]
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0) + 24
            self._wanted.append(max(widest, self.horizontalHeader().sectionSizeHint(column), _LEAST_COLUMN))
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Long columns are cut at first; where there is room, each gets of it what it lacks, the longest the rest."""
        widths = [min(wanted, _MOST_COLUMN) for wanted in self._wanted]
        room = self.viewport().width() - sum(widths)
        modes = (self.horizontalHeader().sectionResizeMode(column) for column in range(len(widths)))
        if widths and room > 0 and QHeaderView.ResizeMode.Stretch not in modes:
            lacks = [wanted - width for wanted, width in zip(self._wanted, widths, strict=True)]
            shared = min(room, sum(lacks))
            more = [shared * lack // max(sum(lacks), 1) for lack in lacks]
            widths = [width + each for width, each in zip(widths, more, strict=True)]
            widths[self._wanted.index(max(self._wanted))] += room - sum(more)
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_cells()
            return
        super().keyPressEvent(event)

    @Slot()
    def copy_cells(self) -> None:
        """Put the chosen cells on the clipboard."""
        lines: dict[int, list[str]] = {}
        for index in sorted(self.selectedIndexes(), key=lambda i: (i.row(), i.column())):
            lines.setdefault(index.row(), []).append(
                " ".join(self.cells.cell(index.row(), index.column()).split())
            )
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in lines.values()))

    @Slot()
    def _on_theme_changed(self) -> None:
        pixels = current_theme().pixels(TextStyle.BODY)
        self.verticalHeader().setDefaultSectionSize(round(pixels * 2.2))
        self.viewport().update()
