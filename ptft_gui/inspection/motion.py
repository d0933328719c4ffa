"""The map in motion: how the watched words and their neighbours moved while a run learned.

The words shown are the watched ones, those nearest to them in the newest snapshot, some that were near for a while and
left, and, as the cloud that all this happens in, the most frequent words. All frames of a :class:`Film` are seen from
the same side: the axes are those that hold the newest frames' watched groups furthest apart.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError
from ptft_gui.core.rundir import RunDir
from ptft_gui.inspection.film import Film, Floats, Frame
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

WATCHED, NEAR, LEFT, CLOUD = 0, 1, 2, 3
"""Why a word is shown: it is watched, near a watched one, was near and left, or belongs to the cloud around."""

MOST_NEIGHBOURS = 20
_MOST_CLOUD = 300
_MOST_FILMS = 2
_MOST_LEFT = 2
_NEAR_ENOUGH = 3
"""A word that left must once have been among the nearest three."""
_FITTED_FRAMES = 4
"""The axes are fitted to as many of the newest frames, so that one more turns them only a little."""
_WITHIN = 0.3
"""How much the words within a group count beside the groups' centres when the axes are fitted."""
_INSIDE = 0.98
"""The share of the words shown that lie within a distance of 1 in the widest frame."""


@dataclass(frozen=True)
class Cast:
    """The words shown. ``groups``: the number of the watched word each belongs to, -1 for none; ``kinds``: why."""

    words: list[str]
    groups: list[int]
    kinds: list[int]


def motion(
    film: Film,
    neighbours: int = 8,
    dimensions: int = 2,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> dict[str, Any]:
    """What the companion answers to ``motion``; ``positions``: float32, shape (frames, words, dimensions); ``seconds``
    of one core that it took.

    Raises :class:`ModelError` when no frame can be shown, :class:`~ptft_gui.core.errors.StoppedByPerson`.
    """
    began = time.thread_time()
    with film.guard, _one_thread():
        film.develop(progress, should_stop)
        frames = film.frames
        if not frames:
            raise _no_frames(film)
        cast = choose_cast(frames, film.watched, min(neighbours, MOST_NEIGHBOURS))
        axes = film.seen_from(_axes(frames[-_FITTED_FRAMES:], cast, max(2, min(3, dimensions))))
        positions = _shadows(frames, cast.words, axes)
    return {
        "words": cast.words,
        "groups": np.array(cast.groups, dtype=np.int32),
        "kinds": np.array(cast.kinds, dtype=np.int32),
        "steps": [frame.snapshot.step for frame in frames],
        "epochs": [round(frame.snapshot.epoch, 4) for frame in frames],
        "positions": _fitted(positions, np.array(cast.kinds)),
        "unknown": [word for word in film.watched if word not in frames[-1].row_of],
        "sentence": _sentence(frames, film.unreadable),
        "seconds": round(time.thread_time() - began, 4),
    }


class Films:
    """The films of the runs that were looked at last; one that goes on is only read on from where it was."""

    def __init__(self) -> None:
        self._films: dict[tuple[Path, tuple[str, ...]], Film] = {}
        self._guard = threading.Lock()

    def open(self, run: Path, watched: Sequence[str]) -> Film:
        """The film of a run for these watched words; nothing is read yet."""
        key = (run, tuple(watched))
        with self._guard:
            film = self._films.pop(key, None) or Film(RunDir(run).snapshots, watched)
            self._films[key] = film
            while len(self._films) > _MOST_FILMS:
                del self._films[next(iter(self._films))]
            return film


# --- who is shown ----------------------------------------------------------------------------------------------


def choose_cast(frames: Sequence[Frame], watched: Sequence[str], neighbours: int) -> Cast:
    """The words to show, each once: watched, near, left, cloud."""
    newest = frames[-1]
    words = newest.snapshot.words
    shown: dict[str, tuple[int, int]] = {}
    known = [word for word in watched if word in newest.row_of]
    for group, word in enumerate(watched):
        if word in newest.row_of:
            shown[word] = (group, WATCHED)
    for rank in range(
        neighbours
    ):  # the nearest of all first: a word near two belongs to the one it is nearer to
        for word in known:
            near = newest.nearest.get(word, [])
            if rank < len(near):
                shown.setdefault(words[near[rank]], (watched.index(word), NEAR))
    for group, word in enumerate(watched):
        for gone in _who_left(frames, word, set(shown)):
            shown[gone] = (group, LEFT)
    for word in words[: _MOST_CLOUD + len(shown)]:
        if len(shown) < _MOST_CLOUD + MOST_NEIGHBOURS * len(watched):
            shown.setdefault(word, (-1, CLOUD))
    entries = sorted(shown.items(), key=lambda entry: entry[1][1])
    return Cast(
        [word for word, _ in entries],
        [group for _, (group, _) in entries],
        [kind for _, (_, kind) in entries],
    )


def _who_left(frames: Sequence[Frame], word: str, shown: set[str]) -> list[str]:
    """Words that were among the nearest three in more than one frame of the learning model, and are no longer near."""
    seen: Counter[str] = Counter()
    for frame in frames[1:-1]:
        seen.update(frame.snapshot.words[row] for row in frame.nearest.get(word, [])[:_NEAR_ENOUGH])
    return [gone for gone, times in seen.most_common() if times > 1 and gone not in shown][:_MOST_LEFT]


# --- where they are seen from ----------------------------------------------------------------------------------


def _axes(frames: Sequence[Frame], cast: Cast, dimensions: int) -> Floats:
    """Orthonormal axes (d, dimensions) that show most of how the watched groups differ in ``frames``."""
    stacked = np.concatenate([_group_differences(frame, cast) for frame in frames])
    if not len(stacked):
        stacked = np.concatenate(
            [frame.full(np.arange(min(_MOST_CLOUD, len(frame.row_of)))) for frame in frames]
        )
    size = stacked.shape[1]
    _, _, right = np.linalg.svd(
        np.nan_to_num(stacked).astype(np.float64), full_matrices=len(stacked) < dimensions
    )
    axes = np.zeros((size, dimensions), dtype=np.float32)
    found = min(dimensions, len(right))
    axes[:, :found] = right[:found].T
    largest = np.abs(axes).argmax(axis=0)
    signs = np.where(axes[largest, np.arange(dimensions)] < 0, np.float32(-1.0), np.float32(1.0))
    turned: Floats = axes * signs  # which way an axis points is free: the same way each time
    return turned


def _group_differences(frame: Frame, cast: Cast) -> Floats:
    """The groups' centres from their mean, and, counting less, the words from their group's centre: shape (m, d)."""
    members: dict[int, list[int]] = {}
    for word, group, kind in zip(cast.words, cast.groups, cast.kinds, strict=True):
        if kind in (WATCHED, NEAR) and word in frame.row_of:
            members.setdefault(group, []).append(frame.row_of[word])
    groups = [frame.full(np.array(rows)) for rows in members.values()]
    if not groups:
        return np.empty((0, frame.snapshot.vectors.shape[1]), np.float32)
    centres = np.stack([group.mean(axis=0) for group in groups])
    within = np.concatenate([group - centre for group, centre in zip(groups, centres, strict=True)])
    scale = _WITHIN * np.sqrt(len(centres) / len(within))
    differences: Floats = np.concatenate([centres - centres.mean(axis=0), scale * within])
    return differences


def _shadows(frames: Sequence[Frame], words: Sequence[str], axes: Floats) -> Floats:
    """Where ``words`` fall on ``axes`` in each of the frames, shape (frames, words, dimensions)."""
    shadows: list[Floats] = []
    rows, row_of = np.empty(0, np.int64), None
    for frame in frames:
        if frame.row_of is not row_of:  # nearly always all frames share one
            rows, row_of = frame.rows(words), frame.row_of
        shadows.append(frame.shadow(rows, axes))
    return np.stack(shadows)


def _fitted(positions: Floats, kinds: NDArray[np.int64]) -> Floats:
    """The same places, with the words that matter around 0 and within about 1 in the widest of the frames."""
    shown = positions[:, kinds != CLOUD] if (kinds != CLOUD).any() else positions
    if shown.shape[1] == 0:
        return positions
    centre = np.nanmean(shown[-1], axis=0)
    distances = np.linalg.norm(shown - centre, axis=2)
    known = [line[np.isfinite(line)] for line in distances]
    reach = max(float(np.quantile(line, _INSIDE)) for line in known if len(line))
    fitted: Floats = ((positions - centre) / (reach or 1.0)).astype(np.float32)
    return fitted


# --- in words --------------------------------------------------------------------------------------------------


def _sentence(frames: Sequence[Frame], unreadable: int) -> str:
    first, last = frames[0].snapshot.step, frames[-1].snapshot.step
    begin = "before training" if first == 0 else f"step {first:,}"
    if len(frames) == 1:
        told = f"One picture of the words, from {begin}."
    else:
        told = f"{len(frames)} pictures of the words, from {begin} to step {last:,}."
    if unreadable:
        told += " One more cannot be read." if unreadable == 1 else f" {unreadable} more cannot be read."
    return told


def _no_frames(film: Film) -> ModelError:
    if film.unreadable:
        return ModelError(
            "The pictures of this run's words cannot be read.",
            f"None of the {film.unreadable} files in {film.folder.name} can be opened.",
            "Train again to see how its words move.",
        )
    return ModelError(
        "This run has no pictures of its words.",
        f"The folder {film.folder.name} holds none.",
        "They are taken from the first step on while word vectors are trained.",
    )


_one_at_a_time = threading.Lock()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute on one core: beside a training that uses all of them, more threads would mostly wait for each other."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with _one_at_a_time, threadpool_limits(limits=1, user_api="blas"):
        yield
