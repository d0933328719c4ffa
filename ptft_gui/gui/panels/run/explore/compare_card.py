"""The neighbours of one word in two models, side by side."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.explore.other_model import OtherModel
from ptft_gui.gui.theme import TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable
from ptft_gui.gui.widgets.neighbour_pair import NeighbourPair, Words
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote

_TOPN = 12


class CompareCard(Card):
    """Follows the word at the left; ``word_activated`` carries a word of either list."""

    word_activated = Signal(str)
    remedy_chosen = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("compareCard")
        self.set_title(self.tr("The same word in two models"))
        self.set_caption(self.tr("A dot marks words that stand in both lists."))
        self._question = OneQuestion(asker)
        self._model = OtherModel("", "")
        self._other: OtherModel | None = None
        self._word = ""
        self._asked: object = None
        self.export = ExportButton("compareExport", self.table)
        self.add_to_title_row(self.export)
        self._sentence = PlainLabel("", TextStyle.BODY)
        self._sentence.setObjectName("compareSentence")
        self._problem = ProblemNote()
        self._problem.word_chosen.connect(self.word_activated)
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        self.pair = NeighbourPair("compareHere", "compareThere")
        self.pair.word_activated.connect(self.word_activated)
        self._empty = EmptyState("", icon="table")
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.pair)
        for widget in (self._sentence, self._problem):
            self.body.addWidget(widget)
        self.body.addWidget(self._stack, 1)
        for part in (self.export,):
            part.said.connect(self.said)
            part.failed.connect(self.failed)
        self._show_nothing()

    def show_model(self, path: str, title: str) -> None:
        """Another run is shown."""
        self._model, self._word = OtherModel(path, title), ""
        self._forget()

    def set_other(self, other: OtherModel | None) -> None:
        """Hold the run against ``other``."""
        self._other = other
        self._forget()
        self._ask_if_seen()

    def set_word(self, word: str) -> None:
        """Another word is asked for at the left."""
        self._word = word
        self._ask_if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._question.is_waiting:
            self._asked = None  # another page may have asked in between
        self._ask_if_seen()

    def _forget(self) -> None:
        self._question.drop()
        self._asked = None
        self._show_nothing()

    def _ask_if_seen(self) -> None:
        if self._other is None or not self._word:
            self._show_nothing()
            return
        wanted = (self._model.path, self._other.path, self._word)
        if not self.isVisible() or wanted == self._asked:
            return
        self._asked = wanted
        self._problem.hide()
        self._sentence.setText(self.tr("Looking up {word} in both models ...").format(word=self._word))
        self._sentence.show()
        arguments: dict[str, object] = {
            "model": self._model.path, "other": self._other.path, "text": self._word, "topn": _TOPN,
        }  # fmt: skip
        self._question.ask("compare_models", arguments, self._on_answer, self._on_problem)

    def _on_answer(self, result: dict[str, Any]) -> None:
        assert self._other is not None
        here, there = _words(result.get("here")), _words(result.get("there"))
        missing = result.get("missing")
        self._sentence.setText(str(result.get("sentence") or ""))
        self._sentence.setVisible(bool(self._sentence.text()))
        nothing = self.tr("This model does not know the word.")
        self.pair.show_pair(
            Words(self._model.title, here, nothing if missing == "here" else ""),
            Words(self._other.title, there, nothing if missing == "there" else ""),
        )
        self.export.setEnabled(True)
        self._stack.setCurrentWidget(self.pair)
        self._stack.show()

    def _on_problem(self, problem: PtftError) -> None:
        self._show_nothing()
        self._stack.hide()
        self._sentence.hide()
        self._problem.show_problem(problem)

    def _show_nothing(self) -> None:
        self.export.setEnabled(False)
        self._problem.hide()
        self._sentence.hide()
        self._stack.show()
        self._stack.setCurrentWidget(self._empty)
        if self._other is None:
            sentence = self.tr(
                "Choose another model above: a run on other text, made in another way, or a file of vectors. "
                "The word at the left is then looked up in both."
            )
        else:
            sentence = self.tr(
                "Ask for a word at the left: its nearest words in both models will stand here."
            )
        self._empty.set_sentence(sentence)

    def table(self) -> ListTable:
        """Both lists, one below the other."""
        return self.pair.table(f"compare-{self._word}", self._word)


def _words(rows: Any) -> list[tuple[str, float]]:
    return [(str(row[0]), float(row[1])) for row in rows or ()]
