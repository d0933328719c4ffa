"""The second question of the page, where a goal can mean several jobs; and why the data cannot serve the one chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.gui.panels.new_run.goals import meanings_of
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.data_answers import OpenedData
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice

_SENTENCE_WIDTH = 200
_FALLBACK_COLUMNS = 2


class TaskRow(QWidget):
    """The jobs that a goal can mean (taskPicker) and a sentence about the one chosen (taskSentence).

    ``task_chosen`` carries what a person chose; PLAIN_TEXT stands for learning without labels.
    """

    task_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentences = {
            "classification": self.tr("Each text belongs to one class, such as its topic."),
            "multilabel": self.tr(
                "A text may carry several labels, or none; a cell names them as in “a; b”."
            ),
            "pair-classification": self.tr(
                "Each row holds two texts and a label, such as whether both say the same."
            ),
            "pair-similarity": self.tr("Each row holds two texts and a number that says how alike they are."),
            PLAIN_TEXT: self.tr("It learns from running text and goes on from your first words."),
            "reply": self.tr("It learns from prompts and the replies to them; only the reply is learned."),
        }
        self.tasks = SegmentedChoice(self._offers(), self.tr("Job"), fallback_columns=_FALLBACK_COLUMNS)
        self.tasks.setObjectName("taskPicker")
        self._is_setting = False
        self._goal, self._task, self._data = "", PLAIN_TEXT, OpenedData()
        self.sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.sentence.setObjectName("taskSentence")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.SMALL)
        self._row.addWidget(self.tasks)
        self._row.addWidget(self.sentence, 1)
        self.tasks.value_changed.connect(self._on_chosen)
        self.hide()

    def _offers(self) -> list[tuple[str, str, str]]:
        return [
            ("classification", self.tr("One class each"), ""),
            ("multilabel", self.tr("Several labels per text"), ""),
            ("pair-classification", self.tr("Compare two texts"), ""),
            ("pair-similarity", self.tr("How alike two texts are"), ""),
            (PLAIN_TEXT, self.tr("Go on writing"), ""),
            ("reply", self.tr("Answer in the style of examples"), ""),
        ]

    def show_task(self, goal: str, task: str | None) -> None:
        """Offer what ``goal`` can mean, ``task`` chosen."""
        self._goal, self._task = goal, task or PLAIN_TEXT
        meanings = meanings_of(goal)
        self._is_setting = True
        if len(meanings) > 1:
            self.tasks.offer(meanings)
            self.tasks.set_value(self._task if self._task in meanings else meanings[0])
        self._is_setting = False
        self.tasks.setVisible(len(meanings) > 1)
        self._give_room()
        self._say()

    def show_data(self, data: OpenedData | None) -> None:
        """What the chosen data can be used for; None while that is not known."""
        self._data = data or OpenedData()
        self._say()

    def why_not(self) -> str:
        """Why the data cannot serve what is chosen, in one sentence; "" where it can, or is not known."""
        return next(
            (offer.sentence for offer in self._data.tasks if offer.key == self._task and not offer.suits), ""
        )

    def _say(self) -> None:
        why_not = self.why_not() if self._task != PLAIN_TEXT else ""
        is_choice = not self.tasks.isHidden()
        usual = self._sentences.get(self._task, "") if is_choice else ""
        self.sentence.setText(why_not or usual)
        self.sentence.set_ink(Role.WARNING_TEXT if why_not else Role.QUIET_TEXT)
        self.setVisible(is_choice or bool(why_not))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_room()

    def _give_room(self) -> None:
        """The jobs stand in one row where they can, the sentence beside them where there is room, else below."""
        count = len(meanings_of(self._goal)) if self._goal else 0
        wanted = 0
        if count > 1:
            in_one_row = self.tasks.width_in(count)
            wanted = in_one_row if in_one_row <= self.width() else self.tasks.width_in(_FALLBACK_COLUMNS)
        is_beside = wanted + Space.SMALL + _SENTENCE_WIDTH <= self.width()
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if is_beside else directions.TopToBottom)
        self._row.setSpacing(Space.SMALL if is_beside else Space.HALF)
        self.tasks.setFixedWidth(max(1, min(wanted, self.width())))

    @Slot(str)
    def _on_chosen(self, task: str) -> None:
        if not self._is_setting:
            self.task_chosen.emit(task)
