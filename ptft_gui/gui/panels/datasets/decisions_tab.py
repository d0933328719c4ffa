"""The tab *Decisions*: what was found in the data and what is done about it, and how it is shared out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.data_request import SplitRequest
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.data_answers import OpenedData, StudiedData
from ptft_gui.gui.widgets.decision_list import DecisionList
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.share_sliders import ShareSliders

_WIDEST = 720
_USUAL_SHARE = 0.1
"""Of a running text."""


class DecisionsTab(QWidget):
    """``decided`` carries a finding and a choice, ``rows_wanted`` a finding, ``shares_changed`` validation and test."""

    decided = Signal(str, str)
    rows_wanted = Signal(str)
    shares_changed = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.decisions = DecisionList()
        self._problem = PlainLabel("", TextStyle.BODY, Role.BAD_TEXT)
        self._problem.setObjectName("datasetProblem")
        self._nothing = PlainLabel(
            self.tr("Nothing was found that needs a decision."), TextStyle.BODY, Role.QUIET_TEXT
        )
        self._sums = PlainLabel("", TextStyle.BODY)
        self._sums.setObjectName("datasetSums")
        self.shares = ShareSliders()
        self._split = PlainLabel("", TextStyle.BODY)
        self._split.setObjectName("splitSentence")
        self._build()
        self.decisions.decided.connect(self.decided)
        self.decisions.rows_wanted.connect(self.rows_wanted)
        self.shares.changed.connect(self.shares_changed)

    def _build(self) -> None:
        found = Card(
            self.tr("Decisions about your data"),
            self.tr("Your file is never changed: a decision only says what a run does with these rows."),
        )
        found.setMaximumWidth(_WIDEST)
        for widget in (self._problem, self._nothing, self.decisions, self._sums):
            found.body.addWidget(widget)
        split = Card(self.tr("What is learned from, and what is kept for checking"))
        split.setMaximumWidth(_WIDEST)
        split.body.addWidget(self.shares)
        split.body.addWidget(self._split)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, Space.MEDIUM)
        column.setSpacing(Space.MEDIUM)
        for card in (found, split):
            column.addWidget(card)
        column.addStretch(1)

    def show_decisions(self, data: OpenedData, studied: StudiedData, split: SplitRequest) -> None:
        """Show what was found; the sliders stand where the rows are now unless a person moved them.

        The rows of a running text are no examples: nothing is added up, and its end is what is held out.
        """
        is_running = data.is_running_text
        whole = self.tr("Of a running text, whole documents or else its end are kept for checking.")
        self.decisions.show_findings(studied.findings)
        self._nothing.setVisible(not studied.findings and studied.problem is None)
        for label, text in (
            (self._problem, studied.problem.as_sentence() if studied.problem else ""),
            (self._sums, "" if is_running else studied.sums),
            (self._split, whole if is_running else studied.split_sentence),
        ):
            label.setText(text)
            label.setVisible(bool(text))
        self.shares.set_has_test(data.task != PLAIN_TEXT)
        known = sum(studied.parts.get(part, 0) for part in ("train", "val", "test"))
        shares = {part: studied.parts.get(part, 0) / known if known else 0.0 for part in ("val", "test")}
        usual = _USUAL_SHARE if is_running else shares["val"]
        val = split.val_fraction if split.val_fraction is not None else usual
        test = split.test_fraction if split.test_fraction is not None else shares["test"]
        self.shares.set_shares(val, test)
