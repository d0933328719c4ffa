"""The row of tabs under a run's header."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QPushButton, QWidget

from ptft_gui.gui.theme import Space


class TabRow(QFrame):
    """Words of which one is chosen (tab_<key>); the arrow keys go from one to the next. ``chosen`` carries the key."""

    chosen = Signal(str)

    def __init__(self, tabs: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, 0)
        row.setSpacing(Space.LARGE)
        for key, words in tabs:
            button = self._buttons[key] = QPushButton(words)
            button.setObjectName(f"tab_{key}")
            button.setProperty("kind", "tab")
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._group.addButton(button)
            row.addWidget(button)
        row.addStretch(1)
        self._group.buttonToggled.connect(self._on_toggled)

    def current(self) -> str:
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def offer(self, key: str, is_offered: bool) -> None:
        """Show a tab, or not."""
        self._buttons[key].setVisible(is_offered)

    def is_offered(self, key: str) -> bool:
        """Whether a tab is shown."""
        return key in self._buttons and not self._buttons[key].isHidden()

    def choose(self, key: str) -> None:
        """Choose a tab; raises :class:`KeyError` for one that is not there."""
        self._buttons[key].setChecked(True)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, is_checked: bool) -> None:
        if is_checked:
            self.chosen.emit(button.objectName().removeprefix("tab_"))
