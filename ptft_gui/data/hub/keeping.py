"""What a broken or stopped download leaves for the next try: a hidden folder for each state of a repository."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ptft_gui.core.errors import DataError
from ptft_gui.core.fingerprints import ShouldStop
from ptft_gui.core.hub.names import HubName
from ptft_gui.core.library import library_lock
from ptft_gui.core.locks import lock_holder, try_lock
from ptft_gui.core.wording import bytes_text
from ptft_gui.data.hub.connection import Hub, told_in_words
from ptft_gui.data.hub.fetching import fetch
from ptft_gui.data.hub.repository import HubFile
from ptft_gui.data.library.staging import not_stored
from ptft_gui.data.request import Progress

_PREFIX = ".download-"
_GIVEN_UP_DAYS = 14


@contextmanager
def kept_folder(home: Path, parent: Path, name: str, revision: str, title: str) -> Iterator[Path]:
    """Where the files of this very state are gathered, in ``parent``; it outlives a broken download.

    ``name``: what tells it from other repositories. Raises DataError when another process is fetching the same.
    """
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name)[:120]
    folder = parent / f"{_PREFIX}{slug}-{revision[:12]}"
    with library_lock(home):
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            life = try_lock(folder.with_suffix(".lock"))
        except OSError as problem:
            raise not_stored(title, problem) from problem
        if life is None:
            raise DataError(
                f'"{title}" is being downloaded already.', hint="Wait for the other download to end."
            )
        try:
            for earlier in parent.glob(f"{_PREFIX}*/"):
                if earlier != folder and _is_useless(earlier, slug):
                    shutil.rmtree(earlier, ignore_errors=True)
                    earlier.with_suffix(".lock").unlink(missing_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            life.release()
            raise not_stored(title, problem) from problem
    try:
        yield folder
    finally:
        with library_lock(home):  # nobody may take the lock between its release and its end
            life.release()
            if not folder.exists():
                folder.with_suffix(".lock").unlink(missing_ok=True)


def _is_useless(earlier: Path, slug: str) -> bool:
    """Whether what was half fetched is of no use: the hub gives out another state of it now, or it was given up."""
    if lock_holder(earlier.with_suffix(".lock")) is not None:
        return False
    is_other_state = earlier.name.rpartition("-")[0] == f"{_PREFIX}{slug}"
    return is_other_state or time.time() - earlier.stat().st_mtime > _GIVEN_UP_DAYS * 86_400


def fetch_all(
    hub: Hub,
    asked: HubName,
    revision: str,
    files: Sequence[tuple[HubFile, Path]],
    progress: Progress,
    should_stop: ShouldStop,
) -> None:
    """Bring each file to its place, with one account of all bytes. Raises DataError, StoppedByPerson."""
    size = sum(file.size for file, _place in files)
    done = 0

    def on_bytes(count: int) -> None:
        nonlocal done
        done += count
        told = f"Downloading {asked.id}: {bytes_text(done)} of {bytes_text(size)}"
        progress(told, min(1.0, done / size) if size else None)

    with told_in_words(asked, hub, size):
        for file, place in files:
            fetch(hub, hub.address_of(asked, file.path, revision), file, place, on_bytes, should_stop)
