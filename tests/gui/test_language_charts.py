"""The charts of a run that learns a language: the loss of every step, what text costs, and where it began."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.summary import STEP_LOSS, TRAIN_LOSS, VAL_LOSS, RunSummary
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.language_charts import before, measure_curves
from ptft_gui.gui.panels.run.train.loss_card import LossCard
from ptft_gui.gui.panels.run.train.small_charts import SmallCharts
from tests.gui.fixtures_runs import make_run, summary_of
from tests.gui.learning_runs import GUESSING, language_summary, make_language_run
from tests.gui.sorting_runs import make_sorting_run


def shown_run(runs: Path, family: str = "gpt") -> ShownRun:
    run = make_language_run(runs, "finished", family)
    return ShownRun(run, language_summary(run), "finished")


def test_the_loss_of_every_step_stands_faint_behind_a_bold_line(qtbot: QtBot, tmp_path: Path) -> None:
    card, shown = LossCard(), shown_run(tmp_path)
    qtbot.addWidget(card)
    card.show_run(shown)
    curves = {curve.name: curve for curve in card.plot.curves()}
    assert set(curves) == {VAL_LOSS, STEP_LOSS}
    assert curves[STEP_LOSS].label == "training"
    assert curves[STEP_LOSS].is_raw_faint
    assert curves[STEP_LOSS].smoothed
    assert len(curves[STEP_LOSS].x) == 300
    assert not curves[VAL_LOSS].smoothed
    assert card.plot._guessing == (pytest.approx(GUESSING), "guessing")


def test_a_task_shows_the_loss_of_every_step_too_so_that_the_chart_lives_between_two_checks(
    qtbot: QtBot, tmp_path: Path
) -> None:
    card, run = LossCard(), make_sorting_run(tmp_path)
    qtbot.addWidget(card)
    summary = summary_of(run)
    steps, losses = [1, 2, 3, 4], [0.7, 0.65, 0.66, 0.6]
    summary.fold([ev.Steps(step=steps, columns={"progress": [0.1, 0.2, 0.3, 0.4], "loss": list(losses)})])
    card.show_run(ShownRun(run, summary, "running"))
    training = next(curve for curve in card.plot.curves() if curve.label == "training")
    assert (list(training.x), list(training.y)) == (steps, losses)


def test_words_have_the_losses_of_their_checks_as_before(qtbot: QtBot, tmp_path: Path) -> None:
    card, run = LossCard(), make_run(tmp_path, "finished")
    qtbot.addWidget(card)
    card.show_run(ShownRun(run, summary_of(run), "finished"))
    assert [curve.name for curve in card.plot.curves()] == [VAL_LOSS, TRAIN_LOSS]


@pytest.mark.parametrize(
    ("family", "metric", "title"),
    [
        ("gpt", "val/bits_per_character", "Bits per character"),
        ("bert", "val/perplexity", "Perplexity"),
    ],
)
def test_what_held_out_text_costs_has_a_chart_with_its_sentence(
    qtbot: QtBot, tmp_path: Path, family: str, metric: str, title: str
) -> None:
    charts, shown = SmallCharts(), shown_run(tmp_path, family)
    qtbot.addWidget(charts)
    charts.resize(640, 200)
    charts.show()
    charts.show_run(shown)
    qtbot.waitUntil(lambda: bool(charts._scores.curves()))
    assert charts._scores.title() == title
    assert [curve.name for curve in charts._scores.curves()] == [metric]
    assert "lower is better" in charts._scores.view.whatsThis()
    np.testing.assert_array_equal(measure_curves(shown)[0].y, shown.summary.series[metric].values)


def test_charts_that_are_folded_are_called_after_what_they_show(qtbot: QtBot, tmp_path: Path) -> None:
    charts = SmallCharts()
    qtbot.addWidget(charts)
    charts.set_open(False)
    charts.resize(640, 40)
    charts.show()
    charts.show_run(shown_run(tmp_path))
    assert charts._button.text() == "Bits per character, speed"


def test_a_run_that_goes_on_from_a_model_shows_where_it_began(tmp_path: Path) -> None:
    summary = shown_run(tmp_path).summary
    assert before(summary) is None
    assert summary.spec is not None
    spec = summary.spec.model_copy(update={"init": "/models/one", "init_from": "folder"})
    began = RunSummary(spec=spec)
    assert before(began) is None
    began.fold(summary.evaluations)
    assert before(began) == summary.evaluations[0].metrics[VAL_LOSS]
