"""The views of a page as words side by side, in as many rows as they need."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QPushButton, QWidget

from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.flow_layout import FlowLayout


class ViewChoice(QWidget):
    """One of several words is chosen (segment_<key>); the arrow keys go on. ``value_changed`` carries its key."""

    value_changed = Signal(str)

    def __init__(
        self, views: Sequence[tuple[str, str]], accessible_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(accessible_name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        flow = FlowLayout(self, Space.HALF)
        for key, words in views:
            button = self._buttons[key] = QPushButton(words)
            button.setObjectName(f"segment_{key}")
            button.setProperty("kind", "segment")
            button.setProperty("place", "only")
            button.setProperty("view", key)
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            self._group.addButton(button)
            flow.addWidget(button)
        self._group.buttonToggled.connect(self._on_toggled)

    def value(self) -> str:
        """The view that is chosen."""
        chosen = self._group.checkedButton()
        return str(chosen.property("view")) if chosen is not None else ""

    def set_value(self, key: str) -> None:
        """Choose a view; raises :class:`KeyError` for one that is not there."""
        self._buttons[key].setChecked(True)

    def show_view(self, key: str, is_there: bool) -> None:
        """Offer a view, or not."""
        self._buttons[key].setVisible(is_there)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, button: QAbstractButton, is_checked: bool) -> None:
        if is_checked:
            self.value_changed.emit(str(button.property("view")))
