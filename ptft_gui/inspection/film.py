"""The snapshots of a run as a film: each frame laid upon the one before, so that only meaning moves.

Word vectors mean something only relative to one another: turned all together, or moved all together, they answer
every question as before. So each frame is centred on the mean of its frequent words, and the turn between two frames
that lays the later one best upon the earlier is taken out (orthogonal Procrustes, Schoenemann 1966), in the full space.
Vectors are scaled to unit length first: neighbours are judged by angles, and lengths mostly tell of frequency.

A turn fitted to words also follows their chance movements, the more so the fewer words there are, and would lend an
untrained cloud a shape it does not have. So a turn is taken out only where it also brings words nearer that it was
not fitted to.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.engine.snapshots import Snapshot, read_snapshot, snapshot_paths
from ptft_gui.inspection.vector_table import Progress, ShouldStop

Floats = NDArray[np.float32]
Stamp = tuple[str, int, int]

MOST_REFERENCE_WORDS = 2_000
MOST_NEAREST = 20
_MOST_NUMBERS = 100_000_000
"""In one snapshot; no run writes nearly as many."""
_CLEAR = 2.0
"""In standard errors: by how much a turn must bring words nearer that it was not fitted to."""
_LEAST_GAIN = 1e-4
"""In cosine, on average; less cannot be seen."""


@dataclass(frozen=True)
class Frame:
    """One snapshot in the film. ``turn``: (d, d) or None for none, ``centre``: (d,), before the turn.

    ``lengths``: (n,), of all vectors, 0 for one without a direction, or not finite. ``nearest``: the rows nearest to
    each watched word that is known, the nearest first.
    """

    stamp: Stamp
    snapshot: Snapshot
    row_of: dict[str, int]
    lengths: Floats
    centre: Floats
    turn: Floats | None
    nearest: dict[str, list[int]] = field(default_factory=dict)

    def rows(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The rows of ``words``, -1 for one that is not in it."""
        return np.array([self.row_of.get(word, -1) for word in words], dtype=np.int64)

    def shadow(self, rows: NDArray[np.int64], axes: Floats) -> Floats:
        """Where the words of ``rows`` fall on ``axes`` (d, k): shape (n, k); nan for -1."""
        turned = axes if self.turn is None else np.asarray(self.turn @ axes, np.float32)
        seen: Floats = self._directions(rows) @ turned - self.centre @ turned
        seen[rows < 0] = np.nan
        return seen

    def full(self, rows: NDArray[np.int64]) -> Floats:
        """The laid-upon directions of ``rows`` in the full space, shape (n, d)."""
        centred: Floats = self._directions(rows) - self.centre
        return centred if self.turn is None else centred @ self.turn

    def _directions(self, rows: NDArray[np.int64]) -> Floats:
        vectors: Floats = self.snapshot.vectors[rows].astype(np.float32)
        lengths = self.lengths[rows]
        if not lengths.all():
            vectors[lengths == 0] = 0.0
            lengths = np.where(lengths > 0, lengths, np.float32(1.0))
        vectors /= lengths[:, None]
        return vectors


class Film:
    """The frames of one run; what was read and aligned once stays, so that a run that goes on costs one frame a time.

    ``unreadable`` counts the snapshots that are there and cannot be opened.
    """

    def __init__(self, folder: Path, watched: Sequence[str]) -> None:
        self.folder = folder
        self.watched = tuple(watched)
        self.frames: list[Frame] = []
        self.guard = threading.Lock()
        self._damaged: set[Stamp] = set()
        self._laid: tuple[Stamp, Floats] | None = None
        self._axes: Floats | None = None

    def seen_from(self, axes: Floats) -> Floats:
        """``axes`` (d, k) turned within their plane so that the picture lies as the one before did."""
        last = self._axes
        if last is not None and last.shape == axes.shape:
            turn = _best_turn(last, axes)
            axes = axes if turn is None else axes @ turn
        self._axes = axes
        return axes

    @property
    def unreadable(self) -> int:
        return len(self._damaged)

    def develop(self, progress: Progress, should_stop: ShouldStop) -> None:
        """Take in the snapshots that have come, leave out those that have gone. Raises :class:`StoppedByPerson`."""
        stamps = [stamp for path in snapshot_paths(self.folder) if (stamp := _stamp(path)) is not None]
        self._damaged &= set(stamps)
        missing = self._forget(stamps)
        for place, stamp in enumerate(missing):
            if should_stop():
                raise StoppedByPerson
            progress("Laying the pictures of the words upon each other", place / len(missing))
            self._take(stamp)

    def _forget(self, stamps: Sequence[Stamp]) -> list[Stamp]:
        """Drop the frames whose files are gone, and those after one that is new; returns the stamps to take in."""
        there = set(stamps)
        kept = [frame for frame in self.frames if frame.stamp in there]
        known = {frame.stamp for frame in kept} | self._damaged
        first = next((place for place, stamp in enumerate(stamps) if stamp not in known), len(stamps))
        before = set(stamps[:first])
        self.frames = [frame for frame in kept if frame.stamp in before]
        return [stamp for stamp in stamps[first:] if stamp not in self._damaged]

    def _take(self, stamp: Stamp) -> None:
        path = self.folder / stamp[0]
        try:
            snapshot = read_snapshot(path)
        except ModelError:
            if path.exists():  # else it was thinned out this moment
                self._damaged.add(stamp)
            return
        size = self.frames[-1].snapshot.vectors.shape[1] if self.frames else snapshot.vectors.shape[1]
        if not 0 < snapshot.vectors.size <= _MOST_NUMBERS or snapshot.vectors.shape[1] != size:
            self._damaged.add(stamp)
            return
        self.frames.append(self._align(stamp, snapshot))

    def _align(self, stamp: Stamp, snapshot: Snapshot) -> Frame:
        table, lengths = directions(snapshot.vectors)
        reference = table[:MOST_REFERENCE_WORDS]
        centre = reference.mean(axis=0) if len(reference) else np.zeros(table.shape[1], np.float32)
        turn = self._turn(snapshot.words, reference - centre)
        row_of = self._row_of(snapshot.words)
        frame = Frame(stamp, snapshot, row_of, lengths, centre, turn, _nearest(table, row_of, self.watched))
        self._laid = (stamp, reference - centre if turn is None else (reference - centre) @ turn)
        return frame

    def _turn(self, words: list[str], now: Floats) -> Floats | None:
        """The whole turn that lays ``now`` upon the newest frame: that frame's own, and what was turned since."""
        if not self.frames:
            return None
        last = self.frames[-1]
        earlier = self._laid_reference(last)
        laid = now if last.turn is None else now @ last.turn
        if last.snapshot.words[:MOST_REFERENCE_WORDS] != words[:MOST_REFERENCE_WORDS]:
            row_of = {word: row for row, word in enumerate(last.snapshot.words[:MOST_REFERENCE_WORDS])}
            shared = [(row, row_of[word]) for row, word in enumerate(words[: len(now)]) if word in row_of]
            laid, earlier = laid[[row for row, _ in shared]], earlier[[row for _, row in shared]]
        since = turn_between(earlier, laid)
        if since is None or last.turn is None:
            return last.turn if since is None else since
        return last.turn @ since

    def _laid_reference(self, frame: Frame) -> Floats:
        if self._laid is None or self._laid[0] != frame.stamp:
            rows = np.arange(min(MOST_REFERENCE_WORDS, len(frame.snapshot.words)))
            self._laid = (frame.stamp, frame.full(rows))
        return self._laid[1]

    def _row_of(self, words: list[str]) -> dict[str, int]:
        if self.frames and self.frames[-1].snapshot.words == words:
            return self.frames[-1].row_of
        return {word: row for row, word in enumerate(words)}


def directions(vectors: NDArray[np.generic]) -> tuple[Floats, Floats]:
    """Vectors (n, d) scaled to length 1, and their lengths (n,); one that is not finite becomes zero."""
    table: Floats = np.array(vectors, dtype=np.float32)
    lengths = np.sqrt(np.einsum("nd,nd->n", table, table))
    is_odd = ~np.isfinite(lengths)
    table[is_odd], lengths[is_odd] = 0.0, 0.0
    table /= np.where(lengths > 0, lengths, np.float32(1.0))[:, None]
    return table, lengths


def turn_between(before: Floats, now: Floats) -> Floats | None:
    """The turn or reflection (d, d) that brings ``now`` (n, d) nearest to ``before`` when multiplied from the right.

    None where there is no turn, or only one that words it was not fitted to do not share.
    """
    fitted = _best_turn(before[::2], now[::2])
    others, others_now = before[1::2], now[1::2]
    if fitted is None or len(others) < 2:
        return None
    gains = ((others_now @ fitted - others_now) * others).sum(axis=1)
    spread = float(gains.std(ddof=1)) / np.sqrt(len(gains))
    if float(gains.mean()) <= max(_CLEAR * spread, _LEAST_GAIN):
        return None
    return _best_turn(before, now)


def _best_turn(before: Floats, now: Floats) -> Floats | None:
    products = now.T @ before
    if not products.any():
        return None
    try:
        left, _, right = np.linalg.svd(products)
    except np.linalg.LinAlgError:
        return None
    turn: Floats = (left @ right).astype(np.float32)
    return turn


def _nearest(table: Floats, row_of: dict[str, int], watched: Sequence[str]) -> dict[str, list[int]]:
    known = [word for word in watched if word in row_of]
    count = min(MOST_NEAREST, len(table) - 1)
    if not known or count < 1:
        return {}
    rows = [row_of[word] for word in known]
    cosines = table[rows] @ table.T
    cosines[np.arange(len(rows)), rows] = -np.inf
    order = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
    return {word: line.tolist() for word, line in zip(known, order, strict=True)}


def _stamp(path: Path) -> Stamp | None:
    """What changes when a snapshot is written anew; None when it has just gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return path.name, status.st_mtime_ns, status.st_size
