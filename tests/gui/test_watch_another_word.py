"""The field under the watched words: a word called out while the model learns is watched from then on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.tab import TrainTab
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import STATES, WATCHED, Kind, living, make_run, summary_of
from tests.gui.workers import Launches

NEAR = [["queen", 0.8], ["prince", 0.7], ["throne", 0.6]]


class Shown:
    """A Train tab that shows a run of word vectors, as in a window of 1280 x 800."""

    def __init__(self, qtbot: QtBot, runs: Path, kind: Kind) -> None:
        self.tab = TrainTab(FakeAsker())
        qtbot.addWidget(self.tab)
        self.tab.resize(1040, 560)
        self.tab.show()
        self.run = make_run(runs, kind)
        self.summary = summary_of(self.run)
        self.state = STATES[kind]
        self.asked: list[Action] = []
        self.tab.action_requested.connect(self.asked.append)
        self.tab.show_run(ShownRun(self.run, self.summary, self.state))

    def find(self, name: str) -> QWidget:
        found = self.tab.findChild(QWidget, name)
        assert found is not None, name
        return found

    def open_field(self) -> None:
        opener = self.find("watchAnotherButton")
        assert isinstance(opener, QToolButton)
        assert opener.isVisible()
        if not opener.isChecked():
            opener.click()
        assert self.find("watchInput").isVisible()

    def watch(self, word: str) -> None:
        self.open_field()
        line, button = self.find("watchInput"), self.find("watchAddButton")
        assert isinstance(line, QLineEdit)
        assert isinstance(button, QPushButton)
        line.setText(word)
        button.click()

    def note(self) -> str:
        label = self.find("watchNote")
        return "" if label.isHidden() else str(label.property("text"))

    def words(self) -> list[str]:
        model = self.tab.watched.grid.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def fold(self, *events: ev.Event) -> None:
        self.summary.fold(events)  # type: ignore[arg-type]
        self.tab.refresh(ShownRun(self.run, self.summary, self.state))


@pytest.mark.parametrize("kind", ["running", "paused"])
def test_a_word_is_asked_for_and_gets_its_row(qtbot: QtBot, tmp_path: Path, kind: Kind) -> None:
    shown = Shown(qtbot, tmp_path, kind)
    shown.watch("  king ")
    assert shown.asked == [Action("add_probe", "", {"text": "king"})]
    assert shown.note() == "Asked; the answer comes in a moment."
    shown.fold(ev.Probe(step=shown.summary.step, name="king", kind="similar", answer=NEAR))
    assert shown.words() == [*WATCHED, "king"]
    assert not shown.find("watchInput").isVisible(), "it has done its work"
    assert (
        shown.tab.watched.grid.verticalScrollBar().value()
        == shown.tab.watched.grid.verticalScrollBar().maximum()
    )
    shown.open_field()
    assert shown.note() == ""


@pytest.mark.parametrize(
    ("word", "sentence"), [("  ", "Write a word first."), ("music", "This word is watched already.")]
)
def test_what_cannot_be_watched_is_told_at_once(
    qtbot: QtBot, tmp_path: Path, word: str, sentence: str
) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.watch(word)
    assert shown.note() == sentence
    assert shown.asked == []


def test_a_word_that_the_model_refuses_is_asked_for_no_longer(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.watch("kingg")
    shown.fold(ev.CommandDone(id="1", ok=False, message='"kingg" cannot be watched.'))
    assert shown.note() == ""
    assert shown.find("watchInput").isVisible(), "it can be written otherwise"
    assert shown.words() == list(WATCHED)


def test_fifteen_are_the_most(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    step = shown.summary.step
    more = [f"word{number}" for number in range(15 - len(WATCHED))]
    shown.fold(*(ev.Probe(step=step, name=word, kind="similar", answer=NEAR) for word in more))
    assert not shown.find("watchAnotherButton").isVisible()


@pytest.mark.parametrize("kind", ["finished", "lost", "preparing"])
def test_it_is_only_there_while_the_model_learns(qtbot: QtBot, tmp_path: Path, kind: Kind) -> None:
    shown = Shown(qtbot, tmp_path, kind)
    assert not shown.find("watchAnotherButton").isVisible()
    assert not shown.find("watchInput").isVisible()


def test_another_run_begins_with_the_field_closed(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.open_field()
    shown.tab.show_run(ShownRun(shown.run, shown.summary, shown.state))
    assert not shown.find("watchInput").isVisible()
    assert shown.find("watchAnotherButton").isVisible()


def test_a_word_written_otherwise_counts_as_answered(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.watch("King")
    step = shown.summary.step
    shown.fold(ev.Probe(step=step, name="king", kind="similar", answer=NEAR), ev.CommandDone(id="1", ok=True))
    assert not shown.find("watchInput").isVisible()


def test_it_reaches_the_running_run(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    run = make_run(tmp_path, "running")
    with living(run):
        opened = OpenWindow(tmp_path, Launches(), FakeAsker())  # type: ignore[arg-type]
        opened.show()
        opened.window.pages.open_run(run.name)
        opener = opened.window.findChild(QToolButton, "watchAnotherButton")
        line = opened.window.findChild(QLineEdit, "watchInput")
        assert opener is not None
        assert line is not None
        qtbot.waitUntil(opener.isVisible)
        opener.click()
        line.setText("king")
        line.returnPressed.emit()
        qtbot.waitUntil(run.commands_file.exists)
        command = json.loads(run.commands_file.read_text("utf-8"))
        assert (command["name"], command["argument"]) == ("add_probe", {"text": "king"})
        opened.window.close_for_good()
        opened.close_down()
        opened.window.deleteLater()
