"""The part of the y axis that shows a curve rather than its first spike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ptft_gui.gui.widgets.chart.curve import Floats

_SKIPPED_START = 0.02  # of the points; where the first spike is
_LOWEST_PERCENTILE, _HIGHEST_PERCENTILE = 1.0, 99.0
_MARGIN = 0.10
_MOST_FOR_LINE = 1.5
"""Room for a horizontal line, in heights of the curves."""


def robust_y_range(
    columns: Sequence[Floats], line: float | None = None, has_dips: bool = False
) -> tuple[float, float] | None:
    """(low, high) that shows ``columns`` of values well, or None when there is nothing finite.

    The lowest value is always in it, unless ``has_dips`` says that a curve may fall for a moment without meaning; a
    short first spike and rare ones later are not. ``line``, a horizontal line such as guessing, is in it when that
    costs at most three fifths of the height.
    """
    finite = [column[np.isfinite(column)] for column in columns]
    finite = [column for column in finite if len(column)]
    if not finite:
        return None
    low = min(_usual_low(column) if has_dips else float(column.min()) for column in finite)
    high = max(_usual_high(column) for column in finite)
    if line is not None and np.isfinite(line):
        low, high = _with_line(low, high, line)
    margin = (high - low) * _MARGIN or abs(high) * _MARGIN or 0.5
    return low - margin, high + margin


def _usual_high(column: Floats) -> float:
    later = column[int(len(column) * _SKIPPED_START) :]
    return float(later.max()) if len(later) < 50 else float(np.percentile(later, _HIGHEST_PERCENTILE))


def _usual_low(column: Floats) -> float:
    later = column[min(max(1, int(len(column) * _SKIPPED_START)), len(column) - 1) :]
    return float(later.min()) if len(later) < 50 else float(np.percentile(later, _LOWEST_PERCENTILE))


def _with_line(low: float, high: float, line: float) -> tuple[float, float]:
    room = _MOST_FOR_LINE * max(high - low, abs(line) * 0.02)
    if low - room <= line <= high + room:
        return min(low, line), max(high, line)
    return low, high
