"""Labels: always plain text, so that nothing a person's file says is taken for markup."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.restyle import set_style_property

_LINE_IN_WIDTHS = 87
"""Longest line of running text, in average widths of a character: about a hundred letters, for in longer lines the
eye does not find the beginning of the next."""
_IN_ONE_LINE = 1.25
"""A text that is so little longer than such a line is not broken for its last words."""
_ALWAYS_READABLE = 400
"""Pixels: no line of that length has too many letters, in whatever type. Layouts ask for heights very often."""


class PlainLabel(QLabel):
    """A label that shows its text as it is, wraps at words, and is written in a text style and a colour role.

    However wide it is, its lines are no longer than can be read.
    """

    def __init__(
        self,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        ink: Role = Role.TEXT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setProperty("textStyle", style.value)
        self.setProperty("ink", ink.value)
        self.setText(text)

    def set_ink(self, ink: Role) -> None:
        """Write in another colour role from now on."""
        set_style_property(self, "ink", ink.value)

    def set_text_style(self, style: TextStyle) -> None:
        set_style_property(self, "textStyle", style.value)

    def text_width(self, width: int | None = None) -> int:
        """Pixels that a line of a label of that ``width``, its own by default, may take."""
        room = self.contentsRect().width() if width is None else width
        is_drawn_by_qt = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        if is_drawn_by_qt or not self.wordWrap() or not self.alignment() & Qt.AlignmentFlag.AlignLeft:
            return room
        measure = self.fontMetrics()
        longest = _LINE_IN_WIDTHS * measure.averageCharWidth()
        if room <= longest or measure.horizontalAdvance(self.full_text()) <= _IN_ONE_LINE * longest:
            return room
        return longest

    def full_text(self) -> str:
        """What it has to say; subclasses may show less of it."""
        return self.text()

    def heightForWidth(self, width: int) -> int:
        if width <= _ALWAYS_READABLE:
            return super().heightForWidth(width)
        margins = self.contentsMargins().left() + self.contentsMargins().right()
        return super().heightForWidth(self.text_width(width - margins) + margins)

    def paintEvent(self, event: QPaintEvent) -> None:
        room = self.contentsRect()
        width = self.text_width()
        if width == room.width():
            super().paintEvent(event)
            return
        room.setWidth(width)
        flags = int(self.alignment()) | int(Qt.TextFlag.TextWordWrap)
        painter = QPainter(self)
        self.style().drawItemText(
            painter, room, flags, self.palette(), self.isEnabled(), self.text(), self.foregroundRole()
        )
        painter.end()


class ElidedLabel(PlainLabel):
    """One line that ends in "..." where it does not fit; then the whole text is its tooltip."""

    def __init__(
        self,
        text: str = "",
        style: TextStyle = TextStyle.BODY,
        ink: Role = Role.TEXT,
        parent: QWidget | None = None,
        mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        self._full_text, self._mode = "", mode  # the base sets a text, which is fitted here
        super().__init__("", style, ink, parent)
        self.setWordWrap(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._full_text = text
        self.setAccessibleName(text)
        self._fit()
        self.updateGeometry()

    def full_text(self) -> str:
        """The text before it was cut."""
        return self._full_text

    def is_cut(self) -> bool:
        return self.text() != self._one_line()

    def sizeHint(self) -> QSize:
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(self._one_line()) + margins.left() + margins.right() + 2
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 4, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _one_line(self) -> str:
        return " ".join(self._full_text.split())

    def _fit(self) -> None:
        whole = self._one_line()
        shown = self.fontMetrics().elidedText(whole, self._mode, max(self.contentsRect().width(), 0))
        super().setText(shown)
        self.setToolTip(as_plain_tooltip(self._full_text) if shown != whole else "")


def as_plain_tooltip(text: str) -> str:
    """``text`` so that a tooltip shows it as it is, wrapped, even where it looks like markup."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"


class Divider(QFrame):
    """A hair line between two things."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "line")
