"""What stands on a chart beside its curves: guessing, the best point, the start, moments, the cross-hair."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPen
from PySide6.QtWidgets import QGraphicsSimpleTextItem

from ptft_gui.gui.theme import Role, TextStyle, Theme, text_role
from ptft_gui.gui.widgets.chart.curve import VerticalMark

_MARK_ROWS = 3


class NamedPoint:
    """A ring on the chart with a word under or over it."""

    def __init__(self, plot: pg.PlotItem, role: Role, is_word_above: bool) -> None:
        self._plot = plot
        self._role = role
        self._is_word_above = is_word_above
        self._ring = pg.ScatterPlotItem(size=11, pxMode=True, antialias=True)
        self._ring.setZValue(20)
        plot.addItem(self._ring, ignoreBounds=True)
        self.word = QGraphicsSimpleTextItem(plot)
        self._at: tuple[float, float] | None = None

    def show_at(self, point: tuple[float, float] | None, word: str) -> None:
        """``point`` in view coordinates, or None to hide it."""
        self._at = point
        self._ring.setVisible(point is not None)
        self.word.setVisible(point is not None)
        if point is not None:
            self._ring.setData([point[0]], [point[1]])
            self.word.setText(word)

    def place_word(self) -> None:
        """Put the word where its point is on the screen, inside the chart."""
        if self._at is None:
            return
        view = self._plot.vb
        room = view.mapRectToItem(self._plot, view.boundingRect())
        spot = view.mapToItem(self._plot, view.mapFromView(QPointF(*self._at)))
        self.word.setVisible(room.adjusted(-2, -2, 2, 2).contains(spot))
        size = self.word.boundingRect()
        left = min(max(spot.x() - size.width() / 2, room.left() + 2), room.right() - size.width() - 2)
        top = spot.y() - size.height() - 8 if self._is_word_above else spot.y() + 8
        if top + size.height() > room.bottom():
            top = spot.y() - size.height() - 8
        self.word.setPos(left, max(top, room.top()))

    def set_role(self, role: Role, theme: Theme) -> None:
        """Draw in another colour role from now on."""
        if role != self._role:
            self._role = role
            self.dress(theme)

    def dress(self, theme: Theme) -> None:
        self._ring.setPen(QPen(theme.colour(self._role), 2))
        self._ring.setBrush(theme.colour(Role.SURFACE))
        self.word.setFont(theme.font(TextStyle.CAPTION))
        self.word.setBrush(theme.colour(text_role(self._role)))


class Moments:
    """Vertical dashed lines, each with its caption at the top; captions near one another stand in rows."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._lines: list[pg.InfiniteLine] = []
        self._captions: list[QGraphicsSimpleTextItem] = []
        self._marks: tuple[VerticalMark, ...] = ()

    @property
    def captions(self) -> list[str]:
        return [mark.caption for mark in self._marks]

    def show(self, marks: Sequence[VerticalMark], theme: Theme) -> None:
        """Show ``marks`` instead of those before."""
        if tuple(marks) == self._marks:
            return
        self._marks = tuple(marks)
        for line in self._lines:
            self._plot.removeItem(line)
        for caption in self._captions:
            caption.scene().removeItem(caption)
        self._lines = [pg.InfiniteLine(mark.step, angle=90) for mark in marks]
        self._captions = [QGraphicsSimpleTextItem(mark.caption, self._plot) for mark in marks]
        for line in self._lines:
            line.setZValue(5)
            self._plot.addItem(line, ignoreBounds=True)
        self.dress(theme)

    def place_captions(self) -> None:
        """Put every caption beside its line, and none on another."""
        view = self._plot.vb
        room = view.mapRectToItem(self._plot, view.boundingRect())
        ends = [room.left()] * _MARK_ROWS  # where the last caption of each row ends
        for mark, caption in zip(self._marks, self._captions, strict=True):
            x = view.mapToItem(self._plot, view.mapFromView(QPointF(mark.step, 0))).x()
            size = caption.boundingRect()
            left = x + 4 if x + 4 + size.width() < room.right() else x - 4 - size.width()
            row = next((r for r in range(_MARK_ROWS) if left >= ends[r]), None)
            caption.setVisible(row is not None and room.left() <= x <= room.right())
            if row is not None:
                ends[row] = left + size.width() + 8
                caption.setPos(left, room.top() + 2 + row * size.height())

    def dress(self, theme: Theme) -> None:
        pen = QPen(theme.colour(Role.CONTROL_BORDER), 1, Qt.PenStyle.DotLine)
        for line in self._lines:
            line.setPen(pen)
        for caption in self._captions:
            caption.setFont(theme.font(TextStyle.CAPTION))
            caption.setBrush(theme.colour(Role.QUIET_TEXT))


class GuessingLine:
    """A dashed horizontal line with its name at the right, in the row of the curves' names."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.line = pg.InfiniteLine(0, angle=0)
        self.line.setZValue(6)
        self.line.hide()
        plot.addItem(self.line, ignoreBounds=True)
        self.label = QGraphicsSimpleTextItem(plot)
        self.label.hide()

    def show_at(self, position: float | None, label: str) -> None:
        self.line.setVisible(position is not None)
        self.label.setVisible(position is not None)
        self.label.setText(label)
        if position is not None:
            self.line.setValue(position)

    @property
    def is_shown(self) -> bool:
        return bool(self.line.isVisible())

    def dress(self, theme: Theme) -> None:
        pen = QPen(theme.colour(Role.QUIET_TEXT), 1)
        pen.setDashPattern([6, 4])
        self.line.setPen(pen)
        self.label.setFont(theme.font(TextStyle.CAPTION))
        self.label.setBrush(theme.colour(Role.QUIET_TEXT))


def text_width(item: QGraphicsSimpleTextItem) -> float:
    """Width of the item's text in pixels."""
    return QFontMetricsF(item.font()).horizontalAdvance(item.text())
