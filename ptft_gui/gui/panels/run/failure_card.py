"""What is known of a run that ended badly, and the first thing to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError, Remedy, error_from_dict
from ptft_gui.core.telling.headline import next_steps
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.run_files import log_tail
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.theme.scaled import scale_with_type
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.collapsible import CollapsibleSection
from ptft_gui.gui.widgets.labels import PlainLabel

_LOG_LINES = 12
_LOG_HEIGHT = 160


class FailureCard(QWidget):
    """Detail and hint, the first remedy as a button (remedyButton), the end of the log folded away.

    The sentence itself stands in the header. ``action_requested`` carries the remedy as an :class:`Action`.
    """

    action_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("failureCard")
        card = Card()
        room = QVBoxLayout(self)
        room.setContentsMargins(Space.MEDIUM, 0, Space.MEDIUM, Space.SMALL)
        room.addWidget(card)
        self._showing: object = None
        self._remedy: Remedy | None = None
        self._detail = PlainLabel("", TextStyle.BODY)
        self._hint = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        for label in (self._detail, self._hint):
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._button = SecondaryButton("")
        self._button.setObjectName("failureRemedy")
        self._button.clicked.connect(self._on_clicked)
        row = QHBoxLayout()
        row.addWidget(self._detail, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        self._fold = CollapsibleSection(self.tr("Last lines of the log"))
        self._fold.setObjectName("failureLogFold")
        self._log = QPlainTextEdit()
        self._log.setObjectName("failureLog")
        self._log.setAccessibleName(self.tr("Last lines of the log"))
        self._log.setProperty("isLog", "true")
        self._log.setReadOnly(True)
        self._log.setTabChangesFocus(True)
        scale_with_type(self._log, self._log.setMaximumHeight, _LOG_HEIGHT)
        self._fold.body.addWidget(self._log)
        card.body.addLayout(row)
        card.body.addWidget(self._hint)
        card.body.addWidget(self._fold)
        self.hide()

    def refresh(self, shown: ShownRun, may_change: bool) -> None:
        """Show the failure of a run that has one; hide for any other."""
        showing = (shown.run.path, shown.state, shown.end_note, shown.summary.failure, may_change)
        if showing == self._showing:
            return
        self._showing = showing
        self.setVisible(shown.ended_badly)
        if not shown.ended_badly:
            return
        problem = failure_of(shown)
        self._detail.setText(problem.detail)
        self._hint.setText(problem.hint)
        self._hint.setVisible(bool(problem.hint))
        self._remedy = _first_remedy(problem, shown)
        self._button.setVisible(self._remedy is not None and may_change)
        self._button.setText(self._remedy.label if self._remedy else "")
        log = "\n".join(log_tail(shown.run.log_file).splitlines()[-_LOG_LINES:])
        self._log.setPlainText(log)
        self._fold.setVisible(bool(log))
        self._fold.set_open(False)

    def text(self) -> str:
        """What the card says."""
        return f"{self._detail.text()} {self._hint.text()}".strip()

    @Slot()
    def _on_clicked(self) -> None:
        if self._remedy is not None:
            self.action_requested.emit(Action(self._remedy.action, self._remedy.label, self._remedy.argument))


def failure_of(shown: ShownRun) -> PtftError:
    """The failure of a run that ended badly; of one that was lost as far as it is known."""
    failure = shown.summary.failure
    if failure is not None:
        return error_from_dict(failure.model_dump())
    lines = shown.end_note.split("\n")
    detail = lines[0] or "It ended without a last word: killed, crashed or out of memory."
    memory = [line for line in lines[1:2] if line.startswith("Memory")]
    return PtftError("The run ended without a word.", " ".join([detail, *memory]))


def _first_remedy(problem: PtftError, shown: ShownRun) -> Remedy | None:
    """The first remedy that the header does not offer already."""
    offered = {step.label for step in next_steps(shown.summary, shown.state)}
    return next((remedy for remedy in problem.remedies if remedy.label not in offered), None)
