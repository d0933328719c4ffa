"""Learning rate and speed: two small charts that fold away where there is little room."""

from __future__ import annotations

import time

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ptft_gui.core.summary import SPEED_COLUMNS
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.curve_plot import COMPACT_HEIGHT, Curve, CurvePlot

_SECONDS_BETWEEN = 0.5
"""These two say nothing that a person waits for."""


class SmallCharts(CollapsibleSection):
    """The learning rate and the speed over the steps (objectNames learningRatePlot, speedPlot)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", is_open=True, parent=parent)
        self.set_title(self.tr("Learning rate and speed"))
        self.setObjectName("smallCharts")
        self._showing, self._drawn_at = -1, float("-inf")
        self._newest: ShownRun | None = None
        self._rate = CurvePlot(self.tr("Learning rate"), is_compact=True)
        self._rate.setObjectName("learningRatePlot")
        self._speed = CurvePlot(self.tr("Speed"), is_compact=True)
        self._speed.setObjectName("speedPlot")
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        for plot in (self._rate, self._speed):
            card = Card()
            card.setFixedHeight(COMPACT_HEIGHT)
            plot.setFixedHeight(COMPACT_HEIGHT - 2 * Space.SMALL)
            card.body.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.SMALL, Space.SMALL)
            card.body.addWidget(plot)
            row.addWidget(card, 1)
        column = self.layout()
        assert column is not None
        column.setSpacing(Space.HALF)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(row)
        self.toggled.connect(self._on_toggled_open)

    def show_run(self, shown: ShownRun) -> None:
        """Show another run from its beginning."""
        self._showing, self._drawn_at = -1, float("-inf")
        for plot in (self._rate, self._speed):
            plot.view.follow()
        unit = shown.family.speed_unit if shown.family else ""
        self._speed.set_title(self.tr("Speed, {unit}").format(unit=unit) if unit else self.tr("Speed"))
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Draw what is new; nothing while folded."""
        self._newest = shown
        is_due = time.monotonic() - self._drawn_at >= _SECONDS_BETWEEN or not shown.is_live
        if not self.is_open or not is_due or shown.summary.step == self._showing:
            return
        self._showing, self._drawn_at = shown.summary.step, time.monotonic()
        speed = next((name for name in SPEED_COLUMNS if name in shown.summary.series), SPEED_COLUMNS[0])
        self._draw(self._rate, shown, "lr", Role.SERIES_3, is_noisy=False)
        self._draw(self._speed, shown, speed, Role.SERIES_2, is_noisy=True)

    @staticmethod
    def _draw(plot: CurvePlot, shown: ShownRun, name: str, role: Role, is_noisy: bool) -> None:
        series = shown.summary.series.get(name)
        if series is None or not len(series):
            plot.set_curves([])
            return
        plot.set_curves([Curve(name, "", series.steps, series.values, role, is_noisy, is_noisy)])

    @Slot(bool)
    def _on_toggled_open(self, is_open: bool) -> None:
        if is_open and self._newest is not None:
            self.refresh(self._newest)
