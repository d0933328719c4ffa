"""Groups of words: k-means on the directions of their vectors, each group named by its most typical words.

The groups belong to the model, not to a picture of it: they are learned from its most frequent words whatever a map
shows, so that a word keeps its group, and a group its name and colour, in two and in three dimensions and with every
way to draw.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]

MOST_CLUSTERS = 50
NAMING_WORDS = 3
LEARNED_FROM = 10_000
_ROUNDS, _ATTEMPTS = 20, 5
_CONSIDERED = 200


def find_middles(points: Floats, count: int, seed: int) -> Floats:
    """The middles of the groups, that of the largest group first; shape (groups, k).

    ``points``: unit vectors of a model's :data:`LEARNED_FROM` most frequent words, shape (n, k), so that Euclidean
    distance ranks as the cosine does. There are never more groups than different points.
    """
    middles = _best_middles(points, count, seed)
    sizes = np.bincount(nearest_middles(points, middles), minlength=len(middles))
    return middles[np.argsort(-sizes, kind="stable")]


def nearest_middles(points: Floats, middles: Floats) -> Numbers:
    """The group that each point belongs to; shape (n,)."""
    nearest: Numbers = _nearness(points, middles).argmax(axis=1).astype(np.int32)
    return nearest


def _nearness(points: Floats, middles: Floats) -> Floats:
    """Half of |p|^2 - |p - m|^2, largest for the nearest middle; shape (n, middles)."""
    nearness: Floats = points @ middles.T - (middles * middles).sum(axis=1) / 2
    return nearness


def _best_middles(points: Floats, count: int, seed: int) -> Floats:
    """Those of several attempts that lie nearest to the points: one alone may join two groups and split a third."""
    tries = [_middles(points, count, np.random.default_rng([seed, number])) for number in range(_ATTEMPTS)]
    return max(tries, key=lambda middles: float(_nearness(points, middles).max(axis=1).sum()))


def _middles(points: Floats, count: int, rng: np.random.Generator) -> Floats:
    """The middles that k-means finds, begun as k-means++ does; fewer where a group would stay empty."""
    # scikit-learn's takes a second to import and two for 5,000 words: its threads wait for each other
    from scipy.cluster.vq import ClusterError, kmeans2

    count = min(count, len({point.tobytes() for point in points}))
    for fewer in range(count, 1, -1):
        try:
            middles, _ = kmeans2(points, fewer, _ROUNDS, minit="++", missing="raise", rng=rng)
        except ClusterError:
            continue
        return np.asarray(middles, np.float32)
    return points[:1]


def name_clusters(points: Floats, clusters: Numbers, words: Sequence[str]) -> list[list[str]]:
    """For each group the words nearest to its middle, among its most frequent ones, the most typical first.

    ``words`` stand in order of frequency, as ``points``, shape (n, k), and ``clusters``, shape (n,), do.
    """
    names: list[list[str]] = []
    for number in range(int(clusters.max()) + 1 if len(clusters) else 0):
        members = np.flatnonzero(clusters == number)
        if not len(members):
            names.append([])
            continue
        middle = points[members].mean(axis=0)
        frequent = members[:_CONSIDERED]
        typical = frequent[np.argsort(-(points[frequent] @ middle), kind="stable")][:NAMING_WORDS]
        names.append([words[row] for row in typical])
    return names
