"""Where the program keeps things on this computer."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def home_folder() -> Path:
    """PTFT_HOME, or the platform's folder for user data."""
    chosen = os.environ.get("PTFT_HOME")
    return Path(chosen).expanduser() if chosen else Path(platformdirs.user_data_dir("ptft-gui", False))


def runs_folder(chosen: str | Path | None = None) -> Path:
    """The folder of runs: what was asked for, else PTFT_RUNS, else ``runs`` at home."""
    named = chosen or os.environ.get("PTFT_RUNS")
    return Path(named).expanduser() if named else home_folder() / "runs"


def cache_folder() -> Path:
    """Prepared text and measurements: rebuilt when missing."""
    return home_folder() / "cache"
