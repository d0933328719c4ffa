"""A text of many tokens that can be pointed at: what the model wrote, or a text it was measured on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from PySide6.QtCore import QEvent, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from ptft_gui.gui.theme import Role, Space, current_theme

Span = tuple[int, int]
_MOST_MARKS = 5_000
_STRONGEST_SHADE = 0.55


class WrittenText(QPlainTextEdit):
    """Read-only and always plain. ``pointed`` carries the sign under the pointer or cursor, -1 for none; ``chosen``
    the sign that was clicked. All places are in code points, as Python counts them."""

    pointed = Signal(int)
    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = _Places("")
        self._quiet: Span = (0, 0)
        self._seen: tuple[Span, ...] = ()
        self._shades: tuple[tuple[int, int, float], ...] = ()
        self._token: Span = (0, 0)
        self._pointed = -1
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self.cursorPositionChanged.connect(self._on_cursor_moved)
        self.document().setUndoRedoEnabled(False)
        current_theme().theme_changed.connect(self._on_theme_changed)

    def sizeHint(self) -> QSize:
        return QSize(240, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.fontMetrics().lineSpacing() * 6 + Space.MEDIUM)

    # showing

    def show_text(self, text: str, quiet_until: int = 0) -> None:
        """Show another text without marks, or the same that has grown; what stands before ``quiet_until`` is grey."""
        before = self._places.text
        has_grown = bool(before) and text.startswith(before) and quiet_until == self._quiet[1]
        is_coloured = has_grown and not self._seen and len(before) >= quiet_until
        self._places = _Places(text)
        self._quiet, self._seen, self._shades, self._token = (0, quiet_until), (), (), (0, 0)
        self.blockSignals(True)
        if has_grown:
            cursor = QTextCursor(self.document())
            cursor.movePosition(QTextCursor.MoveOperation.End)
            cursor.insertText(text[len(before) :], QTextCharFormat())
        else:
            self.setPlainText(text)
        self.blockSignals(False)
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum() if has_grown else 0)
        self._pointed = -1
        if not is_coloured:  # to colour a long text anew with each token took most of the time that one costs
            self._draw_ink()
        self._draw_marks()

    def text(self) -> str:
        return self._places.text

    def mark_seen(self, spans: Sequence[Span]) -> None:
        """Underline runs that stand word for word in the training text."""
        self._seen = tuple(spans)
        self._draw_ink()

    def seen(self) -> list[str]:
        """The underlined runs."""
        return [self.text()[start:end] for start, end in self._seen]

    def shade(self, shades: Sequence[tuple[int, int, float]]) -> None:
        """Lay a colour under stretches, (start, end, how strong from 0 to 1)."""
        self._shades = tuple(shades)
        self._draw_marks()

    def mark_token(self, start: int, end: int) -> None:
        """Frame one token; an empty stretch frames none."""
        if (start, end) != self._token:
            self._token = (start, end)
            self._draw_marks()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._draw_ink()
        self._draw_marks()

    def _draw_ink(self) -> None:
        """Colours and lines of the signs themselves. They belong to the document: of selections that touch each other
        Qt draws the ink of one only."""
        theme = current_theme()
        self.blockSignals(True)
        self._cursor((0, len(self.text()))).setCharFormat(QTextCharFormat())
        if self._quiet[1]:
            self._cursor(self._quiet).setCharFormat(_ink(theme.colour(Role.QUIET_TEXT)))
        seen = _ink(theme.colour(Role.WARNING_TEXT))
        seen.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SingleUnderline)
        for span in self._seen[:_MOST_MARKS]:
            self._cursor(span).setCharFormat(seen)
        self.blockSignals(False)

    def _draw_marks(self) -> None:
        """What lies under the signs, and the token that is pointed at."""
        theme = current_theme()
        marks = []
        ground = theme.colour(Role.HELD_OUT)
        for start, end, strength in self._shades[:_MOST_MARKS]:
            shaded, colour = QTextCharFormat(), QColor(ground)
            colour.setAlphaF(_STRONGEST_SHADE * min(max(strength, 0.0), 1.0))
            shaded.setBackground(colour)
            marks.append(self._mark((start, end), shaded))
        if self._token[1] > self._token[0]:
            token = _ink(theme.colour(Role.ON_ACCENT))
            token.setBackground(theme.colour(Role.ACCENT))
            marks.append(self._mark(self._token, token))
        self.setExtraSelections(marks)

    def _mark(self, span: Span, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        mark.cursor, mark.format = self._cursor(span), look
        return mark

    def _cursor(self, span: Span) -> QTextCursor:
        """One that has chosen these signs."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._places.in_qt(span[0]))
        cursor.setPosition(self._places.in_qt(span[1]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    # pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._point(self._sign_at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place = self._sign_at(event)
        if place >= 0 and not self.textCursor().hasSelection():
            self.chosen.emit(place)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(-1)

    def _sign_at(self, event: QMouseEvent) -> int:
        point = event.position().toPoint()
        cursor = self.cursorForPosition(point)
        after = self.cursorRect(cursor)
        position = cursor.position()
        if (
            position and point.x() < after.left()
        ):  # the nearest gap between signs is behind the one pointed at
            position -= 1
        if abs(point.y() - after.center().y()) > after.height() or position >= self._places.length:
            return -1
        return self._places.in_python(position)

    def _point(self, place: int) -> None:
        if place != self._pointed:
            self._pointed = place
            self.pointed.emit(place)

    @Slot()
    def _on_cursor_moved(self) -> None:
        if self.hasFocus() and not self.underMouse():
            position = self.textCursor().position()
            self._point(self._places.in_python(position) if position < self._places.length else -1)


class _Places:
    """Where a sign stands for Qt, to which signs beyond the basic plane are two."""

    def __init__(self, text: str) -> None:
        self.text = text
        is_plain = text.isascii() or max(text) < "\U00010000"
        wide = None if is_plain else list(accumulate((1 + (sign > "\uffff") for sign in text), initial=0))
        self._wide = wide
        self.length = len(text) if wide is None else wide[-1]

    def in_qt(self, place: int) -> int:
        place = min(max(place, 0), len(self.text))
        return place if self._wide is None else self._wide[place]

    def in_python(self, place: int) -> int:
        if self._wide is None:
            return place
        from bisect import bisect_right

        return bisect_right(self._wide, place) - 1


def _ink(colour: QColor) -> QTextCharFormat:
    look = QTextCharFormat()
    look.setForeground(colour)
    return look
