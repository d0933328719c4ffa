"""One curve on the screen: a faint line of all points, a bold line over it, the name at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsSimpleTextItem

from ptft_gui.gui.theme import Role, TextStyle, text_role
from ptft_gui.gui.theme.roles import blend
from ptft_gui.gui.widgets.chart.axes import short_number
from ptft_gui.gui.widgets.chart.bold_line import smoothed_line
from ptft_gui.gui.widgets.chart.curve import Curve, Floats
from ptft_gui.gui.widgets.chart.decimate import LiveDecimation, decimate
from ptft_gui.gui.widgets.chart.look import Look

_FAINT = 0.38
_BOLD_WIDTH = 2
_DOT_SIZE = 5
_FEW = 40
"""Up to so many rarely measured points are drawn as dots as well."""

_LOOKS_ACROSS = 33
"""Places in the width of a word at which is looked for a curve."""

Transform = Callable[[Floats], Floats]


class DrawnCurve:
    """The items of one curve. Pens are opaque and wide lines drawn in segments: the fast way of pyqtgraph.

    ``is_named``: whether the label at its end says the name; a small chart of one curve leaves that to its title.
    """

    def __init__(self, plot: pg.PlotItem, is_named: bool) -> None:
        self.is_named = is_named
        self._plot = plot
        self.raw = pg.PlotCurveItem(connect="finite", antialias=True)
        self.bold = pg.PlotCurveItem(connect="finite", antialias=True)
        self.bold.setSegmentedLineMode("on")
        self.dots = pg.ScatterPlotItem(size=_DOT_SIZE, pxMode=True, antialias=True)
        self.label = QGraphicsSimpleTextItem(plot)
        for z, item in enumerate((self.raw, self.bold, self.dots)):
            item.setZValue(10 + z)
            plot.addItem(item, ignoreBounds=True)
        self._live = LiveDecimation()
        self.curve = Curve("", "", np.empty(0), np.empty(0))
        self.smooth_x, self.smooth_y = np.empty(0), np.empty(0)

    def remove(self) -> None:
        """Take every item off the chart."""
        for item in (self.raw, self.bold, self.dots):
            self._plot.removeItem(item)
        self.label.scene().removeItem(self.label)

    def follow(self, curve: Curve) -> None:
        """Take the curve as it is now; nothing is drawn yet."""
        self.curve = curve
        self._live.follow(curve.x, curve.y)
        if curve.smoothed:
            self.smooth_x, self.smooth_y = smoothed_line(self._live)

    def draw(self, to_view: Transform, x_range: tuple[float, float] | None) -> None:
        """Hand the points to the chart; ``x_range`` (steps) asks for all the detail there is between two steps."""
        x, y = self._live.points() if x_range is None else self._detail(x_range)
        has_bold = not (self.curve.is_raw_faint and not self.curve.smoothed)
        self.raw.setVisible(self.curve.is_raw_faint)
        if self.curve.is_raw_faint:
            self.raw.setData(x, to_view(y))
        bold_x, bold_y = (self.smooth_x, self.smooth_y) if self.curve.smoothed else (x, y)
        self.bold.setVisible(has_bold)
        if has_bold:
            self.bold.setData(bold_x, to_view(bold_y))
        has_dots = not self.curve.is_raw_faint and 0 < len(x) <= _FEW
        self.dots.setVisible(has_dots)
        if has_dots:
            finite = np.isfinite(to_view(y))
            self.dots.setData(x[finite], to_view(y)[finite])
        self.name_end(np.inf)

    def _detail(self, x_range: tuple[float, float]) -> tuple[Floats, Floats]:
        start = max(int(np.searchsorted(self.curve.x, x_range[0])) - 1, 0)
        end = int(np.searchsorted(self.curve.x, x_range[1], side="right")) + 1
        return decimate(self.curve.x[start:end], self.curve.y[start:end])

    def name_end(self, step: float) -> float | None:
        """Write name and value of the bold line at ``step`` on the label; returns that value."""
        value = self.value_at(step)
        name = self.curve.label if self.is_named else ""
        self.label.setText(name if value is None else f"{name} {short_number(value)}".strip())
        return value

    def value_at(self, step: float) -> float | None:
        """The value of the bold line at the last point before ``step``, or None."""
        is_smooth = self.curve.smoothed
        x, y = (self.smooth_x, self.smooth_y) if is_smooth else (self.curve.x, self.curve.y)
        position = int(np.searchsorted(x, step, side="right")) - 1
        while position >= 0 and not np.isfinite(y[position]):
            position -= 1
        return float(y[position]) if position >= 0 else None

    def runs_through(self, steps: Floats, low: float, high: float) -> bool:
        """Whether the bold line comes between two heights at any of ``steps``, or jumps over both."""
        x, y = self.bold.getData()
        if x is None or not len(x):
            return False
        at = np.interp(steps, x, y, left=np.nan, right=np.nan)
        at = at[np.isfinite(at)]
        is_above, is_below = at > high, at < low
        jumps = (is_above[:-1] & is_below[1:]) | (is_below[:-1] & is_above[1:])
        return bool((~is_above & ~is_below).any() or jumps.any())

    def shown_values(self) -> Floats:
        """What the y axis should make room for: few thousand values."""
        return (
            self.smooth_y if self.curve.smoothed and not self.curve.is_raw_faint else self._live.points()[1]
        )

    def dress(self, look: Look) -> None:
        """Pens and brushes of the theme."""
        theme, role = look.theme, self.curve.role
        faint = QColor(blend(theme.hex(role), theme.hex(Role.SURFACE), _FAINT))
        self.raw.setPen(look.pen_of(faint, 1))
        pen = look.pen(role, _BOLD_WIDTH)
        if self.curve.dashes:
            pen.setDashPattern(self.curve.dashes)
            self.bold.setSegmentedLineMode("off")  # in segments every one would begin with a dash
        self.bold.setPen(pen)
        self.dots.setPen(None)
        self.dots.setSize(_DOT_SIZE * look.symbol_scale)
        self.dots.setBrush(theme.colour(role))
        self.label.setFont(theme.font(TextStyle.CAPTION))
        self.label.setBrush(theme.colour(text_role(role)))


def runs_through(plot: pg.PlotItem, curves: Sequence[DrawnCurve], box: QRectF) -> bool:
    """Whether one of ``curves`` runs through ``box``, in pixels of ``plot``."""
    view = plot.vb
    room = view.mapRectToItem(plot, view.boundingRect())
    (left, right), (low, high) = view.viewRange()
    columns = np.linspace(box.left(), box.right(), _LOOKS_ACROSS)
    steps = left + (columns - room.left()) / room.width() * (right - left)
    top, bottom = (high - (y - room.top()) / room.height() * (high - low) for y in (box.top(), box.bottom()))
    return any(drawn.runs_through(steps, bottom, top) for drawn in curves)
