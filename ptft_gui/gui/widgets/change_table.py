"""Words by how much their meaning changed from one model to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from ptft_gui.gui.theme import TextStyle, current_theme
from ptft_gui.gui.widgets.labels import as_plain_tooltip
from ptft_gui.gui.widgets.similarity_table import BarDelegate

Index = QModelIndex | QPersistentModelIndex
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True)
class Change:
    """``change``: 0 (the same) to 1; ``count``: None where it is not known; neighbours, the nearest first."""

    word: str
    change: float
    count: int | None
    before: tuple[tuple[str, float | None], ...]
    after: tuple[tuple[str, float | None], ...]

    @property
    def similarity(self) -> float:
        """What the bar shows."""
        return self.change


class Column(IntEnum):
    WORD = 0
    CHANGE = 1
    COUNT = 2
    BEFORE = 3
    AFTER = 4


class _ChangeModel(QAbstractTableModel):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: tuple[Change, ...] = ()

    def show(self, rows: Sequence[Change]) -> None:
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _cells(row)[index.column()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (Column.CHANGE, Column.COUNT):
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (Column.BEFORE, Column.AFTER):
            return as_plain_tooltip(_cells(row)[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " ".join(_cells(row)[: Column.BEFORE])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole and section == Column.COUNT:
            return _RIGHT
        if orientation == Qt.Orientation.Vertical or role != Qt.ItemDataRole.DisplayRole:
            return None
        heads = (
            self.tr("word"), self.tr("change"), self.tr("count"), self.tr("near before"), self.tr("near after"),
        )  # fmt: skip
        return heads[section]


def _cells(row: Change) -> tuple[str, str, str, str, str]:
    count = "" if row.count is None else f"{row.count:,}"
    before, after = (", ".join(word for word, _ in near) for near in (row.before, row.after))
    return row.word, f"{row.change:.2f}", count, before, after


class ChangeTable(QTableView):
    """``word_activated``: Enter or a double click; ``row_chosen`` carries a :class:`Change`."""

    word_activated = Signal(str)
    row_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("changeTable")
        self._model = _ChangeModel(self)
        self.setModel(self._model)
        self.setItemDelegateForColumn(Column.CHANGE, BarDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self._set_up_heads()
        self.doubleClicked.connect(self._on_activated)
        self.selectionModel().currentRowChanged.connect(self._on_row_changed)
        current_theme().theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _set_up_heads(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for column in (Column.BEFORE, Column.AFTER):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def show_changes(self, rows: Sequence[Change]) -> None:
        """Show ``rows``; the first of them is chosen."""
        self._model.show(rows)
        self.scrollToTop()
        if rows:
            self.selectRow(0)

    def changes(self) -> tuple[Change, ...]:
        return self._model.rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_activated(self.currentIndex())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        self.word_activated.emit(self._model.rows[index.row()].word)

    @Slot(QModelIndex, QModelIndex)
    def _on_row_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            self.row_chosen.emit(self._model.rows[current.row()])

    @Slot()
    def _on_theme_changed(self) -> None:
        pixels = current_theme().pixels(TextStyle.BODY)
        self.verticalHeader().setDefaultSectionSize(round(pixels * 2.2))
        for column, ems in ((Column.WORD, 8), (Column.CHANGE, 10), (Column.COUNT, 6.5)):
            self.horizontalHeader().resizeSection(column, round(pixels * ems))
        self.viewport().update()
