"""The Explore tab of word vectors: nearest words at the left; analogies and a word's history at the right."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.datasets import DatasetCard, bundled_dataset
from ptft_gui.core.errors import Remedy
from ptft_gui.core.narrator import Action
from ptft_gui.gui.panels.run.analogy import AnalogyCard
from ptft_gui.gui.panels.run.neighbours import NeighboursCard
from ptft_gui.gui.panels.run.probe_history import watched_words
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.word_history import WordHistoryCard
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.segmented_choice import SegmentedChoice
from ptft_gui.gui.widgets.tab_order import order_tab_stops

_LEFT_WIDTH = 320
_ANALOGY, _HISTORY = "analogy", "history"


class ExploreTab(QWidget):
    """Questions to the model of an ended run; while there is none, what to do about that.

    ``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`.
    """

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self._step_key = ""
        self._has_asked = True
        self.neighbours = NeighboursCard(asker)
        self.analogy = AnalogyCard(asker)
        self.history = WordHistoryCard()
        self._empty = EmptyState("", icon="search")
        self._empty.action_requested.connect(self._on_empty_action)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_questions())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        whole.addWidget(self._stack)
        self._connect()

    def _make_questions(self) -> QWidget:
        page = QWidget()
        self._choice = SegmentedChoice(
            [(_ANALOGY, self.tr("Analogy"), ""), (_HISTORY, self.tr("How a word found its place"), "")],
            self.tr("What to look at"),
        )
        self._choice.setObjectName("exploreChoice")
        self._right = QStackedWidget()
        self._right.addWidget(self.analogy)
        self._right.addWidget(self.history)
        self._choice.value_changed.connect(self._on_choice_changed)
        right = QVBoxLayout()
        right.setSpacing(Space.SMALL)
        right.addWidget(self._choice)
        right.addWidget(self._right, 1)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.LARGE)
        self.neighbours.setMinimumWidth(_LEFT_WIDTH)
        row.addWidget(self.neighbours, 1)
        row.addLayout(right, 2)
        return page

    def _connect(self) -> None:
        self.neighbours.asked.connect(self.history.choose)
        self.neighbours.said.connect(self.said)
        self.neighbours.failed.connect(self.failed)
        self.analogy.word_activated.connect(self.neighbours.ask)
        self.history.word_activated.connect(self.neighbours.ask)
        for card in (self.neighbours, self.analogy):
            card.remedy_chosen.connect(self._on_remedy_chosen)

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run."""
        self._showing = None
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state."""
        showing = (shown.run.path, shown.state)
        if showing == self._showing:
            return
        self._showing = showing
        has_model = shown.has_model and shown.run.model.is_dir()
        self._stack.setCurrentIndex(1 if has_model else 0)
        if has_model:
            self._show_model(shown)
        else:
            self._show_why_not(shown)

    def _show_model(self, shown: ShownRun) -> None:
        summary, path = shown.summary, str(shown.run.path)
        card = bundled_dataset(summary.spec.data.dataset) if summary.spec else None
        words = watched_words(summary) or list(card.watched_words if card else ())
        total = summary.resolved_value("total_words")
        self.neighbours.show_model(path, words)
        self.analogy.show_model(path, int(total) if total else None, analogy_questions(card))
        self.history.show_run(shown)
        self._choice.setVisible(self.history.has_history)
        is_history_first = self.history.has_history and not self.analogy.examples()
        self._choice.set_value(_HISTORY if is_history_first else _ANALOGY)
        order_tab_stops(self)
        self._has_asked = False
        self._ask_first_question()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_first_question()

    def _ask_first_question(self) -> None:
        """Who opens an ended run sees at once what it has learned."""
        if self._has_asked or not self.isVisible():
            return
        self._has_asked = True
        if words := self.neighbours.examples():
            self.neighbours.ask(words[0])
        if questions := self.analogy.examples():
            self.analogy.ask(questions[0])

    def _show_why_not(self, shown: ShownRun) -> None:
        """One sentence why there is nothing to ask yet, and the step to take."""
        if shown.is_live:
            self._step_key = "show_train"
            sentence = self.tr(
                "The model is still learning. When the run ends, or when you stop and keep it, "
                "you can ask here which words are near one another."
            )
            self._empty.set_sentence(sentence, self.tr("Watch it learn"))
        elif shown.summary.checkpoints:
            self._step_key = "resume"
            sentence = self.tr("This run ended before a model was saved. Its last checkpoint is whole.")
            words = self.tr("Resume from step {step}")
            self._empty.set_sentence(sentence, words.format(step=f"{shown.summary.checkpoints[-1].step:,}"))
        else:
            self._step_key = "duplicate"
            sentence = self.tr("This run left no model, so there is nothing to ask.")
            self._empty.set_sentence(sentence, self.tr("Duplicate as new run"))

    def focus_query(self) -> None:
        """Put the cursor where a word is typed."""
        self.neighbours.focus_query()

    @Slot(str)
    def _on_choice_changed(self, value: str) -> None:
        self._right.setCurrentWidget(self.history if value == _HISTORY else self.analogy)

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(Action(self._step_key, ""))

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))


def analogy_questions(card: DatasetCard | None) -> list[str]:
    """The analogies that are known to hold for a bundled dataset; none for any other text."""
    if card is None:
        return []
    return [str(question["text"]) for question in card.questions if question.get("kind") == "analogy"]
