"""Two small charts of a dataset: how long its texts are, and how often each class occurs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.core.wording import count_text
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.data_answers import LengthHistogram

_CHART_HEIGHT = 168
_MOST_CLASSES = 12


class LengthChart(QWidget):
    """A bar for each stretch of lengths, with the median and the length that 95 % do not exceed named above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lengthChart")
        self._lengths = LengthHistogram()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self.update)

    def show_lengths(self, lengths: LengthHistogram) -> None:
        self._lengths = lengths
        self.setAccessibleName(self.tr("How long the texts are"))
        self.setAccessibleDescription(self.sentence())
        self.update()

    def sentence(self) -> str:
        """The chart in words."""
        if not self._lengths.counts:
            return ""
        words = self.tr(
            "Half of the texts have at most {median} {unit}, 95 % at most {p95}; the longest has {longest}."
        )
        return words.format(
            median=f"{self._lengths.median:,.0f}",
            unit=self._lengths.unit or self.tr("words"),
            p95=f"{self._lengths.p95:,.0f}",
            longest=f"{self._lengths.longest:,.0f}",
        )

    def sizeHint(self) -> QSize:
        return QSize(320, _CHART_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, _CHART_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._lengths.counts:
            return
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TextStyle.CAPTION))
        line = painter.fontMetrics().height()
        frame = QRectF(self.rect()).adjusted(1, 2 * line + Space.HALF, -1, -2 * line - Space.HALF)
        self._paint_bars(painter, frame)
        painter.setPen(QPen(theme.colour(Role.BORDER), 1))
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        self._paint_axis(painter, frame, line)
        self._paint_marks(painter, frame, line)
        painter.end()

    def _paint_bars(self, painter: QPainter, frame: QRectF) -> None:
        counts = self._lengths.counts
        width, most = frame.width() / len(counts), max(*counts, 1)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(current_theme().colour(Role.TRAINING))
        for place, count in enumerate(counts):
            height = max(frame.height() * count / most, 1.0 if count else 0.0)
            painter.drawRect(
                QRectF(frame.left() + place * width + 1, frame.bottom() - height, max(width - 2, 1), height)
            )

    def _paint_axis(self, painter: QPainter, frame: QRectF, line: int) -> None:
        """Lengths below the edges of the bars as far as they fit, and below them what they count."""
        painter.setPen(current_theme().colour(Role.QUIET_TEXT))
        metrics, free_from = painter.fontMetrics(), -1.0
        for place, edge in enumerate(self._lengths.edges):
            text = count_text(edge)
            width = metrics.horizontalAdvance(text)
            x = frame.left() + frame.width() * place / max(len(self._lengths.counts), 1)
            left = min(max(x - width / 2, frame.left()), frame.right() - width)
            if left > free_from:
                painter.drawText(QPointF(left, frame.bottom() + line), text)
                free_from = left + width + Space.SMALL
        title = self.tr("{unit} in a text").format(unit=self._lengths.unit or self.tr("words"))
        painter.drawText(QPointF(frame.left(), frame.bottom() + 2 * line), title)

    def _paint_marks(self, painter: QPainter, frame: QRectF, line: int) -> None:
        """Where half and where 95 % of the texts end; each on a line of its own, so that they never meet."""
        theme = current_theme()
        marks = ((self._lengths.median, self.tr("half")), (self._lengths.p95, self.tr("95 %")))
        for row, (value, word) in enumerate(marks):
            x = frame.left() + frame.width() * self._share(value)
            painter.setPen(QPen(theme.colour(Role.HELD_OUT), 1.5, Qt.PenStyle.DashLine))
            foot = (
                frame.top() - line * (1 - row) - Space.HALF
            )  # above the highest bar: on it nothing can be read
            painter.drawLine(QPointF(x, foot - line / 2), QPointF(x, frame.bottom()))
            painter.setPen(theme.colour(Role.HELD_OUT_TEXT))
            text = f"{word}: {value:,.0f}"
            width = painter.fontMetrics().horizontalAdvance(text)
            left = x + Space.HALF if x + Space.HALF + width < frame.right() else x - Space.HALF - width
            painter.drawText(QPointF(left, foot), text)

    def _share(self, value: float) -> float:
        """Where ``value`` lies along the bars, 0 to 1: every bar is as wide as the next, however much it spans."""
        edges = self._lengths.edges
        for place in range(len(edges) - 1):
            low, high = edges[place], edges[place + 1]
            if value <= high:
                within = (value - low) / (high - low) if high > low else 0.0
                return (place + min(max(within, 0.0), 1.0)) / (len(edges) - 1)
        return 1.0


class ClassBars(QWidget):
    """A bar for each of the commonest classes, with its count and its share of all rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classBars")
        self._classes: tuple[tuple[str, int], ...] = ()
        self.setAccessibleName(self.tr("How often each class occurs"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def show_classes(self, classes: Sequence[tuple[str, int]]) -> None:
        """``classes``: label and count, the commonest first."""
        self._classes = tuple(classes)
        self.setAccessibleDescription(
            "; ".join(f"{label} {count:,}" for label, count in self._classes[:_MOST_CLASSES])
        )
        self.updateGeometry()
        self.update()

    def rest_sentence(self) -> str:
        """What is not shown: "" where all are."""
        rest = self._classes[_MOST_CLASSES:]
        if not rest:
            return ""
        words = self.tr("And {count} more with {rows} rows.")
        return words.format(count=f"{len(rest):,}", rows=f"{sum(count for _, count in rest):,}")

    def _row_height(self) -> int:
        return current_theme().pixels(TextStyle.CAPTION) + 10

    def sizeHint(self) -> QSize:
        return QSize(320, self._row_height() * max(len(self._classes[:_MOST_CLASSES]), 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font(TextStyle.CAPTION))
        shown = self._classes[:_MOST_CLASSES]
        total = sum(count for _, count in self._classes) or 1
        most = max((count for _, count in shown), default=1) or 1
        metrics = painter.fontMetrics()
        names = min(
            max((metrics.horizontalAdvance(label) for label, _ in shown), default=0) + 2,  # rounded up
            round(self.width() * 0.4),
        )
        numbers = max(
            (metrics.horizontalAdvance(self._number(count, total)) for _, count in shown), default=0
        )
        room = max(self.width() - names - numbers - 2 * Space.SMALL, 8)
        for place, (label, count) in enumerate(shown):
            box = QRectF(0, place * self._row_height(), self.width(), self._row_height())
            painter.setPen(theme.colour(Role.TEXT))
            flat = metrics.elidedText(" ".join(label.split()), Qt.TextElideMode.ElideRight, names)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), flat)
            bar = QRectF(names + Space.SMALL, box.center().y() - 4, max(room * count / most, 2), 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Role.SERIES_3))
            painter.drawRoundedRect(bar, 4, 4)
            painter.setPen(theme.colour(Role.QUIET_TEXT))
            right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(box, right, self._number(count, total))
        painter.end()

    @staticmethod
    def _number(count: int, total: int) -> str:
        return f"{count:,}  {100 * count / total:.0f} %"

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
