"""The bold line: an exponential moving average, corrected for its start.

    s[t] = b * s[t-1] + (1 - b) * y[t],    shown: s[t] / (1 - b**t)

as in Kingma and Ba (2015), "Adam", section 3: without the division the first values would be drawn towards zero. The
memory is a fiftieth of the curve, so the line stays close to the points however long the run is; a point's weight
falls to 37 % after that many points. Missing points change nothing.
"""

from __future__ import annotations

import math

import numpy as np

from ptft_gui.gui.widgets.chart.curve import Floats

MEMORY = 1 / 50
"""Points the average remembers, as a share of all points."""


def smooth(y: Floats, counts: Floats | None = None, memory: float = MEMORY) -> Floats:
    """The average after every entry of ``y``, same shape; nan until the first finite value.

    ``counts`` says for how many points an entry stands (default 1 each); an entry of n points moves the average as n
    points of that value would.
    """
    weights = np.where(np.isfinite(y), 1.0 if counts is None else counts, 0.0)
    points = max(float(weights.sum()) * memory, 1e-9)
    decays = np.exp(-weights / points)
    values = np.nan_to_num(y, nan=0.0, posinf=0.0, neginf=0.0)
    averages = np.full(len(y), math.nan)
    total = share = 0.0
    for position, (value, decay) in enumerate(zip(values.tolist(), decays.tolist(), strict=True)):
        total = decay * total + (1.0 - decay) * value
        share = decay * share + (1.0 - decay)
        if share > 0.0:
            averages[position] = total / share
    return averages
