"""Resumable states of a run: each is a folder that is whole or absent.

::

    checkpoints/step-00000100/   what the family wrote (arrays, state.json) and manifest.json, which proves it whole:
                                 step, epoch, score, and size and SHA-256 of every file

A checkpoint is written under a temporary name, synced and renamed. The newest two and the best one are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core.atomic import sync_file, sync_folder
from ptft_gui.core.errors import RunFolderError

MANIFEST_FILE = "manifest.json"
FORMAT_VERSION = 1
KEPT_NEWEST = 2
SPARE_BYTES = 64 << 20
_TEMPORARY = ".tmp-"


@dataclass(frozen=True)
class Checkpoint:
    """One whole checkpoint. ``score`` is the main metric at that moment (lower is better), None if not measured."""

    path: Path
    step: int
    epoch: float
    score: float | None
    size_bytes: int


def save_checkpoint(
    checkpoints: Path,
    step: int,
    epoch: float,
    score: float | None,
    write_files: Callable[[Path], None],
    expected_bytes: int = 0,
) -> Checkpoint:
    """Let ``write_files`` fill a folder, and make it the checkpoint of this step; one that exists is kept as it is.

    Raises :class:`RunFolderError` when the disk is full or cannot be written; nothing half-written remains.
    """
    target = checkpoints / f"step-{step:08d}"
    if (present := read_checkpoint(target)) is not None:
        return present
    temporary = checkpoints / f"{target.name}{_TEMPORARY}{uuid.uuid4().hex[:8]}"
    try:
        checkpoints.mkdir(exist_ok=True)  # but not the run's folder: one that was deleted stays so
        temporary.mkdir()
        _check_space(checkpoints, expected_bytes)
        write_files(temporary)
        size_bytes = _seal(temporary, {"step": step, "epoch": epoch, "score": score})
        _remove(target)
        temporary.rename(target)
        sync_folder(checkpoints)
    except OSError as problem:
        raise _cannot_save(checkpoints, problem.strerror or str(problem)) from problem
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return Checkpoint(target, step, epoch, score, size_bytes)


def _check_space(checkpoints: Path, expected_bytes: int) -> None:
    free = shutil.disk_usage(checkpoints).free
    if free < expected_bytes + SPARE_BYTES:
        raise _cannot_save(
            checkpoints, f"{free:,} bytes are free and about {expected_bytes + SPARE_BYTES:,} are needed"
        )


def _cannot_save(checkpoints: Path, detail: str) -> RunFolderError:
    return RunFolderError(
        "A checkpoint could not be saved.",
        detail=f"{detail} ({checkpoints}).",
        hint="Free some space on that disk; training goes on and tries again.",
    )


def _seal(folder: Path, facts: dict[str, Any]) -> int:
    """Write the manifest and bring everything to the disk; returns the bytes of the files."""
    files: dict[str, dict[str, Any]] = {}
    for path in sorted(folder.iterdir()):
        files[path.name] = {"bytes": path.stat().st_size, "sha256": _sha256(path)}
        sync_file(path)
    manifest = {"format_version": FORMAT_VERSION, **facts, "files": files}
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=1, allow_nan=False), encoding="utf-8")
    sync_file(folder / MANIFEST_FILE)
    sync_folder(folder)
    return sum(file["bytes"] for file in files.values())


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_checkpoint(path: Path, verify: bool = False) -> Checkpoint | None:
    """The checkpoint in a folder, or None when it is absent or not whole; ``verify`` reads every byte."""
    try:
        manifest = json.loads((path / MANIFEST_FILE).read_text(encoding="utf-8"))
        files: dict[str, dict[str, Any]] = manifest["files"]
        sizes = {name: (path / name).stat().st_size for name in files}
        is_whole = manifest["format_version"] <= FORMAT_VERSION and all(
            sizes[name] == entry["bytes"] and (not verify or _sha256(path / name) == entry["sha256"])
            for name, entry in files.items()
        )
        score = manifest["score"]
        found = Checkpoint(
            path,
            int(manifest["step"]),
            float(manifest["epoch"]),
            None if score is None else float(score),
            sum(sizes.values()),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return found if is_whole else None


def find_checkpoints(checkpoints: Path) -> list[Checkpoint]:
    """The checkpoints that look whole (names and sizes), the newest first."""
    try:
        folders = [path for path in checkpoints.iterdir() if _TEMPORARY not in path.name]
    except OSError:
        return []
    found = [checkpoint for path in folders if (checkpoint := read_checkpoint(path)) is not None]
    return sorted(found, key=lambda checkpoint: -checkpoint.step)


def newest_whole(checkpoints: Path) -> Checkpoint | None:
    """The newest checkpoint whose every byte is as it was written, or None."""
    whole = (read_checkpoint(found.path, verify=True) for found in find_checkpoints(checkpoints))
    return next((checkpoint for checkpoint in whole if checkpoint is not None), None)


def best_of(found: Sequence[Checkpoint]) -> Checkpoint | None:
    """The one with the lowest score; None when none was measured."""
    measured = [checkpoint for checkpoint in found if checkpoint.score is not None]
    return min(measured, key=lambda checkpoint: checkpoint.score or 0.0, default=None)


def prune_checkpoints(checkpoints: Path, newest: int = KEPT_NEWEST) -> None:
    """Keep the newest (two, where the disk has room) and the best."""
    found = find_checkpoints(checkpoints)
    kept = {checkpoint.path for checkpoint in found[:newest]}
    if (best := best_of(found)) is not None:
        kept.add(best.path)
    for checkpoint in found:
        if checkpoint.path not in kept:
            _remove(checkpoint.path)


def steps_named(checkpoints: Path) -> list[int]:
    """The steps that checkpoints are named after, damaged ones included; half-written ones have no such name."""
    numbers = (path.name.removeprefix("step-") for path in checkpoints.glob("step-*"))
    return [int(number) for number in numbers if number.isdecimal()]


def clear_leftovers(checkpoints: Path, newer_than: int) -> None:
    """Remove what a killed worker left half-written, and states later than the step that is resumed from."""
    for path in checkpoints.glob(f"*{_TEMPORARY}*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in checkpoints.glob("step-*"):
        number = path.name.removeprefix("step-")
        if number.isdigit() and int(number) > newer_than:
            _remove(path)


def _remove(path: Path) -> None:
    """Delete a checkpoint; it loses its name first, so that no half-deleted one ever bears it."""
    aside = path.with_name(f"{path.name}{_TEMPORARY}{uuid.uuid4().hex[:8]}")
    with contextlib.suppress(OSError):
        path.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def read_state(checkpoint: Checkpoint, name: str = "state.json") -> dict[str, Any]:
    """A JSON file of a checkpoint; raises :class:`RunFolderError` when it cannot be read."""
    try:
        state = json.loads((checkpoint.path / name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise damaged_checkpoint(checkpoint, str(problem)) from None
    if not isinstance(state, dict):
        raise damaged_checkpoint(checkpoint, f"{name} is not a JSON object.")
    return state


def damaged_checkpoint(checkpoint: Checkpoint, detail: str) -> RunFolderError:
    return RunFolderError(
        f"The checkpoint of step {checkpoint.step:,} cannot be used.",
        detail=detail,
        hint="Start the run again from the beginning.",
    )
