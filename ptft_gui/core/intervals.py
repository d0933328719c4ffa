"""How far a share that was counted on few rows may be from the truth."""

from __future__ import annotations

import math

_NORMAL_95 = 1.959963984540054


def wilson_interval(successes: int, rows: int) -> tuple[float, float] | None:
    """The 95 % interval of a share (Wilson 1927), which stays within 0 and 1 for few rows; None without rows."""
    if not rows:
        return None
    share, square = successes / rows, _NORMAL_95**2
    centre = share + square / (2 * rows)
    half = _NORMAL_95 * math.sqrt(share * (1 - share) / rows + square / (4 * rows * rows))
    scale = 1 + square / rows
    low, high = (centre - half) / scale, (centre + half) / scale
    return max(0.0, min(low, share)), min(1.0, max(high, share))
