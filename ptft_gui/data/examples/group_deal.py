"""Deals whole groups of rows to the parts of a split, in a shuffled order, with a few bytes for each row in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from ptft_gui.data.examples.number_files import PIECE_ROWS, Mask, Numbers
from ptft_gui.data.examples.row_groups import Groups

TRAIN_PART = 0
_LARGEST_HELD_GROUP = 0.1

Parts = npt.NDArray[np.int8]
Keys = npt.NDArray[np.uint32]


class GroupKeys:
    """The group of each row, named by the place of the first row that has its text: between 0 and the rows."""

    def __init__(self, groups: Sequence[Groups], key_of: Keys) -> None:
        self._groups, self._key_of = groups, key_of
        self.rows = len(groups[0])
        self.has_shared = len(key_of) > 1

    def of(self, piece: slice) -> Keys:
        """The groups of some rows."""
        keys = np.arange(piece.start, piece.stop, dtype=np.uint32)
        for groups in self._groups:
            numbers = groups[piece]
            is_shared = numbers > 0
            keys[is_shared] = self._key_of[numbers[is_shared]]
        return keys

    def pieces(self) -> Iterator[slice]:
        """All rows, some at a time."""
        return _slices(self.rows)

    def sizes(self, rows: Mask) -> Numbers:
        """How many of ``rows`` each group has, shape (all rows,), in as few bytes as the largest needs: groups are
        hardly ever large, and there are as many as rows."""
        sizes: Numbers = rows.view(np.uint8)
        if not self.has_shared:
            return sizes
        sizes = sizes.copy()
        for piece in self.pieces():
            keys = self.of(piece)
            is_elsewhere = keys != np.arange(piece.start, piece.stop, dtype=np.uint32)
            moved = np.flatnonzero(is_elsewhere & rows[piece])
            sizes[moved + piece.start] -= 1
            joined, counts = np.unique(keys[moved], return_counts=True)
            after = sizes[joined] + counts
            sizes = _wide_enough(sizes, int(after.max(initial=0)))
            sizes[joined] = after
        return sizes

    def share_that_may_be_held_out(self, rows: Mask) -> float:
        """The share of ``rows`` in groups that are small enough to be held out."""
        sizes = self.sizes(rows)
        whole = int(sizes.sum(dtype=np.int64))
        most = max(1, int(_LARGEST_HELD_GROUP * whole))
        return int(sizes.sum(dtype=np.int64, where=sizes <= most)) / max(whole, 1)

    def largest(self, rows: Mask) -> int:
        """How many of ``rows`` the largest group has."""
        return int(self.sizes(rows).max(initial=0))


def group_keys(groups: Sequence[Groups], rows: Mask) -> GroupKeys:
    """Groups of rows that share a text; of pairs, rows that share either text with another of ``rows`` are in one.

    ``groups`` are the numbers of one or two texts of each row, as :func:`.row_groups.numbered` gives them.
    """
    key_of = _first_places(groups)
    if len(groups) > 1 and len(key_of) > 1:
        key_of = _of_components(groups, key_of, rows)
    return GroupKeys(groups, key_of)


def _slices(rows: int) -> Iterator[slice]:
    for start in range(0, rows, PIECE_ROWS):
        yield slice(start, min(start + PIECE_ROWS, rows))


def _first_places(groups: Sequence[Groups]) -> Keys:
    """Of each shared text the first place, counted through one column after the other, shape (texts + 1,)."""
    size = 1 + max((int(numbers.max()) for each in groups for _, numbers in each.pieces()), default=0)
    none = np.iinfo(np.uint32).max
    first = np.full(size, none, np.uint32)
    for column, each in enumerate(groups):
        for piece, numbers in each.pieces():
            at = np.flatnonzero(numbers)[::-1]
            here = numbers[at]
            is_new = first[here] == none
            places = at[is_new] + piece.start + column * len(each)
            first[here[is_new]] = places.astype(np.uint32)  # of several the last one written stays: the first
    return first


def _of_components(groups: Sequence[Groups], first: Keys, rows: Mask) -> Keys:
    """Texts that pairs among ``rows`` connect get one key: the first place of a row or text of all of them."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    one: list[Numbers] = []
    two: list[Numbers] = []
    key = first.copy()
    for piece in _slices(len(rows)):
        own = np.flatnonzero(rows[piece])
        ours, theirs = (each[piece][own] for each in groups)
        both = (ours > 0) & (theirs > 0)
        one.append(ours[both].astype(np.int32))
        two.append(theirs[both].astype(np.int32))
        for numbers, other in (
            (ours, theirs),
            (theirs, ours),
        ):  # a row with one shared text: its other counts too
            lone = (numbers > 0) & (other == 0)
            np.minimum.at(key, numbers[lone], (own[lone] + piece.start).astype(np.uint32))
    edges = (np.concatenate(one), np.concatenate(two))
    graph = coo_array((np.ones(len(edges[0]), np.bool_), edges), shape=(len(first), len(first)))
    count, component = connected_components(graph, directed=False)
    least = np.full(count, np.iinfo(np.uint32).max, np.uint32)
    np.minimum.at(least, component, key)
    return np.asarray(least[component], np.uint32)


class GroupDeal:
    """Groups in a shuffled order, and the part that each is dealt to: ``part_of_group``, shape (rows,).

    ``stratum_of`` gives the strata of some rows, numbers below ``strata``; a group has that of its first row.
    """

    def __init__(
        self, keys: GroupKeys, rows: Mask, stratum_of: Callable[[slice], Numbers], strata: int
    ) -> None:
        self._sizes = keys.sizes(rows)
        self._stratum = np.zeros(keys.rows, np.min_scalar_type(strata))
        for piece in reversed(list(keys.pieces())):
            own = np.flatnonzero(rows[piece])[::-1]
            self._stratum[keys.of(piece)[own]] = stratum_of(piece)[own]  # the first row is written last
        self._strata = strata
        self._rows_of = np.zeros(strata, np.int64)
        for piece in keys.pieces():
            self._rows_of += self._count(self._stratum[piece], self._sizes[piece])
        self.part_of_group: Parts = np.full(keys.rows, TRAIN_PART, np.int8)
        self._drawn = self._present()

    def _count(self, strata: Numbers, sizes: Numbers) -> npt.NDArray[np.int64]:
        return np.bincount(strata, sizes, self._strata).astype(np.int64)

    def _present(self) -> Keys:
        """The groups that have rows, in order of their first places."""
        drawn = np.empty(int(np.count_nonzero(self._sizes)), np.uint32)
        reached = 0
        for piece in _slices(len(self._sizes)):
            found = np.flatnonzero(self._sizes[piece]) + piece.start
            drawn[reached : reached + len(found)] = found
            reached += len(found)
        return drawn

    def shuffle(self, chance: np.random.Generator) -> None:
        """Put the groups into an order by chance."""
        chance.shuffle(self._drawn)

    def wanted(self, targets: Callable[[int, int], tuple[int, int]]) -> list[tuple[int, int]]:
        """``targets(rows before, rows)`` of each stratum."""
        found = []
        before = 0
        for count in self._rows_of.tolist():
            found.append(targets(before, count))
            before += count
        return found

    def hold_out(self, part: int, wanted: Sequence[int]) -> None:
        """Give groups that have no part yet to ``part``, in their order, until each stratum has the rows it wants.

        Very large groups are learned from. A group that would lead further beyond than its lack falls short is not
        taken, unless it is the first.
        """
        most = np.maximum(1, (_LARGEST_HELD_GROUP * self._rows_of).astype(np.int64))
        goal = np.asarray(wanted, np.int64)
        reached = np.zeros(self._strata, np.int64)
        for piece in _slices(len(self._drawn)):
            if (reached >= goal).all():
                break
            drawn = self._drawn[piece]
            strata, sizes = self._stratum[drawn], self._sizes[drawn].astype(np.int64)
            may = (sizes <= most[strata]) & (self.part_of_group[drawn] == TRAIN_PART)
            drawn, strata, sizes = drawn[may], strata[may], sizes[may]
            before = _reached_before(strata, sizes, reached)
            aim, after = goal[strata], before + sizes
            is_beyond = (before > 0) & (after >= aim) & (after - aim > aim - before)
            self.part_of_group[drawn[(before < aim) & ~is_beyond]] = part
            reached += self._count(strata, sizes)


def _wide_enough(sizes: Numbers, largest: int) -> Numbers:
    needed = np.min_scalar_type(largest)
    return sizes if needed.itemsize <= sizes.dtype.itemsize else sizes.astype(needed)


def _reached_before(
    strata: Numbers, sizes: npt.NDArray[np.int64], reached: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """How many rows of its stratum came before each group, those of earlier pieces included."""
    order = np.argsort(strata, kind="stable")
    ordered = sizes[order]
    sums = np.cumsum(ordered) - ordered
    begins = np.ones(len(order), np.bool_)
    begins[1:] = strata[order][1:] != strata[order][:-1]
    starts = np.flatnonzero(begins)
    sums -= np.repeat(sums[starts], np.diff(starts, append=len(order)))
    before = np.empty(len(order), np.int64)
    before[order] = sums
    return before + reached[strata]
