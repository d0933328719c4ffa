"""What the runs of a folder take on the disk, and what of it can be given back without losing a result."""

from __future__ import annotations

import contextlib
import json
import shutil
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.before_start import Room, room_of
from ptft_gui.core.hub.models import models_folder
from ptft_gui.core.paths import cache_folder, home_folder
from ptft_gui.core.rundir import LIVE_STATES, RunDir, State, folder_bytes, list_runs
from ptft_gui.core.trash import TRASH, ThrownAway, empty_trash, thrown_away

_STEP = "step-"


@dataclass(frozen=True)
class RunBytes:
    """One run: bytes of all of it, of its checkpoints, and of those among them that are not needed to go on."""

    name: str
    title: str
    state: State
    total: int
    checkpoints: int
    spare: int


@dataclass(frozen=True)
class DiskUse:
    """Of a folder of runs, the largest run first; and what lies beside them. ``models``: those of the network."""

    runs: tuple[RunBytes, ...]
    trash: int
    cache: int
    room: Room | None
    models: int = 0
    thrown_away: tuple[ThrownAway, ...] = ()

    @property
    def spare(self) -> int:
        """What cleaning up would free: all but the newest checkpoint of each ended run."""
        return sum(run.spare for run in self.runs)

    @property
    def all_checkpoints(self) -> int:
        """The checkpoints of all runs that ended with a result."""
        return sum(run.checkpoints for run in self.runs if has_result(run.state))

    @property
    def is_busy(self) -> bool:
        """Whether a run trains or waits, which may be reading what lies in the cache."""
        return any(run.state in LIVE_STATES for run in self.runs)


def has_result(state: State) -> bool:
    return state in ("finished", "stopped")


def disk_use(runs: Path) -> DiskUse:
    """Look at every run; takes a moment where there are many."""
    found = sorted((_bytes_of(run) for run in list_runs(runs)), key=lambda run: -run.total)
    cache, models = folder_bytes(cache_folder()), folder_bytes(models_folder(home_folder()))
    trash = folder_bytes(runs / TRASH)
    return DiskUse(tuple(found), trash, cache, room_of(runs), models, tuple(thrown_away(runs)))


def _bytes_of(run: RunDir) -> RunBytes:
    state = run.state()
    sizes = {path: folder_bytes(path) for path in _steps(run)}
    spare = 0 if state in LIVE_STATES else sum(sizes[path] for path in _not_needed(run))
    return RunBytes(run.name, run.title(), state, folder_bytes(run.path), sum(sizes.values()), spare)


def _steps(run: RunDir) -> list[Path]:
    """The folders of checkpoints, the newest first; half-written ones and links are none."""
    try:
        found = [
            path
            for path in run.checkpoints.iterdir()
            if path.name.removeprefix(_STEP).isdecimal() and path.is_dir() and not path.is_symlink()
        ]
    except OSError:
        return []
    return sorted(found, key=lambda path: -int(path.name.removeprefix(_STEP)))


def _not_needed(run: RunDir) -> list[Path]:
    """All but the newest that is whole; where none is, all are kept."""
    steps = _steps(run)
    newest = next((path for path in steps if _is_whole(path)), None)
    return [] if newest is None else [path for path in steps if path != newest]


def _is_whole(path: Path) -> bool:
    """Whether every file its manifest names is there with its size."""
    try:
        files = json.loads((path / "manifest.json").read_text(encoding="utf-8"))["files"]
        return all((path / name).stat().st_size == entry["bytes"] for name, entry in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False


def clean_up(runs: Path, names: Sequence[str], *, keeps_newest: bool = True) -> int:
    """Delete checkpoints of ended runs; returns the bytes that became free.

    ``keeps_newest``: a run can still go on from its newest whole one; without, only runs that have a result are
    touched, and they cannot be trained further from where they ended. A run that lives is left alone.
    """
    freed = 0
    for name in names:
        run = RunDir(runs / name)
        if run.worker_pid() is not None or run.state() in LIVE_STATES:
            continue
        if not keeps_newest and not has_result(run.state()):
            continue
        for path in _not_needed(run) if keeps_newest else _steps(run):
            freed += _remove(path)
    return freed


def _remove(path: Path) -> int:
    """It loses its name first, so that no half-deleted one ever bears it."""
    size = folder_bytes(path)
    aside = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}.tmp")
    with contextlib.suppress(OSError):
        path.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
        return size
    return 0


def empty_cache() -> int:
    """Delete what is rebuilt when it is missing; returns the bytes that became free."""
    folder = cache_folder()
    size = folder_bytes(folder)
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
    return size - folder_bytes(folder)


def remove_models() -> int:
    """Delete every model that was fetched from the network, and what is left of others; returns the bytes that became
    free. One that cannot be deleted stays."""
    folder = models_folder(home_folder())
    return sum(_remove(path) for path in _folders_in(folder))


def _folders_in(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []


def empty_trash_now(runs: Path) -> int:
    """Delete for good all that was thrown away; returns the bytes that became free."""
    size = folder_bytes(runs / TRASH)
    empty_trash(runs, older_than_days=-1.0)
    return size - folder_bytes(runs / TRASH)
