"""The files and folders that were trained on lately, remembered from one window to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from ptft_gui.core.paths import home_folder

_KEY = "new_run/recent_texts"
_MOST = 5


def default_settings() -> QSettings:
    """The window's settings, kept at home."""
    return QSettings(str(home_folder() / "window.ini"), QSettings.Format.IniFormat)


class RecentTexts:
    """At most five paths, the newest first; those that are gone are left out."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def paths(self) -> list[str]:
        stored = self._settings.value(_KEY)
        # an INI file gives a list of one back as that one
        listed = stored if isinstance(stored, list) else [stored] if stored else []
        return [path for path in map(str, listed) if Path(path).exists()]

    def remember(self, path: str) -> None:
        kept = [path, *(other for other in self.paths() if other != path)]
        self._settings.setValue(_KEY, kept[:_MOST])
