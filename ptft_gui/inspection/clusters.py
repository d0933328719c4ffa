"""Groups of words: k-means on the directions of their vectors, each group named by its most typical words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]

MOST_CLUSTERS = 50
NAMING_WORDS = 3
_LEARNED_FROM = 10_000
_ROUNDS, _ATTEMPTS = 20, 5
_CONSIDERED = 200


def find_clusters(points: Floats, count: int, seed: int) -> Numbers:
    """The group of each point, the largest group being 0; shape (n,).

    ``points``: unit vectors, shape (n, k), the most frequent words first, so that Euclidean distance ranks as the
    cosine does. The middles are learned from the 10,000 most frequent words, then every word goes to the nearest.
    There are never more groups than different points.
    """
    middles = _best_middles(points[:_LEARNED_FROM], count, seed)
    if len(middles) < 2:
        return np.zeros(len(points), np.int32)
    nearest = _nearness(points, middles).argmax(axis=1)
    sizes = np.bincount(nearest, minlength=len(middles))
    place = np.empty(len(middles), np.int32)
    place[np.argsort(-sizes, kind="stable")] = np.arange(len(middles), dtype=np.int32)
    numbers: Numbers = place[nearest]
    return numbers


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
