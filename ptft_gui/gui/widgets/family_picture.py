"""What the four families do, and a race, as pictures of 72 x 72 drawn in the theme's colours.

A cloud of points, a grid of counts, a sentence with a gap read from both sides, a sentence that goes on to the right;
four lanes of which one stays behind.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, Theme, current_theme
from ptft_gui.gui.theme.roles import blend

SIDE = 72
_RADIUS = 8

# x, y, radius of every point; three groups of words that belong together
_CLOUDS: tuple[tuple[Role, tuple[tuple[float, float, float], ...]], ...] = (
    (Role.TRAINING, ((17, 20, 4), (26, 14, 3), (28, 24, 3.5), (18, 30, 2.5), (35, 18, 2))),
    (Role.HELD_OUT, ((50, 38, 4), (58, 32, 3), (59, 43, 3.5), (49, 48, 2.5), (41, 41, 2))),
    (Role.GOOD, ((22, 54, 3.5), (31, 58, 3), (24, 62, 2.5), (15, 48, 2))),
)
# shares of the accent in a symmetric table of counts
_COUNTS = (
    (0.95, 0.50, 0.10, 0.30, 0.05),
    (0.50, 0.70, 0.25, 0.05, 0.10),
    (0.10, 0.25, 0.85, 0.45, 0.20),
    (0.30, 0.05, 0.45, 0.60, 0.35),
    (0.05, 0.10, 0.20, 0.35, 0.90),
)

# how far each lane has come
_LANES = (16.0, 36.0, 44.0, 50.0)


def _draw_points(painter: QPainter, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for role, points in _CLOUDS:
        painter.setBrush(theme.colour(role))
        for x, y, radius in points:
            painter.drawEllipse(QPointF(x, y), radius, radius)


def _draw_counts(painter: QPainter, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for row, shares in enumerate(_COUNTS):
        for column, share in enumerate(shares):
            painter.setBrush(QColor(blend(theme.hex(Role.TRAINING), theme.hex(Role.SURFACE), share)))
            painter.drawRoundedRect(QRectF(12 + column * 10, 12 + row * 10, 8, 8), 2, 2)


def _draw_word(painter: QPainter, colour: QColor, x: float, y: float, width: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(QRectF(x, y, width, 7), 3, 3)


def _draw_gap(painter: QPainter, colour: QColor, x: float, y: float, width: float) -> None:
    painter.setPen(QPen(colour, 1.6, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(x, y, width, 9), 3, 3)


def _draw_arrow(painter: QPainter, colour: QColor, start: float, end: float, y: float) -> None:
    painter.setPen(QPen(colour, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(start, y), QPointF(end, y))
    back = 5.0 if start < end else -5.0
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    tip = [QPointF(end + back / 3, y), QPointF(end - back, y - 4), QPointF(end - back, y + 4)]
    painter.drawPolygon(QPolygonF(tip))


def _draw_blank(painter: QPainter, theme: Theme) -> None:
    word, accent = theme.colour(Role.CONTROL_BORDER), theme.colour(Role.TRAINING)
    _draw_word(painter, word, 8, 16, 22)
    _draw_word(painter, word, 34, 16, 30)
    _draw_word(painter, word, 8, 32, 14)
    _draw_gap(painter, theme.colour(Role.HELD_OUT), 27, 31, 18)
    _draw_word(painter, word, 50, 32, 14)
    _draw_arrow(painter, accent, 9, 26, 55)
    _draw_arrow(painter, accent, 63, 46, 55)
    painter.setBrush(theme.colour(Role.HELD_OUT))
    painter.drawEllipse(QPointF(36, 55), 3, 3)


def _draw_next(painter: QPainter, theme: Theme) -> None:
    word = theme.colour(Role.CONTROL_BORDER)
    _draw_word(painter, word, 8, 16, 16)
    _draw_word(painter, word, 28, 16, 36)
    _draw_word(painter, word, 8, 32, 26)
    _draw_gap(painter, theme.colour(Role.HELD_OUT), 39, 31, 24)
    _draw_arrow(painter, theme.colour(Role.TRAINING), 9, 61, 55)


def _draw_lanes(painter: QPainter, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    for place, length in enumerate(_LANES):
        y, role = 13 + place * 12, Role.HELD_OUT if place == 0 else Role.TRAINING
        painter.setBrush(theme.colour(Role.CONTROL_BORDER))
        painter.drawRoundedRect(QRectF(10, y + 3, 52, 2), 1, 1)
        painter.setBrush(theme.colour(role))
        painter.drawRoundedRect(QRectF(10, y, length, 8), 4, 4)


_DRAWINGS: dict[str, Callable[[QPainter, Theme], None]] = {
    "word2vec": _draw_points,
    "glove": _draw_counts,
    "bert": _draw_blank,
    "gpt": _draw_next,
    "race": _draw_lanes,
}


def paint_family(painter: QPainter, family: str, theme: Theme) -> None:
    """Draw the picture of ``family`` into 72 x 72 at the painter's origin; :class:`KeyError` for another name."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour(Role.HOVER))
    painter.drawRoundedRect(QRectF(0, 0, SIDE, SIDE), _RADIUS, _RADIUS)
    _DRAWINGS[family](painter, theme)


class FamilyPicture(QWidget):
    """The picture of one model family."""

    def __init__(self, family: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if family not in _DRAWINGS:
            raise KeyError(family)
        self._family = family
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_family(painter, self._family, current_theme())
        painter.end()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()
