"""The drawing area of a chart: curves, their names at their ends, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsSimpleTextItem, QWidget

from ptft_gui.core.wording import three_digits
from ptft_gui.gui.theme import Role, TextStyle, current_theme
from ptft_gui.gui.widgets.chart.annotations import GuessingLine, Moments, NamedPoint, text_width
from ptft_gui.gui.widgets.chart.axes import StepAxis, ValueAxis, dress_axis
from ptft_gui.gui.widgets.chart.curve import Curve, Floats, VerticalMark
from ptft_gui.gui.widgets.chart.drawn_curve import DrawnCurve, runs_through
from ptft_gui.gui.widgets.chart.look import Look
from ptft_gui.gui.widgets.chart.ranges import robust_y_range
from ptft_gui.gui.widgets.chart.spread import spread
from ptft_gui.gui.widgets.focus_ring import FocusRing

_LABEL_GAP = 8
_LEAST_LABEL_ROOM = 24
_DETAIL_FROM = 4_000
_SIDE_MARGIN = 0.012
"""Share of the steps left free at both sides: a ring at the last point is whole."""


class ChartView(pg.PlotWidget):  # type: ignore[misc]
    """Draws curves. It follows the end of the run until a person zooms or pans.

    ``following_changed`` tells whether it follows; ``hovered`` carries the step under the pointer, or nan when it left.
    """

    following_changed = Signal(bool)
    hovered = Signal(float)

    def __init__(self, is_compact: bool, parent: QWidget | None = None) -> None:
        self._value_axis = ValueAxis()
        super().__init__(parent, axisItems={"bottom": StepAxis(), "left": self._value_axis})
        self._is_compact = is_compact
        self._is_log = False
        self._is_following = True
        self._is_held = self._is_due = False
        self._picture_scale: float | None = None
        self._drawn: dict[str, DrawnCurve] = {}
        self._guessing_value: float | None = None
        self._guessing_name = ""
        self._best: tuple[float, float] | None = None
        self._best_word = ""
        self._before: float | None = None
        self._before_word = ""
        plot = self.getPlotItem()
        self._guessing = GuessingLine(plot)
        self._moments = Moments(plot)
        self._best_point = NamedPoint(plot, Role.HELD_OUT)
        self._before_point = NamedPoint(plot, Role.QUIET_TEXT)
        self._cross_hair = pg.InfiniteLine(0, angle=90)
        self._cross_hair.setZValue(30)
        plot.addItem(self._cross_hair, ignoreBounds=True)
        self._cross_hair.hide()
        self._set_up()
        self._dress()

    def _set_up(self) -> None:
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.vb.disableAutoRange()
        plot.vb.setMouseEnabled(not self._is_compact, not self._is_compact)
        plot.vb.sigRangeChangedManually.connect(self._on_zoomed)
        plot.vb.sigRangeChanged.connect(self._on_range_changed)
        plot.vb.sigResized.connect(self._make_room_for_values)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(pg.PlotWidget.Shape.NoFrame)
        FocusRing(self)
        current_theme().theme_changed.connect(self._dress)

    # what is shown

    def set_axis_titles(self, x_title: str, y_title: str) -> None:
        """What the axes count, with units; a compact chart names only what its title does not."""
        if not self._is_compact:
            self.getAxis("bottom").setLabel(x_title)
            self.getAxis("left").setLabel(y_title)
            self._dress_axes()

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Show ``curves`` instead of those before; a curve of the same name goes on where it was."""
        for name in set(self._drawn) - {curve.name for curve in curves}:
            self._drawn.pop(name).remove()
        for curve in curves:
            drawn = self._drawn.get(curve.name)
            needs_dress = drawn is None or drawn.curve.role != curve.role
            if drawn is None:
                drawn = self._drawn[curve.name] = DrawnCurve(
                    self.getPlotItem(), is_named=not self._is_compact or len(curves) > 1
                )
            drawn.follow(curve)
            if needs_dress:
                drawn.dress(self._look())
        self._refresh()

    def set_guessing(self, value: float | None, name: str) -> None:
        if (value, name) != (self._guessing_value, self._guessing_name):
            self._guessing_value, self._guessing_name = value, name
            self._refresh()

    def set_best(self, point: tuple[float, float] | None, word: str, role: Role) -> None:
        """Mark (step, value) with ``word``."""
        self._best_point.set_role(role, self._look())
        if (point, word) != (self._best, self._best_word):
            self._best, self._best_word = point, word
            self._refresh()

    def set_before(self, value: float | None, word: str) -> None:
        """The value before the run began, a ring at step 0."""
        if (value, word) != (self._before, self._before_word):
            self._before, self._before_word = value, word
            self._refresh()

    def set_marks(self, marks: Sequence[VerticalMark]) -> None:
        if self._moments.show(marks, self._look()) and not self._is_held:
            self._place_texts()

    def set_log(self, is_log: bool) -> None:
        """Draw values on a logarithmic axis; what is not above zero is left out."""
        self._is_log = is_log
        self._value_axis.set_log(is_log)
        self._refresh()

    # following

    @property
    def is_following(self) -> bool:
        return self._is_following

    @Slot()
    def follow(self) -> None:
        """Show the whole run and go on with it."""
        was_following, self._is_following = self._is_following, True
        self._refresh()
        if not was_following:
            self.following_changed.emit(True)

    @Slot()
    def _on_zoomed(self) -> None:
        if self._is_following:
            self._is_following = False
            self.following_changed.emit(False)

    @contextmanager
    def drawn_once(self) -> Iterator[None]:
        """Whatever is changed meanwhile is drawn together at the end."""
        self._is_held = True
        try:
            yield
        finally:
            self._is_held = False
            if self._is_due:
                self._refresh()

    def _refresh(self) -> None:
        self._is_due = self._is_held
        if self._is_held:
            return
        self._draw_annotations()
        self._draw_curves()  # gives the names at their ends the words that room is made for
        self._make_room_for_labels()
        if self._is_following:
            self._show_all()
        self._place_texts()

    def _show_all(self) -> None:
        ends = [float(d.curve.x[-1]) for d in self._drawn.values() if len(d.curve.x)]
        starts = [float(d.curve.x[0]) for d in self._drawn.values() if len(d.curve.x)]
        y_range = self._whole_y_range()
        if ends:
            left = 0.0 if min(starts) >= 0 else min(starts)
            right = max(max(ends), left + 1)
            margin = (right - left) * _SIDE_MARGIN
            self.getViewBox().setXRange(left - margin, right + margin, padding=0)
        if y_range is not None:
            self.getViewBox().setYRange(*y_range, padding=0)

    def _whole_y_range(self) -> tuple[float, float] | None:
        columns = [self._to_view(drawn.shown_values()) for drawn in self._drawn.values()]
        if self._before is not None:
            columns.append(self._to_view(np.array([self._before])))
        guessing = None
        if self._guessing_value is not None:
            guessing = float(self._to_view(np.array([self._guessing_value]))[0])
        has_dips = self._is_compact and any(drawn.curve.is_raw_faint for drawn in self._drawn.values())
        return robust_y_range(columns, guessing, has_dips=has_dips)

    def _to_view(self, values: Floats) -> Floats:
        """Values to heights on the axis."""
        if not self._is_log:
            return values
        return np.log10(values, out=np.full(len(values), np.nan), where=values > 0)

    def _height_of(self, value: float) -> float | None:
        height = float(self._to_view(np.array([value], dtype=np.float64))[0])
        return height if np.isfinite(height) else None

    # drawing

    def _draw_curves(self) -> None:
        left, right = self.getViewBox().viewRange()[0]
        for drawn in self._drawn.values():
            needs_detail = not self._is_following and len(drawn.curve.x) > _DETAIL_FROM
            drawn.draw(self._to_view, (left, right) if needs_detail else None)

    def _draw_annotations(self) -> None:
        guessing = None if self._guessing_value is None else self._height_of(self._guessing_value)
        self._guessing.show_at(guessing, self._guessing_text())
        before = None if self._before is None else (0.0, self._before)
        for ring, at, word in (
            (self._best_point, self._best, self._best_word),
            (self._before_point, before, self._before_word),
        ):
            height = None if at is None else self._height_of(at[1])
            if at is None or height is None:
                ring.show_at(None, "")
            else:
                ring.show_at((at[0], height), word)

    def _is_curve_close_below(self, step: float, value: float, pixels: float) -> bool:
        """Whether a curve runs less than ``pixels`` under a point: its word had better stand over it."""
        height = self._height_of(value)
        others = [drawn.value_at(step) for drawn in self._drawn.values()]
        below = [self._height_of(other) for other in others if other is not None and other < value - 1e-12]
        if height is None:
            return False
        here = self._y_on_screen(height)
        return any(h is not None and self._y_on_screen(h) - here < pixels for h in below)

    def _guessing_text(self) -> str:
        """Its name and value, with an arrow to where it lies when it lies outside."""
        if self._guessing_value is None:
            return ""
        text = f"{self._guessing_name} {three_digits(self._guessing_value)}"
        height, (low, high) = self._height_of(self._guessing_value), self.getViewBox().viewRange()[1]
        if height is None or low <= height <= high:
            return text
        return f"{text} {'↑' if height > high else '↓'}"

    def _end_labels(self) -> list[QGraphicsSimpleTextItem]:
        labels = [drawn.label for drawn in self._drawn.values() if len(drawn.curve.x)]
        return [*labels, self._guessing.label] if self._guessing.is_shown else labels

    def _make_room_for_labels(self) -> None:
        widest = max((text_width(label) for label in self._end_labels()), default=0)
        right = max(round(widest) + 2 * _LABEL_GAP, _LEAST_LABEL_ROOM)
        top, bottom = 8, 2 if self._is_compact else 0
        layout = self.getPlotItem().layout
        if layout.getContentsMargins() != (0, top, right, bottom):
            layout.setContentsMargins(0, top, right, bottom)
            layout.activate()

    @Slot()
    def _make_room_for_values(self) -> None:
        """A small number needs many digits, and pyqtgraph leaves out what finds no room."""
        view = self.getViewBox()
        low, high = view.viewRange()[1]
        wanted = self._value_axis.room_for(low, high, view.boundingRect().height())
        width = max(self._usual_axis_width(), round(wanted) + 2 * _LABEL_GAP)
        if self._value_axis.fixedWidth != width:
            self._value_axis.setWidth(width)

    def _usual_axis_width(self) -> int:
        letter = current_theme().pixels(TextStyle.CAPTION)
        return round(letter * (4.2 if self._is_compact else 5.6))

    def _place_texts(self) -> None:
        self._place_end_labels()
        is_crossed = partial(runs_through, self.getPlotItem(), tuple(self._drawn.values()))
        for ring, at in ((self._best_point, self._best), (self._before_point, (0.0, self._before))):
            if at is not None and at[1] is not None:
                ring.place_word(self._is_curve_close_below(at[0], at[1], ring.room_below), is_crossed)
        self._moments.place_captions()

    def _place_end_labels(self) -> None:
        view = self.getViewBox()
        room = view.mapRectToItem(self.getPlotItem(), view.boundingRect())
        right = view.viewRange()[0][1]
        wanted: list[tuple[QGraphicsSimpleTextItem, float]] = []
        for drawn in self._drawn.values():
            value = drawn.name_end(right)
            height = None if value is None else self._height_of(value)
            drawn.label.setVisible(height is not None)
            if height is not None:
                wanted.append((drawn.label, self._y_on_screen(height)))
        if self._guessing.is_shown:
            self._guessing.label.setText(self._guessing_text())
            wanted.append((self._guessing.label, self._y_on_screen(self._guessing.line.value())))
        if not wanted:
            return
        text_height = wanted[0][0].boundingRect().height()
        low, high = room.top() + text_height / 2, room.bottom() - text_height / 2
        places = spread([y for _, y in wanted], text_height, low, high)
        for (label, _), y in zip(wanted, places, strict=True):
            label.setPos(room.right() + _LABEL_GAP, y - text_height / 2)

    def _y_on_screen(self, height: float) -> float:
        view = self.getViewBox()
        return float(view.mapToItem(self.getPlotItem(), view.mapFromView(QPointF(0, height))).y())

    @Slot()
    def _on_range_changed(self) -> None:
        self._make_room_for_values()
        if not self._is_following:
            self._draw_curves()
        self._place_texts()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_moments"):  # pyqtgraph resizes while it is made
            self._place_texts()

    # pointer and keys

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        view = self.getViewBox()
        if view.sceneBoundingRect().contains(self.mapToScene(event.position().toPoint())):
            self.hovered.emit(float(view.mapSceneToView(self.mapToScene(event.position().toPoint())).x()))
        else:
            self.hovered.emit(float("nan"))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._is_compact:
            event.ignore()
        else:
            super().wheelEvent(event)

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.hovered.emit(float("nan"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # the chart's owner answers keys

    def show_cross_hair(self, step: float | None) -> None:
        """A vertical line at ``step``, or none."""
        self._cross_hair.setVisible(step is not None)
        if step is not None:
            self._cross_hair.setValue(step)

    def x_on_screen(self, step: float) -> float:
        """Where ``step`` is, in pixels of this widget."""
        view = self.getViewBox()
        return float(self.mapFromScene(view.mapViewToScene(QPointF(step, 0))).x())

    def zoom(self, factor: float) -> None:
        """Show ``factor`` times as many steps around the middle, as a person's zoom."""
        self._on_zoomed()
        self.getViewBox().scaleBy(x=factor)

    # colours

    def set_picture_scale(self, scale: float | None) -> None:
        """Draw lines and symbols for a picture of ``scale`` times the pixels; None draws for the screen again."""
        self._picture_scale = scale
        self._dress()

    def _look(self) -> Look:
        if self._picture_scale is not None:
            return Look(current_theme(), self._picture_scale, self._picture_scale)
        return Look(current_theme(), line_scale=self.devicePixelRatioF())

    @Slot()
    def _dress(self) -> None:
        look = self._look()
        self.setBackground(look.theme.colour(Role.SURFACE))
        self._dress_axes()
        for drawn in self._drawn.values():
            drawn.dress(look)
        for ring in (self._best_point, self._before_point):
            ring.dress(look)
        self._guessing.dress(look)
        self._moments.dress(look)
        self._cross_hair.setPen(look.pen(Role.CONTROL_BORDER))
        self._refresh()

    def _dress_axes(self) -> None:
        theme = current_theme()
        bottom, left = self.getAxis("bottom"), self.getAxis("left")
        dress_axis(bottom, theme, has_grid=False, is_compact=self._is_compact)
        dress_axis(left, theme, has_grid=True, is_compact=self._is_compact)
        left.setWidth(self._usual_axis_width())
