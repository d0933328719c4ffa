"""The Evaluate tab of word vectors: how well the model agrees with what people said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.evaluate.gold_card import GoldCard, GoldSet
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.tab_order import order_tab_stops

_PAGE_WIDTH = 1008


class EvaluateTab(QWidget):
    """A card for each gold set and one for a person's own file; ``action_requested`` carries an :class:`Action`,
    ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asker = asker
        self._showing: object = None
        self._model_path = ""
        self._has_asked = False
        self._cards: list[GoldCard] = []
        self._waiting: list[GoldCard] = []
        self._empty = EmptyState("", icon="chart")
        self._empty.action_requested.connect(self._on_empty_action)
        self._problem = ProblemNote()
        self._column = QVBoxLayout()
        self._column.setSpacing(Space.MEDIUM)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_page())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def _make_page(self) -> QScrollArea:
        intro = PlainLabel(
            self.tr(
                "Word vectors have no right answers of their own. These files hold what people said about words; "
                "the numbers say how far the model agrees with them, on the words it knows."
            ),
            TextStyle.BODY,
            Role.QUIET_TEXT,
        )
        self._column.addWidget(intro)
        self._column.addWidget(self._problem)
        self._column.addWidget(self._make_own_file_card())
        inner = QWidget()
        inner.setMaximumWidth(_PAGE_WIDTH)
        inner_column = QVBoxLayout(inner)
        inner_column.setContentsMargins(0, 0, 0, 0)
        inner_column.addLayout(self._column)
        inner_column.addStretch(1)
        page = QWidget()
        page.setProperty("isPage", "true")
        row = QHBoxLayout(page)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        row.addWidget(inner, 1)
        row.addStretch(0)
        return PageScroll(page, self.tr("Measurements"))

    def _make_own_file_card(self) -> Card:
        self._own = Card(
            self.tr("Your own file"),
            self.tr(
                "Pairs: word, word, score on each line. Analogies: four words on each line, groups begin with a colon."
            ),
        )
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        self._own_buttons = {}
        for kind, words in (("similarity", self.tr("Pairs...")), ("analogy", self.tr("Analogies..."))):
            button = SecondaryButton(words)
            button.setObjectName(f"ownFile_{kind}")
            button.setProperty("fileKind", kind)
            button.clicked.connect(self._on_own_clicked)
            self._own_buttons[kind] = button
            row.addWidget(button)
        row.addStretch(1)
        self._own.body.addLayout(row)
        return self._own

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, with nothing measured yet."""
        self._showing = None
        self._waiting = []
        for card in self._cards:
            card.clear()
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state."""
        showing = (shown.run.path, shown.state)
        if showing == self._showing:
            return
        self._showing = showing
        has_model = shown.has_model and shown.run.model.is_dir()
        self._model_path = str(shown.run.path) if has_model else ""
        self._stack.setCurrentIndex(1 if has_model else 0)
        if has_model:
            self._ask_for_gold_sets()
        else:
            self._show_why_not(shown)

    def _show_why_not(self, shown: ShownRun) -> None:
        if shown.is_live:
            sentence = self.tr(
                "A model can be measured when its run has ended, or when you stop and keep it."
            )
            self._empty.set_sentence(sentence, self.tr("Watch it learn"))
        else:
            self._empty.set_sentence(self.tr("This run left no model, so there is nothing to measure."))

    def _ask_for_gold_sets(self) -> None:
        if self._has_asked:
            return
        self._has_asked = True
        self._asker.ask("gold_sets", {}, self._on_gold_sets, self._on_no_gold_sets)

    def _on_gold_sets(self, result: dict[str, Any]) -> None:
        self._problem.hide()
        for record in result.get("gold_sets", []):
            texts = (str(record.get(key, "")) for key in ("key", "title", "sentence", "kind"))
            self._add_card(GoldSet(*texts))
        order_tab_stops(self)

    def _on_no_gold_sets(self, problem: PtftError) -> None:
        self._has_asked = False
        self._problem.show_problem(problem)

    def _add_card(self, gold_set: GoldSet) -> GoldCard:
        card = GoldCard(self._asker, gold_set)
        card.asked.connect(self._on_measure_asked)
        card.done.connect(self._on_done)
        card.remedy_chosen.connect(self._on_remedy_chosen)
        card.said.connect(self.said)
        card.failed.connect(self.failed)
        self._cards.append(card)
        self._column.insertWidget(self._column.indexOf(self._own), card)
        return card

    # measuring: one after another, because of several questions of a kind only the newest is answered

    @Slot(object)
    def _on_measure_asked(self, card: GoldCard) -> None:
        if not self._model_path:
            return
        self._waiting.append(card)
        if len(self._waiting) == 1:
            card.measure(self._model_path)
        else:
            card.set_waiting(self.tr("Waiting ..."))

    @Slot()
    def _on_done(self) -> None:
        if self._waiting:
            self._waiting.pop(0)
        if self._waiting:
            self._waiting[0].measure(self._model_path)

    @Slot()
    def _on_own_clicked(self) -> None:
        kind = str(self.sender().property("fileKind"))
        dialog = FileDialog(self, self.tr("Open a file of judgements"))
        dialog.setObjectName("ownFileDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choose = self.measure_pairs if kind == "similarity" else self.measure_analogies
        dialog.fileSelected.connect(choose)
        dialog.open()

    @Slot(str)
    def measure_pairs(self, path: str) -> None:
        """Measure the model against a person's own word pairs."""
        self._measure_own(path, "similarity")

    @Slot(str)
    def measure_analogies(self, path: str) -> None:
        """Measure the model against a person's own analogies."""
        self._measure_own(path, "analogy")

    def _measure_own(self, path: str, kind: str) -> None:
        gold_set = GoldSet(path, Path(path).name, path, kind)
        card = next((card for card in self._cards if card.gold_set == gold_set), None)
        self._on_measure_asked(card or self._add_card(gold_set))

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(Action("show_train", ""))

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))
