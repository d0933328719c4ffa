"""The part of the y axis that a chart shows: every measured point, and of what flickers the usual part."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.chart.axes import StepAxis, dress_axis
from ptft_gui.gui.widgets.chart.curve import Curve
from ptft_gui.gui.widgets.chart.ranges import robust_y_range
from ptft_gui.gui.widgets.curve_plot import CurvePlot


def test_a_dip_of_a_flickering_value_is_left_out_and_the_lowest_of_a_measured_one_is_not() -> None:
    values = np.array([0.0, *np.linspace(0.5, 0.6, 40)])
    dipping, measured = (robust_y_range([values], has_dips=has_dips) for has_dips in (True, False))
    assert dipping is not None
    assert measured is not None
    assert dipping[0] > 0.4
    assert measured[0] < 0.0


@pytest.mark.usefixtures("qapp")
def test_the_first_score_of_a_small_chart_stands_in_its_frame(theme: Theme) -> None:
    plot = CurvePlot("Agreement with people", is_compact=True)
    steps, scores = np.arange(1.0, 9.0), np.array([-0.12, 0.2, 0.31, 0.35, 0.36, 0.38, 0.4, 0.41])
    plot.set_curves([Curve("spearman", "pairs", steps, scores)])
    low, high = plot.view._whole_y_range() or (0.0, 0.0)
    assert low < -0.12
    assert high > 0.41


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("last", [250, 2_440, 9_760, 131_000])
def test_the_numbers_of_a_small_chart_do_not_touch(theme: Theme, last: int) -> None:
    axis = StepAxis()
    dress_axis(axis, theme, has_grid=False, is_compact=True)
    metrics = QFontMetricsF(axis.style["tickFont"])
    for width in (60, 100, 140, 200):
        ((spacing, ticks),) = axis.tickValues(0, last, width)
        words = axis.tickStrings(ticks, 1.0, spacing)
        middles = [tick / last * width for tick in ticks]
        ends = [
            (middle - metrics.horizontalAdvance(word) / 2, middle + metrics.horizontalAdvance(word) / 2)
            for middle, word in zip(middles, words, strict=True)
        ]
        assert words
        assert all(end < begin for (_, end), (begin, _) in pairwise(ends))


def test_a_small_learning_rate_is_written_out_and_its_axis_has_room_for_it(
    qtbot: QtBot, theme: Theme
) -> None:
    plot = CurvePlot("Learning rate", is_compact=True)
    qtbot.addWidget(plot)
    plot.resize(320, 104)
    plot.show()
    steps = np.arange(1.0, 37.0)
    plot.set_curves([Curve("lr", "", steps, 1e-4 * (37 - steps) / 36)])
    axis = plot.view.getAxis("left")
    low, high = plot.view.getViewBox().viewRange()[1]
    size = plot.view.getViewBox().boundingRect().height()
    qtbot.waitUntil(lambda: axis.width() >= axis.room_for(low, high, size) + 6, timeout=30_000)
    spacing, ticks = axis.tickValues(low, high, size)[0]
    words = axis.tickStrings(list(ticks), 1.0, spacing)
    assert words
    assert not any("e" in word for word in words)
    assert plot.view._drawn["lr"].label.text() == "0.0000028"
