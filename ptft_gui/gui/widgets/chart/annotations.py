"""What stands on a chart beside its curves: guessing, the best point, the start, moments, the cross-hair."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QGraphicsLineItem, QGraphicsRectItem, QGraphicsSimpleTextItem

from ptft_gui.gui.theme import Role, TextStyle, text_role
from ptft_gui.gui.widgets.chart.curve import VerticalMark
from ptft_gui.gui.widgets.chart.look import Look

_MARK_ROWS = 3
_RING_SIZE = 11
_WORD_GAP = 8
_NEAR = 24
"""Pixels from its point within which a word needs no line to it."""


class _Word(QGraphicsRectItem):
    """A word on a piece of the chart's ground, so that it can be read where a curve runs behind it."""

    def __init__(self, plot: pg.PlotItem) -> None:
        super().__init__(plot)
        self.text = QGraphicsSimpleTextItem(self)
        self.text.setPos(3, 0)
        self.setPen(Qt.PenStyle.NoPen)
        self.setZValue(50)

    def set_text(self, text: str) -> None:
        self.text.setText(text)
        self.setRect(self.text.boundingRect().adjusted(0, 0, 6, 0))

    def dress(self, look: Look, role: Role) -> None:
        theme = look.theme
        ground = theme.colour(Role.SURFACE)
        ground.setAlphaF(0.8)
        self.setBrush(ground)
        self.text.setFont(theme.font(TextStyle.CAPTION))
        self.text.setBrush(theme.colour(text_role(role)))
        self.set_text(self.text.text())


class NamedPoint:
    """A ring on the chart with a word over or under it."""

    def __init__(self, plot: pg.PlotItem, role: Role) -> None:
        self._plot = plot
        self._role = role
        self._ring = pg.ScatterPlotItem(size=_RING_SIZE, pxMode=True, antialias=True)
        self._ring.setZValue(20)
        plot.addItem(self._ring, ignoreBounds=True)
        self._word = _Word(plot)
        self._word.hide()
        self._line = QGraphicsLineItem(plot)
        self._line.setZValue(19)
        self._line.hide()
        self._at: tuple[float, float] | None = None

    @property
    def text(self) -> str:
        """The word shown, or "" while the point is hidden."""
        return self._word.text.text() if self._at is not None else ""

    def show_at(self, point: tuple[float, float] | None, word: str) -> None:
        """``point`` in view coordinates, or None to hide it."""
        self._at = point
        self._ring.setVisible(point is not None)
        self._word.setVisible(point is not None)
        if point is not None:
            self._ring.setData([point[0]], [point[1]])
            self._word.set_text(word)

    @property
    def room_below(self) -> float:
        """Pixels that the word needs under its point."""
        return _WORD_GAP + self._word.rect().height()

    def place_word(self, is_above: bool, is_crossed: Callable[[QRectF], bool]) -> None:
        """Put the word over or under its point, inside the chart; aside where a curve would run through it."""
        self._line.hide()
        if self._at is None:
            return
        view = self._plot.vb
        room = view.mapRectToItem(self._plot, view.boundingRect())
        spot = view.mapToItem(self._plot, view.mapFromView(QPointF(*self._at)))
        self._word.setVisible(room.adjusted(-2, -2, 2, 2).contains(spot))
        size = self._word.rect()
        above, below = spot.y() - size.height() - _WORD_GAP, spot.y() + _WORD_GAP
        is_above = (is_above and above >= room.top() - 8) or below + size.height() > room.bottom()
        places = _places(spot, size, room, is_above)
        free = (
            place
            for place in places
            if _is_inside(room, place, size) and not is_crossed(size.translated(place))
        )
        self._word.setPos(next(free, places[0]))
        self._draw_line(spot, size.translated(self._word.pos()))

    def _draw_line(self, spot: QPointF, word: QRectF) -> None:
        """From the point to a word that found its place only farther away, where it might seem another point's."""
        near = QPointF(
            min(max(spot.x(), word.left()), word.right()), min(max(spot.y(), word.top()), word.bottom())
        )
        line = QLineF(near, spot)
        self._line.setVisible(self._word.isVisible() and line.length() > _NEAR)
        line.setLength(max(line.length() - self._ring.opts["size"] / 2, 0.0))  # it ends at the ring
        self._line.setLine(line)

    @property
    def has_line(self) -> bool:
        """Whether a line leads from the point to its word."""
        return self._line.isVisible()

    def set_role(self, role: Role, look: Look) -> None:
        """Draw in another colour role from now on."""
        if role != self._role:
            self._role = role
            self.dress(look)

    def dress(self, look: Look) -> None:
        self._ring.setSize(_RING_SIZE * look.symbol_scale)
        self._ring.setPen(look.pen(self._role, 2))
        self._ring.setBrush(look.theme.colour(Role.SURFACE))
        self._line.setPen(look.pen(self._role, 1))
        self._word.dress(look, self._role)


def _places(spot: QPointF, size: QRectF, room: QRectF, is_above: bool) -> list[QPointF]:
    """Where a word may stand at its point, the usual place first, then ever farther from it."""
    heights = {
        far: (
            spot.y() - size.height() * far - _WORD_GAP,
            spot.y() + size.height() * (far - 1) + _WORD_GAP,
        )
        for far in (1, 2, 3)
    }
    over, under = heights[1]
    left = min(max(spot.x() - size.width() / 2, room.left() + 2), room.right() - size.width() - 2)
    places = [QPointF(left, over if is_above else under)]
    for far, (above, below) in heights.items():
        level = spot.y() - size.height() / 2
        sides = (above,) if is_above else (below, above)  # what stands over a near curve stays over it
        gap = _WORD_GAP + (far - 1) * size.width() / 2
        aside = (spot.x() + gap, spot.x() - gap - size.width())
        places += [QPointF(x, y) for y in sides for x in aside]
        places += [] if is_above else [QPointF(x, level) for x in aside]
        places += [QPointF(left, y) for y in sides]
    return places


def _is_inside(room: QRectF, place: QPointF, size: QRectF) -> bool:
    return room.adjusted(0, -8, 0, 0).contains(size.translated(place))


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

    def show(self, marks: Sequence[VerticalMark], look: Look) -> bool:
        """Show ``marks`` instead of those before; whether they differ."""
        if tuple(marks) == self._marks:
            return False
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
        self.dress(look)
        return True

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

    def dress(self, look: Look) -> None:
        pen = look.pen(Role.CONTROL_BORDER, 1, Qt.PenStyle.DotLine)
        for line in self._lines:
            line.setPen(pen)
        for caption in self._captions:
            caption.setFont(look.theme.font(TextStyle.CAPTION))
            caption.setBrush(look.theme.colour(Role.QUIET_TEXT))


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

    def dress(self, look: Look) -> None:
        pen = look.pen(Role.QUIET_TEXT)
        pen.setDashPattern([6, 4])
        self.line.setPen(pen)
        self.label.setFont(look.theme.font(TextStyle.CAPTION))
        self.label.setBrush(look.theme.colour(Role.QUIET_TEXT))


def text_width(item: QGraphicsSimpleTextItem) -> float:
    """Width of the item's text in pixels."""
    return QFontMetricsF(item.font()).horizontalAdvance(item.text())
