"""Likely tokens as bars from one common edge, each of which can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QEnterEvent, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.widgets.candidate_bars import share_text
from ptft_gui.gui.widgets.labels import as_plain_tooltip

_ROW, _BAR = 1.85, 0.62
"""Heights of a row and of a bar in heights of the type."""
_NAME_SHARE = 0.4
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def visible_token(token: str) -> str:
    """A token as a person reads it: a space before it is a dot, a piece that goes on a word begins with a hyphen."""
    if token.startswith("##") and len(token) > 2:
        return f"-{token[2:]}"
    if token and not token.strip():
        return "\u21b5" * token.count("\n") or "\u00b7" * len(token)
    shown = f"\u00b7{token[1:]}" if token.startswith(" ") else token
    shown = shown.replace("\n", "\u21b5").replace("\t", "\u2192")
    return "".join(sign for sign in shown if sign.isprintable()) or "?"


class ChoiceBars(QWidget):
    """``show_choices`` takes (token, probability), the likeliest first; ``chosen`` carries the token pressed.

    ``taken``: the token that stands there already; its row has a tick.
    """

    chosen = Signal(str)

    def __init__(self, name: str = "choice", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._rows: list[_ChoiceRow] = []
        self._choices: tuple[tuple[str, float], ...] = ()
        self._can_choose = True
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Likely tokens"))
        current_theme().theme_changed.connect(self._on_theme_changed)

    def set_choosable(self, can_choose: bool) -> None:
        """Whether a row can be pressed."""
        self._can_choose = can_choose
        for row in self._rows:
            row.setEnabled(can_choose)

    def show_choices(self, choices: Sequence[tuple[str, float]], taken: str | None = None) -> None:
        self._choices = tuple(choices)
        while len(self._rows) < len(choices):
            self._add_row()
        width = self._name_width()
        for place, row in enumerate(self._rows):
            if place < len(choices):
                row.show_choice(*choices[place], choices[place][0] == taken, width)
            row.setVisible(place < len(choices))
        self.setAccessibleDescription(self.in_words())
        self.updateGeometry()

    def choices(self) -> tuple[tuple[str, float], ...]:
        return self._choices

    def row(self, place: int) -> QAbstractButton:
        """The row at this place, the likeliest is 0."""
        return self._rows[place]

    def in_words(self) -> str:
        """The bars as a sentence, for screen readers and tests."""
        return ", ".join(f"{visible_token(token)} {share_text(share)}" for token, share in self._choices)

    def _add_row(self) -> None:
        row = _ChoiceRow(self)
        row.setObjectName(f"{self._name}{len(self._rows) + 1}")
        row.setEnabled(self._can_choose)
        row.clicked.connect(self._on_clicked)
        self._rows.append(row)
        self._column.addWidget(row)

    def _name_width(self) -> float:
        metrics = QFontMetrics(current_theme().font(TextStyle.STRONG))
        widest = max(
            (metrics.horizontalAdvance(visible_token(token)) for token, _ in self._choices), default=0
        )
        return float(widest + metrics.horizontalAdvance("\u2713 ") + Space.HALF)

    @Slot()
    def _on_clicked(self) -> None:
        self.chosen.emit(self.sender().token)  # type: ignore[attr-defined]

    @Slot()
    def _on_theme_changed(self) -> None:
        self.show_choices(self._choices, next((row.token for row in self._rows if row.is_taken), None))


class _ChoiceRow(QAbstractButton):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.token, self._share, self.is_taken, self._width = "", 0.0, False, 0.0
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_choice(self, token: str, share: float, is_taken: bool, width: float) -> None:
        self.token, self._share, self.is_taken, self._width = token, share, is_taken, width
        self.setAccessibleName(f"{visible_token(token)}, {share_text(share)}")
        self.setToolTip(as_plain_tooltip(visible_token(token)) if len(token) > 20 else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, round(_ROW * current_theme().pixels(TextStyle.BODY)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), current_theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(Role.HOVER))
            painter.drawRoundedRect(box, 4, 4)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour(Role.ACCENT), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
        self._paint_words(painter, box.adjusted(Space.HALF, 0, -Space.HALF, 0))
        painter.end()

    def _paint_words(self, painter: QPainter, box: QRectF) -> None:
        theme = current_theme()
        font = theme.font(TextStyle.STRONG if self.is_taken else TextStyle.BODY)
        metrics = QFontMetrics(font)
        name = min(self._width, box.width() * _NAME_SHARE)
        number = metrics.horizontalAdvance("< 1 %") + Space.SMALL
        words = visible_token(self.token)
        shown = metrics.elidedText(
            f"\u2713 {words}" if self.is_taken else words, Qt.TextElideMode.ElideRight, int(name)
        )
        painter.setFont(font)
        painter.setPen(theme.colour(Role.TEXT))
        painter.drawText(box, _LEFT, shown)
        painter.drawText(box, _RIGHT, share_text(self._share))
        thick = round(_BAR * theme.pixels(TextStyle.BODY))
        track = box.adjusted(name + Space.SMALL, 0, -number, 0)
        track = QRectF(track.left(), box.center().y() - thick / 2, max(track.width(), 1.0), thick)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(Role.BORDER))
        painter.drawRoundedRect(track, 2, 2)
        track.setWidth(max(1.0, track.width() * min(max(self._share, 0.0), 1.0)))
        painter.setBrush(theme.colour(Role.ACCENT))
        painter.drawRoundedRect(track, 2, 2)
