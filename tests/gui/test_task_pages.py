"""The page of a run that answers questions or marks names: Try it, the score to report, mistakes in their text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core.companion_protocol import Reply, Request
from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run import RunPage
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.coloured_text import ColouredText
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.worker.companion_answers import Answers
from ptft_gui.worker.companion_question import Question
from tests.gui.fixtures_runs import make_run, summary_of
from tests.gui.token_runs import CONTEXT, make_token_run

_KINDS = ("answer", "tag", "reply", "token_report", "predict_file")


class TaskAsker:
    """Answers questions about such models at once, with the companion's own answers."""

    kinds = _KINDS

    def __init__(self) -> None:
        self.answers = Answers(60.0)

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        replies: list[Reply] = []
        if kind not in self.kinds:
            return "1"
        try:
            result = self.answers.answer(Question(Request("1", kind, dict(arguments)), replies.append))
        except PtftError as problem:
            on_problem(problem)
        else:
            on_result(result)
        return "1"

    def cancel(self, request_id: str) -> None:
        """Everything is answered already."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture
def asker() -> Iterator[TaskAsker]:
    asker = TaskAsker()
    yield asker
    asker.answers.close()


def opened(qtbot: QtBot, asker: TaskAsker, run: object) -> RunPage:
    page = RunPage(asker)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    page.show_run(run, summary_of(run), "finished")  # type: ignore[arg-type]
    return page


def test_a_question_is_answered_and_the_answer_stands_out_in_its_text(
    qtbot: QtBot, asker: TaskAsker, runs: Path
) -> None:
    page = opened(qtbot, asker, make_token_run(runs, "question-answering"))
    assert page.tab_row.current() == "try_it"
    assert not page.tab_row.is_offered("explore")
    card = bundled_dataset("questions-en")
    assert card is not None
    assert page.findChild(QLineEdit, "questionInput").text() == card.questions[0]["question"]
    page.findChild(QPlainTextEdit, "contextInput").setPlainText(CONTEXT)
    page.findChild(QLineEdit, "questionInput").setText("Who built it?")
    page._tabs["try_it"].answering.ask_now()
    headline = page.findChild(QLabel, "answerHeadline").text()
    place = page.findChild(ColouredText, "answerInContext")
    assert headline in CONTEXT
    assert place.text() == CONTEXT
    assert [text for text, _ in place.marked()] == [headline]
    others = page.findChild(CellTable, "otherAnswers").cells
    assert others.rowCount() >= 1
    assert others.cell(0, 0) in CONTEXT


@pytest.mark.parametrize("task", ["question-answering", "tagging"])
def test_a_task_room_is_a_page_as_all_others_are(
    qtbot: QtBot, asker: TaskAsker, runs: Path, task: str
) -> None:
    """Its cards line up with the title above, and no ring is drawn around all of it."""
    page = opened(qtbot, asker, make_token_run(runs, task))
    room = page._tabs["try_it"]._room
    assert isinstance(room, PageScroll)
    assert room.frameWidth() == 0
    assert room.accessibleName()


def test_without_a_question_nothing_is_answered(qtbot: QtBot, asker: TaskAsker, runs: Path) -> None:
    page = opened(qtbot, asker, make_token_run(runs, "question-answering"))
    page.findChild(QLineEdit, "questionInput").setText("  ")
    page._tabs["try_it"].answering.ask_now()
    assert not page.findChild(QLabel, "answerHeadline").isVisible()
    assert page._tabs["try_it"].answering.hint.isVisible()


def test_the_scores_of_answers_stand_with_interval_and_comparison(
    qtbot: QtBot, asker: TaskAsker, runs: Path
) -> None:
    page = opened(qtbot, asker, make_token_run(runs, "question-answering"))
    page.tab_row.choose("evaluate")
    card = page._tabs["evaluate"].numbers
    assert [page.findChild(QLabel, f"taskScore{n}").text() for n in (1, 2, 3)] == ["0.50", "0.58", "0.25"]
    assert "SQuAD" in page.findChild(QLabel, "taskScoreNote").text()
    assert "On 4 test rows, which were read once" in card.sentence()
    page.findChild(QPushButton, "copyScoresButton").click()
    assert QGuiApplication.clipboard().text() == card.sentence()
    mistakes = page.findChild(CellTable, "taskMistakes").cells
    assert [mistakes.cell(row, 0) for row in range(mistakes.rowCount())] == [
        "When was it built?",
        "Who built it?",
    ]
    text = page.findChild(ColouredText, "mistakeText")
    assert text.marked() == [("in ", 1), ("1875", 0), (" by three smiths", 1)]
    page.findChild(CellTable, "taskMistakes").selectRow(1)
    assert sorted(text.marked()) == [("Dray", 1), ("three smiths", 0)]


def test_names_are_marked_in_the_text_and_listed(qtbot: QtBot, asker: TaskAsker, runs: Path) -> None:
    page = opened(qtbot, asker, make_token_run(runs, "tagging", "words.conll"))
    text = "Clara Moll lives in New Dray."
    page._tabs["try_it"].ask(text)
    table = page.findChild(CellTable, "nameTable").cells
    marked = page.findChild(ColouredText, "taggedText")
    assert marked.text() == text
    assert [name for name, _ in marked.marked()] == [table.cell(n, 0) for n in range(table.rowCount())]
    assert table.rowCount() >= 1
    legend = page.findChild(ColouredText, "tagLegend")
    assert legend.text() == "It knows these kinds:  LOC  PER"
    kinds = {table.cell(n, 1) for n in range(table.rowCount())}
    assert {kind for kind, _ in legend.marked()} == kinds


def test_the_scores_of_names_have_a_row_for_each_kind(qtbot: QtBot, asker: TaskAsker, runs: Path) -> None:
    page = opened(qtbot, asker, make_token_run(runs, "tagging", "words.conll"))
    page.tab_row.choose("evaluate")
    assert page.findChild(QLabel, "taskScore1").text() == "0.75"
    kinds = page.findChild(CellTable, "kindTable").cells
    assert [[kinds.cell(n, c) for c in range(5)] for n in range(2)] == [
        ["LOC", "0.50", "0.50", "0.50", "2"],
        ["PER", "1.00", "1.00", "1.00", "2"],
    ]
    marked = page.findChild(ColouredText, "mistakeText").marked()
    assert marked == [("New Dray", 0)]  # that it said "Dray" lies within


@pytest.mark.parametrize(
    ("task", "title", "before", "after"),
    [
        ("question-answering", "Held-out questions answered", "no answer (0.10)", "Clara (0.70)"),
        ("tagging", "Held-out names found", "no name", "Clara (PER), Dray (LOC)"),
    ],
)
def test_the_probes_stand_before_and_after_beside_the_curves(
    qtbot: QtBot, asker: TaskAsker, runs: Path, task: str, title: str, before: str, after: str
) -> None:
    page = opened(qtbot, asker, make_token_run(runs, task))
    page.tab_row.choose("train")
    assert page.train.probes.isVisibleTo(page)
    (section,) = page.train.probes.sections()
    shown = [label.text() for label in section.findChildren(QLabel)]
    assert before in shown
    assert after in shown
    assert page.train._small._score_title() == title


def test_another_run_afterwards_has_its_own_tabs_again(qtbot: QtBot, asker: TaskAsker, runs: Path) -> None:
    page = opened(qtbot, asker, make_token_run(runs, "tagging", "words.conll"))
    words = make_run(runs, "finished")
    page.show_run(words, summary_of(words), "finished")
    assert not page.tab_row.is_offered("try_it")
    assert page.tab_row.is_offered("explore")
