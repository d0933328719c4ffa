"""A folder of the library that is being filled: nobody sees it before it is whole, and a killed import leaves none."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ptft_gui.core.atomic import sync_folder
from ptft_gui.core.errors import DataError
from ptft_gui.core.library import (
    StoredDataset,
    check_free,
    datasets_folder,
    empty_trash,
    free_name,
    library_lock,
    read_dataset,
    write_card,
)
from ptft_gui.core.locks import HeldLock, lock_holder, try_lock

_PREFIX = ".adding-"
_LIFE = ".lock"


@contextmanager
def staged_folder(home: Path) -> Iterator[Path]:
    """A new hidden folder that is gone at the end unless :func:`put_in_place` gave it a name.

    The folder holds a lock as long as this process lives, so the next import knows what a killed one left.
    """
    folder = datasets_folder(home) / f"{_PREFIX}{uuid.uuid4().hex[:12]}"
    life: HeldLock | None = None
    empty_trash(home)
    try:  # Ctrl-C may come at any moment from here on
        with library_lock(home):
            _clear_abandoned(home)
            folder.mkdir(mode=0o700)
            life = try_lock(folder / _LIFE)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if life is not None:
            life.release()


def put_in_place(home: Path, folder: Path, dataset: StoredDataset, is_name_given: bool) -> StoredDataset:
    """Give a staged folder its name; one that was only proposed gets a number where it is taken.

    Raises DataError when a given name is taken or nothing can be written.
    """
    with library_lock(home):
        if is_name_given:
            check_free(home, dataset.name)
            name = dataset.name
        else:
            name = free_name(home, dataset.name)
        try:
            write_card(folder, dataset.model_copy(update={"name": name}))
            (folder / _LIFE).unlink(missing_ok=True)
            folder.rename(folder.with_name(name))
            sync_folder(folder.parent)
        except OSError as problem:
            raise not_stored(dataset.title, problem) from problem
        return read_dataset(home, name)


def not_stored(title: str, problem: OSError) -> DataError:
    """A copy that could not be written, in words."""
    return DataError(
        f"{title} cannot be stored in the library.",
        f"{problem.strerror or problem}.",
        "Free some space there, or add it without copying.",
    )


def check_space(
    folder: Path,
    title: str,
    needed_bytes: int,
    hint: str = "Free some space there, or use the file where it is.",
) -> None:
    """Raise DataError unless the disk of the library has room for that many bytes and a little more."""
    from ptft_gui.core.wording import bytes_text

    free = shutil.disk_usage(folder).free
    if free < needed_bytes + (64 << 20):
        raise DataError(
            f"There is no room for {title}.",
            f"It needs {bytes_text(needed_bytes)}, and {bytes_text(free)} are free at {folder.parent}.",
            hint,
        )


def _clear_abandoned(home: Path) -> None:
    for folder in datasets_folder(home).glob(f"{_PREFIX}*"):
        if lock_holder(folder / _LIFE) is None:
            shutil.rmtree(folder, ignore_errors=True)
