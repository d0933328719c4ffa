"""What stands where nothing is yet: a sentence that says what will be here, and the next step as a button."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel

_ICON_PIXELS = 40
_SENTENCE_WIDTH = 420


class EmptyState(QWidget):
    """A quiet icon, a sentence and, where there is a next step, its button; ``action_requested`` when it is pressed."""

    action_requested = Signal()

    def __init__(
        self, sentence: str, button_text: str = "", icon: str = "chart", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon_name = icon
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = PlainLabel(sentence, TextStyle.BODY, Role.QUIET_TEXT)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        scale_with_type(self._sentence, self._sentence.setMaximumWidth, _SENTENCE_WIDTH)
        self.button = SecondaryButton(button_text)
        if not button_text:  # shown without a parent it would be a window
            self.button.hide()
        self.button.clicked.connect(self.action_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.MEDIUM, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.SMALL)
        column.addStretch(1)
        column.addWidget(self._icon)
        column.addLayout(self._make_sentence_row())
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        current_theme().theme_changed.connect(self._draw_icon)
        self._draw_icon()

    def _make_sentence_row(self) -> QHBoxLayout:
        """The sentence in the middle. An aligned label would forget how high its lines are; stretches keep it."""
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._sentence, 1000)
        row.addStretch(1)
        return row

    def set_sentence(self, sentence: str, button_text: str = "") -> None:
        """Say something else, with another next step or none."""
        self._sentence.setText(sentence)
        self.button.setText(button_text)
        self.button.setVisible(bool(button_text))

    def sentence(self) -> str:
        return self._sentence.text()

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 120)

    @Slot()
    def _draw_icon(self) -> None:
        ratio = self.devicePixelRatioF()
        pixmap = icon_pixmap(
            self._icon_name, current_theme().hex(Role.CONTROL_BORDER), round(_ICON_PIXELS * ratio)
        )
        pixmap.setDevicePixelRatio(ratio)
        self._icon.setPixmap(pixmap)
