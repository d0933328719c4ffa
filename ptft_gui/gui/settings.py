"""What the window remembers from one start to the next: a small file at home."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from ptft_gui.core.paths import home_folder
from ptft_gui.gui.theme import Preference, Theme

_GEOMETRY, _THEME, _TEXT_SCALE, _SPEED = (
    "window/geometry",
    "view/theme",
    "view/text_scale",
    "measured/words_per_second",
)
_PREFERENCES: tuple[Preference, ...] = ("system", "light", "dark")


class WindowSettings:
    """Typed access to the settings; what cannot be read is as if it had never been set."""

    def __init__(self) -> None:
        self.store = QSettings(str(home_folder() / "window.ini"), QSettings.Format.IniFormat)

    def geometry(self) -> QByteArray | None:
        value = self.store.value(_GEOMETRY)
        return value if isinstance(value, QByteArray) else None

    def keep_geometry(self, geometry: QByteArray) -> None:
        self.store.setValue(_GEOMETRY, geometry)

    def dress(self, theme: Theme) -> None:
        """Give the theme what a person chose last time."""
        preference = self.store.value(_THEME)
        theme.set_preference(next((p for p in _PREFERENCES if p == preference), "system"))
        theme.set_text_scale(self._number(_TEXT_SCALE) or 1.0)

    def keep_look(self, theme: Theme) -> None:
        self.store.setValue(_THEME, theme.preference)
        self.store.setValue(_TEXT_SCALE, theme.text_scale)

    def speed(self) -> float | None:
        """Words a second that the last run on this computer reached."""
        return self._number(_SPEED)

    def keep_speed(self, words_per_second: float) -> None:
        self.store.setValue(_SPEED, round(words_per_second))

    def _number(self, key: str) -> float | None:
        try:
            return float(str(self.store.value(key)))
        except ValueError:
            return None
