"""Runs ticked in the list and held against one another: button, key, curves, refusal, tables, words, what changed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QListView, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.events import Evaluated, Resolved
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.desks.compare import compared
from ptft_gui.gui.panels.compare import ComparedRun, ComparePage, Setting
from ptft_gui.gui.panels.compare.compared_run import short_titles, unique_titles, why_not_overlaid
from ptft_gui.gui.panels.compare.tables import score_rows, setting_rows
from ptft_gui.gui.panels.runs import RunsPanel
from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.change_table import ChangeTable
from ptft_gui.gui.widgets.curve_plot import CurvePlot
from ptft_gui.gui.widgets.word_grid import WordGrid
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import Kind, make_run, summary_of
from tests.gui.test_runs_panel import row
from tests.gui.workers import Launches


def ended(runs: Path, kind: Kind = "finished", title: str = "Wikipedia - A", **changes: Any) -> ComparedRun:
    run = make_run(runs, kind)
    values: dict[str, Any] = {
        "name": run.name, "title": title, "path": run.path, "summary": summary_of(run), "state": "finished",
        "settings": (Setting("window", "Window", "8"), Setting("seed", "Seed", "7")), "has_vectors": True,
    }  # fmt: skip
    return ComparedRun(**{**values, **changes})


def of_family(run: ComparedRun, family: str, **settings: Any) -> ComparedRun:
    """The same run, asked for in another way."""
    summary = RunSummary(spec=new_spec(family, "wikipedia", settings=settings))
    summary.series, summary.evaluations = run.summary.series, run.summary.evaluations
    summary.resolved = Resolved(values={"total_words": 5})
    return ComparedRun(f"{run.name}-x", "Wikipedia - X", run.path, summary, run.state, (), True)


@pytest.fixture
def page(qtbot: QtBot) -> ComparePage:
    page = ComparePage(FakeAsker())
    qtbot.addWidget(page)
    page.resize(1040, 700)
    page.show()
    return page


def find(page: QWidget, kind: type[QWidget], name: str) -> Any:
    found = page.findChild(kind, name)
    assert found is not None, f"There is no {name}."
    return found


# --- the page ----------------------------------------------------------------------------------------------------


def test_losses_of_one_kind_are_drawn_over_one_another(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([ended(tmp_path), ended(tmp_path, "memorised", "Wikipedia - B")])
    plot = find(page, CurvePlot, "comparePlot")
    assert plot.isVisible()
    assert [curve.label for curve in plot.curves()] == ["A", "B"]
    assert plot.title() == "Loss on held-out text"
    which = find(page, QComboBox, "compareMetric")
    which.setCurrentIndex(which.findData("train/loss"))
    assert plot.title() == "Loss while training"
    assert not find(page, QWidget, "compareRefusal").isVisible()


def test_without_held_out_text_in_one_the_training_losses_are_drawn(
    page: ComparePage, tmp_path: Path
) -> None:
    page.show_runs([ended(tmp_path), ended(tmp_path, "nothing_held_out", "Wikipedia - B")])
    assert find(page, CurvePlot, "comparePlot").title() == "Loss while training"
    assert not find(page, QComboBox, "compareMetric").isVisible()


@pytest.mark.parametrize(
    ("family", "settings", "words"),
    [
        ("glove", {}, '"A" learned by Skip-gram with 5 negative samples, "X" by GloVe'),
        ("word2vec", {"objective": "cbow"}, '"X" by CBOW with 5 negative samples'),
        ("word2vec", {"negative": 10}, '"X" by Skip-gram with 10 negative samples'),
        ("word2vec", {"hs": True}, '"X" by Skip-gram with hierarchical softmax'),
    ],
)
def test_other_objectives_are_refused_in_one_sentence(
    page: ComparePage, tmp_path: Path, family: str, settings: dict[str, Any], words: str
) -> None:
    first = ended(tmp_path)
    page.show_runs([first, of_family(first, family, **settings)])
    refusal = find(page, QWidget, "compareRefusal")
    assert refusal.isVisible()
    assert words in refusal.text()
    assert refusal.text().endswith("measure different things, so they are not drawn over one another.")
    assert page.losses.plot is None or not page.losses.plot.isVisible()
    assert not [row[0] for row in page.scores.rows() if "loss" in row[0]]


def test_curves_are_told_apart_without_their_colours(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([ended(tmp_path), ended(tmp_path, title="Wikipedia - B")])
    plot = find(page, CurvePlot, "comparePlot")
    first, second = plot.curves()
    assert first.dashes != second.dashes
    pens = [plot.view._drawn[curve.name].bold.opts["pen"].style() for curve in (first, second)]
    assert pens == [Qt.PenStyle.SolidLine, Qt.PenStyle.CustomDashLine]
    assert plot.view.getAxis("bottom").labelText == "step, 10,000 words each"


def test_the_same_objective_is_not_refused(tmp_path: Path) -> None:
    first = ended(tmp_path)
    assert why_not_overlaid([first, of_family(first, "word2vec", window=2)]) == ""


def test_titles_are_short_and_told_apart(tmp_path: Path) -> None:
    runs = [ended(tmp_path, title=title) for title in ("Wiki - W2V", "Wiki - W2V", "Wiki - GloVe")]
    assert short_titles(runs) == ["W2V (1)", "W2V (2)", "GloVe"]
    assert unique_titles(runs) == ["Wiki - W2V (1)", "Wiki - W2V (2)", "Wiki - GloVe"]
    assert short_titles(runs[:2]) == ["W2V (1)", "W2V (2)"]
    assert short_titles(runs[2:]) == ["Wiki - GloVe"]
    tried = [ended(tmp_path, title=f"My book - W2V, window {n}") for n in (2, 5)]
    assert short_titles(tried) == ["window 2", "window 5"]
    assert short_titles([*tried, *runs[:1]]) == [tried[0].title, tried[1].title, runs[0].title]


def test_only_settings_that_differ_are_shown_unless_all_are_wished(page: ComparePage, tmp_path: Path) -> None:
    other = ended(
        tmp_path,
        title="Wikipedia - B",
        settings=(Setting("window", "Window", "2"), Setting("seed", "Seed", "7")),
    )
    page.show_runs([ended(tmp_path), other])
    assert page.settings.rows() == (("Window", "8", "2"),)
    find(page, QAbstractButton, "allSettings").click()
    assert ("Seed", "7", "7") in page.settings.rows()
    assert ("Text", "wikipedia", "wikipedia") in page.settings.rows()


def test_equal_settings_say_that_chance_is_left(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([ended(tmp_path), ended(tmp_path, title="Wikipedia - B")])
    assert page.settings.rows() == ()
    assert page.settings._note.text() == "All settings are the same: what differs came about by chance."


def test_a_setting_that_one_run_lacks_is_a_dash(tmp_path: Path) -> None:
    rows = setting_rows([ended(tmp_path), ended(tmp_path, settings=())], differences_only=True)
    assert ("Window", "8", "-") in rows


def test_scores_stand_side_by_side(tmp_path: Path) -> None:
    rows = {
        name: cells for name, *cells in score_rows([ended(tmp_path), ended(tmp_path, "nothing_held_out")])
    }
    assert rows["State"] == ["finished", "finished"]
    assert rows["Held-out loss, best"][1] == "-", "a training loss is no held-out loss"
    assert rows["Words learned"] == ["8,599", "8,599"]


def test_the_table_says_the_training_loss_that_stands_at_the_end_of_the_curve(
    page: ComparePage, tmp_path: Path
) -> None:
    runs = [ended(tmp_path), ended(tmp_path, "memorised", "Wikipedia - B")]
    for run in runs:
        training = run.summary.series["train/loss"]
        training.extend(training.steps[-1] + np.arange(1.0, 301.0), [*np.tile([2.0, 2.4], 150)[:-1], 9.0])
    page.show_runs(runs)
    which = find(page, QComboBox, "compareMetric")
    which.setCurrentIndex(which.findData("train/loss"))
    drawn = find(page, CurvePlot, "comparePlot").view._drawn.values()
    (told,) = (row for row in page.scores.rows() if row[0] == "Training loss, end of its curve")
    assert [f"{name} {cell}" for name, cell in zip("AB", told[1:], strict=True)] == [
        one.label.text() for one in drawn
    ]
    assert "9.00" not in told, "the last report alone is chance, and the curve is smoothed"


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("test/macro_f1", "Macro F1, test rows"),
        ("val/most_answered", "Share of its commonest answer, held-out rows"),
        ("test/loss", "Loss, test rows"),
    ],
)
def test_scores_of_a_task_are_called_in_words(tmp_path: Path, metric: str, words: str) -> None:
    first = ended(tmp_path)
    spec = new_spec("bert", "opinions-en", stage="finetune", task="classification", method="full")
    runs = []
    for title in ("A", "B"):
        summary = RunSummary(spec=spec)
        summary.fold([Evaluated(seq=1, time=1.0, step=5, metrics={metric: 0.5})])
        runs.append(replace(first, title=title, summary=summary))
    assert (words, "0.500", "0.500") in score_rows(runs)


def test_watched_words_stand_side_by_side(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([ended(tmp_path), ended(tmp_path, "stopped", "Wikipedia - B")])
    page.choice.set_value("watched")
    grid = find(page, WordGrid, "comparedWatched")
    assert grid.isVisible()
    assert grid.heads() == ("A", "B")
    assert grid.cells()[0][0].word == "folk"
    assert grid.cells()[0][0].is_new, "it stands in both lists"
    word = find(page, QComboBox, "comparedWord")
    word.setCurrentIndex(word.findText("war"))
    assert grid.cells()[0][0].word == "civil"
    page.watched.export.save(str(tmp_path / "w.csv"))
    lines = list(csv.reader((tmp_path / "w.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert lines[0] == ["A", "similarity", "B", "similarity"]


def test_a_word_that_one_run_did_not_watch_is_said(page: ComparePage, tmp_path: Path) -> None:
    first = ended(tmp_path)
    page.show_runs([first, of_family(first, "word2vec")])
    page.choice.set_value("watched")
    assert find(page, QWidget, "comparedWatchedNote").text() == "music was not watched by X."


def test_what_changed_most_is_asked_from_the_first_to_the_second(page: ComparePage, tmp_path: Path) -> None:
    first, second = ended(tmp_path), ended(tmp_path, "stopped", "Wikipedia - B")
    page.show_runs([first, second])
    asker: FakeAsker = page.changes._question._asker  # type: ignore[assignment]
    assert asker.questions("changes") == []
    page.choice.set_value("changes")
    (question,) = asker.questions("changes")
    assert (question["other"], question["model"]) == (str(first.path), str(second.path))
    page.show_runs([first, second])
    assert len(asker.questions("changes")) == 1, "nothing new, nothing asked"
    asked: list[tuple[str, str]] = []
    page.word_requested.connect(lambda *names: asked.append(names))
    find(page, ChangeTable, "changeTable").word_activated.emit("war")
    assert asked == [(second.name, "war")]
    picker = find(page, QComboBox, "changeTo")
    picker.setCurrentIndex(0)
    picker.activated.emit(0)
    assert not find(page, ChangeTable, "changeTable").isVisible()


def test_a_run_without_a_model_has_no_changes_to_tell(page: ComparePage, tmp_path: Path) -> None:
    page.show_runs([ended(tmp_path), ended(tmp_path, "running", "Live", state="running", has_vectors=False)])
    page.choice.set_value("changes")
    sentence = page.changes._empty.sentence()
    assert sentence == "Live has no model yet, so there is nothing to compare its words with."


def test_a_run_of_another_kind_is_not_said_to_lack_a_model(page: ComparePage, tmp_path: Path) -> None:
    first = ended(tmp_path)
    writing = replace(of_family(first, "gpt"), title="Writes", has_vectors=False, path=tmp_path / "other")
    page.show_runs([first, writing])
    page.choice.set_value("changes")
    assert page.changes._empty.sentence() == (
        "Writes keeps no word vectors, so there is nothing to compare: Word2Vec and GloVe make them."
    )


# --- the list ----------------------------------------------------------------------------------------------------


def test_runs_are_ticked_by_key_and_by_pointer(qtbot: QtBot) -> None:
    panel = RunsPanel()
    qtbot.addWidget(panel)
    panel.resize(240, 600)
    panel.show()
    panel.show_runs([row("b"), row("a"), row("c")], [])
    view, button = find(panel, QListView, "runsList"), find(panel, QAbstractButton, "compareButton")
    another = find(panel, QWidget, "tickAnother")
    assert not button.isVisible()
    panel.choose_run("b")
    panel.layout().activate()
    before = view.geometry()
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert panel.model.ticked_runs() == ["b"]
    assert another.isVisible()
    panel.layout().activate()
    assert view.geometry() == before, "the next run to tick stays under the pointer"
    opened: list[str] = []
    panel.run_opened.connect(opened.append)
    place = view.visualRect(panel.model.index(1))
    corner = place.topRight()
    corner.setX(corner.x() - 18)
    corner.setY(corner.y() + 14)
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=corner)
    assert panel.model.ticked_runs() == ["b", "a"]
    assert opened == [], "a tick opens no run"
    assert panel.chosen_run() == "b", "and chooses none"
    assert button.isVisible()
    assert button.text() == "Compare 2 runs"
    with qtbot.waitSignal(panel.compare_requested) as wished:
        button.click()
    assert wished.args == [["b", "a"]]
    panel.show_runs([row("b"), row("c")], [])
    assert panel.model.ticked_runs() == ["b"], "a run that is gone takes its tick along"
    assert not button.isVisible()
    with qtbot.assertNotEmitted(panel.compare_requested):
        panel.compare_ticked()


# --- the whole window --------------------------------------------------------------------------------------------


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    launches = Launches()
    make_run(tmp_path, "finished")
    make_run(tmp_path, "memorised")
    opened = OpenWindow(tmp_path, launches, FakeAsker(holds={"inspect_dataset"}))
    opened.show()
    qtbot.waitExposed(opened.window)
    qtbot.waitUntil(lambda: opened.window._frame.runs_panel.model.rowCount() == 2)
    yield opened
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()
    launches.end_all()


def tick_all(opened: OpenWindow) -> None:
    model = opened.window._frame.runs_panel.model
    for overview in model.all_rows():
        model.tick(overview.name, True)


def test_ctrl_k_turns_to_the_compare_page(qtbot: QtBot, opened: OpenWindow) -> None:
    tick_all(opened)
    opened.window._actions["compare"].trigger()
    pages = opened.window._frame.pages
    assert pages.currentWidget().objectName() == "comparePage"
    page: Any = pages.currentWidget()
    qtbot.waitUntil(
        lambda: page.losses.plot is not None and len(page.losses.plot.curves()) == 2, timeout=10_000
    )
    assert find(page, QWidget, "compareTitle").text() == "Compare 2 runs"
    assert [run.path.name for run in page.runs()] == sorted(run.path.name for run in page.runs())


def test_a_word_of_the_compare_page_is_asked_on_the_page_of_its_run(qtbot: QtBot, opened: OpenWindow) -> None:
    tick_all(opened)
    opened.window._actions["compare"].trigger()
    page: Any = opened.window._frame.pages.currentWidget()
    qtbot.waitUntil(lambda: all(run.has_vectors for run in page.runs()), timeout=10_000)
    page.word_requested.emit(page.runs()[1].name, "war")
    desk = opened.window.pages.run_desk()
    qtbot.waitUntil(lambda: desk.page.explore.neighbours.word() == "war", timeout=10_000)
    assert desk.shows(page.runs()[1].name)


def test_a_deleted_run_leaves_the_page_with_a_sentence(qtbot: QtBot, opened: OpenWindow) -> None:
    tick_all(opened)
    opened.window._actions["compare"].trigger()
    page: Any = opened.window._frame.pages.currentWidget()
    qtbot.waitUntil(
        lambda: len(page.runs()) == 2 and all(run.has_vectors for run in page.runs()), timeout=10_000
    )
    told: list[str] = []
    opened.window.pages.compare.failed.connect(lambda problem: told.append(problem.message))
    opened.controller.discard(page.runs()[0].name)
    qtbot.waitUntil(lambda: bool(told), timeout=10_000)
    assert told == ["Two runs are needed to compare."]
    assert find(page, QWidget, "compareTitle").text() == "One run is left to compare"


def test_a_followed_run_becomes_plain_data(tmp_path: Path, opened: OpenWindow, qtbot: QtBot) -> None:
    name = next(path.name for path in opened.controller.runs.iterdir() if path.name[0].isdigit())
    followed = opened.controller.open(name)
    assert followed is not None
    qtbot.waitUntil(lambda: followed.is_whole, timeout=10_000)
    run = compared(followed)
    assert (run.name, run.has_vectors) == (name, True)
    assert ("Window", "8") in [(setting.label, setting.value) for setting in run.settings]
