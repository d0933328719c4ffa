"""A folder that is written for other programs: it is there whole or not at all, and nothing that was there is lost."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ptft_gui.core.atomic import sync_file, sync_folder
from ptft_gui.core.errors import ModelError


@contextmanager
def new_folder(target: Path, source: Path) -> Iterator[Path]:
    """A folder to write into, which becomes ``target`` when the block ends well; ``source`` is what is exported.

    Raises :class:`ModelError` for a target that holds something, lies inside the source or cannot be written.
    """
    target = Path(target).expanduser().absolute()
    _check_target(target, source)
    building = target.parent / f".{target.name}.{uuid.uuid4().hex[:8]}.tmp"
    try:
        building.mkdir(parents=True)
        yield building
        for path in building.rglob("*"):
            if path.is_file():
                sync_file(path)
        if target.is_dir():
            target.rmdir()
        building.replace(target)
        sync_folder(target.parent)
    except OSError as problem:
        raise ModelError(
            f"{target} cannot be written.",
            f"The system said: {problem.strerror or problem}.",
            "Choose another folder, or free some space there.",
        ) from problem
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _check_target(target: Path, source: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise ModelError(f"{target} is not a folder.", hint="Choose another name.")
    if target.is_dir() and any(target.iterdir()):
        raise ModelError(f"{target} holds files already.", hint="Choose a new or an empty folder.")
    if target.resolve().is_relative_to(source.resolve()):
        raise ModelError(f"{target} lies inside the model itself.", hint="Choose another folder.")
