"""The first question of the page: what is to be done. A goal sets the family and the stage."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice

HEIGHT = 56


class GoalRow(QWidget):
    """The goals that can be served, side by side, and a sentence about the one chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumHeight(HEIGHT)
        self.goals = SegmentedChoice([("related_words", self.tr("Find related words"), "")], self.tr("Goal"))
        self.goals.setObjectName("goalPicker")
        question = PlainLabel(self.tr("What do you want to do?"), TextStyle.TITLE)
        question.setWordWrap(False)
        sentence = PlainLabel(
            self.tr("The model reads a text and finds out which words are used alike."),
            TextStyle.BODY,
            Role.QUIET_TEXT,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.SMALL)
        row.setSpacing(Space.MEDIUM)
        row.addWidget(question)
        row.addWidget(self.goals)
        row.addWidget(sentence, 1)
