"""Which rows hold the same text: equal hashes become small numbers once, and questions to them need no sorting."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Mask = npt.NDArray[np.bool_]
Hashes = npt.NDArray[np.uint64]
Groups = npt.NDArray[np.int32]
"""The number of the group of each row, counted from 0 in order of appearance; equal texts have equal numbers."""


def numbered(hashes: Sequence[Hashes]) -> tuple[Groups, ...]:
    """Hashes as numbers, shape (rows,) each; a text has one number in all of them."""
    together = pl.Series("hash", np.concatenate(hashes)).to_frame()
    known = together.unique(maintain_order=True).with_row_index("group")
    groups = together.join(known, on="hash", how="left", maintain_order="left")["group"].to_numpy()
    return tuple(np.split(groups.astype(np.int32), len(hashes)))


def first_rows(groups: Groups, rows: Mask) -> npt.NDArray[np.int64]:
    """The first row of each group among ``rows``, shape (largest number + 1,); -1 where there is none."""
    places = np.flatnonzero(rows)[::-1]
    first = np.full(_size(groups), -1, np.int64)
    first[groups[places]] = places  # of several the last one written stays, which is the first row
    return first


def copies_of(groups: Groups, rows: Mask) -> Mask:
    """Rows among ``rows`` whose text an earlier one of them has."""
    places = np.flatnonzero(rows)
    first = first_rows(groups, rows)
    found = np.zeros(len(groups), np.bool_)
    found[places[first[groups[places]] != places]] = True
    return found


def disagreeing(groups: Groups, targets: npt.NDArray[np.uint64], rows: Mask) -> Mask:
    """Rows among ``rows`` that share their text with one of another target."""
    places = np.flatnonzero(rows)
    here = groups[places]
    first = first_rows(groups, rows)
    is_mixed = np.zeros(_size(groups), np.bool_)
    is_mixed[here[targets[first[here]] != targets[places]]] = True
    found = np.zeros(len(groups), np.bool_)
    found[places[is_mixed[here]]] = True
    return found


def sharing(groups: Groups, rows: Mask) -> Mask:
    """All rows whose text one of ``rows`` has; those themselves included."""
    is_there = np.zeros(_size(groups), np.bool_)
    is_there[groups[rows]] = True
    return np.asarray(is_there[groups])


def connected(groups: Sequence[Groups]) -> npt.NDArray[np.int32]:
    """The number of the group of each row where rows that share a text, in whichever place, are in one group."""
    if len(groups) == 1:
        return groups[0]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    first, second = groups
    nodes = max(_size(first), _size(second))
    graph = coo_array((np.ones(len(first), np.bool_), (first, second)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    return np.asarray(component[first], np.int32)


def _size(groups: Groups) -> int:
    return int(groups.max()) + 1 if len(groups) else 0
