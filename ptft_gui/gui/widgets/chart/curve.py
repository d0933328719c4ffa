"""What a chart shows, as plain data: curves and vertical marks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ptft_gui.gui.theme.roles import Role

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A named value over steps.

    ``x`` (steps, ascending and finite) and ``y`` are float64 of one length; what is missing in ``y`` is nan and leaves
    a gap. They are read, never changed, and may be views of growing buffers. ``is_raw_faint`` draws every point as a
    thin pale line; ``smoothed`` lays a bold line over it (see :mod:`.smooth`). With neither, the points themselves are
    the bold line, right for a value that is measured rarely. ``dashes``, in widths of the bold line, tell curves apart
    without their colours.
    """

    name: str
    label: str
    x: Floats = field(repr=False)
    y: Floats = field(repr=False)
    role: Role = Role.TRAINING
    is_raw_faint: bool = False
    smoothed: bool = False
    dashes: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.x) != len(self.y):
            raise ValueError(f"{self.name}: {len(self.x)} steps but {len(self.y)} values.")

    def lowest(self) -> tuple[float, float] | None:
        """(step, value) of the lowest finite value."""
        if not np.isfinite(self.y).any():
            return None
        position = int(np.nanargmin(self.y))
        return float(self.x[position]), float(self.y[position])

    def nearest(self, step: float) -> tuple[float, float] | None:
        """(step, value) of the point nearest to ``step``, or None for an empty curve."""
        if not len(self.x):
            return None
        right = min(int(np.searchsorted(self.x, step)), len(self.x) - 1)
        left = max(right - 1, 0)
        position = left if step - self.x[left] <= self.x[right] - step else right
        return float(self.x[position]), float(self.y[position])


@dataclass(frozen=True)
class VerticalMark:
    """A moment worth a line: ``caption`` says what happened at ``step``."""

    step: float
    caption: str
