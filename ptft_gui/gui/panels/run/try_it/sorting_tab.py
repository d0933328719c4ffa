"""The Try it tab of a model that sorts texts into classes: a text, the answer, and what in the text led to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.rows_to_try import (
    BETWEEN,
    Record,
    held_out_rows,
    right_answer,
    rows_to_try,
    scale_of,
    text_to_try,
)
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.asked_texts import AskedTexts
from ptft_gui.gui.panels.run.try_it.before_card import BeforeCard, BesideAnswer
from ptft_gui.gui.panels.run.try_it.sorting_answer import AnswerCard
from ptft_gui.gui.panels.run.try_it.whole_file import ClassifyFileCard
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.tab_order import order_tab_stops

_INPUT_LINES = 5
_SIMILARITY = "pair-similarity"
_LONGEST_TEXT = 100_000
_NOT_MARKED_FROM = 4_000
"""A longer text is answered, but its words are not marked one by one."""


class TextInput(QPlainTextEdit):
    """Where a text is typed or pasted; the Tab key goes on to the next control."""

    def __init__(self, name: str, words: str, placeholder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(words)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _INPUT_LINES + Space.LARGE)


class TryItTab(QWidget):
    """``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self._model_path = ""
        self._right: dict[str, str] = {}
        self._question = OneQuestion(asker)
        self.input = TextInput(
            "predictInput",
            self.tr("Text to sort"),
            self.tr("Type or paste a text; the answer follows as you type."),
        )
        self.pair = TextInput(
            "predictPairInput", self.tr("Second text"), self.tr("The text to compare it with.")
        )
        self.pair.hide()
        self.answer, self.before = AnswerCard(), BeforeCard(asker)
        self.asked = AskedTexts()
        self.file = ClassifyFileCard(asker)
        self._empty = EmptyState("", icon="search")
        self._empty.action_requested.connect(self._on_empty_action)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_page())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self._connect()

    def _make_page(self) -> QScrollArea:
        card = self.input_card = Card(self.tr("Your text"))
        card.body.addWidget(self.input)
        card.body.addWidget(self.pair)
        card.body.addWidget(self.asked)
        left = QVBoxLayout()
        left.setSpacing(Space.MEDIUM)
        left.addWidget(card)
        left.addWidget(self.file)
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(BesideAnswer(self.answer, self.before))
        right.addStretch(1)
        page = QWidget()
        page.setProperty("isPage", "true")
        row = QHBoxLayout(page)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        row.setSpacing(Space.LARGE)
        row.addLayout(left, 2)
        row.addLayout(right, 3)
        return PageScroll(page, self.tr("Try it"))

    def _connect(self) -> None:
        self.input.textChanged.connect(self._on_text_changed)
        self.pair.textChanged.connect(self._on_text_changed)
        self.asked.chosen.connect(self.ask)
        self.answer.remedy_chosen.connect(self._on_remedy_chosen)
        self.file.said.connect(self.said)
        self.file.remedy_chosen.connect(self._on_remedy_chosen)

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, with nothing asked yet."""
        self._showing = None
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state."""
        showing = (shown.run.path, shown.state)
        if showing == self._showing:
            return
        self._showing = showing
        self._question.drop()
        self.before.show_run(None)
        has_model = shown.has_model and shown.run.model.is_dir()
        self._model_path = str(shown.run.path) if has_model else ""
        self._stack.setCurrentIndex(1 if has_model else 0)
        if has_model:
            self._show_model(shown)
        else:
            self._show_why_not(shown)

    def _show_model(self, shown: ShownRun) -> None:
        spec = shown.summary.spec
        labels = [str(label) for label in shown.summary.resolved_value("labels") or ()]
        task = (spec.task or "") if spec is not None else ""
        rows = held_out_rows(shown.run)
        is_score = task == _SIMILARITY
        self.answer.show_labels(labels, is_score, task == "multilabel", scale_of(rows) if is_score else None)
        self.asked.turn_to(self._model_path)
        parts = shown.summary.resolved_value("parts") or {}
        self.file.show_run(self._model_path, shown.run, int(parts.get("unlabelled") or 0))
        self.before.show_run(shown)
        self._begin(task.startswith("pair-"), task)
        card = bundled_dataset(spec.data.dataset) if spec else None
        examples = _example_texts(card.questions if card else ())
        self._offer(examples, () if examples else rows_to_try(rows))

    def show_folder(
        self, path: Path, labels: Sequence[str], compares: bool, is_several: bool = False
    ) -> None:
        """Show a model that no run made; ``compares``: it judges two texts together; ``is_several``: it gives several
        labels at a time."""
        self._showing = None
        self._question.drop()
        self.before.show_run(None)
        self._model_path = str(path)
        self._stack.setCurrentIndex(1)
        is_score = compares and len(labels) <= 1
        self.answer.show_labels(labels, is_score, is_several)
        self.asked.turn_to(self._model_path)
        self.file.show_run(self._model_path, RunDir(path), 0)
        alone = "multilabel" if is_several else ""
        self._begin(compares, (_SIMILARITY if is_score else "pair-classification") if compares else alone)
        self._offer((), ())

    def _begin(self, compares: bool, task: str = "") -> None:
        self.input_card.set_title(self.tr("Your two texts") if compares else self.tr("Your text"))
        self.input.setAccessibleName(self.tr("First text") if compares else self.tr("Text to sort"))
        first = self.tr("Type or paste the first text; the answer follows as you type.")
        only = self.tr("Type or paste a text; the answer follows as you type.")
        self.input.setPlaceholderText(first if compares else only)
        self.file.show_task(task)
        self.pair.setVisible(compares)
        self.pair.clear()
        self.input.clear()

    def _offer(self, examples: Sequence[str], rows: Sequence[Record]) -> None:
        """Texts to click, or rows of its data; where there are none, what to type."""
        self._right = {text_to_try(row): right_answer(row) for row in rows}
        one = self.tr(
            "Best is a whole text like those it was trained on: a review if they were reviews, a headline if they were "
            "headlines."
        )
        two = self.tr("Best are two texts like those it was trained on, one in each field.")
        self.asked.offer(examples or list(self._right), bool(rows), one if self.pair.isHidden() else two)
        order_tab_stops(self)

    def _show_why_not(self, shown: ShownRun) -> None:
        if shown.is_live:
            sentence = self.tr(
                "The model is still learning. When the run ends, or when you stop and keep it, you can give it texts "
                "of your own here."
            )
            self._empty.set_sentence(sentence, self.tr("Watch it learn"))
        else:
            self._empty.set_sentence(self.tr("This run left no model, so there is nothing to try."))

    def focus_input(self) -> None:
        """Put the cursor where a text is typed."""
        self.input.setFocus()

    def focus_file(self) -> None:
        """Go to where a whole file is sorted."""
        self.file.choose.setFocus()

    # asking

    @Slot(str)
    def ask(self, text: str) -> None:
        """Put ``text`` into the field and ask for its class; of a pair both texts, with the mark between them."""
        first, mark, second = text.partition(BETWEEN)
        if mark and not self.pair.isHidden():
            with QSignalBlocker(self.pair):  # asked once, when both texts stand there
                self.pair.setPlainText(second)
            text = first
        self.input.setPlainText(text)

    @Slot()
    def _on_text_changed(self) -> None:
        text = self.input.toPlainText()
        if not self._model_path:
            return
        other = "" if self.pair.isHidden() else self.pair.toPlainText()
        if not text.strip() or (not self.pair.isHidden() and not other.strip()):
            self._question.drop()
            self.answer.rest()
            self.before.rest()
            return
        if len(text) + len(other) > _LONGEST_TEXT:
            self._question.drop()
            self.before.rest()
            self.answer.show_problem(_too_long(len(text) + len(other)))
            return
        arguments: dict[str, object] = {"model": self._model_path, "text": text}
        if other:
            arguments["pair"] = other
        quick = {**arguments, "is_quick": True}
        self._question.ask(
            "classify", quick, partial(self._on_classes, arguments, text), self._on_problem, self._on_progress
        )

    def _on_classes(self, arguments: dict[str, object], text: str, result: dict[str, Any]) -> None:
        """The classes stand at once; which words led to them takes many more passes, and follows."""
        self._on_answer(text, result)
        if result.get("has_more"):
            self._question.ask("classify", arguments, partial(self._on_answer, text), self._on_no_words)
        labels = [str(label) for label, _ in result.get("classes") or ()]
        pair = arguments.get("pair")
        whole = f"{text}{BETWEEN}{pair}" if pair else text
        self.answer.show_right(self._right.get(whole, ""))
        self.asked.note(whole, self.answer.said())
        self.before.ask(arguments, text, labels)

    def _on_answer(self, text: str, result: dict[str, Any]) -> None:
        self.answer.show_answer(text, result, is_marked=len(text) <= _NOT_MARKED_FROM)

    def _on_progress(self, sentence: str, _fraction: float | None) -> None:
        """Opening a model takes seconds the first time."""
        self.answer.say_waiting(sentence)

    def _on_no_words(self, _problem: PtftError) -> None:
        """The answer itself stands; only what led to it cannot be told."""
        self.answer.say_more_follows(False)

    def _on_problem(self, problem: PtftError) -> None:
        self.before.rest()
        self.answer.show_problem(problem)

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(Action("show_train", ""))

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))


def _too_long(signs: int) -> PtftError:
    return PtftError(
        "The text is too long to be typed in.",
        f"It has {signs:,} signs; {_LONGEST_TEXT:,} is the most.",
        "Put it into a file and sort the file.",
    )


def _example_texts(questions: Any) -> list[str]:
    """Texts to try that a bundled dataset brings."""
    return [str(question["text"]) for question in questions if question.get("kind") == "classify"]
