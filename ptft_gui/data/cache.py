"""Folders that appear whole in the cache or not at all."""

from __future__ import annotations

import errno
import shutil
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from ptft_gui.core.atomic import sync_file, sync_folder
from ptft_gui.core.errors import DataError

_TEMPORARY = ".building-"
_ABANDONED_SECONDS = 86_400


def build_whole(folder: Path, build: Callable[[Path], None], is_whole: Callable[[Path], bool]) -> None:
    """Let ``build`` fill a temporary folder, then give it its name; when somebody else was first, theirs stays.

    Whatever ends the build, no half-built folder keeps the name. Raises what ``build`` raises, and DataError when
    the disk is full or may not be written.
    """
    temporary = _temporary_for(folder)
    try:
        temporary.mkdir(parents=True)
        _remove_abandoned(folder.parent)
        build(temporary)
        _move_into_place(temporary, folder, is_whole)
    except OSError as problem:
        raise unwritable(folder.parent, problem) from problem
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _temporary_for(folder: Path) -> Path:
    return folder.parent / f"{_TEMPORARY}{folder.name}-{uuid.uuid4().hex[:8]}"


def _move_into_place(temporary: Path, folder: Path, is_whole: Callable[[Path], bool]) -> None:
    for path in temporary.iterdir():
        sync_file(path)
    sync_folder(temporary)
    if folder.exists() and not is_whole(folder):
        _discard(folder)
    try:
        temporary.rename(folder)
    except OSError as problem:
        if problem.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
    sync_folder(folder.parent)


def _discard(folder: Path) -> None:
    """Remove a damaged folder; it loses its name first, so that nobody sees it half removed."""
    aside = _temporary_for(folder)
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _remove_abandoned(cache: Path) -> None:
    """Clear what killed builders left behind; a day is longer than any build."""
    for left in cache.glob(f"{_TEMPORARY}*"):
        try:
            is_old = time.time() - left.stat().st_mtime > _ABANDONED_SECONDS
        except OSError:
            continue
        if is_old:
            shutil.rmtree(left, ignore_errors=True)


def unwritable(cache: Path, problem: OSError) -> DataError:
    """A cache that cannot be written, in words."""
    if problem.errno == errno.ENOSPC:
        free = shutil.disk_usage(cache).free if cache.exists() else 0
        return DataError(
            "The disk is full.",
            f"{free:,} bytes are free where prepared text is kept ({cache}).",
            "Make room, or set PTFT_HOME to a folder on another disk.",
        )
    return DataError(
        "Prepared text cannot be kept.",
        f"The system said for {problem.filename or cache}: {problem.strerror or problem}.",
        "Set PTFT_HOME to a folder you may write to.",
    )
