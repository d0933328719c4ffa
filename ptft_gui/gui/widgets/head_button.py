"""Buttons whose words a person's file decides: one line that ends in "..." where there is too little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ptft_gui.gui.theme import Role
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.labels import as_plain_tooltip
from ptft_gui.gui.widgets.restyle import set_style_property


class ElidedButton(QuietButton):
    """A quiet button at the left edge; where its text is cut, the tooltip holds all of it."""

    _before = ""
    _beside_text = 12
    """Pixels that are not text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._full_text, self._explanation = "", ""
        set_style_property(self, "isLeft", True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str, explanation: str = "") -> None:
        """Show ``text``; ``explanation`` is the tooltip and what a screen reader says more."""
        self._full_text, self._explanation = " ".join(text.split()), explanation
        self.setAccessibleName(self._full_text)
        self.setAccessibleDescription(explanation)
        self._fit()

    def full_text(self) -> str:
        """The text before it was cut."""
        return self._full_text

    def minimumSizeHint(self) -> QSize:
        return QSize(self._beside_text + 24, super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        return QSize(160, super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        room = max(self.width() - self._beside_text, 0)
        shown = self.fontMetrics().elidedText(self._full_text, Qt.TextElideMode.ElideRight, room)
        self.setText(self._before + shown.replace("&", "&&"))
        whole = self._full_text if shown != self._full_text else ""
        tip = "\n".join(part for part in (whole, self._explanation) if part)
        self.setToolTip(as_plain_tooltip(tip) if tip else "")


class HeadButton(ElidedButton):
    """The head of a column: its name in the colour of its role; its menu changes the role."""

    _kind = "head"
    _beside_text = 40
    _before = "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}"
    """A style sheet gives a button with a menu no room before its text."""

    def show_role(self, text: str, colour: Role, explanation: str = "") -> None:
        set_style_property(self, "series", colour.value)
        self.show_text(text, explanation)
