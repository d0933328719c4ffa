"""A section that folds away under its title."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ptft_gui.gui.icons import set_icon
from ptft_gui.gui.theme import Role, Space


class CollapsibleSection(QWidget):
    """A title that folds and unfolds ``body`` (a vertical layout) at a click or the space bar."""

    toggled = Signal(bool)

    def __init__(self, title: str, is_open: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._button = QPushButton(title)
        self._button.setProperty("kind", "fold")
        self._button.setCheckable(True)
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._content = QWidget()
        self.body = QVBoxLayout(self._content)
        self.body.setContentsMargins(Space.SMALL, 0, 0, 0)
        self.body.setSpacing(Space.SMALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        self._title_row = QHBoxLayout()
        self._title_row.setSpacing(Space.SMALL)
        self._title_row.addWidget(self._button, 1)
        column.addLayout(self._title_row)
        column.setAlignment(
            self._title_row, Qt.AlignmentFlag.AlignTop
        )  # it never moves, however much room there is
        column.addWidget(self._content)
        self._button.toggled.connect(self._on_toggled)
        self._button.setChecked(is_open)
        self._on_toggled(is_open)

    @property
    def is_open(self) -> bool:
        return self._button.isChecked()

    def set_open(self, is_open: bool) -> None:
        self._button.setChecked(is_open)

    def set_title(self, title: str) -> None:
        """Change the words of the fold, as in "Advanced (2 changed)"."""
        self._button.setText(title)

    def add_to_title_row(self, widget: QWidget) -> None:
        """Put ``widget`` at the title's right, where it is seen while the rest is folded, too."""
        self._title_row.addWidget(widget)

    @Slot(bool)
    def _on_toggled(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        set_icon(self._button, "chevron-down" if is_open else "chevron-right", Role.QUIET_TEXT)
        state = self.tr("open") if is_open else self.tr("folded")
        self._button.setAccessibleDescription(state)
        self.toggled.emit(is_open)
