"""The Evaluate tab of every task but classes: the score to report, each kind by itself, and the mistakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.core.telling.methods_paragraph import methods_paragraph
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.evaluate.corrections_card import CorrectionsCard
from ptft_gui.gui.panels.run.evaluate.likeness_card import LikenessCard
from ptft_gui.gui.panels.run.evaluate.task_folds import may_repeat, why_not_repeated
from ptft_gui.gui.panels.run.evaluate.task_mistakes import MistakesCard
from ptft_gui.gui.panels.run.evaluate.task_numbers import NumbersCard
from ptft_gui.gui.panels.run.row_corrections import RowCorrections
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.list_export import CellValue, ExportButton, ListTable
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.race_offer import RaceOffer
from ptft_gui.gui.widgets.scroll_area import PageScroll
from ptft_gui.gui.widgets.tab_order import order_tab_stops

_SHARES = ("precision", "recall", "f1")


class TaskScoreTab(QWidget):
    """``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self._kinds: tuple[Mapping[str, Any], ...] = ()
        self._is_labels = False
        self._shown: ShownRun | None = None
        self._question, self._asked_again = OneQuestion(asker), OneQuestion(asker)
        self.corrections = RowCorrections(self)
        self.corrections.changed.connect(self._on_corrected)
        self.corrections.failed.connect(self.failed)
        self.numbers, self.mistakes = NumbersCard(), MistakesCard(self.corrections)
        self.corrected, self.likeness = CorrectionsCard(self.corrections), LikenessCard()
        self.corrected.train_requested.connect(self._on_train_corrected)
        self.numbers.repeat_requested.connect(self._on_repeat)
        self._problem = ProblemNote()
        self._problem.remedy_chosen.connect(self._on_remedy_chosen)
        self._empty = EmptyState("", icon="chart")
        self._empty.action_requested.connect(self._on_empty_action)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._make_page())
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)
        self.numbers.said.connect(self.said)

    def _make_page(self) -> PageScroll:
        self.table = CellTable(self.tr("Each kind by itself"))
        self.table.setObjectName("kindTable")
        export = ExportButton("kindsExport", self._kinds_table)
        export.said.connect(self.said)
        export.failed.connect(self.failed)
        self._kinds_card = Card("", "")
        self._kinds_card.add_to_title_row(export)
        self._kinds_card.body.addWidget(self.table)
        page = QWidget()
        page.setProperty("isPage", "true")
        column = QVBoxLayout(page)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        self.race = RaceOffer()
        self.race.action_requested.connect(self.action_requested)
        self._cards = (self.numbers, self.corrected, self.likeness, self._kinds_card, self.mistakes)
        for widget in (self._problem, self.numbers, self.corrected, self.race, *self._cards[2:]):
            column.addWidget(widget)
        column.addStretch(1)
        return PageScroll(page, self.tr("Scores"))

    def show_run(self, shown: ShownRun) -> None:
        """Show another run."""
        self._showing = None
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state."""
        self.race.show_found(shown.has_race)
        showing = (shown.run.path, shown.state)
        if showing == self._showing:
            return
        self._showing, self._shown = showing, shown
        self._question.drop()
        self._asked_again.drop()
        self._problem.hide()
        for card in self._cards:
            card.hide()
        self.race.show_for(shown.summary.spec if shown.has_model else None, shown.is_recorded)
        self._stack.setCurrentIndex(1 if shown.has_model else 0)
        if shown.has_model:
            self._question.ask(
                "token_report", {"run": str(shown.run.path)}, self._on_report, self._problem.show_problem
            )
        elif shown.is_live:
            sentence = self.tr(
                "The test rows are read once, when the run ends. Then the score to report stands here, with the "
                "mistakes that were made."
            )
            self._empty.set_sentence(sentence, self.tr("Watch it learn"))
        else:
            self._empty.set_sentence(self.tr("This run left no model, so there is nothing to measure."))

    def _on_report(self, report: dict[str, Any]) -> None:
        scores = report.get(str(report.get("part"))) or {}
        if not scores.get("rows"):
            self._problem.show_problem(
                PtftError(
                    self.tr("Nothing was measured in this run."),
                    self.tr("Neither rows for choosing nor rows for testing were left of its data."),
                    self.tr("Use more rows, or leave a larger share out."),
                )
            )
            return
        task, part, shown = str(report["task"]), str(report["part"]), self._shown
        assert shown is not None
        self.numbers.show_report(task, scores, part == "test", shown.summary.guessing())
        paragraph = methods_paragraph(shown.summary, report)
        is_repeated = may_repeat(shown) and part == "test"
        self.numbers.show_more(
            paragraph, report.get("folds"), report.get("looks"), is_repeated, why_not_repeated(shown)
        )
        self.numbers.show()
        corrected, labels = (
            report.get("corrected") or {},
            [str(label) for label in report.get("labels") or ()],
        )
        self.corrections.show(str(shown.run.path), task, labels, corrected, not shown.is_recorded)
        self.corrected.show_corrections(corrected, part)
        self._show_kinds(task, scores.get("classes" if task == "multilabel" else "kinds") or ())
        self.likeness.show_points(report.get("points") or (), int(scores["rows"]))
        self.mistakes.show_mistakes(task, report.get("mistakes") or ())
        order_tab_stops(self)

    @Slot()
    def _on_corrected(self) -> None:
        """Ask for both scores anew; what is chosen on the page stays."""
        if self._shown is not None:
            run: dict[str, object] = {"run": str(self._shown.run.path)}
            self._asked_again.ask("token_report", run, self._on_scores_again, self.failed.emit)

    def _on_scores_again(self, report: dict[str, Any]) -> None:
        corrected = report.get("corrected") or {}
        self.corrections.learn(corrected)
        self.corrected.show_corrections(corrected, str(report.get("part")))
        order_tab_stops(self)

    @Slot()
    def _on_train_corrected(self) -> None:
        self.action_requested.emit(Action("train_corrected", ""))

    @Slot()
    def _on_repeat(self) -> None:
        self.numbers.repeat_button.hide()  # once is enough
        self.action_requested.emit(Action("repeat_folds", ""))

    def _show_kinds(self, task: str, kinds: Sequence[Mapping[str, Any]]) -> None:
        self._kinds, self._is_labels = tuple(kinds), task == "multilabel"
        self._kinds_card.setVisible(bool(kinds))
        heads = (self.tr("Kind"), self.tr("Precision"), self.tr("Recall"), self.tr("F1"), self.tr("Names"))
        title = self.tr("Each kind by itself")
        caption = self.tr(
            "Precision: of the names it marked, the share that are right from their first word to their last. "
            "Recall: of the names that are there, the share it found. F1 is between both, nearer to the lower one."
        )
        if self._is_labels:
            heads = (self.tr("Label"), *heads[1:4], self.tr("Rows"))
            title = self.tr("Each label by itself")
            caption = self.tr(
                "Precision: of the rows that were given the label, the share that have it. Recall: of the rows that "
                "have it, the share that were given it. F1 is between both, nearer to the lower one. A label is given "
                "from a share of 0.50 on."
            )
        self._kinds_card.set_title(title)
        self._kinds_card.set_caption(caption)
        rows = [
            (
                str(number), str(each["label"]), *(f"{float(each[key]):.2f}" for key in _SHARES),
                f"{int(each['support']):,}",
            )
            for number, each in enumerate(kinds, 1)
        ]  # fmt: skip
        self.table.show_cells(heads, rows)
        if rows:
            self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.fit_height()

    def _kinds_table(self) -> ListTable:
        rows: list[tuple[CellValue, ...]] = [
            (each["label"], *(each[key] for key in _SHARES), each["support"]) for each in self._kinds
        ]
        if self._is_labels:
            return ListTable("labels", ("label", *_SHARES, "rows"), tuple(rows))
        return ListTable("kinds", ("kind", *_SHARES, "names"), tuple(rows))

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(Action("show_train", ""))

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))
