"""t-SNE and UMAP, each run in a process of its own: neither can be interrupted inside, a process can be ended.

The process also keeps their memory, their messages and their compiled code away from whoever asks. Points and the
picture travel as ``.npy`` files in a private folder; the process says on its standard output how far it is, one JSON
object a line, and ends when its input closes, so that it never outlives the one who asked.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.launch import package_environment
from ptft_gui.core.paths import cache_folder
from ptft_gui.inspection.vector_table import Progress, ShouldStop

Floats = NDArray[np.float32]

EMBEDDING_METHODS = ("tsne", "umap")
POINTS_FILE, BEGINNING_FILE, POSITIONS_FILE = "points.npy", "beginning.npy", "positions.npy"
_TITLES = {"tsne": "Arranging words with t-SNE", "umap": "Arranging words with UMAP"}
_LOOK_EVERY_S = 0.1
_LONGEST_ERROR = 2_000
_WARM_POINTS, _WARM_DIMENSIONS = 100, 50
_CALM = {"OMP_WAIT_POLICY": "PASSIVE"}
"""Threads that wait sleep: beside a run that trains, threads that spin make t-SNE five times as slow."""


def embed(
    points: Floats,
    beginning: Floats,
    method: str,
    seed: int,
    progress: Progress,
    should_stop: ShouldStop,
    is_calm: bool = False,
) -> Floats:
    """Arrange points so that neighbours stay neighbours; returns positions, float32, shape (n, k).

    ``points``: shape (n, d); ``beginning``: shape (n, k), the picture to begin from; ``is_calm``: nobody waits for it,
    so that all else on this computer comes first. Raises :class:`ModelError` when
    the process fails, :class:`StoppedByPerson`.
    """
    with tempfile.TemporaryDirectory(prefix="ptft-map-") as name:
        folder = Path(name)
        np.save(folder / POINTS_FILE, points, allow_pickle=False)
        np.save(folder / BEGINNING_FILE, beginning, allow_pickle=False)
        progress(_beginning_sentence(method), None)
        _run(folder, method, seed, progress, should_stop, is_calm)
        try:
            positions = np.load(folder / POSITIONS_FILE, allow_pickle=False)
        except (OSError, ValueError):
            raise _failed(method, "The process left no picture.") from None
    if positions.shape != beginning.shape or not np.isfinite(positions).all():
        raise _failed(method, "The numbers grew beyond all bounds.")
    return np.asarray(positions, np.float32)


def warm_up(should_stop: ShouldStop) -> bool:
    """Let what UMAP is made of be compiled before anybody asks for it; False where that was done before.

    Raises as :func:`embed` does.
    """
    if _is_compiled():
        return False
    points = np.random.default_rng(1).normal(size=(_WARM_POINTS, _WARM_DIMENSIONS)).astype(np.float32)
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    embed(points, points[:, :2].copy(), "umap", 1, lambda _words, _share: None, should_stop, is_calm=True)
    return True


def _is_compiled() -> bool:
    return any(_compiled_folder().rglob("*.nbc"))


def _beginning_sentence(method: str) -> str:
    if method == "umap" and not _is_compiled():
        return "Preparing UMAP, which takes half a minute the first time"
    return _TITLES[method]


def _compiled_folder() -> Path:
    """Where the compiled code of UMAP is kept."""
    return cache_folder() / "numba"


def _run(
    folder: Path, method: str, seed: int, progress: Progress, should_stop: ShouldStop, is_calm: bool
) -> None:
    command = [sys.executable, "-P", "-m", "ptft_gui.inspection.embedding_process"]
    with (folder / "errors.txt").open("w+b") as errors:
        process = subprocess.Popen(
            [*command, str(folder), method, str(seed), *(["calm"] if is_calm else [])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env={**os.environ, **package_environment(), "NUMBA_CACHE_DIR": str(_compiled_folder())} | _CALM,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            _follow(process.stdout, method, progress, should_stop)
            code = _end_of(process, should_stop)
        finally:
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()
        if code:
            errors.seek(0)
            told = errors.read().decode("utf-8", "replace").strip()[-_LONGEST_ERROR:]
            raise _failed(method, told.rpartition("\n")[2] or f"It ended with code {code}.")


def _end_of(process: subprocess.Popen[bytes], should_stop: ShouldStop) -> int:
    """The exit code of a process that has said its last word. Raises :class:`StoppedByPerson`."""
    while True:
        try:
            return process.wait(_LOOK_EVERY_S)
        except subprocess.TimeoutExpired:
            if should_stop():
                raise StoppedByPerson from None


def _follow(lines: IO[bytes], method: str, progress: Progress, should_stop: ShouldStop) -> None:
    """Pass on how far the process is until it closes its output. Raises :class:`StoppedByPerson`."""
    told: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(lines, told), name="map progress", daemon=True)
    reader.start()
    while True:
        if should_stop():
            raise StoppedByPerson
        try:
            line = told.get(timeout=_LOOK_EVERY_S)
        except queue.Empty:
            continue
        if not line:
            reader.join()
            return
        fraction = _fraction(line)
        if fraction is not None:
            progress(_TITLES[method], fraction)


def _read(lines: IO[bytes], told: queue.SimpleQueue[bytes]) -> None:
    try:
        for line in lines:
            told.put(line)
    except ValueError:  # closed while it was read: nobody listens any more
        pass
    told.put(b"")


def _fraction(line: bytes) -> float | None:
    try:
        return float(json.loads(line)["fraction"])
    except (ValueError, KeyError, TypeError):
        return None


def _failed(method: str, detail: str) -> ModelError:
    return ModelError(
        f"{'t-SNE' if method == 'tsne' else 'UMAP'} could not draw these words.",
        detail,
        "Ask for fewer words, or choose PCA.",
    )
