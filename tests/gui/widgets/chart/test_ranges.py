"""The part of the y axis that a chart shows: every measured point, and of what flickers the usual part."""

from __future__ import annotations

import numpy as np
import pytest

from ptft_gui.gui.theme import Theme
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
