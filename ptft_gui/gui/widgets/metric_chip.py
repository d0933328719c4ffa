"""A number with its name: loss, speed, time, memory."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle, text_role
from ptft_gui.gui.widgets.labels import PlainLabel


class MetricChip(QFrame):
    """A quiet name above a number; ``role`` colours the number when it says something (good, warning, bad)."""

    def __init__(self, name: str, value: str = "-", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "card")
        self._name = PlainLabel(name, TextStyle.CAPTION, Role.QUIET_TEXT)
        self._value = PlainLabel(value, TextStyle.STRONG)
        for label in (self._name, self._value):
            label.setWordWrap(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM - 4, Space.SMALL, Space.MEDIUM - 4, Space.SMALL)
        column.setSpacing(2)
        column.addWidget(self._name)
        column.addWidget(self._value)
        self.set_value(value)

    def set_name(self, name: str) -> None:
        self._name.setText(name)

    def set_value(self, value: str, role: Role = Role.TEXT, explanation: str = "") -> None:
        """Show ``value``; ``explanation`` is the tooltip and the screen reader's longer form."""
        self._value.setText(value)
        self._value.set_ink(text_role(role))
        self.setToolTip(explanation)
        self.setAccessibleName(f"{self._name.text()}: {value}")
        self.setAccessibleDescription(explanation)

    def value(self) -> str:
        return self._value.text()

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(80, 0))
