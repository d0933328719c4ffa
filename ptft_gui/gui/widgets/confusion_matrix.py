"""How often rows of each class were answered with each class, as a table whose cells are coloured by share."""

from __future__ import annotations

from collections.abc import Sequence
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
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ptft_gui.gui.theme import Role, TextStyle, current_theme
from ptft_gui.gui.widgets.labels import as_plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_MOST_TINT = 0.45
"""How much of the accent the fullest cell gets: its count stays readable on it."""
_NAME_SIGNS = 24
_LEAST_CELL, _MOST_CELL = 56, 120


class MatrixModel(QAbstractTableModel):
    """``counts[t][a]``: rows of class t answered with class a."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.labels: tuple[str, ...] = ()
        self.counts: tuple[tuple[int, ...], ...] = ()

    def show(self, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        self.beginResetModel()
        self.labels = tuple(labels)
        self.counts = tuple(tuple(int(count) for count in row) for row in counts)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.counts)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.counts)

    def share(self, row: int, column: int) -> float:
        """Of the rows of its true class."""
        return self.counts[row][column] / max(sum(self.counts[row]), 1)

    def sentence(self, row: int, column: int) -> str:
        """A cell in words."""
        words = self.tr('{count} of {all} rows that are "{true}" were answered "{answered}" ({share}).')
        return words.format(
            count=f"{self.counts[row][column]:,}",
            all=f"{sum(self.counts[row]):,}",
            true=self.labels[row],
            answered=self.labels[column],
            share=f"{100 * self.share(row, column):.0f} %",
        )

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{self.counts[index.row()][index.column()]:,}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_plain_tooltip(self.sentence(index.row(), index.column()))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.sentence(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        name = " ".join(self.labels[section].split())
        if role == Qt.ItemDataRole.DisplayRole:
            return name if len(name) <= _NAME_SIGNS else f"{name[: _NAME_SIGNS - 1]}\N{HORIZONTAL ELLIPSIS}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return as_plain_tooltip(self.labels[section][:1000])
        return None


class _CellDelegate(QStyledItemDelegate):
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, theme = index.model(), current_theme()
        assert isinstance(model, MatrixModel)
        view = self.parent()
        cell = QRectF(option.rect).adjusted(1, 1, -1, -1)
        painter.save()
        painter.fillRect(cell, _tint(model.share(index.row(), index.column())))
        count = model.counts[index.row()][index.column()]
        painter.setPen(theme.colour(Role.TEXT if count else Role.QUIET_TEXT))
        is_right = index.row() == index.column()
        painter.setFont(theme.font(TextStyle.STRONG if is_right else TextStyle.BODY))
        painter.drawText(cell, int(Qt.AlignmentFlag.AlignCenter), f"{count:,}")
        if isinstance(view, QTableView) and view.currentIndex() == index:
            painter.setPen(QPen(theme.colour(Role.ACCENT), 2))
            painter.drawRect(cell.adjusted(1, 1, -1, -1))
        painter.restore()


def _tint(share: float) -> QColor:
    """Between the surface and the accent."""
    theme = current_theme()
    ground, accent = theme.colour(Role.SURFACE), theme.colour(Role.ACCENT)
    part = _MOST_TINT * min(max(share, 0.0), 1.0)
    channels = [
        round(low + (high - low) * part)
        for low, high in zip(ground.getRgb()[:3], accent.getRgb()[:3], strict=True)  # type: ignore[index]
    ]
    return QColor(*channels)


class ConfusionMatrix(QTableView):
    """Rows are what is true, columns what was answered; ``cell_chosen`` carries both labels of the chosen cell."""

    cell_chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusionMatrix")
        self.setAccessibleName(self.tr("Confusion matrix: rows are true classes, columns answered ones"))
        self.cells = MatrixModel(self)
        self.setModel(self.cells)
        self.setItemDelegate(_CellDelegate(self))
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setHighlightSections(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.verticalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.selectionModel().currentChanged.connect(self._on_current_changed)
        current_theme().theme_changed.connect(self._fit)

    def show_matrix(self, labels: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        self.cells.show(labels, counts)
        self._fit()

    def choose(self, true: str, answered: str) -> None:
        """Choose a cell by its labels."""
        labels = self.cells.labels
        if true in labels and answered in labels:
            self.setCurrentIndex(self.cells.index(labels.index(true), labels.index(answered)))

    @Slot()
    def _fit(self) -> None:
        """Cells wide enough for their heads; the table as high as its rows, up to a screenful."""
        pixels = current_theme().pixels(TextStyle.BODY)
        metrics = self.horizontalHeader().fontMetrics()
        widest = max((metrics.horizontalAdvance(label) for label in self.cells.labels), default=0) + 16
        width = min(max(widest, _LEAST_CELL), round(_MOST_CELL * pixels / 13))
        height = round(pixels * 2.6)
        self.horizontalHeader().setDefaultSectionSize(width)
        self.verticalHeader().setDefaultSectionSize(height)
        rows = min(self.cells.rowCount(), 12)
        self.setFixedHeight(rows * height + self.horizontalHeader().sizeHint().height() + 16)
        heads = self.verticalHeader().sizeHint().width()
        self.setMaximumWidth(heads + self.cells.columnCount() * width + 2 * self.frameWidth() + 16)
        self.viewport().update()

    @Slot(QModelIndex, QModelIndex)
    def _on_current_changed(self, index: QModelIndex, _before: QModelIndex) -> None:
        self.viewport().update()
        if index.isValid():
            self.cell_chosen.emit(self.cells.labels[index.row()], self.cells.labels[index.column()])
