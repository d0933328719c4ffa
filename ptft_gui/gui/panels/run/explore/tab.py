"""The Explore tab of word vectors: nearest words at the left; the map and all that grows from it at the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.datasets import DatasetCard, bundled_dataset
from ptft_gui.core.errors import Remedy
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.explore.analogy import AnalogyCard
from ptft_gui.gui.panels.run.explore.axes_card import AxesCard, axis_examples
from ptft_gui.gui.panels.run.explore.compare_card import CompareCard
from ptft_gui.gui.panels.run.explore.map_card import MapCard
from ptft_gui.gui.panels.run.explore.neighbours import NeighboursCard
from ptft_gui.gui.panels.run.explore.other_model import OtherModel, OtherModelBar
from ptft_gui.gui.panels.run.explore.word_history import WordHistoryCard
from ptft_gui.gui.panels.run.probe_history import watched_words
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Space, current_theme
from ptft_gui.gui.theme.scaled import scaled
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.changes_card import ChangesCard
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.tab_order import order_tab_stops
from ptft_gui.gui.widgets.view_choice import ViewChoice

_LEFT_WIDTH, _LEFT_SHARE = 320, 0.36
MAP, ANALOGY, AXES, COMPARE, CHANGES, HISTORY = "map", "analogy", "axes", "compare", "changes", "history"


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
        self._wanted: tuple[str, str] = ("", "")
        self._model = OtherModel("", "")
        self.neighbours = NeighboursCard(asker)
        self.map = MapCard(asker)
        self.analogy = AnalogyCard(asker)
        self.axes = AxesCard(asker)
        self.other = OtherModelBar()
        self.compare = CompareCard(asker)
        self.changes = ChangesCard(asker)
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
        self._choice.set_value(MAP)

    def _make_questions(self) -> QWidget:
        page = QWidget()
        self._choice = ViewChoice(
            (
                (MAP, self.tr("Map")),
                (ANALOGY, self.tr("Analogy")),
                (AXES, self.tr("Axes")),
                (COMPARE, self.tr("Compare")),
                (CHANGES, self.tr("What changed")),
                (HISTORY, self.tr("How a word found its place")),
            ),
            self.tr("What to look at"),
        )
        self._choice.setObjectName("exploreChoice")
        self._views: dict[str, QWidget] = {
            MAP: self.map, ANALOGY: self.analogy, AXES: self.axes, COMPARE: self.compare, CHANGES: self.changes,
            HISTORY: self.history,
        }  # fmt: skip
        self._right = QStackedWidget()
        for view in self._views.values():
            self._right.addWidget(view)
        right = QVBoxLayout()
        right.setSpacing(Space.SMALL)
        right.addWidget(self._choice)
        right.addWidget(self.other)
        right.addWidget(self._right, 1)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.LARGE)
        row.addWidget(self.neighbours)
        row.addLayout(right, 1)
        return page

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    @Slot()
    def _share_width(self) -> None:
        """Large type takes more width for the words, but leaves the map its own."""
        self.neighbours.setFixedWidth(
            min(scaled(_LEFT_WIDTH), max(_LEFT_WIDTH, round(_LEFT_SHARE * self.width())))
        )

    def _connect(self) -> None:
        current_theme().theme_changed.connect(self._share_width)
        self._choice.value_changed.connect(self._on_choice_changed)
        self.neighbours.asked.connect(self.history.choose)
        self.neighbours.found.connect(self._on_found)
        self.other.chosen.connect(self._on_other_chosen)
        cards = (self.map, self.analogy, self.axes, self.compare, self.changes)
        for view in (*cards, self.history):
            view.word_activated.connect(self.neighbours.ask)
        for card in (self.neighbours, *cards):
            card.said.connect(self.said)
            card.failed.connect(self.failed)
            card.remedy_chosen.connect(self._on_remedy_chosen)

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run."""
        self._showing = None
        self.refresh(shown)

    def show_runs(self, rows: Sequence[RunOverview], folder: Path) -> None:
        """The runs there are in ``folder``, to compare the shown one with; that one may be of another folder."""
        self.other.show_runs(rows, folder)

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
        self._show_parts(OtherModel(path, shown.run.title()), words, int(total) if total else None, card)
        self.other.show_run(shown.run)
        self.history.show_run(shown)
        self._end_showing()

    def show_file(self, path: str, title: str, tokens: int | None = None) -> None:
        """Show a model that no run made, a vector file or a model folder; ``tokens``: of its text, where known."""
        self._showing = None
        self._stack.setCurrentIndex(1)
        self._show_parts(OtherModel(path, title), [], tokens, None)
        self.other.show_model(path)
        self.history.has_history = False
        self._end_showing()

    def _show_parts(
        self, model: OtherModel, words: list[str], tokens: int | None, card: DatasetCard | None
    ) -> None:
        self._model = model
        self.neighbours.show_model(model.path, words)
        self.map.show_model(model.path, words)
        self.analogy.show_model(model.path, tokens, analogy_questions(card))
        self.axes.show_model(model.path, axis_examples(card.questions if card else ()))
        self.compare.show_model(model.path, model.title)

    def _end_showing(self) -> None:
        self._choice.show_view(HISTORY, self.history.has_history)
        if self._choice.value() == HISTORY and not self.history.has_history:
            self._choice.set_value(MAP)
        order_tab_stops(self)
        self._has_asked = False
        self._ask_first_question()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_first_question()

    def ask_word(self, run: str, word: str) -> None:
        """Ask the run of this name for ``word``, now or as soon as it is shown with its model."""
        self._wanted = (run, word)
        if self._has_asked and self._stack.currentIndex() == 1:
            self._has_asked = False
        self._ask_first_question()

    def _ask_first_question(self) -> None:
        """Who opens an ended run sees at once what it has learned."""
        if self._has_asked or not self.isVisible():
            return
        self._has_asked = True
        run, word = self._wanted
        words = [word] if run and Path(self._model.path).name == run else []
        self._wanted = ("", "")
        if words := words or list(self.neighbours.examples()):
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

    def choose(self, view: str) -> None:
        """Turn to a view: map, analogy, axes, compare, changes or history."""
        self._choice.set_value(view)

    @Slot(str)
    def _on_choice_changed(self, value: str) -> None:
        self._right.setCurrentWidget(self._views[value])
        self.other.setVisible(value in (COMPARE, CHANGES))

    @Slot(str, object)
    def _on_found(self, word: str, neighbours: list[str]) -> None:
        """Another word is shown at the left: every view follows."""
        self.map.show_word(word, neighbours)
        self.axes.set_word(word, neighbours)
        self.compare.set_word(word)

    @Slot(object)
    def _on_other_chosen(self, other: OtherModel | None) -> None:
        self.compare.set_other(other)
        nothing = self.tr(
            "Choose another model above, for example the same text trained in another way, or an earlier run. "
            "Then you see which words moved to other company from that model to this one."
        )
        self.changes.show_pair(other.path if other else "", self._model.path, nothing)

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
