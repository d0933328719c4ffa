"""A sentence as a language model sees it: every token on a ground of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.theme import Role, current_theme
from ptft_gui.gui.theme.roles import blend
from ptft_gui.gui.widgets.spanned_text import SpannedText

_GROUNDS = ((Role.SERIES_1, 0.18), (Role.SERIES_2, 0.36), (Role.SERIES_3, 0.18), (Role.SERIES_4, 0.36))
"""A light and a darker one in turn, so that tokens can be told apart without colours, too."""


@dataclass(frozen=True)
class Token:
    """A stretch of the text, in code points; ``is_unknown``: the tokenizer has no token for it."""

    start: int
    end: int
    is_unknown: bool = False


class TokenText(SpannedText):
    """The grounds lie behind the text. What is unknown is struck through."""

    line_gap = 2

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens: tuple[Token, ...] = ()

    def show_tokens(self, text: str, tokens: Sequence[Token]) -> None:
        self._tokens = tuple(tokens)
        self.show_text(text, ())
        pieces = " | ".join(text[token.start : token.end] for token in tokens)
        self.setAccessibleName(self.tr("Cut into tokens"))
        self.setAccessibleDescription(pieces)

    def tokens(self) -> tuple[Token, ...]:
        return self._tokens

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(max(self.width(), 120)))

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


def _places_in_utf16(text: str) -> list[int]:
    """Where Qt counts each sign, and the end: signs beyond the basic plane are two there."""
    places, place = [], 0
    for sign in text:
        places.append(place)
        place += 2 if ord(sign) > 0xFFFF else 1
    return [*places, place]
