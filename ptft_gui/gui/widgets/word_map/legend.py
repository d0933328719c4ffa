"""The legend: what the colours mean, in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen

from ptft_gui.gui.theme import Role, TextStyle, Theme
from ptft_gui.gui.widgets.word_map.colouring import RAMP_STEPS, Shades
from ptft_gui.gui.widgets.word_map.labels import Rect

_PAD = 8.0
_EDGE = 12.0
_SWATCH = 10.0
_GAP = 7.0
_BAR = (132.0, 10.0)
_WIDEST = 18.0
_MOST_OF_WIDTH, _MOST_OF_HEIGHT = 0.4, 0.55
"""A legend that would take more of the map is not shown."""


@dataclass(frozen=True)
class Legend:
    """Where the legend stands and what it says; ``rows`` are the rooms of its groups in order."""

    rect: Rect
    lines: tuple[str, ...]
    rows: tuple[Rect, ...]
    title: str
    ends: tuple[str, str] | None

    def group_at(self, x: float, y: float) -> int | None:
        """Which group's name stands there."""
        return next((number for number, row in enumerate(self.rows) if row.holds(x, y)), None)


def lay_out(
    shades: Shades, theme: Theme, width: float, height: float, others: str, title: str
) -> Legend | None:
    """The legend at the lower left of a map of that size, or None where nothing is to be said or there is no room.
    ``others`` names the points of no group, ``title`` a ramp that has no name of its own."""
    metrics = QFontMetricsF(theme.font(TextStyle.CAPTION))
    if shades.names:
        return _lay_out_names(shades, metrics, width, height, others)
    if shades.ends is not None:
        return _lay_out_ramp(shades, shades.title or title, metrics, width, height)
    return None


def _lay_out_names(
    shades: Shades, metrics: QFontMetricsF, width: float, height: float, others: str
) -> Legend | None:
    """All names or none: half a legend would leave colours without a meaning. What a point belongs to is then still
    told beside it."""
    line = metrics.height() + 4
    names = [name or others for name in shades.names]
    wide = min(max(metrics.horizontalAdvance(name) for name in names), _WIDEST * line)
    full = (wide + _SWATCH + _GAP + 2 * _PAD, len(names) * line + 2 * _PAD - 4)
    if full[0] > width * _MOST_OF_WIDTH or full[1] > height * _MOST_OF_HEIGHT:
        return None
    texts = tuple(metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide + 1) for name in names)
    rect = Rect(_EDGE, height - _EDGE - full[1], *full)
    rows = tuple(Rect(rect.left, rect.top + _PAD - 2 + n * line, rect.width, line) for n in range(len(names)))
    return Legend(rect, texts, rows, "", None)


def _lay_out_ramp(
    shades: Shades, name: str, metrics: QFontMetricsF, width: float, height: float
) -> Legend | None:
    title = metrics.elidedText(name, Qt.TextElideMode.ElideRight, _BAR[0])
    lines = 2 if title else 1
    full = (_BAR[0] + 2 * _PAD, lines * metrics.height() + _BAR[1] + 4 + 2 * _PAD)
    if full[0] > width * 0.6 or full[1] > height * _MOST_OF_HEIGHT:
        return None
    return Legend(Rect(_EDGE, height - _EDGE - full[1], *full), (), (), title, shades.ends)


def draw(painter: QPainter, legend: Legend, shades: Shades, theme: Theme, isolated: int | None) -> None:
    """Draw the legend."""
    rect = legend.rect
    ground = theme.colour(Role.SURFACE)
    ground.setAlphaF(0.9)
    painter.setPen(QPen(theme.colour(Role.BORDER), 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(rect.left + 0.5, rect.top + 0.5, rect.width - 1, rect.height - 1), 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    font = theme.font(TextStyle.CAPTION)
    painter.setFont(font)
    metrics = QFontMetricsF(font)
    if legend.ends is not None:
        _draw_ramp(painter, legend, shades, theme, metrics)
        return
    for number, (text, row) in enumerate(zip(legend.lines, legend.rows, strict=True)):
        middle = row.top + row.height / 2
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shades.colours[number]))
        painter.drawEllipse(QPointF(row.left + _PAD + _SWATCH / 2, middle), _SWATCH / 2, _SWATCH / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        is_quiet = isolated is not None and isolated != number
        painter.setPen(theme.colour(Role.QUIET_TEXT if is_quiet else Role.TEXT))
        base = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(row.left + _PAD + _SWATCH + _GAP, base), text)


def _draw_ramp(
    painter: QPainter, legend: Legend, shades: Shades, theme: Theme, metrics: QFontMetricsF
) -> None:
    assert legend.ends is not None
    left, top = legend.rect.left + _PAD, legend.rect.top + _PAD
    painter.setPen(theme.colour(Role.TEXT))
    if legend.title:
        painter.drawText(QPointF(left, top + metrics.ascent()), legend.title)
        top += metrics.height()
    bar = QRectF(left, top + 2, *_BAR)
    gradient = QLinearGradient(bar.topLeft(), bar.topRight())
    for step in range(RAMP_STEPS):
        gradient.setColorAt(step / (RAMP_STEPS - 1), QColor(shades.colours[step]))
    painter.fillRect(bar, gradient)
    base = bar.bottom() + 3 + metrics.ascent()
    painter.setPen(theme.colour(Role.TEXT))
    painter.drawText(QPointF(left, base), legend.ends[0])
    end = metrics.horizontalAdvance(legend.ends[1])
    painter.drawText(QPointF(bar.right() - end, base), legend.ends[1])
