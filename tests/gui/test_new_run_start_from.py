"""Going on from an earlier model: the stage, the picker of starts, and what the line below it says."""

from __future__ import annotations

import shlex
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.cli.request import spec_of, train_parser
from ptft_gui.core.errors import ModelError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.events import Finished, Resolved
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.panels.run.details.settings_words import command_of, setting_rows
from ptft_gui.gui.theme import Role
from tests.gui.new_run_asker import FileAsker, Question
from tests.gui.run_pages import open_run


def make_run(runs: Path, name: str, is_ended: bool = True, **config: object) -> RunDir:
    """A run with a model of three words, as a worker leaves it."""
    run = create_run(runs, new_spec("word2vec", "news", name=name))
    facts = {"family": "word2vec", "name": name, "dataset_title": "News articles", "total_words": 59_898}
    vectors = np.arange(12, dtype=np.float32).reshape(3, 4)
    counts = np.array([9, 8, 7], dtype=np.int64)
    save_word_vectors(run.model, WordVectors(["the", "owl", "moon"], counts, vectors, {**facts, **config}))
    if is_ended:
        writer = EventWriter(run.events_file)
        writer.write(Finished(step=1))
        writer.close()
    return run


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "runs"
    monkeypatch.setenv("PTFT_RUNS", str(folder))
    return folder


@pytest.fixture
def asker() -> FileAsker:
    return FileAsker()


@pytest.fixture
def page(qtbot: QtBot, asker: FileAsker, runs: Path, tmp_path: Path) -> NewRunPage:
    page = NewRunPage(asker, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    return page


@pytest.fixture
def night(tmp_path: Path) -> Path:
    path = tmp_path / "night.txt"
    path.write_text("the owl sees the moon over the hill\n" * 9, encoding="utf-8")
    return path


def press_go_on(qtbot: QtBot, page: NewRunPage) -> None:
    qtbot.mouseClick(page.findChild(QPushButton, "segment_go_on"), Qt.MouseButton.LeftButton)


def picker(page: NewRunPage) -> QWidget:
    return page.findChild(QWidget, "startFromPicker")


def fit_line(page: NewRunPage) -> QLabel:
    return page.findChild(QLabel, "startFitLine")


def reason(page: NewRunPage) -> str:
    return page.findChild(QLabel, "startReason").text()


def question_of_start(qtbot: QtBot, asker: FileAsker) -> Question:
    def newest() -> Question | None:
        return next((q for q in reversed(asker.others) if q.kind == "start_facts"), None)

    qtbot.waitUntil(lambda: newest() is not None)
    found = newest()
    assert found is not None
    return found


def test_ended_runs_with_word_vectors_are_offered(qtbot: QtBot, page: NewRunPage, runs: Path) -> None:
    ended = make_run(runs, "News")
    make_run(runs, "Half way", is_ended=False)
    assert not picker(page).isVisible()
    press_go_on(qtbot, page)
    assert picker(page).isVisible()
    cards = page.model.start.group
    assert cards.values() == [str(ended.path)]
    card = cards.card(str(ended.path))
    assert card.title() == "News"
    assert "3 words, 4 numbers each" in card.accessibleDescription()
    assert (
        "Word2Vec \N{MIDDLE DOT} has read News articles \N{MIDDLE DOT} 59.9 k words"
        in card.accessibleDescription()
    )


def test_the_run_goes_on_from_what_was_chosen(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, runs: Path, night: Path
) -> None:
    run = make_run(runs, "News", preparation={"name": "words", "case": "keep"})
    page.set_dataset(str(night))
    qtbot.waitUntil(lambda: bool(asker.asked))
    asker.answer()
    press_go_on(qtbot, page)
    assert reason(page) == "No start is chosen yet. Choose what to go on from under Start from."
    card = page.model.start.group.card(str(run.path))
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert reason(page) == ""
    assert page.spec().options["learning_rate"] == 0.0125
    page.how.initial_words.set_value("frozen")
    spec = page.spec()
    assert (spec.stage, spec.init_from, spec.init) == ("pretrain", "run", str(run.path))
    assert spec.options["initial_words"] == "frozen"
    assert spec.options["learning_rate"] == 0.025
    # the text is looked at as the start's was cut, and its words are compared
    asked = question_of_start(qtbot, asker)
    assert asked.arguments["model"] == str(run.path)
    assert asked.arguments["dataset"] == str(night)
    assert asked.arguments["preparation"] == "words"
    assert asked.arguments["switches"] == {"case": "keep"}
    page.how.stage.set_value("pretrain")
    assert page.spec().init is None
    assert page.spec().options["learning_rate"] == 0.025


def test_the_line_says_whether_it_fits(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, runs: Path, night: Path
) -> None:
    run = make_run(runs, "News")
    page.set_dataset(str(night))
    press_go_on(qtbot, page)
    page.model.start.choose(str(run.path))
    asked = question_of_start(qtbot, asker)
    asked.on_result(
        {"words": 3, "size": 4, "fits": False, "sentence": "This start knows 2% of this text's words."}
    )
    assert fit_line(page).isVisible()
    assert fit_line(page).text() == "This start knows 2% of this text's words."
    assert fit_line(page).property("ink") == Role.WARNING_TEXT.value
    asked.on_result({"words": 3, "size": 4, "fits": True, "sentence": "Fits."})
    assert fit_line(page).property("ink") == Role.GOOD_TEXT.value
    asked.on_problem(ModelError("News cannot be read.", "It is torn.", "Choose another."))
    assert fit_line(page).text() == "News cannot be read. It is torn. Choose another."
    assert fit_line(page).property("ink") == Role.BAD_TEXT.value
    assert reason(page) == "News cannot be read. Choose another."
    asked.on_result({"words": 3, "size": 4, "fits": True, "sentence": "Fits."})
    assert reason(page) == ""


def test_a_vector_file_is_dropped_and_a_missing_one_is_told(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, night: Path, tmp_path: Path
) -> None:
    file = tmp_path / "v.vec"
    file.write_text("1 2\nowl 1 2\n", encoding="utf-8")
    page.set_dataset(str(night))
    press_go_on(qtbot, page)
    drop_on(page.findChild(QWidget, "startDropArea"), file)
    spec = page.spec()
    assert (spec.init_from, spec.init) == ("folder", str(file))
    question_of_start(qtbot, asker).on_result({"words": 1, "size": 2, "fits": True, "sentence": "Fits."})
    card = page.model.start.group.card(str(file))
    assert "1 words, 2 numbers each" in card.accessibleDescription()
    page.how.advanced.set_value("vector_size", 50)
    assert reason(page).startswith("The words of v.vec have 2 numbers each, so the vector size cannot be 50.")
    file.unlink()
    page.model.start.choose(str(file))
    assert "There is no run, model folder or vector file named v.vec." in fit_line(page).text()
    assert page.spec().init is None


def drop_on(area: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    area.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_a_run_comes_back_with_its_start_and_a_new_one_begins_from_it(
    page: NewRunPage, runs: Path, night: Path
) -> None:
    run = make_run(runs, "News")
    spec = new_spec("word2vec", str(night), init_from="run", init=str(run.path), name="on")
    page.fill_from(spec)
    assert page.spec() == spec.model_copy(update={"name": "on, again"})
    page.fill_from(spec, {"init": str(run.path)})
    assert picker(page).isVisible()
    assert page.data.dataset() == ""
    assert page.model.start.path() == str(run.path)
    page.start_afresh()
    assert not picker(page).isVisible()
    assert page.spec().init_from == "scratch"


def test_an_ended_run_asks_to_go_on_with_new_text(qtbot: QtBot, runs: Path) -> None:
    opened = open_run(qtbot, runs, "finished")
    menu = opened.find(QMenu, "moreMenu")
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.objectName() == "run_go_on")
    assert action.isVisible()
    assert action.text() == "Go on with new text"
    action.trigger()
    assert opened.requests[-1][-1] == {"init": str(opened.run.path)}


def test_the_command_and_the_settings_tell_the_start(runs: Path, tmp_path: Path) -> None:
    start = str(make_run(runs, "News").path)
    settings = {"initial_words": "frozen"}
    spec = new_spec("word2vec", "news", settings=settings, init_from="run", init=start, name="on")
    arguments = shlex.split(command_of(spec))[2:]
    assert spec_of(train_parser().read(arguments)) == spec
    summary = RunSummary()
    summary.spec = spec
    values = {"initial": {"name": "News", "words": 8_599, "new": 357}}
    summary.fold([Resolved(values=values, reasons={"learning_rate": "Lower than usual."})])
    rows = {row.key: row for row in setting_rows(summary)}
    assert (rows["init"].value, rows["init"].is_changed) == ("News", True)
    assert rows["init"].reason.startswith("8,599 words came from it, 357 new ones joined.")
    assert rows["learning_rate"].reason == "Lower than usual."
    assert "initial_words" in rows
    summary.spec = new_spec("word2vec", "news")
    assert not {"init", "initial_words"} & {row.key for row in setting_rows(summary)}
