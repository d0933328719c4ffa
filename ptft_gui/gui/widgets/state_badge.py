"""The state of a run as a word and a shape, so that it can be told without colour."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ptft_gui.gui.icons import icon_pixmap
from ptft_gui.gui.theme import Role, Space, TextStyle, current_theme, text_role
from ptft_gui.gui.widgets.labels import PlainLabel

_ICON_PER_TEXT = 16 / 13


@dataclass(frozen=True)
class StateLook:
    """Shape (an icon's name) and colour of one state."""

    icon: str
    role: Role


STATE_LOOKS: dict[str, StateLook] = {
    "queued": StateLook("clock", Role.QUIET_TEXT),
    "starting": StateLook("dots", Role.ACCENT),
    "running": StateLook("play", Role.ACCENT),
    "paused": StateLook("pause", Role.WARNING),
    "stopping": StateLook("dots", Role.WARNING),
    "finished": StateLook("check", Role.GOOD),
    "stopped": StateLook("stop", Role.QUIET_TEXT),
    "failed": StateLook("cross", Role.BAD),
    "lost": StateLook("warning", Role.BAD),
    "start_failed": StateLook("cross", Role.BAD),
    "reading": StateLook("eye", Role.QUIET_TEXT),
}


def state_word(state: str) -> str:
    """The word of a state in the language of the window."""
    words = {
        "queued": QCoreApplication.translate("RunState", "waiting"),
        "starting": QCoreApplication.translate("RunState", "starting"),
        "running": QCoreApplication.translate("RunState", "running"),
        "paused": QCoreApplication.translate("RunState", "paused"),
        "stopping": QCoreApplication.translate("RunState", "stopping"),
        "finished": QCoreApplication.translate("RunState", "finished"),
        "stopped": QCoreApplication.translate("RunState", "stopped"),
        "failed": QCoreApplication.translate("RunState", "failed"),
        "lost": QCoreApplication.translate("RunState", "lost"),
        "start_failed": QCoreApplication.translate("RunState", "did not start"),
        "reading": QCoreApplication.translate("RunState", "reading"),
    }
    return words[state]


class StateBadge(QWidget):
    """Shape and word of a state; ``detail`` follows the word, as in "running 41 %"."""

    def __init__(self, state: str = "reading", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._icon = QLabel()
        self._word = PlainLabel("", TextStyle.STRONG)
        self._word.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.HALF)
        row.addWidget(self._icon)
        row.addWidget(self._word, 1)
        self._detail = ""
        current_theme().theme_changed.connect(self._draw)
        self._draw()

    @property
    def state(self) -> str:
        return self._state

    def set_state(self, state: str, detail: str = "") -> None:
        """Show ``state``, one of :data:`STATE_LOOKS`; raises :class:`KeyError` for another."""
        STATE_LOOKS[state]
        if (state, detail) != (self._state, self._detail):
            self._state, self._detail = state, detail
            self._draw()

    @Slot()
    def _draw(self) -> None:
        look = STATE_LOOKS[self._state]
        theme, ratio = current_theme(), self.devicePixelRatioF()
        side = round(theme.pixels(TextStyle.BODY) * _ICON_PER_TEXT)
        pixmap = icon_pixmap(look.icon, theme.hex(look.role), round(side * ratio))
        self._icon.setFixedWidth(side)
        pixmap.setDevicePixelRatio(ratio)
        self._icon.setPixmap(pixmap)
        text = f"{state_word(self._state)} {self._detail}".strip()
        self._word.setText(text)
        self._word.set_ink(text_role(look.role))
        self.setAccessibleName(text)
