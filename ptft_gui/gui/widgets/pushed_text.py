"""A person's text with its words marked by how far each pushed the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFont, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.theme import Role, current_theme
from ptft_gui.gui.widgets.spanned_text import Span, SpannedText

_STRONG, _WEAK = 0.5, 0.1
"""Shares of the largest push: from the first on a word is bold, below the second it is not marked."""


@dataclass(frozen=True)
class PushedSpan(Span):
    """A word of the text; ``push`` towards the answer (above 0) or away from it, None for a word that is unknown.

    ``share``: of the largest push in the text, 0 to 1.
    """

    push: float | None = None
    share: float = 0.0


class PushedText(SpannedText):
    """Towards the answer: an unbroken line below and one colour; away from it: a dotted line and another; the more,
    the bolder. Words the model does not know are quiet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._in_words = ""

    def show_pushes(self, text: str, places: Sequence[tuple[int, int, float | None]]) -> None:
        """``places``: (start, end, push or None) in code points."""
        largest = max((abs(push) for _, _, push in places if push is not None), default=0.0)
        spans = [
            PushedSpan(
                start, end, push is None, push, abs(push) / largest if push is not None and largest else 0.0
            )
            for start, end, push in places
            if 0 <= start < end <= len(text)
        ]
        self.show_text(text, spans)

    def marked(self) -> list[tuple[str, float | None]]:
        """The words that are marked, with their pushes; None for those that are unknown."""
        spans = [span for span in self._spans if isinstance(span, PushedSpan)]
        return [
            (self._text[span.start : span.end], span.push)
            for span in spans
            if span.push is None or span.share >= _WEAK
        ]

    def _format(self, span: Span) -> QTextLayout.FormatRange:
        marked = super()._format(span)
        if not isinstance(span, PushedSpan):
            return marked
        marked.format = _look_of(span)
        return marked


def _look_of(span: PushedSpan) -> QTextCharFormat:
    theme, look = current_theme(), QTextCharFormat()
    if span.push is None:
        look.setForeground(theme.colour(Role.QUIET_TEXT))
        look.setFontItalic(True)
    elif span.share >= _WEAK:
        is_towards = span.push > 0
        look.setForeground(theme.colour(Role.ACCENT if is_towards else Role.HELD_OUT_TEXT))
        lines = QTextCharFormat.UnderlineStyle
        look.setUnderlineStyle(lines.SingleUnderline if is_towards else lines.DotLine)
        if span.share >= _STRONG:
            look.setFontWeight(QFont.Weight.Bold)
    return look
