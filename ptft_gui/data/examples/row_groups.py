"""Which rows hold the same text: questions to arrays of hashes, answered without a loop over rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]


def copies_of(hashes: Hashes, rows: Mask) -> Mask:
    """Rows among ``rows`` whose hash an earlier one of them has."""
    places = np.flatnonzero(rows)
    order = np.argsort(hashes[places], kind="stable")
    ordered = hashes[places][order]
    again = np.zeros(len(places), np.bool_)
    again[1:] = ordered[1:] == ordered[:-1]
    found = np.zeros(len(hashes), np.bool_)
    found[places[order[again]]] = True
    return found


def disagreeing(hashes: Hashes, targets: Hashes, rows: Mask) -> Mask:
    """Rows among ``rows`` that share their hash with one of another target."""
    places = np.flatnonzero(rows)
    if not len(places):
        return np.zeros(len(hashes), np.bool_)
    _, group = np.unique(hashes[places], return_inverse=True)
    order = np.lexsort((targets[places], group))
    ordered, wanted = group[order], targets[places][order]
    changes = (ordered[1:] == ordered[:-1]) & (wanted[1:] != wanted[:-1])
    is_mixed = np.zeros(int(group.max()) + 1, np.bool_)
    is_mixed[ordered[1:][changes]] = True
    found = np.zeros(len(hashes), np.bool_)
    found[places[is_mixed[group]]] = True
    return found


def members(hashes: Hashes, ordered: Hashes) -> Mask:
    """Which hashes stand in a sorted array."""
    if not len(ordered):
        return np.zeros(len(hashes), np.bool_)
    places = np.minimum(np.searchsorted(ordered, hashes), len(ordered) - 1)
    return np.asarray(ordered[places] == hashes)


def connected(groups: Sequence[Hashes]) -> npt.NDArray[np.int64]:
    """The number of the group of each row: rows that share a hash, in whichever of the arrays, are in one group."""
    if len(groups) == 1:
        return np.asarray(np.unique(groups[0], return_inverse=True)[1], np.int64)
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rows = len(groups[0])
    _, texts = np.unique(np.concatenate(groups), return_inverse=True)
    nodes = int(texts.max()) + 1 if len(texts) else 0
    first, second = texts[:rows], texts[rows : 2 * rows]
    graph = coo_array((np.ones(rows, np.bool_), (first, second)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    return np.asarray(component[first], np.int64)
