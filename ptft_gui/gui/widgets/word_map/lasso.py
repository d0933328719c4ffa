"""Which points a line drawn by hand encloses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def inside(screen: NDArray[np.float32], outline: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of ``screen`` (n, 2) lie inside the closed ``outline`` (m, 2): those from which a ray to the right
    crosses it an odd number of times. Only points in its bounding box are looked at, one edge after another for all
    of them."""
    found = np.zeros(len(screen), bool)
    if len(outline) < 3:
        return found
    low, high = outline.min(axis=0), outline.max(axis=0)
    near = np.flatnonzero(((screen >= low) & (screen <= high)).all(axis=1))
    x, y = screen[near, 0].astype(np.float64), screen[near, 1].astype(np.float64)
    is_odd = np.zeros(len(near), bool)
    for (x1, y1), (x2, y2) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        is_odd ^= crosses & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    found[near[is_odd]] = True
    return found


def rectangle(first: tuple[float, float], last: tuple[float, float]) -> NDArray[np.float64]:
    """The outline of the rectangle with these two corners."""
    (x1, y1), (x2, y2) = first, last
    return np.array([(x1, y1), (x2, y1), (x2, y2), (x1, y2)], np.float64)
