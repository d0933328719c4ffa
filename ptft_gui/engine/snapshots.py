"""Snapshots: small copies of the word vectors to look back at, for pictures of how meaning moved.

``snapshots/step-00000100.safetensors`` holds the tensor ``vectors`` (float16, shape (n, d)) and, as metadata, the n
words, the step and the epoch.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.vectors import write_tensors

MOST_WORDS = 5_000
MOST_SNAPSHOTS = 60


@dataclass(frozen=True)
class Snapshot:
    """The vectors of some words at one moment; ``vectors``: float16, shape (n, d)."""

    step: int
    epoch: float
    words: list[str]
    vectors: NDArray[np.float16]


class SnapshotAlbum:
    """Keeps at most sixty snapshots of a run: when there are more, every second one is dropped.

    From then on only every second moment that is offered is taken, so that they stay evenly spaced.
    """

    def __init__(self, folder: Path, words: Sequence[str], always: Sequence[int]) -> None:
        self._folder = folder
        rows = [*range(min(MOST_WORDS, len(words))), *(row for row in always if row >= MOST_WORDS)]
        self._rows = np.array(rows, dtype=np.int64)
        self._words = json.dumps([words[row] for row in rows], ensure_ascii=False)
        self._offered = 0
        self._stride = 1

    def offer(self, step: int, epoch: float, vectors: NDArray[np.float32]) -> Path | None:
        """Take a snapshot if it is this moment's turn. Raises :class:`OSError`."""
        self._offered += 1
        if (self._offered - 1) % self._stride:
            return None
        path = self._folder / f"step-{step:08d}.safetensors"
        self._write(path, step, epoch, vectors)
        self._thin_out()
        return path

    def forget_after(self, step: int) -> None:
        """Drop snapshots of later steps, which a resumed run will take again."""
        for path in self._paths():
            if int(path.stem.removeprefix("step-")) > step:
                path.unlink(missing_ok=True)

    def _write(self, path: Path, step: int, epoch: float, vectors: NDArray[np.float32]) -> None:
        self._folder.mkdir(exist_ok=True)
        temporary = path.with_name(f".{path.name}.tmp")
        metadata = {"words": self._words, "step": str(step), "epoch": str(epoch)}
        try:
            with np.errstate(over="ignore"):
                write_tensors({"vectors": vectors[self._rows].astype(np.float16)}, temporary, metadata)
            temporary.replace(path)
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)

    def _thin_out(self) -> None:
        paths = self._paths()
        if len(paths) <= MOST_SNAPSHOTS:
            return
        for path in paths[1::2]:
            path.unlink(missing_ok=True)
        self._stride *= 2

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("step-*.safetensors"))


def read_snapshot(path: Path) -> Snapshot:
    """Open a snapshot; raises :class:`ModelError` when it is missing or damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata()
            vectors = file.get_tensor("vectors")
        words = [str(word) for word in json.loads(metadata["words"])]
        snapshot = Snapshot(int(metadata["step"]), float(metadata["epoch"]), words, vectors)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as problem:
        raise ModelError(f"The snapshot {path.name} cannot be opened.", detail=str(problem)) from None
    if len(words) != len(vectors):
        raise ModelError(
            f"The snapshot {path.name} cannot be opened.", detail="Words and vectors do not match."
        )
    return snapshot
