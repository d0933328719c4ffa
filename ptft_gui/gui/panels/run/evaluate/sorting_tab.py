"""The Evaluate tab of a model that sorts texts into classes: the score to report, and where it goes wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHeaderView, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.methods_paragraph import methods_paragraph
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.evaluate.calibration_card import CalibrationCard
from ptft_gui.gui.panels.run.evaluate.confusion_card import ConfusionCard
from ptft_gui.gui.panels.run.evaluate.correctable_table import CorrectableTable
from ptft_gui.gui.panels.run.evaluate.corrections_card import CorrectionsCard
from ptft_gui.gui.panels.run.evaluate.score_card import ScoreCard
from ptft_gui.gui.panels.run.evaluate.task_folds import may_repeat
from ptft_gui.gui.panels.run.evaluate.task_tab import TaskScoreTab
from ptft_gui.gui.panels.run.row_corrections import RowCorrections, row_of_answer
from ptft_gui.gui.panels.run.rows_to_try import BETWEEN, in_columns
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


class ScoreTab(QWidget):
    """``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self._run_path = ""
        self._summary = RunSummary()
        self._report: dict[str, Any] = {}
        self._may_repeat = self._is_recorded = False
        self._asker = asker
        self._question, self._asked_again = OneQuestion(asker), OneQuestion(asker)
        self._other: TaskScoreTab | None = None
        self.corrections = RowCorrections(self)
        self.corrections.changed.connect(self._on_corrected)
        self.corrections.failed.connect(self.failed)
        self.score = ScoreCard()
        self.confusion = ConfusionCard(asker, self.corrections)
        self.corrected = CorrectionsCard(self.corrections)
        self.corrected.train_requested.connect(self._on_train_corrected)
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
        self.score.said.connect(self.said)
        self.score.repeat_requested.connect(self._on_repeat)

    def _make_page(self) -> QScrollArea:
        self.classes = CellTable(self.tr("Each class by itself"))
        self.classes.setObjectName("classTable")
        self.mistakes = CorrectableTable(self.tr("Worst mistakes"), self.corrections)
        self.mistakes.setObjectName("mistakeTable")
        self._export = ExportButton("classesExport", self._classes_table)
        self._export.said.connect(self.said)
        self._export.failed.connect(self.failed)
        classes = Card(
            self.tr("Each class by itself"),
            self.tr(
                "Precision: of the rows that were given the class, the share that have it. Recall: of the rows that "
                "have it, the share that were given it. F1 is between both, nearer to the lower one."
            ),
        )
        classes.add_to_title_row(self._export)
        classes.body.addWidget(self.classes)
        self._mistakes_card = Card(
            self.tr("Worst mistakes"),
            self.tr(
                "Rows the model was surest about and still wrong. Sometimes it is the label that is wrong: choose "
                "what stands in the last column to correct it."
            ),
        )
        self._mistakes_card.body.addWidget(self.mistakes)
        page = QWidget()
        page.setProperty("isPage", "true")
        column = QVBoxLayout(page)
        column.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        self.calibration, self.race = CalibrationCard(), RaceOffer()
        self.race.action_requested.connect(self.action_requested)
        self._cards = (self.score, self.race, self.confusion, classes, self._mistakes_card, self.calibration)
        for widget in (self._problem, self.score, self.corrected, *self._cards[1:]):
            column.addWidget(widget)
        column.addStretch(1)
        return PageScroll(page, self.tr("Scores"))

    # showing

    def show_run(self, shown: ShownRun) -> None:
        """Show another run."""
        self._showing = None
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state."""
        for offer in (self.race, *([self._other.race] if self._other is not None else ())):
            offer.show_found(shown.has_race)
        showing = (shown.run.path, shown.state)
        if showing == self._showing:
            return
        self._showing = showing
        self._summary, self._run_path = shown.summary, str(shown.run.path)
        self._may_repeat, self._is_recorded = may_repeat(shown), shown.is_recorded
        self._question.drop()
        self._asked_again.drop()
        if shown.judges_texts and not shown.sorts_texts:
            self._show_other(shown)
            return
        self._stack.setCurrentIndex(1 if shown.has_model else 0)
        if shown.has_model:
            self._problem.hide()
            for card in (*self._cards, self.corrected):
                card.hide()
            self._question.ask("task_report", {"run": self._run_path}, self._on_report, self._on_problem)
        else:
            self._show_why_not(shown)

    def _show_other(self, shown: ShownRun) -> None:
        """Several labels a text, and likeness, have no matrix: the page of the other tasks says what there is."""
        if self._other is None:
            self._other = TaskScoreTab(self._asker)
            self._stack.addWidget(self._other)
            self._other.action_requested.connect(self.action_requested)
            self._other.said.connect(self.said)
            self._other.failed.connect(self.failed)
        self._stack.setCurrentWidget(self._other)
        self._other.show_run(shown)

    def _show_why_not(self, shown: ShownRun) -> None:
        if shown.is_live:
            sentence = self.tr(
                "The test rows are read once, when the run ends. Then the score to report stands here, with the "
                "mistakes that were made."
            )
            self._empty.set_sentence(sentence, self.tr("Watch it learn"))
        else:
            self._empty.set_sentence(self.tr("This run left no model, so there is nothing to measure."))

    def _on_report(self, report: dict[str, Any]) -> None:
        self._report = report
        part = "test" if report.get("test") else "val"
        scores = report.get(part) or {}
        if not scores:
            self._on_problem(
                PtftError(
                    self.tr("Nothing was measured in this run."),
                    self.tr("Neither rows for choosing nor rows for testing were left of its data."),
                    self.tr("Use more rows, or leave a larger share out."),
                )
            )
            return
        for card in self._cards:
            card.show()
        self.race.show_for(self._summary.spec, self._is_recorded)
        labels = [str(label) for label in report.get("labels") or ()]
        parts = self._summary.resolved_value("parts") or {}
        labelled = sum(int(parts.get(key) or 0) for key in ("train", "val", "test"))
        self.score.show_report(
            report, methods_paragraph(self._summary, report), self._may_repeat and part == "test", labelled
        )
        corrected, task = report.get("corrected") or {}, str(report.get("task") or "")
        self.corrections.show(self._run_path, task, labels, corrected, not self._is_recorded)
        self.corrected.show_corrections(corrected, part)
        self.calibration.show_calibration(report.get("calibration"))
        self.confusion.show_scores(self._run_path, part, labels, scores)
        self._show_classes(scores.get("classes") or ())
        self._show_mistakes(report.get("mistakes") or ())
        order_tab_stops(self)

    def _on_problem(self, problem: PtftError) -> None:
        self._problem.show_problem(problem)

    def _show_classes(self, classes: Sequence[Mapping[str, Any]]) -> None:
        heads = (self.tr("Class"), self.tr("Precision"), self.tr("Recall"), self.tr("F1"), self.tr("Rows"))
        rows = [
            (
                str(number), str(each.get("label", "")), *(f"{float(each.get(key) or 0):.2f}" for key in _SHARES),
                f"{int(each.get('support') or 0):,}",
            )
            for number, each in enumerate(classes, 1)
        ]  # fmt: skip
        self.classes.show_cells(heads, rows)
        if rows:
            self.classes.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.classes.fit_height()

    def _classes_table(self) -> ListTable:
        scores = self._report.get("test") or self._report.get("val") or {}
        rows: list[tuple[CellValue, ...]] = [
            (each["label"], *(each[key] for key in _SHARES), each["support"])
            for each in scores.get("classes") or ()
        ]
        return ListTable("classes", ("class", *_SHARES, "rows"), tuple(rows))

    def _show_mistakes(self, found: Sequence[Sequence[Any]]) -> None:
        self._mistakes_card.setVisible(bool(found))
        has_pairs = bool(found) and all(BETWEEN in str(row[1]) for row in found)
        texts = (self.tr("First text"), self.tr("Second text")) if has_pairs else (self.tr("Text"),)
        heads = (*texts, self.tr("True"), self.tr("Answered"), self.tr("Sure"))
        self.mistakes.show_rows(
            heads,
            [
                (
                    str(row[0]),
                    *(in_columns(str(row[1])) if has_pairs else (str(row[1]),)),
                    str(row[2]),
                    str(row[3]),
                    f"{float(row[4]):.2f}",
                )
                for row in found
            ],
            [row_of_answer(row) for row in found],
        )
        self.mistakes.fit_height()

    @Slot()
    def _on_corrected(self) -> None:
        """Ask for both scores anew; what is chosen on the page stays."""
        self._asked_again.ask("task_report", {"run": self._run_path}, self._on_scores_again, self.failed.emit)

    def _on_scores_again(self, report: dict[str, Any]) -> None:
        corrected = report.get("corrected") or {}
        self.corrections.learn(corrected)
        self.corrected.show_corrections(corrected, "test" if report.get("test") else "val")
        order_tab_stops(self)

    @Slot()
    def _on_train_corrected(self) -> None:
        self.action_requested.emit(Action("train_corrected", ""))

    @Slot()
    def _on_repeat(self) -> None:
        self.score.repeat_button.hide()  # once is enough
        self.action_requested.emit(Action("repeat_folds", ""))

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(Action("show_train", ""))

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))


_SHARES = ("precision", "recall", "f1")
