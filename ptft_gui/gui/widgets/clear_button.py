"""The small button in a line of text that empties it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLineEdit, QToolButton


def add_clear_button(line: QLineEdit) -> None:
    """Add Qt's own, and give it the name that Qt does not give: without one a screen reader says "button"."""
    line.setClearButtonEnabled(True)
    button = line.findChild(QToolButton)
    if button is not None:
        button.setObjectName("clearButton")
        button.setAccessibleName(QCoreApplication.translate("clearButton", "Clear"))
