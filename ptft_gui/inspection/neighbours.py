"""The words nearest to a point, by cosine, exactly.

As gensim does it: one product of all vectors with the query, divided by their lengths. Nothing is copied, so vectors
that are mapped from a file stay there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Scores = NDArray[np.float32]

_BLOCK_ROWS = 1 << 15
_BLOCK_SCORES = 512


@dataclass(frozen=True)
class Neighbour:
    """A word, its cosine with the query, and how often it occurs (None where that is not known)."""

    word: str
    similarity: float
    count: int | None


def row_lengths(vectors: Vectors) -> Scores:
    """The Euclidean length of each row, shape (n,); 1 for rows of zeros, so that dividing by it is safe."""
    lengths = np.empty(len(vectors), np.float32)
    for start in range(0, len(vectors), _BLOCK_ROWS):
        block = vectors[start : start + _BLOCK_ROWS]
        lengths[start : start + _BLOCK_ROWS] = np.sqrt(np.einsum("ij,ij->i", block, block))
    lengths[lengths == 0] = 1.0
    return lengths


def mean_direction(
    vectors: Vectors, lengths: Scores, plus: Collection[int], minus: Collection[int]
) -> Vectors:
    """The mean of unit vectors, those of ``minus`` taken negatively, scaled to length 1; shape (d,).

    Mikolov et al. 2013, "Linguistic Regularities in Continuous Space Word Representations"; zeros stay zeros.
    """
    rows = [*plus, *minus]
    signs = np.array([1.0] * len(plus) + [-1.0] * len(minus), np.float32)
    mean = (signs[:, None] * (vectors[rows] / lengths[rows, None])).mean(axis=0)
    length = float(np.linalg.norm(mean))
    return np.asarray(mean / length if length else mean, np.float32)


def nearest_rows(
    vectors: Vectors, lengths: Scores, direction: Vectors, topn: int, left_out: Collection[int]
) -> list[tuple[int, float]]:
    """(row, cosine) of the ``topn`` nearest rows to a unit vector, the nearest first, ``left_out`` skipped."""
    scores = vectors @ direction
    scores /= lengths
    scores[list(left_out)] = -np.inf
    count = min(topn, len(scores) - len(set(left_out)))
    if count <= 0:
        return []
    candidates = np.flatnonzero(scores >= _lower_bound(scores, count))
    best = candidates[np.lexsort((candidates, -scores[candidates]))][:count]
    return [(int(row), float(np.clip(scores[row], -1.0, 1.0))) for row in best]


def _lower_bound(scores: Scores, count: int) -> float:
    """A score that at least ``count`` entries reach: the count-th best of the bests of equal blocks.

    Much quicker than ordering all scores: of 400,000 only a few dozen remain to be sorted.
    """
    blocks = len(scores) // _BLOCK_SCORES
    if blocks <= 4 * count:
        return float(np.partition(scores, len(scores) - count)[len(scores) - count])
    bests = scores[: blocks * _BLOCK_SCORES].reshape(blocks, _BLOCK_SCORES).max(axis=1)
    return float(np.partition(bests, blocks - count)[blocks - count])
