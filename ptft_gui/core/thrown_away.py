"""The runs that were thrown away and can still be brought back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.rundir import TRASH, RunDir, folder_bytes


@dataclass(frozen=True)
class ThrownAway:
    """``name``: its folder in the trash, as the run controller's ``restore`` takes it; ``moved``: Unix time."""

    name: str
    title: str
    size: int
    moved: float


def thrown_away(runs: Path) -> list[ThrownAway]:
    """The runs in the trash of a folder of runs, the last one thrown away first; what is no run is left out."""
    trash = runs / TRASH
    try:
        folders = [path for path in trash.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []
    found = []
    for folder in folders:
        name, _, moved = folder.name.rpartition("~")
        if name and moved.isdecimal():
            title = RunDir(folder).title()
            title = name if title == folder.name else title
            found.append(ThrownAway(folder.name, title, folder_bytes(folder), float(moved)))
    return sorted(found, key=lambda run: -run.moved)
