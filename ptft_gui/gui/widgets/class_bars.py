"""How sure a model is of each class, as bars from one common edge."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme

_MOST_CLASSES = 10
_ROW, _BAR = 28, 10
_MOST_NAME_SHARE = 0.4


class ClassBars(QWidget):
    """``set_classes`` takes (label, share), usually the likeliest first; of many classes the first are drawn, and said.

    The likeliest stands out, wherever it stands.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[tuple[str, float], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("How sure the model is of each answer"))
        current_theme().theme_changed.connect(self._on_theme_changed)

    def set_classes(self, classes: Sequence[tuple[str, float]]) -> None:
        self._classes = tuple(classes)
        self.setAccessibleDescription(self.in_words())
        self.updateGeometry()
        self.update()

    def classes(self) -> tuple[tuple[str, float], ...]:
        return self._classes

    def in_words(self) -> str:
        """The bars as a sentence, for screen readers and tests."""
        shown = ", ".join(f"{label} {share:.2f}" for label, share in self._shown())
        rest = self._rest_sentence()
        return f"{shown}. {rest}".strip() if shown else ""

    def _shown(self) -> tuple[tuple[str, float], ...]:
        return self._classes[:_MOST_CLASSES]

    def _rest_sentence(self) -> str:
        rest = self._classes[_MOST_CLASSES:]
        if not rest:
            return ""
        words = self.tr("{count} more, none above {share}.")
        return words.format(count=f"{len(rest):,}", share=f"{max(share for _, share in rest):.2f}")

    def _row_height(self) -> int:
        return round(_ROW * max(1.0, current_theme().pixels(TextStyle.BODY) / 13))

    def sizeHint(self) -> QSize:
        rows = len(self._shown()) + (1 if self._rest_sentence() else 0)
        return QSize(320, rows * self._row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, height = current_theme(), self._row_height()
        strong, body = theme.font(TextStyle.STRONG), theme.font(TextStyle.BODY)
        name_width = self._name_width(QFontMetrics(strong))
        most = max((share for _, share in self._shown()), default=0.0)
        for place, (label, share) in enumerate(self._shown()):
            row = QRectF(0, place * height, self.width(), height)
            self._paint_row(painter, row, label, share, name_width, strong if share == most else body)
        if rest := self._rest_sentence():
            painter.setFont(theme.font(TextStyle.CAPTION))
            painter.setPen(theme.colour(Role.QUIET_TEXT))
            row = QRectF(0, len(self._shown()) * height, self.width(), height)
            painter.drawText(row, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), rest)
        painter.end()

    def _name_width(self, metrics: QFontMetrics) -> float:
        widest = max((metrics.horizontalAdvance(label) for label, _ in self._shown()), default=0)
        return float(min(widest, self.width() * _MOST_NAME_SHARE))

    def _paint_row(
        self, painter: QPainter, row: QRectF, label: str, share: float, name_width: float, font: QFont
    ) -> None:
        theme, metrics = current_theme(), QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(theme.colour(Role.TEXT))
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        shown = metrics.elidedText(" ".join(label.split()), Qt.TextElideMode.ElideRight, int(name_width) + 2)
        painter.drawText(row, left, shown)
        painter.drawText(row, right, f"{share:.2f}")
        strong = QFontMetrics(theme.font(TextStyle.STRONG))
        number = strong.horizontalAdvance("0.00") + Space.MEDIUM
        track = QRectF(
            row.left() + name_width + Space.MEDIUM, row.center().y() - _BAR / 2,
            max(row.width() - name_width - Space.MEDIUM - number, 1.0), _BAR,
        )  # fmt: skip
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.BORDER))
        painter.drawRoundedRect(track, _BAR / 2, _BAR / 2)
        filled = QRectF(track.left(), track.top(), track.width() * min(max(share, 0.0), 1.0), _BAR)
        painter.setBrush(theme.colour(Role.ACCENT))
        painter.drawRoundedRect(filled, _BAR / 2, _BAR / 2)

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()
