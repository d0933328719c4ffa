"""Decisions about your data: each finding with its count, its sentence, the ways to deal with it, and its rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.data_answers import Finding
from ptft_gui.gui.widgets.labels import Divider, PlainLabel
from ptft_gui.gui.widgets.option_fields import SHORT_ROLE, CalmComboBox
from ptft_gui.gui.widgets.restyle import set_style_property

_SIDE_BY_SIDE = 440
"""From this width on the choice and *Show rows* stand in one line."""


class DecisionList(QWidget):
    """``decided`` carries a finding and the choice a person made, ``rows_wanted`` a finding whose rows to show."""

    decided = Signal(str, str)
    rows_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataDecisions")
        self.setAccessibleName(self.tr("Decisions about your data"))
        self._rows: dict[str, DecisionRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.SMALL)

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these findings; the row of one that was there before stays, so that the focus stays too."""
        wanted = {finding.key: finding for finding in findings}
        for key in [key for key in self._rows if key not in wanted]:
            row = self._rows.pop(key)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, finding in enumerate(findings):
            row = self._rows.get(finding.key) or self._make_row(finding.key)
            row.show_finding(finding, is_first=place == 0)
            if self._column.indexOf(row) != place:
                self._column.insertWidget(place, row)
        self.setVisible(bool(findings))

    def row(self, finding: str) -> DecisionRow:
        """The row of a finding; raises :class:`KeyError` for one that is not shown."""
        return self._rows[finding]

    def _make_row(self, key: str) -> DecisionRow:
        row = self._rows[key] = DecisionRow(key)
        row.decided.connect(self.decided)
        row.rows_wanted.connect(self.rows_wanted)
        return row


class DecisionRow(QWidget):
    """One finding."""

    decided = Signal(str, str)
    rows_wanted = Signal(str)

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._line = Divider()
        self._sentence = PlainLabel("", TextStyle.BODY)
        self._sentence.setObjectName(f"finding_{key}")
        self.choice = CalmComboBox()
        self.choice.setObjectName(f"decision_{key}")
        self.choice.activated.connect(self._on_activated)
        self.show_rows = QuietButton(self.tr("Show rows"), "table")
        self.show_rows.setObjectName(f"showRows_{key}")
        self.show_rows.clicked.connect(self._on_show_rows)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.addWidget(self.choice, 1)
        self._row.addWidget(self.show_rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(self._line)
        column.addWidget(self._sentence)
        column.addLayout(self._row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < _SIDE_BY_SIDE
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self._row.setSpacing(0 if is_narrow else Space.SMALL)
        set_style_property(self.show_rows, "isLeft", is_narrow)

    def show_finding(self, finding: Finding, is_first: bool) -> None:
        """Show a finding as it stands now; one that must be decided is written as a warning."""
        self._line.setVisible(not is_first)
        self._sentence.setText(finding.sentence)
        self._sentence.set_ink(Role.WARNING_TEXT if finding.is_open else Role.TEXT)
        self.choice.setAccessibleName(self.tr("What to do: {finding}").format(finding=finding.sentence))
        self.show_rows.setAccessibleName(self.tr("Show the rows: {finding}").format(finding=finding.sentence))
        with QSignalBlocker(self.choice):
            self.choice.clear()
            for key, title in finding.choices:
                usual = self.tr("{choice} (usual)") if key == finding.default else "{choice}"
                self.choice.addItem(usual.format(choice=title), key)
                self.choice.setItemData(self.choice.count() - 1, title, SHORT_ROLE)
            self.choice.setPlaceholderText(self.tr("Choose what to do"))
            current = finding.chosen or ("" if finding.must_ask else finding.default)
            self.choice.setCurrentIndex(self.choice.findData(current) if current else -1)
        self.choice.setToolTip(self.choice.currentText())
        self.choice.setVisible(len(finding.choices) > 0)

    @Slot()
    def _on_activated(self) -> None:
        self.choice.setToolTip(self.choice.currentText())
        self.decided.emit(self._key, self.choice.currentData())

    @Slot()
    def _on_show_rows(self) -> None:
        self.rows_wanted.emit(self._key)
