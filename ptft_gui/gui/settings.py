"""What the window remembers from one start to the next: a small file at home."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from ptft_gui.core.paths import home_folder
from ptft_gui.gui.theme import Preference, Theme

_GEOMETRY, _THEME, _TEXT_SCALE = ("window/geometry", "view/theme", "view/text_scale")
_LAST_LOOK, _RESUMES = ("window/last_look", "runs/resume_by_itself")
_SPEEDS = {"gensim": "measured/words_per_second", "fast": "measured/words_per_second_fast"}
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

    def last_look(self) -> float | None:
        """When a person last had the window before them, as Unix time; None before the first time."""
        return self._number(_LAST_LOOK)

    def keep_last_look(self, moment: float) -> None:
        self.store.setValue(_LAST_LOOK, round(moment, 3))

    def resumes_by_itself(self) -> bool:
        """Whether runs that a restart interrupted go on without a question."""
        return bool(self._number(_RESUMES))

    def keep_resumes_by_itself(self, is_on: bool) -> None:
        self.store.setValue(_RESUMES, int(is_on))

    def speeds(self) -> dict[str, float]:
        """Words a second that the last run of each trainer reached on this computer, as far as there was one."""
        found = {trainer: self._number(key) for trainer, key in _SPEEDS.items()}
        return {trainer: speed for trainer, speed in found.items() if speed is not None}

    def keep_speed(self, words_per_second: float, trainer: str) -> None:
        self.store.setValue(_SPEEDS[trainer], round(words_per_second))

    def _number(self, key: str) -> float | None:
        try:
            return float(str(self.store.value(key)))
        except ValueError:
            return None
