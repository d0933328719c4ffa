"""Finds equal hashes among more rows than fit into memory.

The hashes lie on disk and are looked at in shares: of all hashes that begin with the same bits, so that equal ones are
in one share. A share fits into memory because hashes are evenly spread; where one text fills most rows, its share is
looked at block by block, and what is remembered is one record for each different hash.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.data.examples.copies import Hashes
from ptft_gui.data.examples.number_files import NumberFile
from ptft_gui.data.request import ShouldStop, never_stop

SHARE_ROWS = 1 << 19
"""About so many rows are in a share: some ten megabytes while they are sorted."""

Places = npt.NDArray[np.uint32]


def shares(
    hashes: NumberFile, should_stop: ShouldStop = never_stop
) -> Iterator[Iterator[tuple[Places, Hashes]]]:
    """All rows, share by share; each share in blocks of places and their hashes, in order of their places.

    Raises StoppedByPerson.
    """
    bits = (max(len(hashes) - 1, 0) // SHARE_ROWS).bit_length()
    for share in range(1 << bits):
        if should_stop():
            raise StoppedByPerson
        yield _blocks(hashes, bits, share)


def _blocks(hashes: NumberFile, bits: int, share: int) -> Iterator[tuple[Places, Hashes]]:
    places: list[Places] = []
    found: list[Hashes] = []
    waiting = 0
    for rows, piece in hashes.pieces():
        own = np.flatnonzero(piece >> np.uint64(64 - bits) == share) if bits else np.arange(len(piece))
        places.append((own + rows.start).astype(np.uint32))
        found.append(piece[own])
        waiting += len(own)
        if waiting >= 2 * SHARE_ROWS:
            yield np.concatenate(places), np.concatenate(found)
            places, found, waiting = [], [], 0
    if waiting:
        yield np.concatenate(places), np.concatenate(found)


class KnownHashes:
    """The different hashes of a share so far, sorted, and the first place of each."""

    def __init__(self) -> None:
        self.hashes: Hashes = np.empty(0, np.uint64)
        self.first: Places = np.empty(0, np.uint32)

    def add(self, places: Places, hashes: Hashes) -> tuple[Places, Places]:
        """Take a block; its places in order of their hashes, and for each the first place of its hash."""
        order = np.argsort(hashes, kind="stable")
        ordered, places = hashes[order], places[order]
        is_new_hash = np.ones(len(ordered), np.bool_)
        is_new_hash[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(is_new_hash)
        first = self._first_of(ordered[starts], places[starts])
        return places, np.repeat(first, np.diff(starts, append=len(ordered)))

    def _first_of(self, hashes: Hashes, places: Places) -> Places:
        if not len(self.hashes):
            self.hashes, self.first = hashes, places
            return places
        at = np.searchsorted(self.hashes, hashes)
        is_known = self.hashes[np.minimum(at, len(self.hashes) - 1)] == hashes
        first = np.where(is_known, self.first[np.minimum(at, len(self.first) - 1)], places)
        self.hashes = np.insert(self.hashes, at[~is_known], hashes[~is_known])
        self.first = np.insert(self.first, at[~is_known], places[~is_known])
        return first


def each_first(
    hashes: NumberFile, take: Callable[[Places, Places], None], should_stop: ShouldStop = never_stop
) -> None:
    """Give ``take`` all places with the first place of their hash, in blocks, in no order."""
    for share in shares(hashes, should_stop):
        known = KnownHashes()
        for places, found in share:
            take(*known.add(places, found))
