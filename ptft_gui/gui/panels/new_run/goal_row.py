"""The first question of the page: what is to be done. A goal sets the stage."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice

HEIGHT = 56
RELATED_WORDS, SORT_TEXTS = "related_words", "sort_texts"


class GoalRow(QWidget):
    """The goals that can be served, side by side, and a sentence about the one chosen; ``goal_chosen`` carries it."""

    goal_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(HEIGHT)
        self.goals = SegmentedChoice(
            [
                (RELATED_WORDS, self.tr("Find related words"), ""),
                (SORT_TEXTS, self.tr("Sort texts into classes"), ""),
            ],
            self.tr("Goal"),
        )
        self.goals.setObjectName("goalPicker")
        self._because, self._is_setting = "", False
        question = PlainLabel(self.tr("What do you want to do?"), TextStyle.TITLE)
        question.setWordWrap(False)
        self.sentence = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.sentence.setObjectName("goalSentence")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(question)
        row.addWidget(self.goals)
        row.addWidget(self.sentence, 1)
        self.goals.value_changed.connect(self._on_changed)
        self._say()

    def goal(self) -> str:
        return self.goals.value()

    def set_goal(self, goal: str, because: str = "") -> None:
        """Choose a goal; ``because``: a sentence that says why the program did, in place of the usual one."""
        self._because = because
        self._is_setting = True
        self.goals.set_value(goal)
        self._is_setting = False
        self._say()

    def _say(self) -> None:
        sorts = self.goals.value() == SORT_TEXTS
        usual = (
            self.tr("The model learns from texts with labels which class a text belongs to.")
            if sorts
            else self.tr("The model reads a text and finds out which words are used alike.")
        )
        self.sentence.setText(self._because or usual)

    @Slot(str)
    def _on_changed(self, goal: str) -> None:
        if not self._is_setting:
            self._because = ""
        self._say()
        self.goal_chosen.emit(goal)
