"""What the rooms of Try it share that ask a model about a typed text: where to type, and a card for the answer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.rows_to_try import held_out_rows, right_answer, rows_to_try, text_to_try
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.asked_texts import AskedTexts
from ptft_gui.gui.panels.run.try_it.before_card import TABLES_SIDE_BY_SIDE_FROM, BeforeCard, BesideAnswer
from ptft_gui.gui.panels.run.try_it.whole_file import ClassifyFileCard
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.abstract import AbstractWidget
from ptft_gui.gui.widgets.asker import Asker, OnProgress, OnResult
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.scroll_area import PageScroll

_TYPING_PAUSE_MS = 200


class PlainField(QPlainTextEdit):
    """Where some lines are typed or pasted; the Tab key goes on to the next control."""

    def __init__(self, name: str, accessible_name: str, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(accessible_name)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + Space.LARGE)


class TaskFileCard(ClassifyFileCard):
    """A whole file answered; the words are those of the task."""

    def __init__(self, asker: Asker, title: str, caption: str, ending: str) -> None:
        super().__init__(asker)
        self._ending = ending
        self.set_title(title)
        self.set_caption(caption)

    @Slot(str)
    def choose_file(self, path: str) -> None:
        """The rows are in ``path``; where shall the answers go?"""
        self._source, self._part = path, "all"
        self._ask_where(f"{Path(path).stem}-{self._ending}.csv", Path(path).parent)


class TaskRoom(PageScroll, metaclass=AbstractWidget):
    """A column with a card to type in, what was asked before, and a file; beside it a card with the answer.

    ``said`` carries a sentence, ``remedy_chosen`` a :class:`Remedy`.
    """

    said = Signal(str)
    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker, title: str, answer_title: str, file: TaskFileCard, pattern: str) -> None:
        page = QWidget()
        super().__init__(page, title)
        self._model_path = self._rest_words = ""
        self._has_answered = False
        self._right: dict[str, str] = {}
        self._question = OneQuestion(asker)
        self.input_card, self.answer_card, self.file = Card(title), Card(answer_title), file
        self.before = BeforeCard(asker)
        self.asked = AskedTexts(pattern=pattern)
        self.problem = ProblemNote()
        self.problem.remedy_chosen.connect(self.remedy_chosen)
        self.hint = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.hint.setObjectName("taskHint")
        self.headline = PlainLabel("", TextStyle.TITLE)
        self.sentence = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.right = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.right.setObjectName("rightAnswer")
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_PAUSE_MS)
        self._typing.timeout.connect(self.ask_now)
        for widget in (self.problem, self.hint, self.headline, self.sentence):
            self.answer_card.body.addWidget(widget)
        self.file.said.connect(self.said)
        self.file.remedy_chosen.connect(self.remedy_chosen)
        self._lay_out(page)

    def _lay_out(self, page: QWidget) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        for card in (self.input_card, self.file):
            left.addWidget(card)
        left.addStretch(1)
        right.addWidget(BesideAnswer(self.answer_card, self.before, TABLES_SIDE_BY_SIDE_FROM))
        right.addStretch(1)
        page.setProperty("isPage", "true")
        row = QHBoxLayout(page)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        row.setSpacing(Space.LARGE)
        row.addLayout(left, 2)
        row.addLayout(right, 3)

    def show_model(self, shown: ShownRun) -> None:
        """Ask the model of this run from now on, with nothing asked yet."""
        self.leave()
        self._model_path, self._has_answered = str(shown.run.path), False
        self.asked.clear()
        parts = shown.summary.resolved_value("parts") or {}
        self.file.show_run(self._model_path, shown.run, int(parts.get("unlabelled") or 0))
        self.before.show_run(shown)
        self.rest()

    def offer(self, shown: ShownRun, examples: Sequence[str], nothing: str) -> list[dict[str, Any]]:
        """Offer ``examples``; without any, rows of the run's data that it did not learn from, which are returned;
        without those say ``nothing``, what to type."""
        rows = [] if examples else [dict(row) for row in rows_to_try(held_out_rows(shown.run))]
        self._right = {text_to_try(row): right_answer(row) for row in rows}
        self.asked.offer(examples or list(self._right), bool(rows), nothing)
        return rows

    def show_right(self, text: str) -> None:
        """What the data says of ``text``, where it is one of the offered rows."""
        answer = self._right.get(text, "")
        self.right.setText(self.tr("Your data says: {answer}").format(answer=answer) if answer else "")
        self.right.setVisible(bool(answer))

    def leave(self) -> None:
        """Another model is shown: nothing here may go on."""
        self._typing.stop()
        self._question.drop()
        self.before.show_run(None)
        self._model_path = ""

    def type_on(self) -> None:
        """A person types: ask once they pause."""
        self._typing.start()

    @abstractmethod
    def ask_now(self) -> None:
        """Put the question that stands there now."""

    def set_hint(self, words: str) -> None:
        """What stands in place of an answer while nothing is asked."""
        self._rest_words = words
        self.hint.setText(words)

    def put(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Put a question to the model. Until its first answer the room says that it is being opened."""
        if not self._has_answered:
            self._show(has_answer=False)
            self.problem.hide()
            self.hint.setText(self.tr("Opening the model ..."))
            self.hint.show()
        self._question.ask(kind, arguments, on_result, self.show_problem, on_progress)

    def rest(self) -> None:
        """Nothing is asked."""
        self.before.rest()
        self._show(has_answer=False)
        self.problem.hide()
        self.hint.setText(self._rest_words)
        self.hint.show()

    def show_problem(self, problem: PtftError) -> None:
        """Why there is no answer."""
        self.before.rest()
        self._show(has_answer=False)
        self.hint.hide()
        self.problem.show_problem(problem)

    def show_answer(self, headline: str, sentence: str) -> None:
        self._has_answered = True
        self.problem.hide()
        self.hint.hide()
        self._show(has_answer=True)
        self.headline.setText(headline)
        self.headline.setVisible(bool(headline))
        self.sentence.setText(sentence)

    def _show(self, has_answer: bool) -> None:
        for widget in (self.headline, self.sentence):
            widget.setVisible(has_answer)
        self.right.hide()
