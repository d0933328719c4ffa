"""Words that widgets draw themselves, in charts, maps and pictures: noted while drawn, and held to contrast."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from ptft_gui.gui.theme import Role, contrast_ratio, current_theme
from tests.gui.place_checks import (
    LEAST_CONTRAST,
    Colours,
    called,
    contrast_in,
    in_window,
    part_of,
    picture_of,
)


@dataclass(frozen=True)
class DrawnWord:
    """``place``: in dots of the picture; None where it was drawn elsewhere first, as charts keep their axes."""

    text: str
    ink: QColor
    place: QRectF | None


@contextmanager
def noted() -> Iterator[list[DrawnWord]]:
    """All words that Python draws meanwhile."""
    found: list[DrawnWord] = []
    draw = QPainter.drawText

    def note(painter: QPainter, *where: Any) -> Any:
        text = next((str(part) for part in where if isinstance(part, str)), "")
        if text.strip():
            found.append(DrawnWord(text, painter.pen().color(), _place(painter, text, where)))
        return draw(painter, *where)

    QPainter.drawText = note  # type: ignore[method-assign,assignment]
    try:
        yield found
    finally:
        QPainter.drawText = draw  # type: ignore[method-assign]


def _place(painter: QPainter, text: str, where: tuple[Any, ...]) -> QRectF | None:
    """Where on the picture the words come to stand; None where they are kept to be drawn later."""
    device = painter.device()
    if not isinstance(device, QWidget):
        return None
    first = where[0]
    if isinstance(first, QRect | QRectF):
        room = QRectF(first)
    elif isinstance(first, QPoint | QPointF):
        room = QFontMetricsF(painter.font()).boundingRect(text).translated(QPointF(first))
    else:
        return None
    return painter.deviceTransform().mapRect(room)


def faint_drawn(place: QWidget) -> list[str]:
    """Words drawn by a widget itself, and titles of columns, whose ink is too near to what is drawn behind them."""
    with noted() as words:
        picture = picture_of(place.window())
    ratios = ((word.text, _ratio(word, picture)) for word in words)
    found = [f"contrast {ratio:.2f}: drawn {text[:40]}" for text, ratio in ratios if ratio < LEAST_CONTRAST]
    for header in place.findChildren(QHeaderView):
        for title, rect in _titles(header):
            part = part_of(picture, rect)
            if part.size and (ratio := contrast_in(part)) < LEAST_CONTRAST:
                found.append(f"contrast {ratio:.2f}: {called(header)}: {title}")
    return found


def _ratio(word: DrawnWord, picture: Colours) -> float:
    """Of the ink against the commonest colour around the word, or against a card's where it was not drawn there."""
    ground = QColor(current_theme().hex(Role.SURFACE))
    if word.place is not None:
        part = picture[
            max(round(word.place.top()), 0) : round(word.place.bottom()),
            max(round(word.place.left()), 0) : round(word.place.right()),
        ]
        if not part.size:  # scrolled away
            return float("inf")
        ground = commonest(part)
    share = word.ink.alphaF()
    ink = [share * a + (1 - share) * b for a, b in zip(word.ink.getRgbF(), ground.getRgbF(), strict=True)]
    return contrast_ratio(QColor.fromRgbF(*ink[:3]).name(), ground.name())


def commonest(part: Colours) -> QColor:
    """The colour that most dots have."""
    flat = np.round(part.reshape(-1, 3) * 255).astype(np.int64)
    shades, counts = np.unique(flat, axis=0, return_counts=True)
    return QColor(*(int(value) for value in shades[counts.argmax()]))


def _titles(header: QHeaderView) -> Iterator[tuple[str, QRect]]:
    if not header.isVisible() or header.model() is None:
        return
    is_across = header.orientation() == Qt.Orientation.Horizontal
    shown = header.viewport().visibleRegion().boundingRect()
    for section in range(header.count()):
        title = header.model().headerData(section, header.orientation())
        start, size = header.sectionViewportPosition(section), header.sectionSize(section)
        rect = QRect(start, 0, size, header.height()) if is_across else QRect(0, start, header.width(), size)
        rect = rect.intersected(shown)
        if isinstance(title, str) and title.strip() and min(rect.width(), rect.height()) >= 12:
            yield title, in_window(header.viewport(), rect.adjusted(2, 2, -2, -2))
