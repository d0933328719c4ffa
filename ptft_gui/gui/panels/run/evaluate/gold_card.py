"""One measurement against what people said: what it is, a button, and the result in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.rundir import slug
from ptft_gui.core.wording import percent_text
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scaled
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import CellValue, ExportButton, ListTable
from ptft_gui.gui.widgets.problem_note import ProblemNote

ENOUGH_PAIRS = 100
_ROW_HEIGHT = 28


@dataclass(frozen=True)
class GoldSet:
    """A file of judgements: a bundled one by its key, a person's own by its path and kind."""

    gold: str
    title: str
    sentence: str
    kind: str

    def question(self, model: str) -> dict[str, object]:
        """What the companion is asked."""
        return {"model": model, "gold": self.gold, "kind": self.kind}


class GoldCard(Card):
    """Measures one gold set (measure_<key>) and says what came out.

    ``measured`` follows a result, ``said`` a sentence, ``failed`` a :class:`PtftError`, ``remedy_chosen`` a
    :class:`Remedy`. Only one set is measured at a time:
    whoever shows several asks with :meth:`measure` for the next when one is done (``done``).
    """

    done = Signal()
    asked = Signal(object)
    remedy_chosen = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, gold_set: GoldSet, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.gold_set = gold_set
        self._asker = asker
        self.set_title(gold_set.title)
        self.set_caption(gold_set.sentence)
        self.button = SecondaryButton(self.tr("Measure"))
        self.button.setObjectName(f"measure_{gold_set.gold}")
        self.button.setAccessibleName(self.tr("Measure {title}").format(title=gold_set.title))
        self.button.clicked.connect(self._on_clicked)
        self._result: tuple[tuple[CellValue, ...], ...] = ()
        self.export = ExportButton(f"export_{gold_set.gold}", self.list_table)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        self.add_to_title_row(self.export)
        self.add_to_title_row(self.button)
        self._number = PlainLabel("", TextStyle.HEADLINE)
        self._number.setObjectName("goldNumber")
        self._number.setWordWrap(False)
        self._meaning = PlainLabel("")
        self._meaning.setObjectName("goldMeaning")
        self._coverage = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._coverage.setObjectName("goldCoverage")
        self._problem = ProblemNote()
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        self._sections = CollapsibleSection(self.tr("By group of questions"))
        self._sections.setObjectName("goldSections")
        self._table = _make_table()
        self._sections.body.addWidget(self._table)
        row = QHBoxLayout()
        row.setSpacing(Space.MEDIUM)
        row.addWidget(self._number, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._meaning, 1, Qt.AlignmentFlag.AlignVCenter)
        self.body.addLayout(row)
        for widget in (self._coverage, self._problem, self._sections):
            self.body.addWidget(widget)
        self.clear()

    def clear(self) -> None:
        """Show no result."""
        for widget in (
            self._number,
            self._meaning,
            self._coverage,
            self._problem,
            self._sections,
            self.export,
        ):
            widget.hide()
        self.set_waiting("")

    def list_table(self) -> ListTable:
        """The result as a table: what was measured, then each group of questions."""
        heads = ("what", "value", "known or asked", "in the file")
        return ListTable(f"evaluation-{slug(self.gold_set.title) or 'gold'}", heads, self._result)

    def set_waiting(self, reason: str) -> None:
        """With a reason the button rests and shows it."""
        self.button.setEnabled(not reason)
        self.button.setText(reason or self.tr("Measure"))

    def text(self) -> str:
        """What the card says about its result."""
        labels = (self._number, self._meaning, self._coverage)
        return " ".join(label.text() for label in labels if not label.isHidden())

    @Slot()
    def _on_clicked(self) -> None:
        self.asked.emit(self)

    def measure(self, model: str) -> None:
        """Ask for the measurement."""
        self.clear()
        self.set_waiting(self.tr("Measuring ..."))
        self._asker.ask(
            "evaluate", self.gold_set.question(model), self._on_result, self._on_problem, self._on_progress
        )

    def _on_progress(self, text: str, fraction: float | None) -> None:
        self.set_waiting(
            self.tr("Measuring ...")
            if fraction is None
            else self.tr("Measuring, {share}").format(share=percent_text(fraction))
        )

    def _on_result(self, result: dict[str, Any]) -> None:
        self.clear()
        is_similarity = result.get("kind", self.gold_set.kind) == "similarity"
        words = self._similarity_words(result) if is_similarity else self._analogy_words(result)
        for label, text in zip((self._number, self._meaning, self._coverage), words, strict=True):
            label.setText(text)
            label.setVisible(bool(text))
        if result.get("notice"):
            self._coverage.setText(f"{self._coverage.text()} {result['notice']}")
        sections = [*(result.get("sections") or []), *(result.get("groups") or [])]
        self._show_sections(sections)
        self._result = (_whole(self.gold_set.title, result, is_similarity), *(tuple(row) for row in sections))
        self.export.show()
        self.done.emit()

    def _on_problem(self, problem: PtftError) -> None:
        self.clear()
        self._problem.show_problem(problem)
        self.done.emit()

    def _similarity_words(self, result: dict[str, Any]) -> tuple[str, str, str]:
        known, pairs = int(result.get("pairs_known") or 0), int(result.get("pairs") or 0)
        coverage = self.tr("{known} of {pairs} pairs are in this vocabulary").format(
            known=f"{known:,}", pairs=f"{pairs:,}"
        )
        if known < ENOUGH_PAIRS:
            coverage = self.tr("{coverage}; below {enough} pairs the number means little.").format(
                coverage=coverage, enough=ENOUGH_PAIRS
            )
        else:
            coverage += "."
        value = result.get("spearman")
        if value is None:
            return self.tr("no number"), self.tr("Too few pairs are known to rank them."), coverage
        meaning = self.tr("rank correlation with people (Spearman): 1 agrees fully, 0 not at all")
        return f"{value:.2f}", meaning, coverage

    def _analogy_words(self, result: dict[str, Any]) -> tuple[str, str, str]:
        known, asked = int(result.get("questions_known") or 0), int(result.get("questions") or 0)
        correct = int(result.get("correct") or 0)
        coverage = self.tr("{known} of {asked} questions have only words of this vocabulary.").format(
            known=f"{known:,}", asked=f"{asked:,}"
        )
        if not known:
            return self.tr("no number"), self.tr("No question could be asked."), coverage
        meaning = self.tr("answered right: {correct} of {known} questions").format(
            correct=f"{correct:,}", known=f"{known:,}"
        )
        return percent_text(correct / known), meaning, coverage

    def _show_sections(self, sections: list[list[Any]]) -> None:
        self._sections.setVisible(bool(sections))
        model = QStandardItemModel(0, 4, self)
        heads = (self.tr("group"), self.tr("right"), self.tr("asked"), self.tr("in the file"))
        model.setHorizontalHeaderLabels(list(heads))
        for name, *numbers in sections:
            row = [QStandardItem(str(name)), *(QStandardItem(f"{int(number):,}") for number in numbers)]
            for item in row[1:]:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            model.appendRow(row)
        self._table.setModel(model)
        header = self._table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._table.setFixedHeight(scaled(_ROW_HEIGHT) * (model.rowCount() + 1) + 8)


def _whole(title: str, result: dict[str, Any], is_similarity: bool) -> tuple[CellValue, ...]:
    """The first row of a result that is taken along: of all pairs or questions together."""
    value, known, asked = (
        ("spearman", "pairs_known", "pairs") if is_similarity else ("correct", "questions_known", "questions")
    )
    return (title, result.get(value), result.get(known), result.get(asked))


def _make_table() -> QTableView:
    table = QTableView()
    table.setObjectName("goldSectionTable")
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
    table.horizontalHeader().setHighlightSections(False)
    return table
