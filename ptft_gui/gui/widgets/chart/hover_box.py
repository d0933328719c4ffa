"""The box beside the cross-hair with the values there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.labels import PlainLabel

_GAP = 12


class HoverBox(QFrame):
    """Lines of text on a dark ground, beside a place of its parent and never outside it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("hoverBox")
        self.setProperty("ground", "hoverBox")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._values = PlainLabel("", TextStyle.BODY, Role.ON_TOOLTIP)
        self._values.setWordWrap(False)
        self._note = PlainLabel("", TextStyle.CAPTION, Role.ON_TOOLTIP)
        scale_with_type(self._note, self._note.setFixedWidth, 220)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.SMALL, Space.HALF, Space.SMALL, Space.HALF)
        column.setSpacing(Space.HALF)
        column.addWidget(self._values)
        column.addWidget(self._note)
        self.hide()

    def show_beside(self, x: float, lines: Sequence[str], note: str = "") -> None:
        """Show ``lines`` at the right of ``x`` (pixels of the parent), or at its left where there is no room."""
        self._values.setText("\n".join(lines))
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self.adjustSize()
        room = self.parentWidget().rect()  # type: ignore[union-attr]
        left = x + _GAP if x + _GAP + self.width() < room.right() else x - _GAP - self.width()
        self.move(round(max(left, 0)), Space.MEDIUM)
        self.show()
        self.raise_()

    def text(self) -> str:
        """What the box says."""
        return self._values.text()
