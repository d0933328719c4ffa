"""The rows that a finding speaks of, to look at before deciding."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import PrimaryButton
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.data_answers import Finding
from ptft_gui.gui.widgets.labels import PlainLabel

SHOWN_ROWS = 200


class RowsDialog(QDialog):
    """Asks for the rows of ``finding`` and shows them; nothing can be changed here."""

    def __init__(
        self, asker: Asker, request: DataRequest, finding: Finding, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("findingRowsDialog")
        self.setWindowTitle(self.tr("Rows"))
        self.setAccessibleName(finding.sentence)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 480)
        self._asker, self._finding = asker, finding
        self._note = PlainLabel(self.tr("Looking for the rows ..."), TextStyle.CAPTION, Role.QUIET_TEXT)
        self._note.setObjectName("findingRowsNote")
        self.table = CellTable(self.tr("Rows of this finding"))
        self.table.setObjectName("findingRowsTable")
        close = PrimaryButton(self.tr("Close"))
        close.setObjectName("closeRowsButton")
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self._note, 1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.LARGE, Space.LARGE, Space.LARGE, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(PlainLabel(finding.sentence, TextStyle.TITLE))
        column.addWidget(self.table, 1)
        column.addLayout(row)
        arguments: dict[str, object] = {
            "request": request.model_dump(mode="json"),
            "finding": finding.key,
            "limit": SHOWN_ROWS,
        }
        self._question = asker.ask("finding_rows", arguments, self._on_rows, self._on_problem)

    def done(self, result: int) -> None:
        self._asker.cancel(self._question)
        super().done(result)

    def _on_rows(self, answer: dict[str, Any]) -> None:
        rows = [["" if cell is None else str(cell) for cell in row] for row in answer.get("rows") or []]
        self.table.show_cells([str(name) for name in answer.get("columns") or []], rows)
        if len(rows) < self._finding.count:
            words = self.tr("The first {shown} of {count}, with their number in the file.")
        else:
            words = self.tr("All {shown}, with their number in the file.")
        self._note.setText(words.format(shown=f"{len(rows):,}", count=f"{self._finding.count:,}"))

    def _on_problem(self, problem: PtftError) -> None:
        self._note.set_ink(Role.BAD_TEXT)
        self._note.setText(problem.as_sentence())
