"""Looks at the chosen text whenever it, or how it is read and cut, changed; one question at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ptft_gui.core.datasets import bundled_dataset, dataset_title
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.new_run.facts import DatasetFacts, facts_from_answer, facts_from_card
from ptft_gui.gui.widgets.asker import Asker

_LOOK_AFTER_MS = 150
"""The text is looked at again when nothing was changed for so long."""

Question = tuple[str, dict[str, object]]


class TextLook(QObject):
    """``question`` tells what to ask: the kind of question and its arguments, empty while no text is chosen.

    ``answered`` carries the answer as it came, when ``facts`` are those of it; ``failed`` the problem; ``progressed``
    a sentence and the share done, or None.
    """

    answered = Signal(dict)
    failed = Signal(object)
    progressed = Signal(str, object)

    def __init__(self, asker: Asker, question: Callable[[], Question], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.facts = DatasetFacts()
        self.problem: PtftError | None = None
        self._asker, self._question_now = asker, question
        self._id = ""
        self._looked_at: Question = ("", {})
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_LOOK_AFTER_MS)
        self._timer.timeout.connect(self._ask)

    @property
    def is_looking(self) -> bool:
        return self._timer.isActive() or bool(self._id)

    def forget(self, dataset: str) -> None:
        """Another text was chosen: what is known of it without looking."""
        self.give_up()
        self._looked_at = ("", {})
        card = bundled_dataset(dataset)
        self.facts, self.problem = facts_from_card(card) if card else DatasetFacts(), None

    def schedule(self) -> None:
        """Look again, if what would be asked changed."""
        wanted = self._question_now()
        if wanted == self._looked_at:
            return
        self.give_up()
        self._looked_at = wanted
        if wanted[1]:
            self._tell_progress("", None)
            self._timer.start()

    def give_up(self) -> None:
        """Ask no more; the next change looks again at what was not seen to its end."""
        is_looking = self.is_looking
        self._timer.stop()
        if self._id:
            self._asker.cancel(self._id)
            self._id = ""
        if is_looking:
            self._looked_at = ("", {})

    @Slot()
    def _ask(self) -> None:
        kind, arguments = self._question_now()
        self._id = self._asker.ask(kind, arguments, self._on_facts, self.fail, self._tell_progress)

    def _on_facts(self, answer: dict[str, Any]) -> None:
        self._id = ""
        self.facts, self.problem = facts_from_answer(answer), None
        self.answered.emit(answer)

    def fail(self, problem: PtftError) -> None:
        """The text cannot be used, and why."""
        self._id = ""
        self.facts, self.problem = DatasetFacts(), problem
        self.failed.emit(problem)

    def _tell_progress(self, sentence: str, fraction: float | None) -> None:
        name = dataset_title(str(self._looked_at[1].get("dataset") or ""))
        self.progressed.emit(
            sentence or self.tr("Counting the words of {name} ...").format(name=name), fraction
        )
