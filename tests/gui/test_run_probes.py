"""The probe strip of a run that learns a language: live, in history, and one more probe while it goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.probes import ProbeCard
from ptft_gui.gui.panels.run.train.tab import TrainTab
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import living, make_run, summary_of
from tests.gui.learning_runs import STATES, Kind, language_summary, make_language_run
from tests.gui.workers import Launches


class Shown:
    """A Train tab that shows a run, 1040 x 560 as in a window of 1280 x 800."""

    def __init__(self, qtbot: QtBot, runs: Path, kind: Kind, family: str = "gpt", **more: object) -> None:
        self.tab = TrainTab(FakeAsker())
        qtbot.addWidget(self.tab)
        self.tab.resize(1040, 560)
        self.tab.show()
        self.run = make_language_run(runs, kind, family, **more)  # type: ignore[arg-type]
        self.summary = language_summary(self.run)
        self.state = STATES[kind]
        self.asked: list[Action] = []
        self.tab.action_requested.connect(self.asked.append)
        self.tab.show_run(self.shown())
        self.tab.refresh(self.shown())

    def shown(self) -> ShownRun:
        return ShownRun(self.run, self.summary, self.state)

    @property
    def card(self) -> ProbeCard:
        return self.tab.probes

    def find(self, name: str) -> QWidget:
        found = self.tab.findChild(QWidget, name)
        assert found is not None, name
        return found

    def type_probe(self, text: str) -> None:
        field = self.find("probeInput")
        assert isinstance(field, QLineEdit)
        field.setText(text)
        field.returnPressed.emit()

    def note(self) -> str:
        label = self.find("probeNote")
        return "" if label.isHidden() else str(label.property("text"))


def test_the_same_beginning_stands_one_below_the_other_from_step_0_to_now(
    qtbot: QtBot, tmp_path: Path
) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    assert shown.card.isVisible()
    assert not shown.tab.watched.isVisible()
    assert not shown.tab.motion.isVisible()
    section, other = shown.card.sections()
    assert section.text.full_text() == "ROMEO:"
    assert other.text.full_text() == "The king is"
    rows = section.rows()
    assert [rows[0].step.text(), rows[-1].step.text()] == ["0", "150\nnow"]
    assert rows[0].answer.full_text() == ":::A3KzV / ,.YrzZGFDfXcBT3elPTJJJ"
    assert [row.is_newest() for row in rows] == [False] * (len(rows) - 1) + [True]
    assert 3 <= len(rows) <= 7


def test_history_is_read_the_same_way(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "finished")
    section = shown.card.sections()[0]
    assert section.rows()[-1].step.text() == "300\nend"


def test_all_moments_are_there_on_demand(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "finished")
    button = shown.find("probeAllButton")
    assert isinstance(button, QAbstractButton)
    few = len(shown.card.sections()[0].rows())
    button.click()
    assert len(shown.card.sections()[0].rows()) == 13
    button.click()
    assert len(shown.card.sections()[0].rows()) == few


def test_a_new_answer_is_shown_and_marked(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.summary.fold([ev.Probe(step=160, name="ROMEO:", kind="continue", answer=" Juliet!")])
    shown.tab.refresh(shown.shown())
    newest = shown.card.sections()[0].rows()[-1]
    assert newest.step.text() == "160\nnow"
    assert newest.answer.full_text() == "Juliet!"
    assert shown.card.newest_answer("ROMEO:") == "Juliet!"


def test_blanks_have_bars_and_what_changed_is_marked(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running", "bert")
    section = shown.card.sections()[0]
    assert section.text.full_text() == "The capital of France is ____."
    newest = section.rows()[-1]
    assert newest.bars.isVisible()
    assert [token for token, _ in newest.bars.shares()] == ["of", "paris", "town", "born", "city"]
    assert newest.bars.is_new("city")
    assert not newest.bars.is_new("of")
    assert section.rows()[0].answer.full_text() == "the 2 % · , 1 % · of < 1 %"


def test_a_probe_can_be_added_while_it_learns(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.type_probe("  To be or  ")
    assert [(action.key, action.argument) for action in shown.asked] == [("add_probe", {"text": "To be or"})]
    assert shown.note() == "Asked; the answer comes in a moment."
    shown.summary.fold([ev.Probe(step=150, name="To be or", kind="continue", answer=" not")])
    shown.tab.refresh(shown.shown())
    assert len(shown.card.sections()) == 3
    assert shown.note() == ""


def test_a_probe_can_be_added_while_it_is_paused(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "paused")
    shown.type_probe("To be or")
    assert [action.key for action in shown.asked] == ["add_probe"]


@pytest.mark.parametrize(
    ("family", "text", "sentence"),
    [
        ("gpt", "   ", "A probe is empty."),
        ("gpt", "ROMEO:", "This one is asked already."),
        ("bert", "Nothing is hidden here.", "has no blank to fill"),
    ],
)
def test_what_cannot_be_a_probe_is_told_at_once(
    qtbot: QtBot, tmp_path: Path, family: str, text: str, sentence: str
) -> None:
    shown = Shown(qtbot, tmp_path, "running", family)
    shown.type_probe(text)
    assert sentence in shown.note()
    assert shown.asked == []


def task_summary(answers: list[list[list[object]]], run: RunDir) -> RunSummary:
    """A model that sorts texts, asked one probe at each of these moments."""
    spec = new_spec(
        "bert", "rows.csv", stage="finetune", task="classification", method="full", probes=["a b"]
    )
    summary = RunSummary(spec=spec)
    summary.fold(
        [ev.Started(attempt=1), ev.Resolved(values={"labels": ["x", "y"], "task": "classification"})]
    )
    for step, answer in enumerate(answers):
        metrics: dict[str, float | None] = {"train/loss": 1.0 - step / 10, "val/loss": 1.0 - step / 10}
        columns: dict[str, list[float | None]] = {"progress": [step / 10], "loss": [1.0]}
        summary.fold(
            [
                ev.Steps(step=[step], columns=columns),
                ev.Evaluated(step=step, epoch=float(step), metrics=metrics),
                ev.Probe(
                    step=step, epoch=float(step), name="a b", kind="classes", input="a b", answer=answer
                ),
            ]
        )
    return summary


def test_a_model_that_sorts_texts_shows_its_classes_against_those_of_the_beginning(
    qtbot: QtBot, tmp_path: Path
) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.summary = task_summary(
        [[["y", 0.6], ["x", 0.4]], [["x", 0.7], ["y", 0.3]], [["x", 0.9], ["y", 0.1]]], shown.run
    )
    shown.tab.show_run(shown.shown())
    (section,) = shown.card.sections()
    newest = section.rows()[-1]
    assert newest.bars.shares() == (("x", 0.9), ("y", 0.1))
    assert newest.bars._before == {"y": 0.6, "x": 0.4}
    assert shown.find("probeInput").isVisible()
    assert section.rows()[0].step.text() == "0"


def test_a_task_without_probes_can_be_given_one_while_it_learns(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.summary = task_summary([[["y", 0.6], ["x", 0.4]]], shown.run)
    shown.summary.probes.clear()
    shown.tab.show_run(shown.shown())
    assert shown.card.isVisible()
    shown.type_probe("another text")
    assert shown.asked == [Action("add_probe", "", {"text": "another text"})]
    shown.state = "finished"
    shown.tab.refresh(shown.shown())
    assert shown.card.isVisible() is bool(shown.summary.spec and shown.summary.spec.probes)


def test_five_are_the_most(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running", probes=("a", "b", "c", "d", "e"))
    assert not shown.find("probeInput").isVisible()
    assert shown.note() == "Five probes are answered, which is the most."
    assert all(len(section.rows()) >= 2 for section in shown.card.sections())


def test_when_a_run_ends_nothing_is_said_of_adding(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running", probes=("a", "b", "c", "d", "e"))
    assert shown.note()
    shown.run.model.mkdir(exist_ok=True)
    shown.state = "stopped"
    shown.summary.fold([ev.Stopped(step=40)])
    shown.tab.refresh(shown.shown())
    assert shown.find("probeInput").isVisible(), "the finished model can be asked"
    assert shown.note() == ""


def test_after_the_last_probe_what_is_typed_goes_to_no_other_part(qtbot: QtBot, tmp_path: Path) -> None:
    """The field goes away while somebody types in it: Enter must not press the next button of the window."""
    shown = Shown(qtbot, tmp_path, "running", probes=("a", "b", "c", "d"))
    with qtbot.waitActive(shown.tab):
        shown.tab.activateWindow()
    shown.find("probeInput").setFocus()
    assert shown.find("probeInput").hasFocus()
    shown.summary.fold([ev.Probe(step=40, name="e", input="e", kind="continue", answer="and so on")])
    shown.tab.refresh(shown.shown())
    assert not shown.find("probeInput").isVisible()
    assert shown.find("probeArea").hasFocus()


def test_a_refused_probe_is_waited_for_no_longer(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.type_probe("To be or")
    shown.summary.fold([ev.CommandDone(id="1", ok=False, message="Five probes are the most.")])
    shown.tab.refresh(shown.shown())
    assert shown.note() == ""
    assert shown.card.field.pending() == ""


def test_after_the_end_the_field_leads_to_the_model(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "finished")
    shown.type_probe("JULIET:")
    assert [(action.key, action.argument) for action in shown.asked] == [("try_it", {"text": "JULIET:"})]


def test_a_run_that_failed_has_no_field(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "failed")
    assert shown.card.sections()
    assert not shown.find("probeInput").isVisible()


def test_a_window_that_only_shows_says_why_nothing_is_asked(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.tab.set_read_only("Another window is open.")
    shown.tab.refresh(shown.shown())
    assert not shown.find("probeInput").isVisible()
    assert shown.note() == "Another window is open."


def test_before_the_first_answer_the_stages_speak_of_tokens(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "preparing")
    words = [label.property("text") for label in shown.find("preparingView").findChildren(QWidget)]
    assert "Learn which tokens it is made of, and cut it into them" in words
    assert shown.card.isVisible()
    assert shown.card.sections() == []
    assert not shown.find("probeInput").isVisible()  # nothing could be answered yet


def test_words_come_back_with_a_run_of_word_vectors(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    words = make_run(tmp_path, "running")
    other = ShownRun(words, summary_of(words), "running")
    shown.tab.show_run(other)
    assert shown.tab.watched.isVisible()
    assert not shown.card.isVisible()
    shown.tab.show_run(shown.shown())
    assert shown.card.isVisible()
    assert not shown.tab.watched.isVisible()


def test_a_probe_reaches_the_running_run(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    run = make_language_run(tmp_path, "running")
    with living(run):
        opened = OpenWindow(tmp_path, Launches(), FakeAsker())  # type: ignore[arg-type]
        opened.show()
        pages = opened.window.pages
        pages.open_run(run.name)
        field = pages.run_desk().page.findChild(QLineEdit, "probeInput")
        assert field is not None
        qtbot.waitUntil(field.isVisible)
        field.setText("To be or")
        field.returnPressed.emit()
        qtbot.waitUntil(run.commands_file.exists)
        command = json.loads(run.commands_file.read_text("utf-8"))
        assert (command["name"], command["argument"]) == ("add_probe", {"text": "To be or"})
        opened.window.close_for_good()
        opened.close_down()
        opened.window.deleteLater()


def test_on_a_narrow_page_the_answers_take_half_of_it(qtbot: QtBot, tmp_path: Path) -> None:
    shown = Shown(qtbot, tmp_path, "running")
    shown.tab.resize(620, 520)
    qtbot.waitUntil(lambda: shown.card.width() > 270)
    shown.tab.resize(1040, 560)
    qtbot.waitUntil(lambda: shown.card.width() < 0.4 * shown.tab.width())


def test_of_a_long_sentence_the_blank_is_seen(qtbot: QtBot, tmp_path: Path) -> None:
    long = "Wherever people speak French in France they speak ____ in the town."
    shown = Shown(qtbot, tmp_path, "running", "bert", probes=(long, "The ____ sleeps."))
    first, second = shown.card.sections()
    assert not first.text.is_cut()
    assert "____" in first.text.text()
    assert first.text.height() > 1.5 * second.text.height(), "a short one takes one line"
