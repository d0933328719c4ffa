"""Large vector files are read once: what was read is kept as a model folder, which opens at once and is mapped.

Reading a text file of 400,000 words takes a minute, opening the folder a second. The newest few are kept; deleting the
cache costs nothing but that minute.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

from ptft_gui.core.errors import ModelError
from ptft_gui.core.paths import cache_folder
from ptft_gui.engine.vector_files.opening import read_vector_file
from ptft_gui.engine.vector_files.table import Progress, ShouldStop
from ptft_gui.engine.vectors import WordVectors, load_word_vectors, save_word_vectors

KEPT_FROM_BYTES = 20_000_000
MOST_KEPT = 3

Opened = tuple[WordVectors, tuple[str, ...]]


def open_vector_file(path: Path, progress: Progress, should_stop: ShouldStop) -> Opened:
    """The vectors of a file and notices about it, from the cache where it was read before.

    Raises :class:`ModelError`, :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    kept = _place_of(path)
    if kept is None:
        return read_vector_file(path, progress, should_stop)
    opened = _open_kept(kept)
    if opened is None:
        opened = read_vector_file(path, progress, should_stop)
        _keep(kept, *opened)
    return opened


def _place_of(path: Path) -> Path | None:
    """Where the file's vectors are kept; None for one that is read in a moment. An edited file gets another place."""
    try:
        status = path.stat()
    except OSError:
        return None  # reading it says what is wrong
    if status.st_size < KEPT_FROM_BYTES or not path.is_file():
        return None
    told = f"{path.resolve()}\n{status.st_size}\n{status.st_mtime_ns}"
    return cache_folder() / "vectors" / hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _open_kept(kept: Path) -> Opened | None:
    if not kept.is_dir():
        return None
    try:
        vectors = load_word_vectors(kept)
        os.utime(kept)
    except (ModelError, OSError):
        return None
    return vectors, tuple(vectors.config.get("notices") or ())


def _keep(kept: Path, vectors: WordVectors, notices: tuple[str, ...]) -> None:
    """Keep what was read. Without room for it nothing is lost but time."""
    with contextlib.suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True)
        save_word_vectors(kept, replace(vectors, config={**vectors.config, "notices": list(notices)}))
        by_use = sorted(kept.parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for folder in by_use[MOST_KEPT:]:
            shutil.rmtree(folder, ignore_errors=True)
