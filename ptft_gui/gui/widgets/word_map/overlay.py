"""What lies over the points: axes, trails, arrows, the points that matter, the lasso, the box under the pointer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from ptft_gui.gui.theme import Role, TextStyle, Theme
from ptft_gui.gui.widgets.word_map.labels import Placed, Rect, Weight
from ptft_gui.gui.widgets.word_map.scene import Arrow, Scene
from ptft_gui.gui.widgets.word_map.view import MapView
from ptft_gui.gui.widgets.word_map.word_pictures import draw_halo

_HEAD = 11.0
_EDGE = 10.0


@dataclass(frozen=True)
class Canvas:
    """Where and in which colours an overlay is drawn; ``screen`` (n, 2) are the points in pixels."""

    painter: QPainter
    theme: Theme
    scene: Scene
    view: MapView
    screen: NDArray[np.float32]
    radius: float

    def colour(self, role: Role, opacity: float = 1.0) -> QColor:
        colour = self.theme.colour(role)
        colour.setAlphaF(opacity)
        return colour

    def point(self, row: int) -> QPointF:
        x, y = self.screen[row].tolist()
        return QPointF(min(max(x, -1e5), 1e5), min(max(y, -1e5), 1e5))


@dataclass(frozen=True)
class AxisName:
    text: str
    rect: Rect


def axis_names(view: MapView, scene: Scene, theme: Theme) -> list[AxisName]:
    """The names at the ends of the axes and their rooms, beside the zero line or at the edge where that is nearer."""
    metrics = QFontMetricsF(theme.font(TextStyle.STRONG))
    high = metrics.height()
    width, height = view.size
    zero_x = width / 2 - view.centre[0] * view.scale[0]
    zero_y = height / 2 + view.centre[1] * view.scale[1]
    names: list[AxisName] = []

    def add(text: str, x: float, y: float) -> None:
        wide = metrics.horizontalAdvance(text)
        left = min(max(x, _EDGE), max(width - _EDGE - wide, 0))
        top = min(max(y, _EDGE), max(height - _EDGE - high, 0))
        names.append(AxisName(text, Rect(left, top, wide, high)))

    if scene.x_names is not None:
        low, far = (f"← {scene.x_names[0]}", f"{scene.x_names[1]} →")
        add(low, _EDGE, zero_y + 4)
        add(far, width - _EDGE - metrics.horizontalAdvance(far), zero_y + 4)
    if scene.y_names is not None:
        low, far = (f"↓ {scene.y_names[0]}", f"↑ {scene.y_names[1]}")
        add(far, zero_x + 8, _EDGE)
        add(low, zero_x + 8, height - _EDGE - high)
    return names


def draw_axes(canvas: Canvas, names: Sequence[AxisName]) -> None:
    """Quiet lines through zero, and what the ends of the axes are called."""
    if not canvas.scene.has_axes:
        return
    painter, view = canvas.painter, canvas.view
    width, height = view.size
    zero_x = width / 2 - view.centre[0] * view.scale[0]
    zero_y = height / 2 + view.centre[1] * view.scale[1]
    painter.setPen(QPen(canvas.colour(Role.CONTROL_BORDER, 0.7), 1))
    if canvas.scene.x_names is not None and 0 <= zero_y <= height:
        painter.drawLine(QLineF(0, zero_y, width, zero_y))
    if 0 <= zero_x <= width:
        painter.drawLine(QLineF(zero_x, 0, zero_x, height))
    font = canvas.theme.font(TextStyle.STRONG)
    ascent = QFontMetricsF(font).ascent()
    for name in names:
        at = QPointF(name.rect.left, name.rect.top + ascent)
        write(canvas, at, name.text, TextStyle.STRONG, Role.QUIET_TEXT)


def write(canvas: Canvas, at: QPointF, text: str, style: TextStyle, role: Role) -> None:
    """A text with its halo; ``at`` is the left end of its base line."""
    font = canvas.theme.font(style)
    draw_halo(canvas.painter, at, text, font, canvas.theme)
    canvas.painter.setFont(font)
    canvas.painter.setPen(canvas.colour(role))
    canvas.painter.drawText(at, text)


def draw_trails(canvas: Canvas) -> None:
    """The way each watched word has come, fading towards its beginning."""
    scene = canvas.scene
    for row, path in scene.trails.items():
        ends = np.vstack([path, scene.positions[row][None]])
        way = canvas.view.to_screen(scene.flat(ends)[:, :2]).clip(-1e5, 1e5)
        count = len(way) - 1
        for number in range(count):
            share = (number + 1) / count
            pen = QPen(canvas.colour(Role.ACCENT, 0.08 + 0.62 * share), 1 + 1.6 * share)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            canvas.painter.setPen(pen)
            (x1, y1), (x2, y2) = way[number].tolist(), way[number + 1].tolist()
            canvas.painter.drawLine(QLineF(x1, y1, x2, y2))


def draw_arrows(canvas: Canvas) -> None:
    """Arrows from point to point, and the dashed sides that close a parallelogram."""
    for arrow in canvas.scene.arrows:
        line = _shortened(
            QLineF(canvas.point(arrow.start), canvas.point(arrow.end)), _emphasis(canvas.radius) + 3
        )
        if line is None:
            continue
        if arrow.is_dashed:
            canvas.painter.setPen(QPen(canvas.colour(Role.CONTROL_BORDER), 1.5, Qt.PenStyle.DashLine))
            canvas.painter.drawLine(line)
        else:
            _draw_arrow(canvas, arrow, line)


def _shortened(line: QLineF, by: float) -> QLineF | None:
    """``line`` without ``by`` pixels at both ends; None where nothing is left of it."""
    length = line.length()
    if length <= 2 * by + 2:
        return None
    return QLineF(line.pointAt(by / length), line.pointAt(1 - by / length))


def _draw_arrow(canvas: Canvas, arrow: Arrow, line: QLineF) -> None:
    painter, colour = canvas.painter, canvas.colour(Role.ACCENT)
    length = line.length()
    head = min(_HEAD, length / 2)
    angle = math.atan2(line.dy(), line.dx())
    tip = line.p2()
    sides = [
        QPointF(tip.x() - head * math.cos(angle + turn), tip.y() - head * math.sin(angle + turn))
        for turn in (0.42, -0.42)
    ]
    painter.setPen(QPen(canvas.colour(Role.SURFACE, 0.8), 5))
    painter.drawLine(line)
    painter.setPen(QPen(colour, 2.2))
    painter.drawLine(QLineF(line.p1(), line.pointAt(1 - head * 0.8 / length)))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([tip, *sides]))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if arrow.label:
        room = _label_room(canvas, arrow)
        ascent = QFontMetricsF(canvas.theme.font(TextStyle.CAPTION)).ascent()
        write(canvas, QPointF(room.left, room.top + ascent), arrow.label, TextStyle.CAPTION, Role.ACCENT)


def _label_room(canvas: Canvas, arrow: Arrow) -> Rect:
    """Where the word of an arrow stands: over its middle."""
    metrics = QFontMetricsF(canvas.theme.font(TextStyle.CAPTION))
    middle = QLineF(canvas.point(arrow.start), canvas.point(arrow.end)).pointAt(0.5)
    wide, high = metrics.horizontalAdvance(arrow.label), metrics.height()
    return Rect(middle.x() - wide / 2, middle.y() - 4 - high, wide, high)


def arrow_label_rooms(canvas: Canvas) -> list[Rect]:
    """The rooms of all words beside arrows."""
    return [_label_room(canvas, arrow) for arrow in canvas.scene.arrows if arrow.label]


def _emphasis(radius: float) -> float:
    """Radius of a point that matters, beside others of ``radius``."""
    return max(radius * 1.25, 4.5)


def draw_emphasised(canvas: Canvas, hovered: int | None) -> None:
    """Points that are highlighted, watched, at an end of an arrow or under the pointer."""
    scene = canvas.scene
    ends = [row for arrow in scene.arrows for row in (arrow.start, arrow.end)]
    shades = scene.shades(canvas.theme)
    size = max(canvas.radius * 1.6, 6.5)
    canvas.painter.setPen(Qt.PenStyle.NoPen)
    canvas.painter.setBrush(canvas.colour(Role.ACCENT, 0.22))
    for row in scene.highlighted[:1]:
        canvas.painter.drawEllipse(canvas.point(row), size * 2.1, size * 2.1)
    for row in dict.fromkeys([*scene.watched, *ends]):
        own = QColor(shades.colours[shades.classes[row]])
        _disc(canvas, row, _emphasis(canvas.radius), own, canvas.colour(Role.TEXT), 1.6)
    for row in reversed(scene.highlighted):
        own_size = size if row == scene.highlighted[0] else _emphasis(canvas.radius)
        _disc(canvas, row, own_size, canvas.colour(Role.ACCENT), canvas.colour(Role.SURFACE), 2)
    if hovered is not None:
        canvas.painter.setBrush(Qt.BrushStyle.NoBrush)
        canvas.painter.setPen(QPen(canvas.colour(Role.TEXT), 2))
        canvas.painter.drawEllipse(canvas.point(hovered), canvas.radius + 4, canvas.radius + 4)


def _disc(canvas: Canvas, row: int, size: float, fill: QColor, rim: QColor, width: float) -> None:
    canvas.painter.setPen(QPen(rim, width))
    canvas.painter.setBrush(fill)
    canvas.painter.drawEllipse(canvas.point(row), size, size)
    canvas.painter.setBrush(Qt.BrushStyle.NoBrush)


def draw_leader(canvas: Canvas, label: Placed) -> None:
    """The line from a point to its label that stands further off."""
    middle = QPointF(label.rect.left + label.rect.width / 2, label.rect.top + label.rect.height / 2)
    is_asked = label.wish.weight == Weight.HIGHLIGHTED
    canvas.painter.setPen(QPen(canvas.colour(Role.ACCENT if is_asked else Role.CONTROL_BORDER), 1.2))
    canvas.painter.drawLine(QPointF(label.wish.x, label.wish.y), middle)


def draw_lasso(canvas: Canvas, outline: NDArray[np.float64]) -> None:
    """The line that is being drawn, closed and lightly filled."""
    path = QPainterPath()
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in outline.tolist()]))
    path.closeSubpath()
    canvas.painter.fillPath(path, canvas.colour(Role.ACCENT, 0.12))
    canvas.painter.strokePath(path, QPen(canvas.colour(Role.ACCENT), 1.5, Qt.PenStyle.DashLine))


def draw_box(canvas: Canvas, at: QPointF, lines: Sequence[str], width: float, height: float) -> None:
    """The dark box with the word (first line) and what is known of it, near ``at`` and within the map."""
    painter, theme = canvas.painter, canvas.theme
    fonts = [theme.font(TextStyle.STRONG), *[theme.font(TextStyle.CAPTION)] * (len(lines) - 1)]
    metrics = [QFontMetricsF(font) for font in fonts]
    most = max(width - 40, 80)
    texts = [
        m.elidedText(t, Qt.TextElideMode.ElideRight, min(most, 420))
        for m, t in zip(metrics, lines, strict=True)
    ]
    wide = max(m.horizontalAdvance(t) for m, t in zip(metrics, texts, strict=True)) + 16
    high = sum(m.height() for m in metrics) + 10
    left = at.x() + 14 if at.x() + 14 + wide < width else at.x() - 14 - wide
    top = at.y() + 14 if at.y() + 14 + high < height else at.y() - 14 - high
    box = QRectF(max(left, 4), max(top, 4), wide, high)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(canvas.colour(Role.TOOLTIP, 0.96))
    painter.drawRoundedRect(box, 6, 6)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(canvas.colour(Role.ON_TOOLTIP))
    base = box.top() + 5
    for font, metric, text in zip(fonts, metrics, texts, strict=True):
        painter.setFont(font)
        painter.drawText(QPointF(box.left() + 8, base + metric.ascent()), text)
        base += metric.height()
