"""Words as they are written on the map: measured and drawn once, then kept."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from ptft_gui.gui.theme import Role, TextStyle, Theme
from ptft_gui.gui.widgets.word_map.labels import Rect, Weight

_MOST_KEPT, _MOST_SIGNS = 600, 200
_WIDEST = 24
"""A longer word is cut to so many heights of its type."""

_HALO = 3.0
_PAD = {Weight.HIGHLIGHTED: (7.0, 3.0), Weight.BESIDE: (6.0, 2.0)}
_PLAIN_PAD = (3.0, 1.0)
_FRAMED = {
    Weight.HIGHLIGHTED: (Role.SURFACE, Role.ACCENT, Role.ON_ACCENT),
    Weight.BESIDE: (Role.ACCENT, Role.SURFACE, Role.ACCENT),
}
"""Rim, ground and ink."""


def plain(word: str) -> str:
    """A word as it may be written in a line: of sane length, without signs that turn the direction of writing or are
    not signs at all."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in word[:_MOST_SIGNS])


class WordPictures:
    """The look of labels by their weight: a highlighted word stands on the accent, those beside it in a frame, the
    others have a halo."""

    def __init__(self) -> None:
        self._theme: object = None
        self._fonts: dict[Weight, tuple[QFont, QFontMetricsF]] = {}
        self._sizes: dict[tuple[str, Weight], tuple[str, float, float]] = {}
        self._pictures: OrderedDict[tuple[str, Weight, float], QPixmap] = OrderedDict()

    def follow(self, theme: Theme, is_small: bool) -> None:
        """Forget what was drawn in other colours or sizes."""
        key = (theme.scheme, theme.pixels(TextStyle.BODY), is_small)
        if key == self._theme:
            return
        self._theme = key
        self._sizes.clear()
        self._pictures.clear()
        plain = theme.font(TextStyle.CAPTION if is_small else TextStyle.BODY)
        strong = theme.font(TextStyle.STRONG)
        for weight in Weight:
            font = plain if weight == Weight.FREQUENT else strong
            self._fonts[weight] = (font, QFontMetricsF(font))

    def size(self, word: str, weight: Weight) -> tuple[float, float]:
        """Room a label needs, in pixels."""
        return self._measured(word, weight)[1:]

    def _measured(self, word: str, weight: Weight) -> tuple[str, float, float]:
        known = self._sizes.get((word, weight))
        if known is None:
            if len(self._sizes) > 20_000:
                self._sizes.clear()
            metrics = self._fonts[weight][1]
            text = metrics.elidedText(plain(word), Qt.TextElideMode.ElideRight, _WIDEST * metrics.height())
            pad_x, pad_y = _PAD.get(weight, _PLAIN_PAD)
            known = (text, metrics.horizontalAdvance(text) + 2 * pad_x, metrics.height() + 2 * pad_y)
            self._sizes[(word, weight)] = known
        return known

    def draw(self, painter: QPainter, rect: Rect, word: str, weight: Weight, theme: Theme) -> None:
        """Draw a label from the pictures that are kept."""
        ratio = painter.device().devicePixelRatio()
        key = (word, weight, ratio)
        picture = self._pictures.get(key)
        if picture is None:
            picture = self._pictures[key] = self._make(rect, word, weight, theme, ratio)
            if len(self._pictures) > _MOST_KEPT:
                self._pictures.popitem(last=False)
        else:
            self._pictures.move_to_end(key)
        margin = _HALO
        painter.drawPixmap(QPointF(round(rect.left - margin), round(rect.top - margin)), picture)

    def _make(self, rect: Rect, word: str, weight: Weight, theme: Theme, ratio: float) -> QPixmap:
        wide, high = rect.width + 2 * _HALO + 1, rect.height + 2 * _HALO + 1
        picture = QPixmap(int(wide * ratio) + 1, int(high * ratio) + 1)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(0, 0, 0, 0))
        painter = QPainter(picture)
        self.write(painter, Rect(_HALO, _HALO, rect.width, rect.height), word, weight, theme)
        painter.end()
        return picture

    def write(self, painter: QPainter, rect: Rect, word: str, weight: Weight, theme: Theme) -> None:
        """Write a label: text as text, so that a drawing keeps it so."""
        text = self._measured(word, weight)[0]
        font, metrics = self._fonts[weight]
        pad_x, pad_y = _PAD.get(weight, _PLAIN_PAD)
        at = QPointF(rect.left + pad_x, rect.top + pad_y + metrics.ascent())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        if weight in _FRAMED:
            rim, ground, ink = _FRAMED[weight]
            painter.setPen(QPen(theme.colour(rim), 1.5))
            painter.setBrush(theme.colour(ground))
            painter.drawRoundedRect(QRectF(rect.left, rect.top, rect.width, rect.height), 6, 6)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour(ink))
        else:
            draw_halo(painter, at, text, font, theme)
            painter.setPen(theme.colour(Role.TEXT))
        painter.drawText(at, text)


def draw_halo(painter: QPainter, at: QPointF, text: str, font: QFont, theme: Theme) -> None:
    """The ground's colour around a text, so that it can be read on any points."""
    path = QPainterPath()
    path.addText(at, font, text)
    colour = theme.colour(Role.SURFACE)
    colour.setAlphaF(0.86)
    pen = QPen(colour, _HALO)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.strokePath(path, pen)
