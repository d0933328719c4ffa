"""A person's sentence with stretches of it marked: what is left out is struck through, what is changed is coloured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, TextStyle, current_theme


@dataclass(frozen=True)
class Span:
    """A stretch of a text, in code points; ``is_dropped`` or else changed."""

    start: int
    end: int
    is_dropped: bool


class SpannedText(QWidget):
    """Never markup: the text is laid out as it is, the marks over it; who marks otherwise gives ``_formats``."""

    line_gap = 0
    """Pixels between two lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._spans: tuple[Span, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def show_text(self, text: str, spans: Sequence[Span]) -> None:
        self._text, self._spans = text, tuple(spans)
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        return self._text

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(self._lay_out(width)[1]) + 1

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

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
            height += line.height() + self.line_gap
        layout.endLayout()
        return layout, height

    def _formats(self) -> list[QTextLayout.FormatRange]:
        return [self._format(span) for span in self._spans]

    def _format(self, span: Span) -> QTextLayout.FormatRange:
        theme = current_theme()
        marked = QTextLayout.FormatRange()
        start, end = _in_utf16(self._text, span.start), _in_utf16(self._text, span.end)
        marked.start, marked.length = start, end - start
        look = QTextCharFormat()
        look.setForeground(theme.colour(Role.QUIET_TEXT if span.is_dropped else Role.ACCENT))
        look.setFontStrikeOut(span.is_dropped)
        look.setFontUnderline(not span.is_dropped)
        marked.format = look
        return marked

    @Slot()
    def _on_theme_changed(self) -> None:
        self.updateGeometry()
        self.update()


def _in_utf16(text: str, place: int) -> int:
    """Where Qt counts the sign at ``place``: signs beyond the basic plane are two there."""
    return len(text[:place].encode("utf-16-le", "surrogatepass")) // 2
