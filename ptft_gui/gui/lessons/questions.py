"""Asks a lesson's question on the ordinary tabs, as a person would, and reads what was answered."""

from __future__ import annotations

import re
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Slot
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTableView, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.lessons import Question
from ptft_gui.core.race import RaceResult
from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.background import Background
from ptft_gui.gui.lessons.own_runs import points_of, raced
from ptft_gui.gui.widgets.class_bars import ClassBars

_LOOK_MS = 100
_PATIENCE_S = 30.0
_PLACES = {"similar": ("neighbourQuery", "neighbourTable"), "analogy": ("analogyInput", "analogyTable")}
_WORD_COLUMN = 1
_WORD = re.compile(r"\w+")

Answered = Callable[[list[str]], None]
Raced = Callable[[str, bool], None]


class QuestionAsker(QObject):
    """One question at a time; the answer is the words of the table, none when there was no answer in time."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._question: Question | None = None
        self._tell: Answered | None = None
        self._deadline = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._background = Background(self)

    def close(self) -> None:
        """Wait for what is being read."""
        self.drop()
        self._background.close()

    def ask(self, question: Question, tell: Answered) -> None:
        """Type the question once its field is there, and call ``tell`` with the answers, the nearest first."""
        self._question, self._tell, self._is_typed = question, tell, False
        self._deadline = time.monotonic() + _PATIENCE_S
        self._timer.start()

    def ask_race(self, question: Question, runs: list[RunDir], tell: Raced) -> None:
        """Read what the runs of a race came to; ``tell`` gets the sentence, and whether it is as expected."""
        self.drop()
        self._question = question

        def on_read(result: RaceResult) -> None:
            if self._question is question:
                self.drop()
                tell(result.sentence, points_of(result) >= question.expect_points)

        def on_problem(problem: PtftError) -> None:
            if self._question is question:
                self.drop()
                tell(problem.as_sentence(), False)

        self._background.do(lambda: raced(runs), on_read, on_problem)

    def drop(self) -> None:
        """The lesson went on."""
        self._timer.stop()
        self._question = self._tell = None

    @Slot()
    def _look(self) -> None:
        question = self._question
        if question is None:
            return
        if question.kind == "probe":
            self._look_at_probe(question)
        elif question.kind == "classify":
            self._look_at_classes(question)
        else:
            self._look_at_table(question)
        if self._question is question and time.monotonic() > self._deadline:
            self._end([])

    def _look_at_probe(self, question: Question) -> None:
        """A probe was asked all the while: its newest answer stands in the strip."""
        card = self._find("probeStrip")
        # asked for here: the window's start does without a run's page
        from ptft_gui.gui.panels.run.train.probes import ProbeCard

        if isinstance(card, ProbeCard) and (words := _WORD.findall(card.newest_answer(question.text))):
            self._end(words)

    def _look_at_classes(self, question: Question) -> None:
        """Typed into Try it; the answer is the classes, the likeliest first."""
        field, bars = self._find("predictInput"), self._find("predictResult")
        if not self._is_typed:
            if isinstance(field, QPlainTextEdit) and field.isEnabled():
                field.setPlainText("")
                field.setPlainText(question.text)
                self._is_typed = True
        elif isinstance(bars, ClassBars) and bars.classes():
            self._end([label for label, _ in bars.classes()])

    def _look_at_table(self, question: Question) -> None:
        field_name, table_name = _PLACES[question.kind]
        if not self._is_typed:
            field = self._find(field_name)
            if isinstance(field, QLineEdit) and field.isEnabled():
                field.setText(question.text)
                field.returnPressed.emit()
                self._is_typed = True
        elif words := self._words_of(table_name):
            self._end(words)

    def _end(self, words: list[str]) -> None:
        tell = self._tell
        self.drop()
        if tell is not None:
            tell(words)

    def _words_of(self, name: str) -> list[str]:
        table = self._find(name)
        if not isinstance(table, QTableView) or table.model() is None:
            return []
        model = table.model()
        rows = (model.index(row, _WORD_COLUMN).data() for row in range(model.rowCount()))
        return [str(word) for word in rows if word]

    def _find(self, name: str) -> QWidget | None:
        return next((w for w in self._window.findChildren(QWidget, name) if w.isVisible()), None)


def judged(question: Question, words: list[str]) -> tuple[str, bool]:
    """What is said of the answer, the nearest word first, and whether it is as expected."""
    translate = QCoreApplication.translate
    if not words:
        return translate("Lessons", "No answer came. Ask once more."), False
    if not question.holds(words):
        text = translate(
            "Lessons", "It answered {word}; {expected} was expected. Train it once more and compare."
        )
        return text.format(word=words[0], expected=question.expected()), False
    if question.expect_not:
        text = translate("Lessons", "It answered {word}, not {other}.")
        return text.format(word=words[0], other=question.expect_not), True
    found = next((word for word in words if word in question.expect_any), words[0])
    return translate("Lessons", "It answered {word}, as expected.").format(word=found), True
