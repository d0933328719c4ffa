"""How loops over numbers are compiled by numba."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])

FAST = {"contract", "reassoc", "arcp", "nsz"}
"""What the compiler may do to be fast. Not "nnan" and "ninf": with them no number would ever seem to be none."""


def compiled(function: Function, fastmath: set[str] | bool = False, counts_holders: bool = True) -> Function:
    """The function as machine code that runs without the global interpreter lock.

    The code is kept for the next process where numba finds a folder for it; where none can be written it is compiled
    each time. Division by zero gives an infinity, as in numpy: looking for it would keep loops from being vectorized.
    ``counts_holders``: see :func:`compiled_part`.
    """
    flags: dict[str, Any] = {
        "nogil": True,
        "error_model": "numpy",
        "fastmath": fastmath,
        "_nrt": counts_holders,
    }
    try:
        made: Function = njit(cache=True, **flags)(function)
    except RuntimeError:  # numba found no folder that it may write
        made = njit(**flags)(function)
    return made


def compiled_fast(function: Function) -> Function:
    """The same with :data:`FAST` arithmetic."""
    return compiled(function, FAST)


def compiled_part(function: Function) -> Function:
    """The same for a part of a loop that is called for every word or pair and makes no array.

    numba counts, at each call, who holds an array: one more at its beginning, one less at its end, for each array that
    is handed over, in a way that threads wait for each other. That took half the time of a small part. The loop that
    calls holds the arrays all the while, so nothing is counted here (numba's runtime is left out of the part).
    """
    return compiled(function, FAST, counts_holders=False)
