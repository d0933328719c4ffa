"""A sentence with one word and its neighbours: what a model of word vectors looks at when it learns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, TextStyle, current_theme

_HEIGHT = 88
_WORD_GAP = 6.0
_PADDING = 5.0
_ARROW = 3.5


@dataclass(frozen=True)
class _Box:
    word: str
    rect: QRectF
    distance: int


class WindowPicture(QWidget):
    """One word in the accent colour, its neighbours joined to it by arcs, all others quiet.

    The arrows point at what is guessed: at the neighbours, or at the word between them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self._window = 5
        self._guesses_neighbours = True
        self.setObjectName("windowPicture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def set_words(self, words: Sequence[str]) -> None:
        """Show these words; as many as fit around the middle one."""
        self._words = tuple(words)
        self._describe()

    def set_reading(self, window: int, guesses_neighbours: bool) -> None:
        """Join so many words to each side; arrows lead to them, or from them to the middle."""
        self._window, self._guesses_neighbours = window, guesses_neighbours
        self._describe()

    def joined_words(self) -> list[str]:
        """The neighbours that are drawn now."""
        return [box.word for box in self._boxes() if 0 < abs(box.distance) <= self._window]

    def sizeHint(self) -> QSize:
        return QSize(280, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(current_theme().font(TextStyle.BODY))
        boxes = self._boxes()
        centre = next((box for box in boxes if box.distance == 0), None)
        for box in boxes:
            if centre is not None and 0 < abs(box.distance) <= self._window:
                self._draw_arc(painter, centre, box)
        for box in boxes:
            self._draw_word(painter, box)
        painter.end()

    def _boxes(self) -> list[_Box]:
        """The middle word, then its neighbours outward for as long as they fit."""
        if not self._words:
            return []
        metrics = QFontMetricsF(current_theme().font(TextStyle.BODY))
        middle = self._middle()
        chosen, room = [middle], self.width() - _box_width(metrics, self._words[middle])
        for index in sorted(range(len(self._words)), key=lambda i: (abs(i - middle), i)):
            needed = _box_width(metrics, self._words[index]) + _WORD_GAP
            if index == middle:
                continue
            if needed > room:
                break
            chosen.append(index)
            room -= needed
        return self._placed(sorted(chosen), middle, metrics, room / 2)

    def _placed(self, indexes: list[int], middle: int, metrics: QFontMetricsF, start: float) -> list[_Box]:
        x, height = max(start, 0.0), metrics.height() + 2 * _PADDING
        boxes = []
        for index in indexes:
            width = _box_width(metrics, self._words[index])
            boxes.append(
                _Box(self._words[index], QRectF(x, _HEIGHT - height - 1, width, height), index - middle)
            )
            x += width + _WORD_GAP
        return boxes

    def _middle(self) -> int:
        """The longest word of the middle of the sentence: "the" would explain little."""
        start = len(self._words) // 4
        inner = range(start, max(start + 1, len(self._words) - start))
        return max(inner, key=lambda i: (len(self._words[i]), -i))

    def _draw_word(self, painter: QPainter, box: _Box) -> None:
        theme = current_theme()
        is_centre, is_near = box.distance == 0, abs(box.distance) <= self._window
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.ACCENT if is_centre else Role.HOVER))
        if is_near:
            painter.drawRoundedRect(box.rect, 6, 6)
        ink = Role.ON_ACCENT if is_centre else Role.TEXT if is_near else Role.QUIET_TEXT
        painter.setPen(theme.colour(ink))
        painter.drawText(box.rect, Qt.AlignmentFlag.AlignCenter, box.word)

    def _draw_arc(self, painter: QPainter, centre: _Box, box: _Box) -> None:
        first, last = (centre, box) if self._guesses_neighbours else (box, centre)
        start, end = (QPointF(b.rect.center().x(), b.rect.top() - 2) for b in (first, last))
        lift = min(14.0 + 0.22 * abs(end.x() - start.x()), _HEIGHT - 34.0)
        top = QPointF((start.x() + end.x()) / 2, start.y() - 2 * lift)
        path = QPainterPath(start)
        path.quadTo(top, end)
        colour = current_theme().colour(Role.TRAINING)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, 1.5))
        painter.drawPath(path)
        self._draw_tip(painter, end, top)

    @staticmethod
    def _draw_tip(painter: QPainter, end: QPointF, before: QPointF) -> None:
        along = end - before
        length = max((along.x() ** 2 + along.y() ** 2) ** 0.5, 1.0)
        ahead = along * (2 * _ARROW / length)
        aside = QPointF(-ahead.y(), ahead.x()) * 0.5
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current_theme().colour(Role.TRAINING))
        painter.drawPolygon(QPolygonF([end, end - ahead + aside, end - ahead - aside]))

    def _describe(self) -> None:
        if self._words:
            template = (
                self.tr("The word {word} and the neighbours guessed from it, in: {sentence}")
                if self._guesses_neighbours
                else self.tr("The word {word} and the neighbours it is guessed from, in: {sentence}")
            )
            word, sentence = self._words[self._middle()], " ".join(self._words[:40])
            self.setAccessibleName(template.format(word=word, sentence=sentence))
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()


def _box_width(metrics: QFontMetricsF, word: str) -> float:
    return metrics.horizontalAdvance(word) + 2 * _PADDING
