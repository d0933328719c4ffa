"""Given against guessed likeness: a point for each pair of texts, and the line on which both agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel

_HEIGHT, _WIDEST = 320, 560
_RADIUS = 3
_TICKS = 5
Points = NDArray[np.float64]


class LikenessCard(Card):
    """likenessCard; hidden where there are no pairs."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.setObjectName("likenessCard")
        self.set_title(self.tr("Given and guessed"))
        self.set_caption(
            self.tr(
                "Each point is a pair: to the right its given score, upwards the model's guess. On the line both "
                "agree; above it the model takes the texts for more alike than your file says."
            )
        )
        self.chart = LikenessChart()
        self.sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.sentence.setObjectName("likenessSentence")
        self.body.addWidget(self.chart)
        self.body.addWidget(self.sentence)
        self.hide()

    def show_points(self, points: Sequence[Sequence[float]], rows: int) -> None:
        """``points``: ``[[given, guessed], ...]`` of the first of ``rows`` pairs."""
        found = np.array([list(point)[:2] for point in points], np.float64).reshape(-1, 2)
        found = found[np.isfinite(found).all(1)]
        self.setVisible(len(found) > 0)
        if not len(found):
            return
        above = int((found[:, 1] > found[:, 0]).sum())
        words = self.tr("{above} of {shown} pairs lie above the line, {below} below.")
        told = words.format(
            above=f"{above:,}", shown=f"{len(found):,}", below=f"{int((found[:, 1] < found[:, 0]).sum()):,}"
        )
        if len(found) < rows:
            told += " " + self.tr("The first {shown} of {rows} pairs are drawn.").format(
                shown=f"{len(found):,}", rows=f"{rows:,}"
            )
        self.sentence.setText(told)
        self.chart.show_points(found, told)


class LikenessChart(QWidget):
    """The points and the line; both axes show the same range."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("likenessChart")
        self._points: Points = np.zeros((0, 2))
        self.setMaximumWidth(_WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self.update)

    def show_points(self, points: Points, sentence: str) -> None:
        """``points``: shape (n, 2), given and guessed."""
        self._points = points
        self.setAccessibleName(self.tr("Given and guessed likeness"))
        self.setAccessibleDescription(sentence)
        self.update()

    def range(self) -> tuple[float, float]:
        """What both axes show."""
        low, high = float(self._points.min()), float(self._points.max())
        step = _step_of(high - low)
        return np.floor(low / step) * step, max(
            np.ceil(high / step) * step, np.floor(low / step) * step + step
        )

    def sizeHint(self) -> QSize:
        return QSize(480, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not len(self._points):
            return
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TextStyle.CAPTION))
        line = painter.fontMetrics().height()
        low, high = self.range()
        ticks = np.arange(low, high + _step_of(high - low) / 2, _step_of(high - low))
        left = max(painter.fontMetrics().horizontalAdvance(f"{tick:g}") for tick in ticks) + Space.SMALL
        frame = QRectF(self.rect()).adjusted(left, line + Space.SMALL, -Space.MEDIUM, -2 * line - Space.SMALL)
        self._paint_scale(painter, frame, [float(tick) for tick in ticks], low, high)
        self._paint_points(painter, frame, low, high)
        painter.end()

    def _paint_scale(
        self, painter: QPainter, frame: QRectF, ticks: list[float], low: float, high: float
    ) -> None:
        theme, line = current_theme(), painter.fontMetrics().height()
        for tick in ticks:
            share = (tick - low) / (high - low)
            x, y = frame.left() + share * frame.width(), frame.bottom() - share * frame.height()
            painter.setPen(QPen(theme.colour(Role.BORDER), 1))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.setPen(theme.colour(Role.QUIET_TEXT))
            at_left = QRectF(0, y - line / 2, frame.left() - Space.HALF, line)
            painter.drawText(
                at_left, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{tick:g}"
            )
            below = QRectF(x - 40, frame.bottom() + Space.HALF / 2, 80, line)
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"{tick:g}")
        box = QRectF(frame.left(), frame.bottom() + line, frame.width(), line + Space.HALF)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, self.tr("given in your file"))
        painter.drawText(
            QRectF(0, 0, frame.width(), line), Qt.AlignmentFlag.AlignLeft, self.tr("guessed by the model")
        )
        painter.setPen(QPen(theme.colour(Role.HELD_OUT), 2, Qt.PenStyle.DashLine))
        painter.drawLine(frame.bottomLeft(), frame.topRight())

    def _paint_points(self, painter: QPainter, frame: QRectF, low: float, high: float) -> None:
        colour = QColor(current_theme().colour(Role.TRAINING))
        colour.setAlpha(150 if len(self._points) > 200 else 210)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for x, y in ((self._points - low) / (high - low)).tolist():
            place = QPointF(frame.left() + x * frame.width(), frame.bottom() - y * frame.height())
            painter.drawEllipse(place, _RADIUS, _RADIUS)


def _step_of(width: float) -> Any:
    """A round distance between ticks: about five of them."""
    rough = max(width, 1e-6) / _TICKS
    power = 10.0 ** np.floor(np.log10(rough))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough)
