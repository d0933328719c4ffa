"""Groups of words: k-means on the directions of their vectors, each group named by its most typical words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Numbers = NDArray[np.int32]

MOST_CLUSTERS = 50
NAMING_WORDS = 3
_CONSIDERED = 200


def find_clusters(points: Floats, count: int, seed: int) -> Numbers:
    """The group of each point, the largest group being 0; shape (n,).

    ``points``: unit vectors, shape (n, k), so that Euclidean distance ranks as the cosine does. There are never more
    groups than different points. k-means in mini-batches (Sculley 2010, "Web-Scale K-Means Clustering").
    """
    different = len({point.tobytes() for point in points})
    count = min(count, different)
    if count < 2:
        return np.zeros(len(points), np.int32)
    from sklearn.cluster import MiniBatchKMeans  # takes longer to import than to run

    found = MiniBatchKMeans(count, random_state=seed, batch_size=4096, n_init=3).fit_predict(points)
    sizes = np.bincount(found, minlength=count)
    place = np.empty(count, np.int32)
    place[np.argsort(-sizes, kind="stable")] = np.arange(count, dtype=np.int32)
    numbers: Numbers = place[found]
    return numbers


def name_clusters(points: Floats, clusters: Numbers, words: Sequence[str]) -> list[list[str]]:
    """For each group the words nearest to its middle, among its most frequent ones, the most typical first.

    ``words`` stand in order of frequency, as ``points``, shape (n, k), and ``clusters``, shape (n,), do.
    """
    names = []
    for number in range(int(clusters.max()) + 1 if len(clusters) else 0):
        members = np.flatnonzero(clusters == number)
        middle = points[members].mean(axis=0)
        frequent = members[:_CONSIDERED]
        typical = frequent[np.argsort(-(points[frequent] @ middle), kind="stable")][:NAMING_WORDS]
        names.append([words[row] for row in typical])
    return names
