"""Which classes are taken for which: the matrix, and the sentences of the cell that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.evaluate.correctable_table import CorrectableTable
from ptft_gui.gui.panels.run.row_corrections import RowCorrections, row_of_answer
from ptft_gui.gui.panels.run.rows_to_try import in_a_line
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.confusion_matrix import ConfusionMatrix
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote

_SIDE_BY_SIDE = 900
_LIMIT = 200
_FEW = 4


class ConfusionCard(Card):
    """The matrix (confusionMatrix) at the left, the rows of the chosen cell (cellRows) at its right."""

    def __init__(self, asker: Asker, corrections: RowCorrections, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.set_title(self.tr("What is taken for what"))
        self.set_caption(
            self.tr(
                "Each row of the table is a true class, each column an answer. The stronger the colour, the larger the "
                "share of its row. Choose a cell to read its texts."
            )
        )
        self._run_path, self._part = "", "test"
        self._question = OneQuestion(asker)
        self.matrix = ConfusionMatrix()
        self.matrix.cell_chosen.connect(self._on_cell)
        self.answered_title = PlainLabel(self.tr("answered"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self.true_title = PlainLabel(self.tr("true"), TextStyle.CAPTION, Role.QUIET_TEXT)
        self.rows_title = PlainLabel("", TextStyle.STRONG)
        self.rows_title.setObjectName("cellRowsTitle")
        self.rows = CorrectableTable(self.tr("Texts of the chosen cell"), corrections)
        self.rows.setObjectName("cellRows")
        self._problem = ProblemNote()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(Space.LARGE)
        self._row.addLayout(self._make_matrix(), 1)
        self._row.addLayout(self._make_rows(), 1)
        self.body.addLayout(self._row)

    def _make_matrix(self) -> QVBoxLayout:
        self.true_title.setWordWrap(False)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.true_title, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.matrix, 1)
        row.addStretch(0)
        column = QVBoxLayout()
        column.setSpacing(Space.HALF)
        column.addWidget(self.answered_title)
        column.addLayout(row)
        column.addStretch(1)
        return column

    def _make_rows(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(Space.SMALL)
        column.addWidget(self.rows_title)
        column.addWidget(self._problem)
        column.addWidget(self.rows, 1)
        return column

    def show_scores(self, run_path: str, part: str, labels: list[str], scores: Mapping[str, Any]) -> None:
        """Show the matrix of a part; the cell with most mistakes is chosen at first."""
        self._question.drop()
        self._run_path, self._part = run_path, part
        counts = scores.get("matrix") or []
        self._row.setStretch(
            1, 1 if len(labels) > _FEW else 2
        )  # few classes need little room, texts always do
        self.matrix.show_matrix(labels, counts)
        heads = self.matrix.verticalHeader().sizeHint().width()
        self.answered_title.setIndent(self.true_title.sizeHint().width() + Space.MEDIUM + heads)
        self.rows.show_rows((), (), ())
        self.rows_title.setText("")
        if (worst := _most_mistaken(counts)) is not None:
            self.matrix.choose(labels[worst[0]], labels[worst[1]])

    @Slot(str, str)
    def _on_cell(self, true: str, answered: str) -> None:
        arguments: dict[str, object] = {
            "run": self._run_path, "part": self._part, "label": true, "predicted": answered, "limit": _LIMIT,
        }  # fmt: skip
        self._question.ask(
            "answered_rows", arguments, partial(self._on_rows, true, answered), self._on_problem
        )

    def _on_rows(self, true: str, answered: str, result: dict[str, Any]) -> None:
        self._problem.hide()
        self.rows.show()
        found = result.get("rows") or []
        count = int(result.get("count") or 0)
        self.rows_title.setText(self._rows_sentence(true, answered, count, len(found)))
        self.rows.show_rows(
            (self.tr("Text"), self.tr("Sure")),
            [(str(row[0]), in_a_line(str(row[1])), f"{float(row[4]):.2f}") for row in found],
            [row_of_answer(row) for row in found],
        )

    def _rows_sentence(self, true: str, answered: str, count: int, shown: int) -> str:
        if true == answered:
            words = self.tr('"{true}", answered right: {count}')
        else:
            words = self.tr('"{true}", answered "{answered}": {count}')
        title = words.format(true=true, answered=answered, count=f"{count:,}")
        if shown < count:
            title += self.tr(" (the {shown} surest)").format(shown=f"{shown:,}")
        return title

    def _on_problem(self, problem: PtftError) -> None:
        self.rows.hide()
        self.rows_title.setText("")
        self._problem.show_problem(problem)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_wide = self.width() >= _SIDE_BY_SIDE
        self._row.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self.rows.setMinimumHeight(0 if is_wide else 240)


def _most_mistaken(counts: list[list[int]]) -> tuple[int, int] | None:
    """The cell beside the diagonal with most rows, else the first one of the diagonal."""
    cells = [
        (count, true, answered)
        for true, row in enumerate(counts)
        for answered, count in enumerate(row)
        if true != answered and count
    ]
    if cells:
        _, true, answered = max(cells, key=lambda cell: (cell[0], -cell[1], -cell[2]))
        return true, answered
    return (0, 0) if counts else None
