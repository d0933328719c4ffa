"""The first question of the page: what is to be done. A goal sets family, stage and task; which of its jobs, below."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.family.registry import WINDOW_FAMILIES
from ptft_gui.gui.panels.new_run.goals import (
    ANSWER_QUESTIONS,
    MARK_NAMES,
    RELATED_WORDS,
    SORT_TEXTS,
    TEACH_FIELD,
    WRITE_TEXT,
    meanings_of,
)
from ptft_gui.gui.panels.new_run.task_row import TaskRow
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice

HEIGHT = 56


class GoalRow(QWidget):
    """The goals that can be served, side by side, and a sentence about the one chosen; ``goal_chosen`` carries it."""

    goal_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(HEIGHT)
        self._sentences = {
            RELATED_WORDS: self.tr("The model reads a text and finds out which words are used alike."),
            SORT_TEXTS: self.tr(
                "The model learns from your labelled examples what to say of other texts, or of pairs of them."
            ),
            ANSWER_QUESTIONS: self.tr("The model learns from examples where in a text an answer stands."),
            MARK_NAMES: self.tr("The model learns from marked texts which words are names, and of what."),
            TEACH_FIELD: self.tr(
                "The model fills blanks in your texts until it knows how your field writes."
            ),
            WRITE_TEXT: self.tr(
                "The model guesses how your texts go on, until it can write such text itself."
            ),
        }
        self.goals = SegmentedChoice(self._offers(), self.tr("Goal"), fallback_columns=3)
        self.goals.setObjectName("goalPicker")
        self.tasks = TaskRow()
        self._because, self._is_setting = "", False
        question = PlainLabel(self.tr("What do you want to do?"), TextStyle.STRONG)
        question.setWordWrap(False)
        self.sentence = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.sentence.setObjectName("goalSentence")
        line = QHBoxLayout()
        line.setSpacing(Space.SMALL)
        line.addWidget(question)
        line.addWidget(self.sentence, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        column.setSpacing(Space.HALF)
        column.addLayout(line)
        column.addWidget(self.goals)
        column.addWidget(self.tasks)
        self.goals.value_changed.connect(self._on_changed)
        self._say()

    def _offers(self) -> list[tuple[str, str, str]]:
        offers = [
            (RELATED_WORDS, self.tr("Find related words"), ""),
            (SORT_TEXTS, self.tr("Sort texts into classes"), ""),
        ]
        more = (
            (ANSWER_QUESTIONS, self.tr("Answer questions from a text"), ""),
            (MARK_NAMES, self.tr("Mark names in text"), ""),
        )
        offers += [offer for offer in more if meanings_of(offer[0])]
        if "bert" in WINDOW_FAMILIES:
            offers.append((TEACH_FIELD, self.tr("Teach a model my field"), ""))
        if "gpt" in WINDOW_FAMILIES:
            offers.append((WRITE_TEXT, self.tr("Write text"), ""))
        return offers

    def goal(self) -> str:
        return self.goals.value()

    def set_goal(self, goal: str, because: str = "") -> None:
        """Choose a goal; ``because``: a sentence that says why the program did, in place of the usual one."""
        self._because = because
        self._is_setting = True
        self.goals.set_value(goal)
        self._is_setting = False
        self._say()

    @Slot()
    def forget_reason(self) -> None:
        """The data that a goal was chosen for is no longer there."""
        self._because = ""
        self._say()

    def _say(self) -> None:
        self.sentence.setText(self._because or self._sentences[self.goals.value()])

    @Slot(str)
    def _on_changed(self, goal: str) -> None:
        if not self._is_setting:
            self._because = ""
        self._say()
        self.goal_chosen.emit(goal)
