"""Words in rows and columns, each with its similarity: neighbours by rank, or by the moment they were seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ptft_gui.gui.theme import Role, TextStyle, current_theme

Index = QModelIndex | QPersistentModelIndex
_SIDE = 4
_LEAST_ROW, _MOST_ROW = 2.25, 3.4
"""Heights of a row in heights of the type: where there is little room, and where there is much."""
_MOST_HEAD_SHARE = 0.36


@dataclass(frozen=True)
class Cell:
    """A word with its similarity, -1 to 1, or None for the word of the row itself; ``is_new``: not there before."""

    word: str = ""
    similarity: float | None = None
    is_new: bool = False

    def in_words(self) -> str:
        return self.word if self.similarity is None else f"{self.word} {self.similarity:.2f}"


class _GridModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.heads: tuple[str, ...] = ()
        self.rows: tuple[tuple[Cell, ...], ...] = ()

    def show(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Keeps the selection when only the words change."""
        new_rows = tuple(tuple(row) for row in rows)
        same_shape = len(heads) == len(self.heads) and len(new_rows) == len(self.rows)
        if not same_shape:
            self.beginResetModel()
        self.heads, self.rows = tuple(heads), new_rows
        if not same_shape:
            self.endResetModel()
        elif new_rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(new_rows) - 1, len(self.heads) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.heads) - 1)

    def cell(self, index: Index) -> Cell:
        row = self.rows[index.row()]
        return row[index.column()] if index.column() < len(row) else Cell()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.heads)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        cell = self.cell(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.word
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return cell.in_words() + (self.tr(", new") if cell.is_new else "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(c.in_words() for c in self.rows[index.row()] if c.word)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads[section]
        return None


class _CellDelegate(QStyledItemDelegate):
    """The word, and below it, quiet and aligned, its similarity; a new word in the accent with a dot before it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        plain = QStyleOptionViewItem(option)
        plain.text = ""
        super().paint(painter, plain, QModelIndex())
        cell: Cell = index.model().cell(index)  # type: ignore[attr-defined]
        if not cell.word:
            return
        theme = current_theme()
        room = QRectF(option.rect).adjusted(_SIDE, 1, -_SIDE, -1)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        is_head = cell.similarity is None
        painter.save()
        painter.setFont(theme.font(TextStyle.STRONG if is_head else TextStyle.BODY))
        painter.setPen(theme.colour(Role.ACCENT if cell.is_new else Role.TEXT))
        words = f"• {cell.word}" if cell.is_new else cell.word
        metrics = QFontMetrics(painter.font())
        small = QFontMetrics(theme.font(TextStyle.CAPTION)).height() - 1
        top = QRectF(room)
        if not is_head:
            block = min(metrics.height() + small, room.height())
            top = QRectF(room.left(), room.center().y() - block / 2, room.width(), block - small)
        painter.drawText(top, left, metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width())))
        if not is_head:
            painter.setFont(theme.font(TextStyle.CAPTION))
            painter.setPen(theme.colour(Role.QUIET_TEXT))
            below = QRectF(room.left(), top.bottom(), room.width(), small)
            painter.drawText(below, left, f"{cell.similarity:.2f}")
        painter.restore()


class WordGrid(QTableView):
    """A quiet table of words; Enter or a double click on a word emits ``word_activated``."""

    word_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _GridModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_CellDelegate(self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(24)
        header.setStyleSheet(f"QHeaderView::section {{ padding: 4px {_SIDE}px; }}")
        self.doubleClicked.connect(self._on_activated)
        current_theme().theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def show_cells(self, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        """Show ``rows`` under ``heads``; a selected place stays selected while the shape is the same."""
        had = len(self._model.heads)
        self._model.show(heads, rows)
        self._fit_rows()
        self._fit_columns(is_new=had != len(heads))

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        """What is shown."""
        return self._model.rows

    def heads(self) -> tuple[str, ...]:
        return self._model.heads

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_rows()
        self._fit_columns()

    def _fit_rows(self) -> None:
        """Lower rows rather than a scroll bar, as far as they stay readable."""
        pixels = current_theme().pixels(TextStyle.BODY)
        room = self.viewport().height() / max(1, len(self._model.rows))
        height = round(max(_LEAST_ROW * pixels, min(_MOST_ROW * pixels, room - 0.5)))
        if height != self.verticalHeader().defaultSectionSize():
            self.verticalHeader().setDefaultSectionSize(height)

    def _fit_columns(self, is_new: bool = False) -> None:
        """The words that name the rows get the width they need, the columns after them share the rest."""
        names = [row[0].word for row in self._model.rows if row and row[0].similarity is None]
        header = self.horizontalHeader()
        if not names or not self._model.heads:
            return
        if is_new:
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        metrics = QFontMetrics(current_theme().font(TextStyle.STRONG))
        widest = max(metrics.horizontalAdvance(name) for name in names) + 4 * _SIDE
        width = min(widest, round(_MOST_HEAD_SHARE * self.viewport().width()))
        if width != header.sectionSize(0):
            header.resizeSection(0, width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._on_activated(self.currentIndex())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _on_activated(self, index: QModelIndex) -> None:
        word = self._model.cell(index).word
        if word:
            self.word_activated.emit(word)

    @Slot()
    def _on_theme_changed(self) -> None:
        self._fit_rows()
        self.viewport().update()
