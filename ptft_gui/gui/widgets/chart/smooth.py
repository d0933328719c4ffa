"""The bold line: at every point the mean of the points around it, the nearer the weightier.

    shown[t] = sum(b**|t - i| * y[i]) / sum(b**|t - i|)

It is an exponential moving average taken in both directions and divided by the weights there are, the correction for
short histories of Kingma and Ba (2015), "Adam", section 3. Looking to both sides it does not lag behind a falling loss
as a one-sided average does; its last points, which have no future yet, may still move a little. The memory is a
hundredth of the curve: a point's weight falls to 37 % after that many points. Missing points change nothing.
"""

from __future__ import annotations

import math

import numpy as np

from ptft_gui.gui.widgets.chart.curve import Floats

MEMORY = 1 / 100
"""Points the average remembers to either side, as a share of all points."""


def smooth(y: Floats, counts: Floats | None = None, memory: float = MEMORY) -> Floats:
    """The mean around every entry of ``y``, same shape; nan only where nothing finite is near.

    ``counts`` says for how many points an entry stands (default 1 each); an entry of n points weighs as n points of
    that value do.
    """
    weights = np.where(np.isfinite(y), 1.0 if counts is None else counts, 0.0)
    points = max(float(weights.sum()) * memory, 1e-9)
    ages = weights / points
    shares = -np.expm1(-ages)
    values = np.nan_to_num(y, nan=0.0, posinf=0.0, neginf=0.0)
    total = _from_both_sides(shares * values, ages)
    share = _from_both_sides(shares, ages)
    averages = np.full(len(y), math.nan)
    np.divide(total, share, out=averages, where=share > 0.0)
    return averages


def _from_both_sides(own: Floats, ages: Floats) -> Floats:
    return _accumulate(own, ages) + _accumulate(own[::-1], ages[::-1])[::-1] - own


def _accumulate(own: Floats, ages: Floats) -> Floats:
    """sum[t] = exp(-ages[t]) * sum[t-1] + own[t], from the left.

    Written as sum[t] = cumsum(own * growth)[t] / growth[t] with growth = exp(cumsum(ages)), which numpy does at once.
    The ages add up to 1 / memory, so that growth, taken relative to its end, stays far from zero.
    """
    if not len(own):
        return own
    age = np.cumsum(ages)
    growth = np.exp(age - age[-1])
    sums: Floats = np.cumsum(own * growth) / growth
    return sums
