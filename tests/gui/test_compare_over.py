"""What compared curves are drawn over: steps, the time of the training, what was read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.panels.compare import ComparedRun, ComparePage
from ptft_gui.gui.widgets.curve_plot import CurvePlot
from tests.gui.fake_asker import FakeAsker

_STEPS = 20


def learned(title: str, seconds_a_step: float, tokens_a_step: int, family: str = "gpt") -> ComparedRun:
    """A run of twenty steps, checked at each tenth of them."""
    summary = RunSummary(spec=new_spec(family, "wikipedia"))
    summary.fold(
        [
            ev.Started(attempt=1, time=1000.0),
            ev.Resolved(values={"batch_tokens": tokens_a_step}, time=1000.0),
            ev.Phase(name="training", time=1000.0),
        ]
    )
    for step in range(1, _STEPS + 1):
        now = 1000.0 + step * seconds_a_step
        columns = {
            "tokens": [step * tokens_a_step],
            "texts": [step * 16],
            "loss": [5 - step / 10],
            "progress": [step / 20],
        }
        summary.fold([ev.Steps(step=[step], columns=columns, time=now)])
        if step % 10 == 0:
            summary.fold([ev.Evaluated(step=step, metrics={"val/loss": 5 - step / 10}, time=now)])
    return ComparedRun(title, title, Path(title), summary, "finished")


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    page = ComparePage(FakeAsker())
    qtbot.addWidget(page)
    page.resize(1040, 700)
    page.show()
    return page


def plot_of(page: ComparePage) -> CurvePlot:
    plot = page.findChild(CurvePlot, "comparePlot")
    assert plot is not None
    return plot


def over(page: ComparePage) -> QComboBox:
    choice = page.findChild(QComboBox, "compareOver")
    assert choice is not None
    return choice


def places(page: ComparePage) -> list[list[float]]:
    return [curve.x.tolist() for curve in plot_of(page).curves()]


def words_below(page: ComparePage) -> str:
    return str(plot_of(page).view.getAxis("bottom").labelText)


def test_curves_are_drawn_by_step_by_time_and_by_what_was_read(page: ComparePage) -> None:
    page.show_runs([learned("A", 30.0, 1024), learned("B", 60.0, 1024)])
    assert [over(page).itemText(row) for row in range(3)] == ["by step", "by time", "by tokens read"]
    assert over(page).isVisible()
    assert places(page) == [[10, 20], [10, 20]]
    assert words_below(page) == "step, 1,024 tokens each"
    over(page).setCurrentIndex(1)
    assert places(page) == [[5, 10], [10, 20]]
    assert words_below(page) == "minutes of training"
    over(page).setCurrentIndex(2)
    assert places(page) == [[10_240, 20_480]] * 2
    assert words_below(page) == "tokens read"


def test_steps_of_another_size_are_shares_of_the_run_and_the_text_is_still_comparable(
    page: ComparePage,
) -> None:
    page.show_runs([learned("A", 1.0, 1024), learned("B", 1.0, 2048)])
    assert over(page).itemText(0) == "by share of the run"
    assert words_below(page) == "percent of the run"
    assert places(page) == [[50, 100], [50, 100]]
    over(page).setCurrentIndex(over(page).findData("amount"))
    assert places(page) == [[10_240, 20_480], [20_480, 40_960]]


def test_a_choice_stays_when_another_curve_is_chosen_and_news_arrives(page: ComparePage) -> None:
    runs = [learned("A", 2.0, 1024), learned("B", 4.0, 1024)]
    page.show_runs(runs)
    over(page).setCurrentIndex(over(page).findData("time"))
    which = page.findChild(QComboBox, "compareMetric")
    assert which is not None
    which.setCurrentIndex(which.findData("train/loss"))
    assert words_below(page) == "seconds of training"
    assert [x[-1] for x in places(page)] == [40, 80]
    runs[1].summary.fold([ev.Evaluated(step=20, metrics={"val/loss": 2.5}, time=1100.0)])
    page.show_runs(runs)
    assert over(page).currentData() == "time"
    assert words_below(page) == "seconds of training"


def test_without_a_count_of_what_was_read_only_steps_and_time_are_offered(page: ComparePage) -> None:
    runs = [learned("A", 2.0, 1024), learned("B", 4.0, 1024)]
    del runs[1].summary.series["tokens"]
    page.show_runs(runs)
    assert [over(page).itemData(row) for row in range(over(page).count())] == ["steps", "time"]


def test_every_step_counts_for_the_training_loss_of_compared_runs(page: ComparePage) -> None:
    page.show_runs([learned("A", 2.0, 1024), learned("B", 4.0, 1024)])
    which = page.findChild(QComboBox, "compareMetric")
    assert which is not None
    which.setCurrentIndex(which.findData("train/loss"))
    assert [len(x) for x in places(page)] == [_STEPS, _STEPS]


def test_the_values_of_a_moment_are_read_with_the_keyboard_whatever_the_axis_counts(
    page: ComparePage, qtbot: QtBot
) -> None:
    page.show_runs([learned("A", 3.0, 1024), learned("B", 6.0, 1024)])
    over(page).setCurrentIndex(over(page).findData("time"))
    plot = plot_of(page)
    plot.setFocus()
    seen = []
    for _ in range(60):
        qtbot.keyClick(plot, Qt.Key.Key_Right)
        seen.append(plot._walk_step)
    assert seen[-1] == 120, "the last point of the longer run"
    assert seen == sorted(seen)
    assert "minutes" not in plot.accessibleDescription()
    assert "seconds of training 120" in plot.accessibleDescription()


def test_a_live_run_is_drawn_as_far_as_it_has_come(page: ComparePage) -> None:
    live = learned("B", 30.0, 2048)
    live.summary.fold(
        [ev.Steps(step=[40], columns={"tokens": [1], "loss": [2.5], "progress": [0.25]}, time=2000)]
    )
    assert live.summary.progress == 0.25
    page.show_runs([learned("A", 30.0, 1024), replace(live, state="running")])
    assert places(page) == [[50, 100], [6.25, 12.5]]
    page.show_runs([learned("A", 30.0, 1024), replace(live, state="stopped")])
    assert places(page) == [[50, 100], [25, 50]]


def test_no_words_of_a_choice_are_cut_when_they_become_longer(page: ComparePage) -> None:
    page.show_runs([learned("A", 30.0, 1024), learned("B", 60.0, 1024)])
    narrow = over(page).sizeHint().width()
    page.show_runs([learned("A", 30.0, 1024), learned("C", 60.0, 2048)])
    assert over(page).currentText() == "by share of the run"
    assert over(page).sizeHint().width() > narrow


def test_a_run_that_waits_takes_no_choice_away(page: ComparePage) -> None:
    waiting = ComparedRun(
        "C", "C", Path("C"), RunSummary(spec=new_spec("gpt", "wikipedia", settings={"seed": 3})), "queued"
    )
    page.show_runs([learned("A", 30.0, 1024), waiting])
    over(page).setCurrentIndex(over(page).findData("time"))
    assert [over(page).itemData(row) for row in range(over(page).count())] == ["steps", "time", "amount"]
    assert places(page) == [[5, 10]]
