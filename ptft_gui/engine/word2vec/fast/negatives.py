"""Drawing random words for negative sampling in constant time (Walker's alias method, as Vose builds it)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class AliasTable(NamedTuple):
    """A row is drawn evenly; it is kept where 32 random bits are below ``limits[row]``, else it is ``others[row]``.

    Shape (V,) each, uint32 and int32.
    """

    limits: NDArray[np.uint32]
    others: NDArray[np.int32]


def alias_table(counts: NDArray[np.int64], exponent: float) -> AliasTable:
    """The table that draws each word as often as its count to the power of ``exponent``; one of count 0 never."""
    weights = np.zeros(len(counts))
    weights[counts > 0] = counts[counts > 0].astype(np.float64) ** exponent
    shares = weights * (len(weights) / weights.sum())  # 1 is the mean
    others = np.arange(len(shares), dtype=np.int32)
    small = list(np.flatnonzero(shares < 1.0))
    large = list(np.flatnonzero(shares >= 1.0))
    while small and large:
        less, more = small.pop(), large[-1]
        others[less] = more
        shares[more] -= 1.0 - shares[less]
        if shares[more] < 1.0:
            small.append(large.pop())
    for row in (*small, *large):  # 1 but for rounding; its other is itself
        shares[row] = 1.0
    limits = np.minimum(shares * 2.0**32, 2.0**32 - 1).astype(np.uint32)
    return AliasTable(limits, others)


def drawn_shares(table: AliasTable) -> NDArray[np.float64]:
    """How often each row is drawn, shape (V,); for looking at a table."""
    kept = (table.limits.astype(np.float64) + (table.limits == 2**32 - 1)) / 2.0**32
    kept[table.others == np.arange(len(kept))] = 1.0
    shares = kept + np.bincount(table.others, 1.0 - kept, minlength=len(kept))
    result: NDArray[np.float64] = shares / len(kept)
    return result
