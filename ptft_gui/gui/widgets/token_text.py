"""A sentence as a language model sees it: every token on a ground of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, TextStyle, current_theme
from ptft_gui.gui.theme.roles import blend

_GROUNDS = ((Role.SERIES_1, 0.18), (Role.SERIES_2, 0.36), (Role.SERIES_3, 0.18), (Role.SERIES_4, 0.36))
"""A light and a darker one in turn, so that tokens can be told apart without colours, too."""


@dataclass(frozen=True)
class Token:
    """A stretch of the text, in code points; ``is_unknown``: the tokenizer has no token for it."""

    start: int
    end: int
    is_unknown: bool = False


class TokenText(QWidget):
    """Never markup: the text is laid out as it is, the grounds lie behind it. What is unknown is struck through."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._tokens: tuple[Token, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def show_tokens(self, text: str, tokens: Sequence[Token]) -> None:
        self._text, self._tokens = text, tuple(tokens)
        pieces = " | ".join(text[token.start : token.end] for token in tokens)
        self.setAccessibleName(self.tr("Cut into tokens"))
        self.setAccessibleDescription(pieces)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def tokens(self) -> tuple[Token, ...]:
        return self._tokens

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._lay_out(width)[1]) + 1

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, current_theme().pixels(TextStyle.BODY) + 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(current_theme().colour(Role.TEXT))
        self._lay_out(self.width())[0].draw(painter, QPointF(0, 0))
        painter.end()

    def _lay_out(self, width: int) -> tuple[QTextLayout, float]:
        layout = QTextLayout(self._text, current_theme().font(TextStyle.BODY))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        height = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 1))
            line.setPosition(QPointF(0, height))
            height += line.height() + 2
        layout.endLayout()
        return layout, height

    def _formats(self) -> list[QTextLayout.FormatRange]:
        theme = current_theme()
        grounds = [QColor(blend(theme.hex(role), theme.hex(Role.SURFACE), share)) for role, share in _GROUNDS]
        places = _places_in_utf16(self._text)
        formats = []
        for number, token in enumerate(self._tokens):
            marked, look = QTextLayout.FormatRange(), QTextCharFormat()
            marked.start = places[token.start]
            marked.length = places[token.end] - marked.start
            look.setBackground(grounds[number % len(grounds)])
            look.setForeground(theme.colour(Role.QUIET_TEXT if token.is_unknown else Role.TEXT))
            look.setFontStrikeOut(token.is_unknown)
            marked.format = look
            formats.append(marked)
        return formats

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _places_in_utf16(text: str) -> list[int]:
    """Where Qt counts each sign, and the end: signs beyond the basic plane are two there."""
    places, place = [], 0
    for sign in text:
        places.append(place)
        place += 2 if ord(sign) > 0xFFFF else 1
    return [*places, place]
