"""Memory that a step of training has freed is kept for the next one."""

from __future__ import annotations

import ctypes
import sys

_TRIM_THRESHOLD, _MMAP_MAX = -1, -4
_NEVER = 2**31 - 1


def keep_freed_memory() -> None:
    """Let glibc keep what is freed, in place of giving large pieces back to the system; other systems are left as is.

    A step asks for the same large pieces again and again. Given back, each comes anew from the system, which fills it
    with zeros page by page: on two cores a third to a half of the step of a small model. See mallopt(3).
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return
    mallopt(_MMAP_MAX, 0)
    mallopt(_TRIM_THRESHOLD, _NEVER)
