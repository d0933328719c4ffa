"""The small chart of scores on the Train tab: there when a run measures them, absent when it does not."""

import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from ptft_gui.core import events as ev
from ptft_gui.core.summary import ACCURACY, SPEARMAN, TRAIN_LOSS, VAL_LOSS
from ptft_gui.gui.widgets.curve_plot import CurvePlot
from tests.gui.fixtures_runs import summary_of
from tests.gui.run_pages import open_run


def scored(step, **scores):
    losses = {TRAIN_LOSS: 1.9, VAL_LOSS: 2.0}
    named = {f"val/{name}": value for name, value in scores.items()}
    return ev.Evaluated(step=step, epoch=6.8, metrics=losses | named, time=9e9)


def title_of(opened):
    return opened.find(QWidget, "smallCharts").findChild(QPushButton).text()


def see_charts(qtbot, opened):
    opened.page.tab_row.choose("train")
    qtbot.waitUntil(lambda: opened.page.train._small.is_drawn)


def test_scores_are_drawn_as_curves_with_their_names(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    summary = summary_of(opened.run)
    summary.fold([scored(441, spearman=0.21), scored(442, spearman=0.34, accuracy=0.08)])
    opened.page.show_run(opened.run, summary, "finished")
    see_charts(qtbot, opened)
    plot = opened.find(CurvePlot, "scorePlot")
    assert plot.isVisible()
    assert {curve.name: curve.label for curve in plot.curves()} == {SPEARMAN: "pairs", ACCURACY: "analogies"}
    assert [list(curve.y) for curve in plot.curves()] == [[0.21, 0.34], [0.08]]
    assert "Agreement with people" in title_of(opened)


@pytest.mark.parametrize("kind", ["running", "finished"])
def test_a_run_that_measures_none_shows_no_such_chart(qtbot, tmp_path, kind):
    opened = open_run(qtbot, tmp_path, kind)
    see_charts(qtbot, opened)
    assert opened.find(QWidget, "speedPlot").isVisible()
    assert not opened.find(QWidget, "scorePlot").isVisible()
    assert "people" not in title_of(opened)


def test_the_chart_of_another_run_does_not_stay(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    summary = summary_of(opened.run)
    summary.fold([scored(441, spearman=0.21)])
    opened.page.show_run(opened.run, summary, "finished")
    see_charts(qtbot, opened)
    assert opened.find(QWidget, "scorePlot").isVisible()
    opened.page.show_run(opened.run, summary_of(opened.run), "finished")
    see_charts(qtbot, opened)
    assert not opened.find(QWidget, "scorePlot").isVisible()
