"""How the words of a run moved, as the companion tells it: frames, and the places between two of them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

CLOUD = 3
"""The kind of a word that only belongs to the cloud around the words that are watched and near."""

Places = NDArray[np.float32]


@dataclass(frozen=True)
class MotionFilm:
    """``words`` (n) with their ``groups`` and ``kinds``; ``positions``: float32, shape (frames, n, 2).

    A moment is a number from 0 to frames - 1; between two whole ones the words are between the frames.
    """

    words: tuple[str, ...]
    groups: NDArray[np.int32]
    kinds: NDArray[np.int32]
    steps: tuple[int, ...]
    epochs: tuple[float, ...]
    positions: Places

    @classmethod
    def from_answer(cls, answer: dict[str, Any]) -> MotionFilm:
        """The answer to a question of kind ``motion``; its words come in order of importance."""
        return cls(
            tuple(answer["words"]),
            np.asarray(answer["groups"], np.int32),
            np.asarray(answer["kinds"], np.int32),
            tuple(answer["steps"]),
            tuple(answer["epochs"]),
            np.asarray(answer["positions"], np.float32),
        )

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def watched(self) -> tuple[str, ...]:
        return tuple(word for word, kind in zip(self.words, self.kinds.tolist(), strict=True) if kind == 0)

    @property
    def named(self) -> int:
        """How many words, from the first on, are more than the cloud."""
        return int((self.kinds != CLOUD).sum())

    def count_until(self, step: int) -> int:
        """How many frames there are up to ``step``."""
        return bisect_right(self.steps, step)

    def moment_of(self, step: int) -> int:
        """The last frame up to ``step``, or the first."""
        return max(0, self.count_until(step) - 1)

    def at(self, moment: float) -> Places:
        """Where the words are at ``moment``, shape (n, 2)."""
        before = min(max(int(moment), 0), len(self) - 1)
        share = np.float32(moment - before)
        if share <= 0 or before == len(self) - 1:
            here: Places = self.positions[before]
            return here
        there: Places = self.positions[before] * (1 - share) + self.positions[before + 1] * share
        return there

    def trails(self, moment: float, length: int) -> dict[str, Places]:
        """For each watched word where it was in the last frames before ``moment``, the earliest first."""
        last = int(np.ceil(moment))
        first = max(0, last - length)
        if first >= last:
            return {}
        return {word: self.positions[first:last, row] for row, word in enumerate(self.watched)}

    @cached_property
    def room(self) -> NDArray[np.float64]:
        """((left, bottom), (right, top)) that holds nearly all words that matter in all frames."""
        shown = self.positions[:, : self.named] if self.named else self.positions
        places = shown.reshape(-1, 2)
        places = places[np.isfinite(places).all(axis=1)]
        if not len(places):
            return np.array([[-1.0, -1.0], [1.0, 1.0]])
        ends = np.quantile(places, (0.003, 0.997), axis=0)
        newest = shown[-1][np.isfinite(shown[-1]).all(axis=1)]
        return np.array(
            [np.minimum(ends[0], newest.min(axis=0)), np.maximum(ends[1], newest.max(axis=0))], np.float64
        )
