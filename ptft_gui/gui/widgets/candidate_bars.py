"""The likeliest words of a blank as bars from one common edge, with where each stood before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.core.wording import percent_text
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme

_ROW, _BAR = 1.7, 0.62
"""Heights of a row and of a bar in heights of the type."""
_NAME_SHARE = 0.36
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class CandidateBars(QWidget):
    """``show_shares`` takes (token, probability), the likeliest first, and what the probabilities were before.

    A token that was not among the likeliest before has a dot; a stroke on the bar of any other is where it stood.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[tuple[str, float], ...] = ()
        self._before: Mapping[str, float] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def show_shares(
        self, shares: Sequence[tuple[str, float]], before: Mapping[str, float] | None = None
    ) -> None:
        self._shares, self._before = tuple(shares), before
        self.setAccessibleName(self.tr("Likeliest words of the blank"))
        self.setAccessibleDescription(self.in_words())
        self.updateGeometry()
        self.update()

    def shares(self) -> tuple[tuple[str, float], ...]:
        return self._shares

    def is_new(self, token: str) -> bool:
        """Whether the token was not among the likeliest before."""
        return self._before is not None and token not in self._before

    def in_words(self) -> str:
        """The bars as a sentence, for screen readers."""
        return ", ".join(f"{token} {share_text(share)}" for token, share in self._shares)

    def _row_height(self) -> int:
        return round(_ROW * current_theme().pixels(TextStyle.BODY))

    def sizeHint(self) -> QSize:
        return QSize(240, len(self._shares) * self._row_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, theme, height = QPainter(self), current_theme(), self._row_height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong, body = theme.font(TextStyle.STRONG), theme.font(TextStyle.BODY)
        name = self._name_width(QFontMetrics(strong))
        number = QFontMetrics(strong).horizontalAdvance("< 1 %") + Space.SMALL
        for place, (token, share) in enumerate(self._shares):
            row = QRectF(0, place * height, self.width(), height)
            self._paint_words(painter, row, (token, share), name, strong if place == 0 else body)
            self._paint_bar(painter, row.adjusted(name + Space.SMALL, 0, -number, 0), token, share)
        painter.end()

    def _name_width(self, metrics: QFontMetrics) -> float:
        widest = max((metrics.horizontalAdvance(f"• {token}") for token, _ in self._shares), default=0)
        return float(min(widest + 2, self.width() * _NAME_SHARE))

    def _paint_words(
        self, painter: QPainter, row: QRectF, told: tuple[str, float], width: float, font: QFont
    ) -> None:
        token, share = told
        words = f"• {token}" if self.is_new(token) else token
        painter.setFont(font)
        painter.setPen(current_theme().colour(Role.ACCENT if self.is_new(token) else Role.TEXT))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(width))
        painter.drawText(row, _LEFT, shown)
        painter.setPen(current_theme().colour(Role.TEXT))
        painter.drawText(row, _RIGHT, share_text(share))

    def _paint_bar(self, painter: QPainter, room: QRectF, token: str, share: float) -> None:
        theme = current_theme()
        thick = round(_BAR * theme.pixels(TextStyle.BODY))
        track = QRectF(room.left(), room.center().y() - thick / 2, max(room.width(), 1.0), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.HOVER))
        painter.drawRect(track)
        filled = QRectF(track)
        filled.setWidth(max(1.0, track.width() * min(max(share, 0.0), 1.0)))
        painter.setBrush(theme.colour(Role.ACCENT))
        painter.drawRect(filled)
        if self._before is not None and token in self._before:
            x = track.left() + track.width() * min(max(self._before[token], 0.0), 1.0)
            painter.setPen(QPen(theme.colour(Role.TEXT), 2))
            painter.drawLine(round(x), round(track.top() - 2), round(x), round(track.bottom() + 2))

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def share_text(share: float) -> str:
    """A probability: 41 %, and "< 1 %" where rounding would say none."""
    if share >= 0.995:
        return "100 %"
    return "< 1 %" if share < 0.01 else percent_text(share)
