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
from ptft_gui.engine.vectors import map_tensor, write_tensors

FEWEST_WORDS = 5_000
MOST_BYTES = 2_000_000
"""As many of the most frequent words are kept as fit into this, and never fewer than those, where there are as many."""
MOST_SNAPSHOTS = 60
_KEPT = 40
"""As many stay when there are more than sixty."""
_GROWTH = 1.5
"""Above 1 the distances between the snapshots that stay grow with time."""
_EARLY_STEPS = 64


@dataclass(frozen=True)
class Snapshot:
    """The vectors of some words at one moment; ``vectors``: float16, shape (n, d)."""

    step: int
    epoch: float
    words: list[str]
    vectors: NDArray[np.float16]


class SnapshotAlbum:
    """Keeps at most sixty snapshots of a run, the first moments closer together than the later ones.

    When there are more, some are dropped, and from then on a moment is only taken when enough steps lie between it
    and the one before. What words learn first moves them most, so the beginning keeps the shorter distances.
    """

    def __init__(
        self, folder: Path, words: Sequence[str], always: Sequence[int], vector_size: int = 200
    ) -> None:
        self._folder = folder
        most = max(FEWEST_WORDS, MOST_BYTES // (2 * vector_size))
        rows = [*range(min(most, len(words))), *(row for row in always if row >= most)]
        self._rows = np.array(rows, dtype=np.int64)
        self._words = json.dumps([words[row] for row in rows], ensure_ascii=False)
        self._steps = sorted(_step_of(path) for path in self._paths())
        self._distance = self._last_distance() if len(self._steps) >= _KEPT else 0

    def wants(self, step: int) -> bool:
        """Whether enough steps lie between ``step`` and the last snapshot."""
        return not self._steps or step - self._steps[-1] >= max(1, self._distance)

    def wants_early(self, step: int) -> bool:
        """Whether ``step`` is one of the very first moments that are looked at for their own sake: 1, 2, 4, 8 ..."""
        return 0 < step <= _EARLY_STEPS and not step & (step - 1) and self.wants(step)

    def offer(
        self, step: int, epoch: float, vectors: NDArray[np.float32], is_last: bool = False
    ) -> Path | None:
        """Take a snapshot if it is this moment's turn; the last moment of a run always is. Raises :class:`OSError`."""
        if not self.wants(step) and not (is_last and step > self._steps[-1]):
            return None
        path = self._path(step)
        self._write(path, step, epoch, vectors)
        self._steps.append(step)
        self._thin_out()
        return path

    def forget_after(self, step: int) -> None:
        """Drop snapshots of later steps, which a resumed run will take again."""
        for path in self._paths():
            if _step_of(path) > step:
                path.unlink(missing_ok=True)
        self._steps = [taken for taken in self._steps if taken <= step]

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
        if len(self._steps) <= MOST_SNAPSHOTS:
            return
        kept = set(spread_steps(self._steps))
        for step in self._steps:
            if step not in kept:
                self._path(step).unlink(missing_ok=True)
        self._steps = sorted(kept)
        self._distance = self._last_distance()

    def _last_distance(self) -> int:
        return self._steps[-1] - self._steps[-2]

    def _path(self, step: int) -> Path:
        return self._folder / f"step-{step:08d}.safetensors"

    def _paths(self) -> list[Path]:
        return snapshot_paths(self._folder)


def spread_steps(steps: Sequence[int], kept: int = _KEPT) -> list[int]:
    """The steps nearest to moments whose distances grow from the first to the last; ``steps`` must be rising."""
    taken = np.asarray(steps, dtype=np.float64)
    wanted = taken[0] + (taken[-1] - taken[0]) * np.linspace(0.0, 1.0, kept) ** _GROWTH
    nearest = np.abs(taken[:, None] - wanted[None, :]).argmin(axis=0)
    return [steps[row] for row in np.unique(nearest)]


def snapshot_paths(folder: Path) -> list[Path]:
    """The snapshots of a run, the earliest first."""
    found = [path for path in folder.glob("step-*.safetensors") if _step_of(path) >= 0]
    return sorted(found, key=_step_of)


def _step_of(path: Path) -> int:
    """The step in a snapshot's name; -1 for a file that is named otherwise."""
    digits = path.stem.removeprefix("step-")
    return int(digits) if digits.isascii() and digits.isdigit() else -1


def read_snapshot(path: Path) -> Snapshot:
    """Open a snapshot, its vectors memory-mapped; raises :class:`ModelError` when it is missing or damaged."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="np") as file:
            metadata = file.metadata()
            words = [str(word) for word in json.loads(metadata["words"])]
            vectors = _mapped(path)
            if vectors is None:
                vectors = file.get_tensor("vectors")
        snapshot = Snapshot(int(metadata["step"]), float(metadata["epoch"]), words, vectors)
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as problem:
        raise _damaged(path, str(problem)) from None
    if vectors.ndim != 2 or len(words) != len(vectors):
        raise _damaged(path, "Words and vectors do not match.")
    return snapshot


def _mapped(path: Path) -> NDArray[np.float16] | None:
    """The vectors without reading them; None where the names of the words are too long for that."""
    with contextlib.suppress(ModelError):
        return map_tensor(path, "vectors")
    return None


def _damaged(path: Path, detail: str) -> ModelError:
    return ModelError(f"The snapshot {path.name} cannot be opened.", detail=detail)
