"""How the learning rate goes over a run: it rises in the beginning and falls to the end, whatever limits the run."""

from __future__ import annotations

import math

COSINE, LINEAR, CONSTANT = "cosine", "linear", "constant"
_LOWEST = 0.01
"""Of the highest rate: what a run begins and ends with."""


def rate_share(progress: float, warm_up: float, kind: str) -> float:
    """The share of the highest rate at ``progress`` (0 to 1); ``warm_up`` is the share of the run in which it rises.

    After Loshchilov and Hutter 2017 (cosine). A rate that is tied to progress suits steps, epochs and minutes alike.
    """
    if progress < warm_up:
        return max(_LOWEST, progress / warm_up)
    rest = (progress - warm_up) / max(1.0 - warm_up, 1e-9)
    if kind == CONSTANT:
        return 1.0
    falling = 0.5 * (1.0 + math.cos(math.pi * rest)) if kind == COSINE else 1.0 - rest
    return _LOWEST + (1.0 - _LOWEST) * falling
