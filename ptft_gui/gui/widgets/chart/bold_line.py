"""The smoothed line of a curve, the same for whoever draws it and for whoever writes down where it ends."""

from __future__ import annotations

import numpy as np

from ptft_gui.gui.widgets.chart.curve import Curve, Floats
from ptft_gui.gui.widgets.chart.decimate import LiveDecimation
from ptft_gui.gui.widgets.chart.smooth import smooth

_MOST_POINTS = 800
"""More cannot be seen."""


def smoothed_line(live: LiveDecimation) -> tuple[Floats, Floats]:
    """The bold line over the points that ``live`` follows; its last point is that of the newest."""
    x, means, counts = live.means()
    stride = len(x) // _MOST_POINTS + 1
    every = slice((len(x) - 1) % stride, None, stride)
    return x[every], smooth(means, counts)[every]


def end_of(curve: Curve) -> float | None:
    """The value that a chart writes at the end of ``curve``; None where it has none."""
    values = curve.y
    if curve.smoothed:
        live = LiveDecimation()
        live.follow(curve.x, curve.y)
        values = smoothed_line(live)[1]
    finite = values[np.isfinite(values)]
    return float(finite[-1]) if len(finite) else None
