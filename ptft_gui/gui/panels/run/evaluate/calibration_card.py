"""Whether the model is as sure as it is right: a bar for each tenth of certainty, and one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel

_HEIGHT = 176
_WIDEST = 640
_TENTHS = 10
_CLOSE = 0.05


class CalibrationCard(Card):
    """How sure the model was, beside how often it was right (calibrationCard); hidden where nothing is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("calibrationCard")
        self.set_title(self.tr("As sure as right?"))
        self.set_caption(
            self.tr(
                "Bars: how many of the answers were right, for each tenth of certainty. Lines: how sure it was of "
                "them. Where both meet, its certainty can be believed."
            )
        )
        self.chart = CalibrationChart()
        self.sentence = PlainLabel("")
        self.sentence.setObjectName("calibrationSentence")
        self.body.addWidget(self.chart)
        self.body.addWidget(self.sentence)
        self.hide()

    def show_calibration(self, found: Any) -> None:
        """``found``: as :func:`ptft_gui.inspection.calibration.calibration_of` gives it, None for nothing."""
        is_known = isinstance(found, Mapping) and bool(found.get("bins"))
        self.setVisible(is_known)
        if not is_known:
            return
        self.sentence.setText(self._words(found))
        self.chart.show_bins(found["bins"], self.sentence.text())

    def _words(self, found: Mapping[str, Any]) -> str:
        sure, right = float(found["sure"]), float(found["right"])
        told = {
            "sure": f"{100 * sure:.0f}",
            "right": f"{100 * right:.0f}",
            "apart": f"{100 * found['error']:.0f}",
        }
        if abs(sure - right) <= _CLOSE:
            words = self.tr(
                "On average it was {sure} % sure and {right} % right: it knows how much it knows. Both lie {apart} "
                "points apart in a typical tenth."
            )
        elif sure > right:
            words = self.tr(
                "On average it was {sure} % sure and only {right} % right: it sounds surer than it should. Both lie "
                "{apart} points apart in a typical tenth."
            )
        else:
            words = self.tr(
                "On average it was {sure} % sure and {right} % right: it is better than it believes. Both lie {apart} "
                "points apart in a typical tenth."
            )
        return words.format(**told)


class CalibrationChart(QWidget):
    """A bar for each tenth of certainty that has rows: its height is the share that was right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("calibrationChart")
        self._bins: list[Mapping[str, Any]] = []
        self.setMaximumWidth(_WIDEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self.update)

    def show_bins(self, bins: list[Mapping[str, Any]], sentence: str) -> None:
        """``bins``: ``low high rows sure right`` of each tenth that has rows."""
        self._bins = list(bins)
        self.setAccessibleName(self.tr("How sure, and how right"))
        self.setAccessibleDescription(sentence)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TextStyle.CAPTION))
        line = painter.fontMetrics().height()
        left = painter.fontMetrics().horizontalAdvance("100 %") + Space.SMALL
        frame = QRectF(self.rect()).adjusted(left, line + Space.HALF, -1, -2 * line - Space.HALF)
        self._paint_scale(painter, frame, line)
        for each in self._bins:
            self._paint_bin(painter, frame, each, line)
        painter.end()

    def _paint_scale(self, painter: QPainter, frame: QRectF, line: int) -> None:
        theme = current_theme()
        for percent in (0, 50, 100):
            y = frame.bottom() - frame.height() * percent / 100
            painter.setPen(QPen(theme.colour(Role.BORDER), 1))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))
            painter.setPen(theme.colour(Role.QUIET_TEXT))
            box = QRectF(0, y - line / 2, frame.left() - Space.HALF, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{percent} %")
        words = self.tr("how sure it was, %; below, the rows")
        box = QRectF(frame.left(), 0, frame.width(), line)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight, words)

    def _paint_bin(self, painter: QPainter, frame: QRectF, each: Mapping[str, Any], line: int) -> None:
        theme, width = current_theme(), frame.width() / _TENTHS
        left = frame.left() + width * round(float(each["low"]) * _TENTHS)
        height = frame.height() * float(each["right"])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.TRAINING))
        painter.drawRect(QRectF(left + 2, frame.bottom() - height, width - 4, height))
        sure = frame.bottom() - frame.height() * float(each["sure"])
        painter.setPen(QPen(theme.colour(Role.HELD_OUT), 3))
        painter.drawLine(QPointF(left + 2, sure), QPointF(left + width - 2, sure))
        painter.setPen(theme.colour(Role.QUIET_TEXT))
        tenth = f"{100 * each['low']:.0f}-{100 * each['high']:.0f}"
        for row, words in enumerate((tenth, f"{int(each['rows']):,}")):
            box = QRectF(left, frame.bottom() + Space.HALF / 2 + row * line, width, line)
            painter.drawText(box, Qt.AlignmentFlag.AlignHCenter, words)
