"""Questions of the kind "a is to b as c is to what", asked with plus and minus."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.example_chips import ExampleChips
from ptft_gui.gui.panels.run.explore.analogy_picture import AnalogyPicture
from ptft_gui.gui.panels.run.explore.word_input import WordInput
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.similarity_table import SimilarityTable

_TOPN = 6
_SIDE_BY_SIDE = 480
"""Narrower, as beside a lesson on a small screen, the picture stands below the words."""
_FEW_EXAMPLES, _ROOM_FOR_ALL_EXAMPLES = 3, 440
"""In a low window the answer needs the lines of all examples but one."""
WORDS_FOR_ANALOGIES = 5_000_000
_TENTH_OF_A_MILLION = 100_000


class AnalogyCard(Card):
    """A question (analogyInput), the nearest words to the point it leads to (analogyTable), and its picture.

    ``word_activated`` carries a word of the answer, ``remedy_chosen`` a :class:`Remedy`, ``said`` a sentence,
    ``failed`` a :class:`PtftError`.
    """

    word_activated = Signal(str)
    remedy_chosen = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._question = OneQuestion(asker)
        self._model_path = ""
        self.setAccessibleName(self.tr("Analogy"))
        self.set_caption(self.tr("Take one word's meaning away and add another's: where does that lead?"))
        self.input = WordInput(asker)
        self.input.setObjectName("analogyInput")
        self.input.setAccessibleName(self.tr("Analogy, as words with plus and minus"))
        self.input.setPlaceholderText(self.tr("word - word + word, as many as you like"))
        self.input.returnPressed.connect(self._on_submitted)
        self._ask_button = SecondaryButton(self.tr("Ask"))
        self._ask_button.setObjectName("analogyButton")
        self._ask_button.clicked.connect(self._on_submitted)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.input, 1)
        row.addWidget(self._ask_button)
        self._warning = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._warning.setObjectName("analogyWarning")
        self._examples = ExampleChips(self.tr("Tested on this text:"), "analogyExample")
        self._examples.chosen.connect(self.ask)
        self._problem = ProblemNote()
        self._problem.word_chosen.connect(self._on_close_word)
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        self.table = SimilarityTable()
        self.table.setObjectName("analogyTable")
        self.table.setAccessibleName(self.tr("Answers to the analogy"))
        self.table.word_activated.connect(self.word_activated)
        self.picture = AnalogyPicture(asker)
        self.picture.word_activated.connect(self.word_activated)
        self.export = ExportButton("analogyExport", self.list_table, self.picture.save)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        row.addWidget(self.export)
        self.body.addLayout(row)
        for widget in (self._warning, self._examples, self._problem):
            self.body.addWidget(widget)
        self._answer = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._answer.setSpacing(Space.MEDIUM)
        self._answer.addWidget(self.table, 2)
        self._answer.addWidget(self.picture, 3)
        self._empty = EmptyState(
            self.tr(
                "Type words with plus and minus above. The words nearest to where that leads appear here."
            )
        )
        self.body.addLayout(self._answer, 1)
        self.body.addWidget(self._empty, 1)
        self.body.addStretch(0)
        self._show_nothing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_wide = self.width() >= _SIDE_BY_SIDE
        self._answer.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self._examples.show_at_most(_FEW_EXAMPLES if self.height() < _ROOM_FOR_ALL_EXAMPLES else None)

    def _show_nothing(self) -> None:
        self.table.set_rows([])
        self.table.hide()
        self.picture.clear()
        self.export.setEnabled(False)
        self._empty.setVisible(self._problem.isHidden())

    def show_model(self, path: str, words: int | None, examples: list[str]) -> None:
        """Ask this model; ``words``: length of its text; ``examples``: questions that hold for it."""
        self._model_path = path
        self.input.set_model(path)
        self.input.clear()
        self._examples.show_texts(examples)
        self._warning.setText(self._warning_text(words))
        self._warning.setVisible(bool(self._warning.text()))
        self._problem.hide()
        self._question.drop()
        self._show_nothing()

    def examples(self) -> tuple[str, ...]:
        """The questions that are offered."""
        return self._examples.texts()

    def _warning_text(self, words: int | None) -> str:
        if words is None or words >= WORDS_FOR_ANALOGIES:
            return ""
        if words < _TENTH_OF_A_MILLION:
            sentence = self.tr("Analogies usually need millions of words. This text has {count}.")
            return sentence.format(count=f"{words:,}")
        sentence = self.tr("Analogies usually need millions of words. This text has {count} million.")
        return sentence.format(count=f"{words / 1e6:.1f}")

    @Slot()
    def _on_submitted(self) -> None:
        if self.input.text().strip():
            self.ask(self.input.text().strip())

    @Slot(str)
    def ask(self, text: str) -> None:
        """Ask ``text``, such as "king - man + woman"."""
        if not self._model_path:
            return
        self.input.setText(text)
        self._empty.hide()
        self.table.set_rows([])
        self.export.setEnabled(False)
        question: dict[str, object] = {"model": self._model_path, "text": text, "topn": _TOPN}
        self._question.ask("analogy", question, self._on_answer, self._on_problem)
        self.picture.ask(self._model_path, text)

    def _on_answer(self, result: dict[str, Any]) -> None:
        self._problem.hide()
        rows = [(str(word), float(cosine)) for word, cosine, *_ in result.get("neighbours", [])]
        if not rows:
            self._on_problem(_no_other_word())
            return
        self.table.set_rows(rows)
        self.table.setVisible(True)
        self.export.setEnabled(True)

    def list_table(self) -> ListTable:
        """The answers, each with the question."""
        text = self.input.text()
        rows = tuple((text, rank, word, value) for rank, (word, value) in enumerate(self.table.rows(), 1))
        return ListTable("analogy", ("question", "rank", "word", "similarity"), rows)

    def _on_problem(self, problem: PtftError) -> None:
        self._problem.show_problem(problem)
        self._show_nothing()
        self._unknown = getattr(problem, "word", "")

    @Slot(str)
    def _on_close_word(self, word: str) -> None:
        """Put the close word in the place of the one that is not known, and ask again."""
        parts = [word if part == self._unknown else part for part in self.input.text().split()]
        self.ask(" ".join(parts))
        self.input.setFocus(Qt.FocusReason.OtherFocusReason)


def _no_other_word() -> PtftError:
    """What a model of very few words answers when all of them stand in the question."""
    translate = QCoreApplication.translate
    return PtftError(
        translate("AnalogyCard", "There is no other word to lead to."),
        translate("AnalogyCard", "The model knows only the words of the question."),
        translate("AnalogyCard", "Ask with fewer words, or train on more text."),
    )
