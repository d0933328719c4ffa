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

_SECONDS_BETWEEN, _SECONDS_WHEN_BUSY = 0.25, 1.0
"""From one of these two to the other: they say nothing that a person waits for."""


class SmallCharts(CollapsibleSection):
    """The learning rate and the speed over the steps (objectNames learningRatePlot, speedPlot)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", is_open=True, parent=parent)
        self.set_title(self.tr("Learning rate and speed"))
        self.setObjectName("smallCharts")
        self._showing, self._drawn_at, self._is_rate_next = -1, float("-inf"), True
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
        self._showing, self._drawn_at, self._is_rate_next = -1, float("-inf"), True
        for plot in (self._rate, self._speed):
            plot.view.follow()
        unit = shown.family.speed_unit if shown.family else ""
        self._speed.set_title(self.tr("Speed, {unit}").format(unit=unit) if unit else self.tr("Speed"))
        if shown.family is not None:
            self._rate.set_help(shown.family.rate_help)
            self._speed.set_help(shown.family.speed_help)
        self._newest = shown
        self._draw_rate(shown)
        self._draw_speed(shown)

    def refresh(self, shown: ShownRun, is_busy: bool = False) -> None:
        """Draw what is new, of a live run one chart at a time; nothing while folded.

        ``is_busy``: more important things are being drawn now, so these two may wait a little longer.
        """
        self._newest = shown
        if not self.is_open or shown.summary.step == self._showing:
            return
        if not shown.is_live:
            self._showing = shown.summary.step
            self._draw_rate(shown)
            self._draw_speed(shown)
        elif time.monotonic() - self._drawn_at >= (_SECONDS_WHEN_BUSY if is_busy else _SECONDS_BETWEEN):
            self._drawn_at, self._is_rate_next = time.monotonic(), not self._is_rate_next
            (self._draw_speed if self._is_rate_next else self._draw_rate)(shown)

    def _draw_rate(self, shown: ShownRun) -> None:
        self._draw(self._rate, shown, "lr", Role.SERIES_3, is_noisy=False)

    def _draw_speed(self, shown: ShownRun) -> None:
        name = next((name for name in SPEED_COLUMNS if name in shown.summary.series), SPEED_COLUMNS[0])
        self._draw(self._speed, shown, name, Role.SERIES_2, is_noisy=True)

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
            self._draw_rate(self._newest)
            self._draw_speed(self._newest)
