"""A person's text with pieces of it marked, each kind by a ground, a line below it and a form of that line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QColor, QTextCharFormat, QTextLayout

from ptft_gui.gui.theme import Role, current_theme
from ptft_gui.gui.theme.roles import blend
from ptft_gui.gui.widgets.spanned_text import Span, SpannedText

_LINES = QTextCharFormat.UnderlineStyle
MARKS = (
    (Role.SERIES_1, _LINES.SingleUnderline),
    (Role.SERIES_5, _LINES.DashUnderline),
    (Role.SERIES_2, _LINES.WaveUnderline),
    (Role.SERIES_3, _LINES.DotLine),
    (Role.SERIES_4, _LINES.DashDotLine),
)
"""Colour and line of the kinds, in turn: in black and white the lines still tell five kinds apart."""
_GROUND = 0.22


@dataclass(frozen=True)
class ColouredSpan(Span):
    """A piece of the text; ``mark``: which of :data:`MARKS`, counted around."""

    mark: int = 0


class ColouredText(SpannedText):
    """Never markup: the marks are laid over the text. Pieces that lie outside of it, or across another, fall away."""

    def show_marks(self, text: str, places: Sequence[tuple[int, int, int]]) -> None:
        """``places``: (start, end, mark) in code points."""
        spans: list[ColouredSpan] = []
        for start, end, mark in sorted(places):
            is_free = not spans or spans[-1].end <= start
            if 0 <= start < end <= len(text) and is_free:
                spans.append(ColouredSpan(start, end, False, mark))
        self.show_text(text, spans)

    def marked(self) -> list[tuple[str, int]]:
        """The pieces that are marked, with their marks."""
        return [
            (self.text()[span.start : span.end], span.mark)
            for span in self._spans
            if isinstance(span, ColouredSpan)
        ]

    def _format(self, span: Span) -> QTextLayout.FormatRange:
        marked = super()._format(span)
        if isinstance(span, ColouredSpan):
            marked.format = look_of(span.mark)
        return marked


def look_of(mark: int) -> QTextCharFormat:
    """How a piece with this mark is written."""
    theme, look = current_theme(), QTextCharFormat()
    role, line = MARKS[mark % len(MARKS)]
    look.setForeground(theme.colour(Role.TEXT))
    look.setBackground(QColor(blend(theme.hex(role), theme.hex(Role.SURFACE), _GROUND)))
    look.setUnderlineColor(theme.colour(role))
    look.setUnderlineStyle(line)
    return look
