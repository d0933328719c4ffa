"""A grid of counts: how often the words of a sentence meet, which is what GloVe learns from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, TextStyle, current_theme
from ptft_gui.gui.theme.roles import blend

_MOST_WORDS = 6
_CELL_WIDTH, _CELL_HEIGHT, _GAP = 34.0, 20.0, 3.0
_LABEL_GAP = 8.0
_MARGIN = 2.0


class CountsPicture(QWidget):
    """Rows and columns are words of a sentence, in its order; the fuller a cell, the more often and the nearer both
    meet. Each number is the sum of 1 / distance, as it is counted."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence: tuple[str, ...] = ()
        self._window, self._is_symmetric = 10, True
        self.setObjectName("countsPicture")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def set_words(self, words: Sequence[str]) -> None:
        """Count in this sentence; its first different words are shown."""
        self._sentence = tuple(words)
        self._describe()

    def set_reading(self, window: int, is_symmetric: bool) -> None:
        """Count words up to so many places away, on both sides or before each word only."""
        self._window, self._is_symmetric = window, is_symmetric
        self._describe()

    def words(self) -> list[str]:
        """The words that have a row and a column."""
        return list(dict.fromkeys(self._sentence))[:_MOST_WORDS]

    def count(self, row: str, column: str) -> float:
        """How often ``row`` and ``column`` meet in the sentence; what stands further apart counts less."""
        total = 0.0
        for place, word in enumerate(self._sentence):
            for distance in range(1, min(self._window, place) + 1):
                before = self._sentence[place - distance]
                total += (before, word) == (row, column) and 1 / distance
                total += self._is_symmetric and (word, before) == (row, column) and 1 / distance
        return total

    def sizeHint(self) -> QSize:
        return QSize(280, round(_MOST_WORDS * (_CELL_HEIGHT + _GAP) + 2 * _MARGIN))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(current_theme().font(TextStyle.CAPTION))
        metrics = QFontMetricsF(painter.font())
        words = self.words()
        label = min(max((metrics.horizontalAdvance(word) for word in words), default=0.0), self.width() / 3)
        most = max((self.count(row, column) for row in words for column in words), default=0.0) or 1.0
        width = min(_CELL_WIDTH, (self.width() - label - _LABEL_GAP) / max(len(words), 1) - _GAP)
        for line, row in enumerate(words):
            top = _MARGIN + line * (_CELL_HEIGHT + _GAP)
            self._draw_label(painter, row, QRectF(0, top, label, _CELL_HEIGHT))
            for place, column in enumerate(words):
                left = label + _LABEL_GAP + place * (width + _GAP)
                self._draw_cell(
                    painter, QRectF(left, top, width, _CELL_HEIGHT), self.count(row, column), most
                )
        painter.end()

    @staticmethod
    def _draw_label(painter: QPainter, word: str, room: QRectF) -> None:
        painter.setPen(current_theme().colour(Role.TEXT))
        text = QFontMetricsF(painter.font()).elidedText(word, Qt.TextElideMode.ElideRight, room.width() + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)

    @staticmethod
    def _draw_cell(painter: QPainter, room: QRectF, count: float, most: float) -> None:
        theme = current_theme()
        share = count / most
        colour = blend(theme.hex(Role.TRAINING), theme.hex(Role.HOVER), share)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(room, 3, 3)
        if count:
            painter.setPen(theme.colour(Role.ON_ACCENT if share > 0.6 else Role.TEXT))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, f"{count:.1f}")

    def _describe(self) -> None:
        template = self.tr("How often the words meet in the sentence: {sentence}")
        self.setAccessibleName(template.format(sentence=" ".join(self._sentence[:40])))
        self.update()

    @Slot()
    def _on_theme_changed(self) -> None:
        self.update()
