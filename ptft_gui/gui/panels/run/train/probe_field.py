"""The field under what is answered as a model learns: one more probe while it does, and Try it after its end."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from ptft_gui.core.probes import LONGEST_PROBE, MOST_PROBES, problems_of_probes
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel


class ProbeField(QWidget):
    """``add_requested`` carries a probe for the running run, ``try_requested`` a text for the ended one's model;
    ``answered`` says that the run took what was asked for."""

    add_requested = Signal(str)
    try_requested = Signal(str)
    answered = Signal()

    most = MOST_PROBES
    object_names = ("probeInput", "probeAddButton", "probeNote")
    """objectNames of the line, its button and what is said below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: ShownRun | None = None
        self._names: list[str] = []
        self._pending = ""
        self._done = self._refusals = 0
        self._reason = ""
        self._has_try, self._has_reason = True, False
        self.input = QLineEdit()
        self.input.setObjectName(self.object_names[0])
        self.input.setMaxLength(LONGEST_PROBE)
        self.input.returnPressed.connect(self._on_asked)
        self.input.textEdited.connect(self._on_edited)
        self.button = SecondaryButton("")
        self.button.setObjectName(self.object_names[1])
        self.button.clicked.connect(self._on_asked)
        self._note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._note.setObjectName(self.object_names[2])
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(self.input, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addLayout(row)
        column.addWidget(self._note)
        self._say("")

    def show_run(self, shown: ShownRun) -> None:
        """Show another run; nothing typed for the one before stays."""
        self._pending = ""
        self.input.clear()
        self._say("")

    def set_only_while_learning(self) -> None:
        """Be there only while a probe can be added."""
        self._has_try = False

    def set_read_only(self, reason: str) -> None:
        """With a reason nothing is asked of a running run."""
        self._reason = reason
        if self._shown is not None:
            self.refresh(self._shown, self._names)

    def refresh(self, shown: ShownRun, names: list[str]) -> None:
        """``names``: the probes that have been answered."""
        self._shown, self._names = shown, names
        self._settle(shown)
        is_learning, may_add = self._is_learning(), self.may_add()
        may_try = self._has_try and shown.has_model and shown.run.model.is_dir()
        self.setVisible(self._is_wanted(is_learning or may_try))
        self.input.setVisible(not is_learning or may_add)
        self.button.setVisible(not is_learning or may_add)
        self.button.setText(self.tr("Add") if is_learning else self.tr("Try it"))
        self.input.setPlaceholderText(self._placeholder(shown, is_learning))
        self.input.setAccessibleName(self._another() if is_learning else self.tr("Ask the finished model"))
        if is_learning and not may_add:
            self._say(self._reason or self._enough())
            self._has_reason = True
        elif self._has_reason:  # what was said of adding says nothing of trying
            self._say("")

    def may_add(self) -> bool:
        """Whether one more can be added now."""
        return self._is_learning() and not self._reason and len(self._names) < self.most

    def _is_wanted(self, is_of_use: bool) -> bool:
        """Whether it is shown; ``is_of_use``: whether something can be done with it."""
        return is_of_use

    def has_focus(self) -> bool:
        """Whether somebody types here, or is about to press its button."""
        return self.input.hasFocus() or self.button.hasFocus()

    def pending(self) -> str:
        """The probe that was asked for and has not been answered yet."""
        return self._pending

    def _is_learning(self) -> bool:
        """Whether it trains, or holds still while it does: before, nothing can be answered yet."""
        shown = self._shown
        has_begun = shown is not None and bool(shown.summary.evaluations)
        return has_begun and shown is not None and shown.is_live and not shown.is_recorded

    def _another(self) -> str:
        """What is typed here, for somebody who does not see it."""
        return self.tr("Another probe")

    def _enough(self) -> str:
        return self.tr("Five probes are answered, which is the most.")

    def _placeholder(self, shown: ShownRun, is_learning: bool) -> str:
        if shown.fills_blanks:
            return self.tr("Text with a ___")
        if not shown.reads_language:
            return self._placeholder_of_task(shown)
        return self.tr("Another beginning") if is_learning else self.tr("Your first words")

    def _placeholder_of_task(self, shown: ShownRun) -> str:
        """What is typed for a model that learns a task; two texts stand on one line."""
        task = shown.summary.spec.task if shown.summary.spec is not None else None
        if task == "question-answering":
            return self.tr("Question --- text")
        if task in ("pair-classification", "pair-similarity"):
            return self.tr("One text --- another text")
        return self.tr("A prompt") if task == "reply" else self.tr("Another text")

    def _settle(self, shown: ShownRun) -> None:
        """What became of the probe that was asked for last."""
        is_done = len(shown.summary.commands_done) > self._done
        if self._pending and (self._pending in self._names or is_done or not shown.is_live):
            self._pending = ""
            self._say("")
            if _refusals_of(shown) == self._refusals:
                self.answered.emit()

    @Slot()
    def _on_asked(self) -> None:
        text = " ".join(self.input.text().split())
        if self._shown is None:
            return
        if not self._is_learning():
            self.try_requested.emit(text)
            return
        if problem := self._problem(text):
            self._say(problem, Role.WARNING_TEXT)
            return
        self._pending, self._refusals = text, _refusals_of(self._shown)
        self._done = len(self._shown.summary.commands_done)
        self.input.clear()
        self._say(self.tr("Asked; the answer comes in a moment."))
        self.add_requested.emit(text)

    def _problem(self, text: str) -> str:
        """Why this cannot be a probe, in a sentence; "" where it can."""
        family = self._shown.family if self._shown is not None else None
        if text in self._names:
            return self.tr("This one is asked already.")
        problems = problems_of_probes([*self._names, text], family) if family is not None else []
        return f"{problems[0].message} {problems[0].hint}" if problems else ""

    @Slot()
    def _on_edited(self) -> None:
        if not self._pending:
            self._say("")

    def _say(self, sentence: str, ink: Role = Role.QUIET_TEXT) -> None:
        self._note.setText(sentence)
        self._note.set_ink(ink)
        self._note.setVisible(bool(sentence))
        self._has_reason = False


def _refusals_of(shown: ShownRun) -> int:
    return sum(not done.ok for done in shown.summary.commands_done.values())
