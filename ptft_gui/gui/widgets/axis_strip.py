"""Words along one axis between two meanings, as many with their names as find room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.labels import as_plain_tooltip

_MOST_LABELS = 160
_DOT = 2.5
_REACH = 8
"""Pixels within which the pointer finds a word."""


@dataclass(frozen=True)
class _Label:
    row: int
    box: QRectF


class AxisStrip(QWidget):
    """Each word stands above its place on the axis; those far out are named first, the others are dots.

    ``word_activated``: a double click on a word.
    """

    word_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("axisStrip")
        self.setMouseTracking(True)
        self.setMinimumSize(280, 160)
        self._words: tuple[str, ...] = ()
        self._values: NDArray[np.float64] = np.empty(0)
        self._names = ("", "")
        self._marked: frozenset[str] = frozenset()
        self._labels: list[_Label] = []
        self._base = 0.0
        current_theme().theme_changed.connect(self.update)

    def show_words(
        self, words: Sequence[str], values: NDArray[np.float32], names: tuple[str, str], marked: Sequence[str]
    ) -> None:
        """Show ``words`` at ``values``, from the meaning ``names[0]`` (left) to ``names[1]``; ``marked`` stand out."""
        self._words = tuple(words)
        self._values = np.asarray(values, dtype=np.float64)
        self._names, self._marked = names, frozenset(marked)
        self.setAccessibleDescription(self.in_words())
        self.update()

    def in_words(self) -> str:
        """The words at both ends, for those who do not see the strip."""
        if not self._words:
            return ""
        order = np.argsort(self._values)
        ends = [" ".join(self._words[i] for i in part) for part in (order[:8], order[::-1][:8])]
        return f"{self._names[0]}: {ends[0]}. {self._names[1]}: {ends[1]}."

    def labels(self) -> list[tuple[str, QRectF]]:
        """The words that are named, with the room each takes."""
        self._place(self.size())
        return [(self._words[label.row], label.box) for label in self._labels]

    def sizeHint(self) -> QSize:
        return QSize(560, 280)

    # --- placing -----------------------------------------------------------------------------------------------

    def _x(self, size: QSize) -> NDArray[np.float64]:
        """Places on the screen, shape (n,): the words spread over the whole width."""
        low, high = float(self._values.min()), float(self._values.max())
        span = (high - low) or 1.0
        return _side(size) + (self._values - low) / span * (size.width() - 2 * _side(size))

    def _place(self, size: QSize) -> None:
        """Give each word the lowest free lane above its place, the marked and the outer ones first.

        The whole stands in the middle of the height.
        """
        self._labels, self._base = [], float(size.height() - _foot_height())
        if not self._words:
            return
        metrics = QFontMetrics(current_theme().font(TextStyle.CAPTION))
        height = metrics.height() + 2
        top, base = Space.HALF, self._base
        lanes: list[list[tuple[float, float]]] = [[] for _ in range(max(int((base - top - 6) // height), 1))]
        xs = self._x(size)
        for row in self._by_importance()[:_MOST_LABELS]:
            width = metrics.horizontalAdvance(self._words[row]) + 6
            left = min(max(xs[row] - width / 2, 0.0), max(size.width() - width, 0.0))
            for number, taken in enumerate(lanes):
                if all(left >= end or left + width <= start for start, end in taken):
                    taken.append((left, left + width))
                    bottom = base - 6 - number * height
                    self._labels.append(_Label(row, QRectF(left, bottom - height, width, height)))
                    break
        spare = (base - 6 - sum(bool(taken) for taken in lanes) * height - top) / 2
        self._base -= spare
        self._labels = [_Label(label.row, label.box.translated(0, -spare)) for label in self._labels]

    def _by_importance(self) -> list[int]:
        outer = np.argsort(-np.abs(self._values - np.median(self._values)), kind="stable").tolist()
        return sorted(outer, key=lambda row: self._words[row] not in self._marked)

    # --- drawing -----------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, self.size())
        painter.end()

    def draw(self, painter: QPainter, size: QSize) -> None:
        """Paint the strip, on the screen or for a file."""
        if not self._words:
            return
        self._place(size)
        base = self._base
        self._draw_axis(painter, size, base)
        xs = self._x(size)
        for row, x in enumerate(xs.tolist()):
            self._draw_dot(painter, QPointF(x, base), self._words[row] in self._marked)
        painter.setFont(current_theme().font(TextStyle.CAPTION))
        for label in self._labels:
            is_marked = self._words[label.row] in self._marked
            painter.setPen(current_theme().colour(Role.ACCENT if is_marked else Role.TEXT))
            painter.drawText(label.box, int(Qt.AlignmentFlag.AlignCenter), self._words[label.row])

    def _draw_axis(self, painter: QPainter, size: QSize, base: float) -> None:
        theme = current_theme()
        painter.setPen(QPen(theme.colour(Role.CONTROL_BORDER), 1))
        painter.drawLine(QPointF(_side(size), base), QPointF(size.width() - _side(size), base))
        painter.setFont(theme.font(TextStyle.STRONG))
        painter.setPen(theme.colour(Role.TEXT))
        half = size.width() / 2
        names = QRectF(0, base + 8, half - Space.SMALL, _foot_height() - 8)
        metrics = painter.fontMetrics()
        left, right = (
            metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(names.width() - 24))
            for name in self._names
        )
        at_left, at_right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(names, int(at_left | middle), f"\N{LEFTWARDS ARROW} {left}")
        other = names.translated(half + Space.SMALL, 0)
        painter.drawText(other, int(at_right | middle), f"{right} \N{RIGHTWARDS ARROW}")

    @staticmethod
    def _draw_dot(painter: QPainter, place: QPointF, is_marked: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current_theme().colour(Role.ACCENT if is_marked else Role.TRAINING))
        painter.drawEllipse(place, _DOT + is_marked, _DOT + is_marked)

    # --- the pointer -------------------------------------------------------------------------------------------

    def _row_at(self, place: QPointF) -> int | None:
        for label in self._labels:
            if label.box.contains(place):
                return label.row
        if not self._words or abs(place.y() - self._base) > _REACH:
            return None
        distance = np.abs(self._x(self.size()) - place.x())
        nearest = int(distance.argmin())
        return nearest if distance[nearest] <= _REACH else None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None:
            self.word_activated.emit(self._words[row])

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row = self._row_at(QPointF(event.pos()))
            if row is None:
                QToolTip.hideText()
            else:
                tip = as_plain_tooltip(f"{self._words[row]} {self._values[row]:+.2f}")
                QToolTip.showText(event.globalPos(), tip, self)
            return True
        return super().event(event)


def _side(size: QSize) -> float:
    """Room at the left and right, so that a word at the end is not far from its dot."""
    return min(40.0, size.width() / 8)


def _foot_height() -> int:
    return current_theme().pixels(TextStyle.STRONG) + Space.LARGE
