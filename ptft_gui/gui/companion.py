"""The window's end of the companion process, which answers everything that is not a run."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot

from ptft_gui.core.companion_protocol import CANCEL, NEWEST_WINS, Reply, Request
from ptft_gui.core.errors import PtftError
from ptft_gui.core.paths import home_folder
from ptft_gui.gui.companion_link import CompanionLink
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult


@dataclass(frozen=True)
class _Question:
    kind: str
    on_result: OnResult
    on_problem: OnProblem
    on_progress: OnProgress | None


class CompanionClient(QObject):
    """An :class:`~ptft_gui.gui.widgets.asker.Asker` over a process of its own.

    The process is started with the first question and again after it died; what was unanswered then is told as a
    failure. It ends with :meth:`close`.
    """

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log = home_folder() / "companion.log"
        self._command = list(command) if command else _companion_command(self._log)
        self._questions: dict[str, _Question] = {}
        self._link: CompanionLink | None = None

    @property
    def is_asked(self) -> bool:
        """Whether a question is still to be answered."""
        return bool(self._questions)

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        """Put a question; see :class:`~ptft_gui.gui.widgets.asker.Asker`."""
        if kind in NEWEST_WINS:
            self._questions = {i: q for i, q in self._questions.items() if q.kind != kind}
        request_id = uuid.uuid4().hex
        self._questions[request_id] = _Question(kind, on_result, on_problem, on_progress)
        self._linked().send(Request(request_id, kind, arguments))
        return request_id

    def cancel(self, request_id: str) -> None:
        """Give a question up; neither of its callbacks is called any more."""
        if self._questions.pop(request_id, None) is not None and self._link is not None:
            self._link.send(Request(request_id, CANCEL))

    def close(self) -> None:
        """End the companion. Nothing that was asked is answered any more."""
        self._questions.clear()
        if self._link is not None:
            link, self._link = self._link, None
            link.end()

    def _linked(self) -> CompanionLink:
        if self._link is None:
            self._link = CompanionLink(self._command, self._log)
            self._link.reply_read.connect(self._on_reply_read, Qt.ConnectionType.QueuedConnection)
            self._link.finished.connect(self._on_link_finished, Qt.ConnectionType.QueuedConnection)
            self._link.start()
        return self._link

    @Slot(object)
    def _on_reply_read(self, reply: Reply) -> None:
        question = self._questions.get(reply.id)
        if question is None:
            return
        if reply.is_last:
            del self._questions[reply.id]
        if reply.kind == "result":
            question.on_result(reply.value)
        elif reply.kind == "error":
            question.on_problem(reply.problem())
        elif reply.kind == "progress" and question.on_progress is not None:
            question.on_progress(str(reply.value.get("text", "")), reply.value.get("fraction"))

    @Slot()
    def _on_link_finished(self) -> None:
        if self._link is None or self.sender() is not self._link:
            return
        link, self._link = self._link, None
        link.wait()
        unanswered, self._questions = list(self._questions.values()), {}
        problem = PtftError(
            self.tr("The question could not be answered."),
            detail=self.tr("The process that answers questions ended ({how}).").format(how=link.ending),
            hint=self.tr("Ask again: it starts anew. What it printed is in {log}.").format(log=self._log),
        )
        for question in unanswered:
            question.on_problem(problem)


def _companion_command(log: Path) -> list[str]:
    return [sys.executable, "-P", "-m", "ptft_gui.worker.companion", "--log", str(log)]
