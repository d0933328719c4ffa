"""The sentence that says what is going on, with what can be done about it at its right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel

_MOST_BUTTONS = 3
_HEIGHT = 48


class NarratorBar(QFrame):
    """One sentence (objectName narratorLabel) and up to three buttons, at least 48 high.

    ``action_requested`` carries the action of the button that was pressed.
    """

    action_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("ground", "narrator")
        self.label = PlainLabel()
        self.label.setObjectName("narratorLabel")
        self.label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._actions: list[tuple[str, str]] = []
        self._buttons = [self._make_button(index) for index in range(_MOST_BUTTONS)]
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.HALF, Space.SMALL, Space.HALF)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.label, 1)
        for button in self._buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _make_button(self, index: int) -> QPushButton:
        button = SecondaryButton("")
        button.setObjectName(f"narratorAction{index + 1}" if index else "narratorAction")
        button.clicked.connect(self._on_clicked)
        button.hide()
        return button

    def minimumSizeHint(self) -> QSize:
        return super().minimumSizeHint().expandedTo(QSize(0, _HEIGHT))

    def set_message(self, sentence: str, actions: Sequence[tuple[str, str]] = ()) -> None:
        """Say ``sentence`` and offer ``actions``, pairs of (action, words on the button), at most three."""
        if len(actions) > _MOST_BUTTONS:
            raise ValueError(f"A sentence has at most {_MOST_BUTTONS} buttons, not {len(actions)}.")
        self.label.setText(sentence)
        self.label.setAccessibleName(sentence)
        if list(actions) == self._actions:
            return  # a button under the pointer stays where it is
        self._actions = list(actions)
        for index, button in enumerate(self._buttons):
            button.setVisible(index < len(actions))
            button.setText(actions[index][1] if index < len(actions) else "")

    def buttons(self) -> list[QPushButton]:
        """The buttons offered now."""
        return self._buttons[: len(self._actions)]

    @Slot()
    def _on_clicked(self) -> None:
        index = self._buttons.index(self.sender())  # type: ignore[arg-type]
        self.action_requested.emit(self._actions[index][0])
