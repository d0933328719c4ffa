"""The trash beside the runs: what was thrown away lies there for seven days and can be brought back."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.rundir import RunDir, folder_bytes, or_problem

TRASH = ".trash"
TRASH_DAYS = 7


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


def trash_run(run: RunDir) -> Path:
    """Move a run to the trash beside it, from where :func:`restore_run` brings it back for seven days."""
    trash = run.path.parent / TRASH
    target = trash / f"{run.name}~{int(time.time())}"

    def move() -> None:
        trash.mkdir(mode=0o700, exist_ok=True)
        run.path.rename(target)

    or_problem(move, run.path)
    return target


def restore_run(trashed: Path) -> RunDir:
    """Bring a run back from the trash; raises :class:`RunFolderError`."""
    target = trashed.parent.parent / trashed.name.rpartition("~")[0]
    if target.exists():
        raise RunFolderError(f"{target.name} is there already.", hint="Rename that folder first.")
    or_problem(lambda: trashed.rename(target), target)
    return RunDir(target)


def empty_trash(runs: Path, older_than_days: float = TRASH_DAYS) -> None:
    """Delete for good what has been in the trash for longer than that."""
    trash = runs / TRASH
    limit = time.time() - older_than_days * 86_400
    for path in trash.iterdir() if trash.is_dir() else ():
        moved = path.name.rpartition("~")[2]
        if moved.isdigit() and int(moved) < limit:
            shutil.rmtree(path, ignore_errors=True)
