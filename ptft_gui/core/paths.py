"""Where the program keeps things on this computer."""

from __future__ import annotations

import json
import os
from pathlib import Path

import platformdirs

PREFERENCES_FILE = "preferences.json"


def home_folder() -> Path:
    """PTFT_HOME, or the platform's folder for user data."""
    chosen = os.environ.get("PTFT_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("ptft-gui", False))


def runs_folder(chosen: str | Path | None = None) -> Path:
    """The folder of runs: what was asked for, else PTFT_RUNS, else the preferred one, else ``runs`` at home."""
    named = chosen or os.environ.get("PTFT_RUNS") or _preferred("runs")
    return Path(named).expanduser() if named else home_folder() / "runs"


def cache_folder() -> Path:
    """Prepared text and measurements, rebuilt when missing: the preferred folder, else ``cache`` at home."""
    named = _preferred("cache")
    return Path(named) if named else home_folder() / "cache"


def _preferred(key: str) -> str:
    """A folder that a person chose in Preferences; "" where none was, or it makes no sense."""
    try:
        record = json.loads((home_folder() / PREFERENCES_FILE).read_text(encoding="utf-8"))
        named = record.get(key) if isinstance(record, dict) else None
    except (OSError, ValueError, RecursionError):
        return ""
    return named if isinstance(named, str) and os.path.isabs(named) else ""
