"""Axes of a chart: few ticks, whole words, quiet grid lines."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF, QPen

from ptft_gui.core.wording import count_text, three_digits
from ptft_gui.gui.theme import Role, TextStyle, Theme

_GRID_OPACITY = 255
_BEHIND_CURVES = -200
"""A z value under that of the drawing area, so that no grid line crosses a curve."""
_FEW_TICKS = 0.6
SHORTENED_FROM = 10_000
_MOST_PLACES = 7
_TICK_OFFSET = 6
_LINES_BELOW = 3.2
"""Height of the numbers under a chart and of the axis title below them, in heights of their type."""
_TICK_GAP = 10
"""Pixels between the numbers of two ticks, at least."""


def short_number(value: float) -> str:
    """A value beside a curve: three digits that matter, large ones as 912 k."""
    return count_text(value) if abs(value) >= SHORTENED_FROM else three_digits(value)


class StepAxis(pg.AxisItem):  # type: ignore[misc]
    """Steps are whole numbers with thousands set apart: 1,200."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """pyqtgraph draws the numbers of its widest spacing even where they touch: every second, fifth or tenth of
        them then."""
        levels = list(super().tickValues(low, high, size))
        if not levels or high <= low:
            return levels
        spacing, ticks = levels[0]
        room = size * spacing / (high - low)
        widest = max((self._width_of(tick) for tick in ticks), default=0.0) + _TICK_GAP
        every = next((n for n in (1, 2, 5, 10) if n * room >= widest), 20)
        return [(every * spacing, [tick for tick in ticks if round(tick / spacing) % every == 0])]

    def _width_of(self, value: float) -> float:
        font = self.style["tickFont"]
        return float(QFontMetricsF(font).horizontalAdvance(f"{value:,.0f}")) if font is not None else 0.0

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return [f"{value:,.0f}" if value >= 0 and value == int(value) else "" for value in values]


class ValueAxis(pg.AxisItem):  # type: ignore[misc]
    """Values of a metric; with a log scale the ticks say 1, 2 and 5 times a power of ten."""

    def __init__(self) -> None:
        super().__init__("left")
        self.enableAutoSIPrefix(False)
        self._is_log = False

    def set_log(self, is_log: bool) -> None:
        """Positions on the axis are powers of ten from now on, or the values themselves again."""
        self._is_log = is_log
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        if not self._is_log:
            return list(super().tickValues(low, high, size))
        decades = range(math.floor(low), math.ceil(high) + 1)
        mantissas = (1, 2, 5) if high - low > 0.5 else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
        ticks = [decade + math.log10(mantissa) for decade in decades for mantissa in mantissas]
        return [(0.5, [tick for tick in ticks if low <= tick <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        if self._is_log:
            return [three_digits(10**value) for value in values]
        if max((abs(value) for value in values), default=0.0) >= SHORTENED_FROM:
            return [count_text(value) for value in values]
        places = max(0, math.ceil(-math.log10(spacing) - 1e-9)) if spacing > 0 else 0
        if places > _MOST_PLACES:
            return [f"{value:.1e}" for value in values]
        return [f"{value:,.{places}f}" for value in values]

    def room_for(self, low: float, high: float, size: float) -> float:
        """How wide the numbers are that stand at this axis, in pixels; 0 before it is dressed."""
        font = self.style["tickFont"]
        if font is None or size <= 0:
            return 0.0
        levels = self.tickValues(low, high, size)[:1]
        words = [word for spacing, ticks in levels for word in self.tickStrings(list(ticks), 1.0, spacing)]
        return max((QFontMetricsF(font).horizontalAdvance(word) for word in words), default=0.0)


def dress_axis(axis: pg.AxisItem, theme: Theme, has_grid: bool, is_compact: bool = False) -> None:
    """Colours and type of an axis; the same call after every change of theme."""
    axis.setZValue(_BEHIND_CURVES)
    axis.setTickDensity(_FEW_TICKS if is_compact else 1.0)
    axis.setPen(QPen(theme.colour(Role.BORDER), 1))
    axis.setTickPen(QPen(theme.colour(Role.BORDER), 1))
    axis.setTextPen(theme.colour(Role.QUIET_TEXT))
    axis.setStyle(
        tickFont=theme.font(TextStyle.CAPTION), tickLength=0, tickTextOffset=_TICK_OFFSET, maxTickLevel=0
    )
    axis.setGrid(_GRID_OPACITY if has_grid else False)
    if axis.orientation == "bottom" and not is_compact:  # pyqtgraph's own height is made for small type only
        axis.setHeight(round(_LINES_BELOW * theme.pixels(TextStyle.CAPTION)) + _TICK_OFFSET)
    if axis.label is not None:
        axis.label.setFont(theme.font(TextStyle.CAPTION))
        axis.label.setDefaultTextColor(theme.colour(Role.QUIET_TEXT))
