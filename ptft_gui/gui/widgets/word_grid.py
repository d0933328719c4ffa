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
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ptft_gui.gui.theme import Role, TextStyle, current_theme

Index = QModelIndex | QPersistentModelIndex
_SIDE = 4
_LEAST_ROW, _MOST_ROW = 1.4, 4.6
"""Heights of a row in heights of the type: where there is little room, and where there is much."""
_TWO_LINES = 2.25
"""Below this height a row shows the words alone; how near they are stands in the tooltip."""
_MOST_HEAD_SHARE = 0.36
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_NOT_PLAIN = (
    QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus
)


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
        if len(heads) != len(self.heads) or len(new_rows) != len(self.rows):
            self.beginResetModel()
            self.heads, self.rows = tuple(heads), new_rows
            self.endResetModel()
            return
        old_heads, old_rows = self.heads, self.rows
        self.heads, self.rows = tuple(heads), new_rows
        if self.heads != old_heads:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.heads) - 1)
        for place, (old, new) in enumerate(zip(old_rows, new_rows, strict=True)):
            if old != new:
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.heads) - 1))

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


class _Ink:
    """Fonts and colours of a cell, asked for once a theme: a live grid paints hundreds of cells a second."""

    def __init__(self) -> None:
        theme = current_theme()
        self.strong, self.body = theme.font(TextStyle.STRONG), theme.font(TextStyle.BODY)
        self.caption = theme.font(TextStyle.CAPTION)
        self.text, self.quiet = theme.colour(Role.TEXT), theme.colour(Role.QUIET_TEXT)
        self.accent = theme.colour(Role.ACCENT)
        self.strong_metrics, self.body_metrics = QFontMetrics(self.strong), QFontMetrics(self.body)
        self.small_height = QFontMetrics(self.caption).height() - 1


class _CellDelegate(QStyledItemDelegate):
    """The word, and below it, quiet and aligned, its similarity; a new word in the accent with a dot before it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.dress()

    def dress(self) -> None:
        """Take over the theme that holds now."""
        self._ink = _Ink()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & _NOT_PLAIN:
            ground = QStyleOptionViewItem(option)
            ground.text = ""
            super().paint(painter, ground, QModelIndex())
        cell: Cell = index.model().cell(index)  # type: ignore[attr-defined]
        room = QRectF(option.rect).adjusted(_SIDE, 1, -_SIDE, -1)
        if cell.similarity is None:
            self._draw_word(painter, cell, room, self._ink.strong, self._ink.strong_metrics)
        else:
            self._draw_neighbour(painter, cell, room)

    def _draw_neighbour(self, painter: QPainter, cell: Cell, room: QRectF) -> None:
        ink = self._ink
        if room.height() + 2 < _TWO_LINES * ink.body.pixelSize():
            self._draw_word(painter, cell, room, ink.body, ink.body_metrics)
            return
        small = ink.small_height
        block = min(ink.body_metrics.height() + small, room.height())
        top = QRectF(room.left(), room.center().y() - block / 2, room.width(), block - small)
        self._draw_word(painter, cell, top, ink.body, ink.body_metrics)
        painter.setFont(ink.caption)
        painter.setPen(ink.quiet)
        painter.drawText(
            QRectF(room.left(), top.bottom(), room.width(), small), _LEFT, f"{cell.similarity:.2f}"
        )

    def _draw_word(
        self, painter: QPainter, cell: Cell, room: QRectF, font: QFont, metrics: QFontMetrics
    ) -> None:
        words = f"• {cell.word}" if cell.is_new else cell.word
        painter.setFont(font)
        painter.setPen(self._ink.accent if cell.is_new else self._ink.text)
        painter.drawText(
            room, _LEFT, metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        )


class WordGrid(QTableView):
    """A quiet table of words; Enter or a double click on a word emits ``word_activated``.

    ``resized`` follows when there is another width to fill.
    """

    word_activated = Signal(str)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _GridModel(self)
        self.setModel(self._model)
        self._delegate = _CellDelegate(self)
        self.setItemDelegate(self._delegate)
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
        if event.oldSize().width() != event.size().width():
            self.resized.emit()

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
        self._delegate.dress()
        self._fit_rows()
        self.viewport().update()
