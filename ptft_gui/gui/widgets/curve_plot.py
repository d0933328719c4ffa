"""A chart of curves with its title, its switches and its exports.

Importing this module is cheap; pyqtgraph is imported when the first chart is made.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from ptft_gui.core.atomic import write_bytes_atomically
from ptft_gui.core.errors import PtftError
from ptft_gui.core.wording import three_digits
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.chart.curve import Curve, VerticalMark
from ptft_gui.gui.widgets.chart.hover_box import HoverBox
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from ptft_gui.gui.widgets.chart.export import CsvWriter
    from ptft_gui.gui.widgets.chart.view import ChartView

COMPACT_HEIGHT = 120
_LEAST_HEIGHT = 220
_TABLE_ROWS = 12

__all__ = ["Curve", "CurvePlot", "VerticalMark"]


class CurvePlot(QWidget):
    """Curves over steps; its user names it (objectName lossPlot for the loss).

    ``is_compact`` is the small chart, 120 high, without switches. ``exported`` carries the path of a file written,
    ``export_failed`` a PtftError. Keys: Left and Right walk along the curve, + and - zoom, Home follows again.
    """

    exported = Signal(str)
    export_failed = Signal(object)

    def __init__(
        self,
        title: str,
        x_title: str = "",
        y_title: str = "",
        is_compact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        from ptft_gui.gui.widgets.chart.view import ChartView

        super().__init__(parent)
        self._is_compact = is_compact
        self._curves: tuple[Curve, ...] = ()
        self._guessing: tuple[float, str] | None = None
        self._walk_step: float | None = None
        self._csv_writer: CsvWriter | None = None
        self._note = ""
        self._title = ElidedLabel(title, TextStyle.CAPTION if is_compact else TextStyle.STRONG)
        self.view: ChartView = ChartView(is_compact)
        self._axis_titles = ("", "")
        self.set_axis_titles(x_title, y_title)
        self._hover = HoverBox(self.view)
        self._build()
        self.view.hovered.connect(self._on_hovered)
        self.view.following_changed.connect(self._on_following_changed)
        self.set_title(title)

    def _build(self) -> None:
        self._log_button = QuietButton(self.tr("Log scale"))
        self._log_button.setObjectName("logScaleButton")
        self._log_button.setCheckable(True)
        self._log_button.toggled.connect(self.set_log)
        self._follow_button = QuietButton(self.tr("Follow"))
        self._follow_button.setObjectName("followButton")
        self._follow_button.setToolTip(self.tr("Show the whole run and go on with it"))
        self._follow_button.clicked.connect(self.view.follow)
        self._follow_button.hide()
        self._export_button = QuietButton(self.tr("Export"))
        self._export_button.setObjectName("exportChartButton")
        self._export_button.setMenu(self._make_export_menu())
        head = QHBoxLayout()
        head.setSpacing(Space.HALF)
        head.addWidget(self._title, 1)
        for button in (self._follow_button, self._log_button, self._export_button):
            head.addWidget(button)
        if self._is_compact:
            self._log_button.hide()
            self._export_button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        if self._is_compact:
            scale_with_type(self, self.setFixedHeight, COMPACT_HEIGHT)
        else:
            scale_with_type(self, self.setMinimumHeight, _LEAST_HEIGHT)

    def _make_export_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction(self.tr("Picture (PNG)..."), self._ask_for_png)
        menu.addAction(self.tr("Drawing (SVG)..."), self._ask_for_svg)
        menu.addAction(self.tr("All numbers (CSV)..."), self._ask_for_csv)
        return menu

    # what is shown

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """The drawing takes the focus. Not as a focus proxy: Qt then loses it from the order of the Tab key."""
        self.view.setFocus(reason)

    def set_help(self, sentence: str) -> None:
        """What the chart shows and how it is read, for *Explain this*."""
        self.view.setWhatsThis(sentence)

    def title(self) -> str:
        return self._title.full_text()

    def set_title(self, title: str) -> None:
        self._title.setText(title)
        self.setAccessibleName(title)
        self.view.setAccessibleName(title)

    def set_axis_titles(self, x_title: str, y_title: str) -> None:
        """What the axes count, with units; without a word of its own the lower one counts steps."""
        titles = (x_title or self.tr("step"), y_title)
        if titles != self._axis_titles:
            self._axis_titles = titles
            self.view.set_axis_titles(*titles)

    @property
    def _x_title(self) -> str:
        return self._axis_titles[0].partition(",")[0]

    def curves(self) -> tuple[Curve, ...]:
        return self._curves

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Show ``curves`` instead of those before. Called ten times a second with growing curves it stays quick."""
        self._curves = tuple(curves)
        self.view.set_curves(curves)
        self._describe()

    def set_guessing(self, value: float | None, name: str = "") -> None:
        """The dashed line of what a model that learned nothing would reach."""
        label = name or self.tr("guessing")
        self._guessing = None if value is None else (value, label)
        self.view.set_guessing(value, label)

    def set_best(self, point: tuple[float, float] | None, role: Role = Role.HELD_OUT, word: str = "") -> None:
        """Mark (step, value) as the best so far, in the colour of its curve; None marks nothing.

        ``word``: what it is called where it is the best by another measure than this curve's.
        """
        if point is not None and not word:
            word = self.tr("best {value}").format(value=three_digits(point[1]))
        self.view.set_best(point, word, role)

    def set_before(self, value: float | None) -> None:
        """The value of the model the run began with, a ring named "before" at step 0."""
        self.view.set_before(value, self.tr("before"))

    def set_marks(self, marks: Sequence[VerticalMark]) -> None:
        """Vertical lines with captions, such as "learning rate halved"."""
        self.view.set_marks(marks)

    def set_note(self, note: str) -> None:
        """A sentence that stands under the values at the pointer."""
        self._note = note

    @property
    def is_log(self) -> bool:
        return self._log_button.isChecked()

    @Slot(bool)
    def set_log(self, is_log: bool) -> None:
        """Logarithmic values or plain ones."""
        self._log_button.setChecked(is_log)
        self.view.set_log(is_log)

    @property
    def is_following(self) -> bool:
        return self.view.is_following

    @Slot(bool)
    def _on_following_changed(self, is_following: bool) -> None:
        self._follow_button.setVisible(not is_following)

    # values under the pointer or the keyboard

    @Slot(float)
    def _on_hovered(self, step: float) -> None:
        self._show_values_at(None if math.isnan(step) else step)

    def _show_values_at(self, step: float | None) -> None:
        lines = [] if step is None else self._values_at(step)
        if step is None or not lines:
            self._walk_step = None
            self.view.show_cross_hair(None)
            self._hover.hide()
            return
        nearest = self._nearest_step(step)
        self._walk_step = nearest
        self.view.show_cross_hair(nearest)
        head = f"{self._x_title} {_place_words(nearest)}"
        self._hover.show_beside(self.view.x_on_screen(nearest), [head, *lines], self._note)

    def _nearest_step(self, step: float) -> float:
        points = [point for curve in self._curves if (point := curve.nearest(step)) is not None]
        return min((point[0] for point in points), key=lambda x: abs(x - step))

    def _values_at(self, step: float) -> list[str]:
        lines = []
        at = self._nearest_step(step) if any(len(curve.x) for curve in self._curves) else step
        for curve in self._curves:
            point = curve.nearest(at)
            if point is not None and math.isfinite(point[1]):
                where = "" if point[0] == at else self.tr(" at {step}").format(step=_place_words(point[0]))
                lines.append(f"{curve.label} {three_digits(point[1])}{where}")
        if self._guessing is not None and lines:
            lines.append(f"{self._guessing[1]} {three_digits(self._guessing[0])}")
        return lines

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._walk(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus) and not self._is_compact:
            self.view.zoom(0.8 if key == Qt.Key.Key_Plus else 1.25)
        elif key == Qt.Key.Key_Home:
            self.view.follow()
        elif key == Qt.Key.Key_Escape and self._walk_step is not None:
            self._show_values_at(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, direction: int) -> None:
        """Move the cross-hair by a hundredth of what is shown, at least to the next point."""
        left, right = self.view.getViewBox().viewRange()[0]
        start = (left + right) / 2 if self._walk_step is None else self._walk_step
        target = self._point_beyond(start, direction, (right - left) / 100)
        self._show_values_at(min(max(target, left), right))

    def _point_beyond(self, start: float, direction: int, least: float) -> float:
        """The place of the next point of any curve at least ``least`` away from ``start``, else of the last one."""
        found, ends = [], [start]
        for xs in (curve.x for curve in self._curves if len(curve.x)):
            side: Literal["left", "right"] = "left" if direction > 0 else "right"
            place = int(np.searchsorted(xs, start + direction * least, side=side)) - (direction < 0)
            ends.append(float(xs[-1] if direction > 0 else xs[0]))
            if 0 <= place < len(xs):
                found.append(float(xs[place]))
        nearest, furthest = (min, max) if direction > 0 else (max, min)
        return nearest(found) if found else furthest(ends)

    # for those who do not see the chart

    def as_table(self) -> str:
        """The curves as lines of text: some points of each from its start to its end."""
        lines = [self.title()]
        for curve in self._curves:
            count = len(curve.x)
            if not count:
                continue
            places = sorted({round(i * (count - 1) / (_TABLE_ROWS - 1)) for i in range(_TABLE_ROWS)})
            lines.append(f"{curve.label}:")
            lines.extend(
                f"  {self._x_title} {_place_words(float(curve.x[i]))}: {three_digits(float(curve.y[i]))}"
                for i in places
            )
        return "\n".join(lines)

    def _describe(self) -> None:
        parts = []
        for curve in self._curves:
            last = curve.nearest(math.inf)
            if last is not None:
                text = self.tr("{label} {value} at {x} {step}.")
                parts.append(
                    text.format(
                        label=curve.label,
                        value=three_digits(last[1]),
                        x=self._x_title,
                        step=_place_words(last[0]),
                    )
                )
        description = " ".join(parts)
        if description != self.accessibleDescription():
            self.setAccessibleDescription(description)

    # export

    def export_png(self, path: Path) -> None:
        """Write the chart as a picture with twice the screen's pixels; the outcome is told by signals."""
        self._show_values_at(None)
        from ptft_gui.gui.widgets.chart.export import png_bytes

        self._write(path, png_bytes(self.view, self.title()))

    def export_svg(self, path: Path) -> None:
        """Write the chart as a drawing; the outcome is told by signals."""
        self._show_values_at(None)
        from ptft_gui.gui.widgets.chart.export import svg_bytes

        self._write(path, svg_bytes(self.view, self.title()))

    def export_csv(self, path: Path) -> None:
        """Write every point of every curve; large ones take some turns of the event loop, told by signals."""
        from ptft_gui.gui.widgets.chart.export import CsvWriter

        self._csv_writer = CsvWriter(path, self._curves, self._x_title, self)
        self._csv_writer.written.connect(self.exported)
        self._csv_writer.write_failed.connect(self._on_write_failed)
        self._csv_writer.start()

    def _write(self, path: Path, data: bytes) -> None:
        try:
            write_bytes_atomically(path, data)
        except OSError as failure:
            self._on_write_failed(failure)
            return
        self.exported.emit(str(path))

    @Slot(object)
    def _on_write_failed(self, failure: OSError) -> None:
        self.export_failed.emit(
            PtftError(
                self.tr("The chart cannot be written there."),
                detail=str(failure),
                hint=self.tr("Choose another folder, or make room."),
            )
        )

    @Slot()
    def _ask_for_png(self) -> None:
        self._ask(self.tr("Picture (*.png)"), ".png")

    @Slot()
    def _ask_for_svg(self) -> None:
        self._ask(self.tr("Drawing (*.svg)"), ".svg")

    @Slot()
    def _ask_for_csv(self) -> None:
        self._ask(self.tr("Table (*.csv)"), ".csv")

    def _ask(self, kind: str, suffix: str) -> None:
        dialog = FileDialog(self, self.tr("Export the chart"), f"{self.title()}{suffix}", kind)
        dialog.setObjectName("exportChartDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix[1:])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._on_file_chosen)
        dialog.open()

    @Slot(str)
    def _on_file_chosen(self, name: str) -> None:
        path = Path(name)
        exports = {".png": self.export_png, ".svg": self.export_svg, ".csv": self.export_csv}
        exports[path.suffix.lower() if path.suffix.lower() in exports else ".png"](path)


def _place_words(x: float) -> str:
    """A place on the lower axis: steps are whole numbers, hours need not be."""
    return f"{x:,.0f}" if x == round(x) or abs(x) >= 1_000 else three_digits(x)
