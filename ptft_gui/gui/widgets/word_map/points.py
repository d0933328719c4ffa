"""What a map shows: words, their places, and what may colour them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Colouring = Literal["none", "frequency", "group", "value"]

_FARTHEST = 1e12
_LARGE_VOCABULARY = 2_000
_EVERYWHERE = 0.0015
"""Of all the words in a text, more than this share is one word: then it is one that stands in every text."""


@dataclass(frozen=True)
class MapPoints:
    """``words`` (n) at ``positions`` (float32 of shape (n, 2) or (n, 3), any unit, y upwards).

    ``counts`` (n) says how often a word occurs, 0 where that is not known; ``groups`` (n) which of ``group_names`` it
    belongs to, negative for none; ``values`` (n) is a number of the person's own, not finite where there is none.
    Raises :class:`ValueError` when the lengths differ.
    """

    words: Sequence[str]
    positions: NDArray[np.float32]
    counts: NDArray[np.int64] | None = None
    groups: NDArray[np.int32] | None = None
    group_names: tuple[str, ...] = ()
    values: NDArray[np.float32] | None = None
    value_name: str = ""

    def __post_init__(self) -> None:
        n = len(self.words)
        shape = np.shape(self.positions)
        if len(shape) != 2 or shape[0] != n or shape[1] not in (2, 3):
            raise ValueError(f"{n} words need places of shape ({n}, 2) or ({n}, 3), not {shape}.")
        for name in ("counts", "groups", "values"):
            column = getattr(self, name)
            if column is not None and np.shape(column) != (n,):
                raise ValueError(f"{name} has shape {np.shape(column)} for {n} words.")


NO_POINTS = MapPoints((), np.empty((0, 2), np.float32))


@dataclass(frozen=True)
class PlacedPoints:
    """The points that have a place, in the order of the map's numbers; ``kept`` (n) are their rows in what was
    given."""

    words: tuple[str, ...] = ()
    kept: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    counts: NDArray[np.int64] | None = None
    groups: NDArray[np.int32] | None = None
    group_names: tuple[str, ...] = ()
    values: NDArray[np.float32] | None = None
    value_name: str = ""
    skipped: int = 0
    row_of: dict[str, int] = field(default_factory=dict)
    by_frequency: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    by_importance: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    def __len__(self) -> int:
        return len(self.words)

    def has(self, colouring: Colouring) -> bool:
        """Whether there is anything to colour the points by."""
        columns = {"frequency": self.counts, "group": self.groups, "value": self.values}
        return colouring == "none" or columns[colouring] is not None


def have_place(positions: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Which of positions (n, d) are places: finite, and not so far out that no map could show them."""
    return np.asarray((np.abs(positions) < _FARTHEST).all(axis=1))


def place(points: MapPoints) -> tuple[PlacedPoints, NDArray[np.float32]]:
    """The points that have a place, and their places; how many were left out is in ``skipped``."""
    positions = np.asarray(points.positions, np.float32)
    kept = np.flatnonzero(have_place(positions))
    words = tuple(points.words[row] for row in kept.tolist())

    def column(values: NDArray[Any] | None) -> NDArray[Any] | None:
        return None if values is None else np.asarray(values)[kept]

    counts = column(points.counts)
    rarity = np.zeros(len(words), np.int64) if counts is None else -counts.astype(np.int64)
    by_frequency = np.argsort(rarity, kind="stable")
    placed = PlacedPoints(
        words,
        kept,
        counts,
        column(points.groups),
        points.group_names,
        column(points.values),
        points.value_name,
        len(points.words) - len(words),
        {word: row for row, word in reversed(list(enumerate(words)))},
        by_frequency,
        _by_importance(by_frequency, counts),
    )
    return placed, np.ascontiguousarray(positions[kept])


def _by_importance(by_frequency: NDArray[np.int64], counts: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Rows in the order in which words are worth naming: the frequent first, but those that hold every sentence
    together (*the*, *of*), of which there are few and which say little about a place, after all others."""
    if counts is None or len(counts) < _LARGE_VOCABULARY:
        return by_frequency
    is_everywhere = counts[by_frequency] > _EVERYWHERE * counts.sum(dtype=np.float64)
    return np.concatenate([by_frequency[~is_everywhere], by_frequency[is_everywhere]])
