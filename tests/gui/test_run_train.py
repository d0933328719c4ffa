"""The Train tab: curves, watched words and their past, the narrator and the progress."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QProgressBar, QSlider, QWidget

from ptft_gui.core import events as ev
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS, RunSummary
from ptft_gui.gui.panels.run.probe_history import moments, neighbours_at
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.facts import fact_texts
from ptft_gui.gui.panels.run.train.preparing import PreparingView
from ptft_gui.gui.theme import TextStyle
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.curve_plot import CurvePlot
from ptft_gui.gui.widgets.narrator_bar import NarratorBar
from ptft_gui.gui.widgets.word_grid import WordGrid
from tests.gui.fixtures_runs import GUESSING, WATCHED, make_run, summary_of
from tests.gui.run_pages import open_run


def plot_of(opened):
    return opened.find(CurvePlot, "lossPlot")


def test_the_curves_are_those_of_the_log(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    summary = summary_of(opened.run)
    curves = {curve.name: curve for curve in plot_of(opened).curves()}
    assert {name: curve.label for name, curve in curves.items()} == {
        VAL_LOSS: "held-out",
        TRAIN_LOSS: "training",
    }
    np.testing.assert_array_equal(curves[VAL_LOSS].y, summary.series[VAL_LOSS].values)
    np.testing.assert_array_equal(curves[TRAIN_LOSS].x, summary.series[TRAIN_LOSS].steps)
    assert plot_of(opened)._guessing == (pytest.approx(GUESSING), "guessing")
    best = summary.best()
    assert plot_of(opened).view._best == (best.step, best.value)


def test_the_words_of_a_fold_stay_at_its_top_however_much_room_there_is(qtbot, theme):
    """In the middle of a height that it had before, they were out of sight once it was low."""
    fold, content = CollapsibleSection("Small charts", is_open=True), QWidget()
    qtbot.addWidget(fold)
    content.setFixedHeight(120)
    fold.body.addWidget(content)
    fold.resize(600, 156)
    fold.show()
    fold.set_open(False)
    fold.layout().activate()
    assert fold._button.y() == 0


def test_a_run_that_never_began_shows_no_empty_words(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "start_failed")
    opened.page.tab_row.choose("train")
    assert opened.page.train.isVisible()
    assert not opened.page.train.watched.isVisible()
    assert not opened.page.train.motion.isVisible()


def test_the_axes_name_their_units(qtbot, tmp_path):
    plot = plot_of(open_run(qtbot, tmp_path, "running"))
    assert plot.view.getAxis("left").labelText == "loss per word pair, nats"
    assert plot.view.getAxis("bottom").labelText == "step, 10,000 words each"


def test_without_held_out_text_the_page_says_so(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "nothing_held_out")
    opened.page.tab_row.choose("train")
    assert [curve.name for curve in plot_of(opened).curves()] == [TRAIN_LOSS]
    assert opened.page.train.loss._caption.text().startswith("No text is held out")


def test_a_new_check_is_drawn_and_a_tab_that_is_not_seen_waits(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    summary = summary_of(opened.run)
    before = len(plot_of(opened).curves()[0].x)
    check = ev.Evaluated(step=300, epoch=6.8, metrics={TRAIN_LOSS: 1.9, VAL_LOSS: 2.0}, time=9e9)
    opened.page.tab_row.choose("details")
    summary.fold([check])
    opened.page.refresh(summary, "running")
    assert len(plot_of(opened).curves()[0].x) == before
    opened.page.tab_row.choose("train")
    assert len(plot_of(opened).curves()[0].x) == before + 1


def test_before_the_first_loss_the_stages_are_shown(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "preparing")
    assert opened.find(QWidget, "preparingView").isVisible()
    assert opened.find(QProgressBar, "preparingBar").value() == 410
    assert not opened.find(QWidget, "smallCharts").isVisible()


def test_watched_words_stand_by_rank_and_can_be_looked_back_on(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    summary = summary_of(opened.run)
    grid = opened.find(WordGrid, "watchedWords")
    assert [row[0].word for row in grid.cells()] == list(WATCHED)
    newest = summary.watched()["music"].answer
    assert [cell.word for cell in grid.cells()[0][1:]] == [
        word for word, _ in newest[: len(grid.heads()) - 1]
    ]
    slider = opened.find(QSlider, "lookBackSlider")
    assert slider.maximum() == len(moments(summary)) - 1
    slider.setValue(0)
    assert opened.text("lookBackMoment") == "before training"
    first = summary.probes["music"][0].answer
    assert grid.cells()[0][1].word == first[0][0]
    slider.setValue(slider.maximum())
    assert opened.text("lookBackMoment") == "now"


def test_new_neighbours_are_marked(qtbot, tmp_path):
    summary = summary_of(open_run(qtbot, tmp_path, "early").run)
    first, second = summary.probes["music"][:2]
    old = {word for word, _ in first.answer}
    cells = neighbours_at(summary, "music", second.step)
    assert any(cell.is_new for cell in cells)
    assert all(cell.is_new == (cell.word not in old) for cell in cells)
    assert not any(cell.is_new for cell in neighbours_at(summary, "music", 0))


def test_looking_back_is_not_disturbed_by_news(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    summary = summary_of(opened.run)
    slider = opened.find(QSlider, "lookBackSlider")
    slider.setValue(3)
    summary.fold([ev.Probe(step=300, epoch=6.8, name="music", input="music", answer=[["jazz", 0.9]])])
    opened.page.refresh(summary, "running")
    assert slider.value() == 3
    assert slider.maximum() == len(moments(summary)) - 1
    slider.setValue(slider.maximum())
    summary.fold([ev.Probe(step=310, epoch=7.0, name="music", input="music", answer=[["lute", 0.9]])])
    opened.page.refresh(summary, "running")
    assert opened.find(WordGrid, "watchedWords").cells()[0][1].word == "lute"


def test_an_answer_that_somebody_edited_is_left_out(qtbot, tmp_path):
    summary = summary_of(open_run(qtbot, tmp_path, "early").run)
    summary.fold(
        [ev.Probe(step=999, name="music", answer=["folk", ["jazz"], ["lute", "x"], [1, 2], ["song", 0.5]])]
    )
    assert [cell.word for cell in neighbours_at(summary, "music", 999)] == ["song"]


def test_the_narrator_speaks_and_acts(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "memorising")
    bar = opened.page.findChild(NarratorBar)
    assert "starting to memorise" in bar.label.text()
    bar.buttons()[0].click()
    assert opened.requests == [("stop", "best")]
    bar.buttons()[1].click()
    opened.page.refresh(summary_of(opened.run), "running")
    assert "memorise" not in bar.label.text()


def test_the_progress_line_gives_time_left_and_speed(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    assert opened.find(QProgressBar, "progressBar").value() == 500
    assert " s left - " in opened.page.train.progress.text()
    assert opened.page.train.progress.text().endswith("k words/s")


def test_small_charts_fold_in_a_low_window(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    small = opened.find(QWidget, "speedPlot")
    assert small.isVisible()
    opened.page.resize(968, 596)
    qtbot.waitUntil(lambda: not small.isVisible())
    opened.page.resize(1040, 696)
    qtbot.waitUntil(small.isVisible)


def test_a_moment_kept_by_a_score_is_not_called_the_best_loss(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    summary = summary_of(opened.run)
    checks = [
        ev.Evaluated(step=step, epoch=1.0, metrics={VAL_LOSS: loss, "val/f1": score}, time=9e9)
        for step, loss, score in ((300, 2.0, 0.4), (400, 1.5, 0.3))
    ]
    summary.fold([ev.Resolved(values={"kept_by": "f1"}), *checks])
    opened.page.tab_row.choose("train")
    opened.page.refresh(summary, "running")
    assert plot_of(opened).view._best == (300, 2.0)
    assert plot_of(opened).view._best_word == "kept: best by F1"


@pytest.mark.parametrize(("epoch", "told"), [(9.2, "10 / 10"), (10.0, "10 / 10"), (4.0, "4 / 10")])
def test_an_ended_run_is_told_in_the_epochs_it_began(epoch: float, told: str) -> None:
    """A run of so many steps ends within an epoch, one that stops early at the end of one."""
    summary = RunSummary()
    summary.fold([ev.Started(attempt=1), ev.Resolved(values={"epochs": 10})])
    summary.fold([ev.Steps(step=[40], columns={"progress": [1.0 if epoch > 9 else 0.4], "epoch": [epoch]})])
    summary.fold([ev.Finished(step=40)])
    assert fact_texts(summary)["epoch"] == told


def test_the_curve_of_the_speed_begins_where_it_is_measured(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    summary = summary_of(opened.run)
    speeds = summary.series["words_per_second"]
    speeds.values[:3] = 0.0
    opened.page.show_run(opened.run, summary, "running")
    plot = opened.find(CurvePlot, "speedPlot")
    qtbot.waitUntil(lambda: opened.page.train._small.is_drawn and bool(plot.curves()))
    (curve,) = plot.curves()
    assert len(curve.y) == len(speeds) - 3
    assert min(curve.y) > 0


@pytest.mark.parametrize(("kind", "is_asked"), [("running", False), ("finished", True)])
def test_a_watched_word_that_is_pressed_twice_is_asked_for_or_says_when_it_can_be(
    qtbot, tmp_path, kind, is_asked
):
    opened = open_run(qtbot, tmp_path, kind)
    opened.page.tab_row.choose("train")
    opened.find(WordGrid, "watchedWords").word_activated.emit("war")
    assert opened.page.tab_row.current() == "explore"
    asked = [question["text"] for question in opened.asker.questions("similar")]
    assert ("war" in asked) is is_asked
    if not is_asked:
        shown = [label.text() for label in opened.page.explore.findChildren(QLabel) if label.isVisible()]
        assert any("still learning" in text for text in shown), shown


@pytest.mark.parametrize(
    ("family", "phase", "text", "at_work"),
    [
        ("bert", "building", "Opening the model", "Open the model and read the rows"),
        ("bert", "preparing", "Reading the examples", "Open the model and read the rows"),
        ("bert", "preparing", "Cutting the texts into tokens", "Cut the rows into tokens"),
        ("bert", "features", "Reading every text once with the frozen model", "Cut the rows into tokens"),
        ("word2vec", "vocabulary", "Counting the words", "Cut the rows into words"),
        ("word2vec", "preparing", "Looking the words up", "Cut the rows into words"),
    ],
)
def test_what_is_prepared_for_a_task_is_told_of_its_rows(
    qtbot, tmp_path, family: str, phase: str, text: str, at_work: str
) -> None:
    spec = new_spec(family, "opinions-en", stage="finetune", task="classification", method="full")
    summary = RunSummary(spec=spec)
    summary.fold([ev.Started(attempt=1), ev.Phase(name=phase, text=text)])
    view = PreparingView()
    qtbot.addWidget(view)
    view.refresh(ShownRun(make_run(tmp_path, "preparing"), summary, "running"))
    (strong,) = (
        label.text()
        for _, label in view._marks.values()
        if label.property("textStyle") == TextStyle.STRONG.value
    )
    assert strong == at_work
