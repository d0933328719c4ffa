"""Words with bars: how near each is to the word asked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.similarity_model import Column, Neighbour, SimilarityModel, as_csv, as_tsv

Index = QModelIndex | QPersistentModelIndex
_BAR_HEIGHT = 8
_CELL_MARGIN = 11  # where words and column heads begin


class _WordDelegate(QStyledItemDelegate):
    """Writes a word that is new in the list in the accent, with a dot before it."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        neighbour: Neighbour = index.data(Qt.ItemDataRole.UserRole)
        if neighbour.is_new:
            option.text = f"• {option.text}"
            accent = current_theme().colour(Role.ACCENT)
            for palette_role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                option.palette.setColor(palette_role, accent)


class BarDelegate(QStyledItemDelegate):
    """A bar from one common edge and the number behind it, two decimals, aligned on the point.

    The index's UserRole is what has a ``similarity``, drawn from 0 to 1.
    """

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        neighbour: Neighbour = index.data(Qt.ItemDataRole.UserRole)
        text = index.data(Qt.ItemDataRole.DisplayRole)
        super().paint(painter, _without_text(option), QModelIndex())
        cell = QRectF(option.rect).adjusted(_CELL_MARGIN, 0, -_CELL_MARGIN, 0)
        metrics = option.fontMetrics
        number_width = metrics.horizontalAdvance("-0.00") + Space.SMALL
        track = QRectF(
            cell.left(), cell.center().y() - _BAR_HEIGHT / 2, cell.width() - number_width, _BAR_HEIGHT
        )
        self._paint_bar(painter, track, neighbour.similarity)
        painter.setPen(current_theme().colour(Role.TEXT))
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)

    @staticmethod
    def _paint_bar(painter: QPainter, track: QRectF, similarity: float) -> None:
        theme = current_theme()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.BORDER))
        painter.drawRoundedRect(track, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        length = track.width() * min(max(similarity, 0.0), 1.0)
        painter.setBrush(theme.colour(Role.TRAINING))
        painter.drawRoundedRect(
            QRectF(track.topLeft(), track.bottomLeft()).adjusted(0, 0, length, 0),
            _BAR_HEIGHT / 2,
            _BAR_HEIGHT / 2,
        )
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, super().sizeHint(option, index).height())


def _without_text(option: QStyleOptionViewItem) -> QStyleOptionViewItem:
    plain = QStyleOptionViewItem(option)
    plain.text = ""
    return plain


class SimilarityTable(QTableView):
    """Neighbours with ranks, words and similarity bars (objectName neighbourTable unless its user names it).

    Enter or a double click on a word emits ``word_activated``; Ctrl+C copies the chosen rows, or all, as TSV.
    """

    word_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("neighbourTable")
        self.setAccessibleName(self.tr("Nearest words"))
        self._model = SimilarityModel(self)
        self.setModel(self._model)
        self.setItemDelegateForColumn(Column.WORD, _WordDelegate(self))
        self.setItemDelegateForColumn(Column.SIMILARITY, BarDelegate(self))
        self._set_up_look()
        self.doubleClicked.connect(self._emit_word)
        current_theme().theme_changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def _set_up_look(self) -> None:
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(Column.RANK, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(Column.WORD, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(Column.SIMILARITY, QHeaderView.ResizeMode.Stretch)

    def set_rows(self, rows: Sequence[tuple[str, float]], new_words: Collection[str] = ()) -> None:
        """Show ``rows``, pairs of (word, similarity), nearest first; ``new_words`` are marked as new."""
        self._model.set_rows(rows, new_words)

    def rows(self) -> list[tuple[str, float]]:
        return [(n.word, n.similarity) for n in self._model.rows]

    def csv_text(self, query: str) -> str:
        """All rows as CSV, each with the word that was asked for."""
        return as_csv(query, self._model.rows)

    @Slot()
    def copy_rows(self) -> None:
        """Put the chosen rows, or all of them when none is chosen, on the clipboard."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
        rows = self._model.rows
        QGuiApplication.clipboard().setText(as_tsv([rows[i] for i in chosen] if chosen else rows))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._emit_word(self.currentIndex())
            return
        super().keyPressEvent(event)

    @Slot(QModelIndex)
    def _emit_word(self, index: QModelIndex) -> None:
        self.word_activated.emit(self._model.rows[index.row()].word)

    @Slot()
    def _on_theme_changed(self) -> None:
        pixels = current_theme().pixels(TextStyle.BODY)
        self.verticalHeader().setDefaultSectionSize(round(pixels * 2.2))
        self.horizontalHeader().resizeSection(Column.RANK, round(pixels * 3))
        self.viewport().update()
