"""What the window tells a running worker, and what it hears back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from ptft_gui.core.commands import CommandName, send_command
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.stop_ladder import StopLadder
from ptft_gui.gui.following.worker_process import kill_worker, terminate_worker
from ptft_gui.gui.widgets.toast import Message


class RunCommands(QObject):
    """Passes commands to workers; a run that was asked to end gets a ladder of further rungs.

    ``told`` carries a :class:`Message`, ``failed`` a :class:`PtftError`.
    """

    told = Signal(object)
    failed = Signal(object)

    def __init__(self, patience_ms: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._patience_ms = patience_ms
        self._unanswered: dict[str, tuple[FollowedRun, CommandName]] = {}
        self._ladders: dict[str, tuple[FollowedRun, StopLadder]] = {}

    def send(
        self, followed: FollowedRun, command: CommandName, argument: dict[str, Any] | None = None
    ) -> bool:
        """Pass a command on; False, and a failure told, when it could not be written."""
        try:
            sent = send_command(followed.run.commands_file, command, followed.attempt, argument)
        except PtftError as problem:
            self.failed.emit(problem)
            return False
        self._unanswered[sent] = (followed, command)
        return True

    def end_run(
        self, followed: FollowedRun, command: CommandName, argument: dict[str, Any] | None = None
    ) -> bool:
        """Pass on a command that ends the run, and offer the next rung if it does not."""
        if not self.send(followed, command, argument):
            return False
        if followed.run.name not in self._ladders:
            ladder = StopLadder(followed.run.name, self._patience_ms, self)
            ladder.next_rung_due.connect(self._on_next_rung_due)
            self._ladders[followed.run.name] = (followed, ladder)
        return True

    def take_rung(self, followed: FollowedRun, rung: str) -> None:
        """End the run's process: ``rung`` is "terminate" or "kill"."""
        try:
            followed.end_process(kill_worker if rung == "kill" else terminate_worker)
        except PtftError as problem:
            self.failed.emit(problem)
        if followed.run.name in self._ladders:
            self._ladders[followed.run.name][1].climb(rung)

    def hear(self, followed: FollowedRun) -> None:
        """Tell what came of commands, where the run itself does not show it."""
        done = followed.summary.commands_done
        for sent in [s for s, (asked, _) in self._unanswered.items() if asked is followed and s in done]:
            _, command = self._unanswered.pop(sent)
            answer = done[sent]
            if not answer.ok:
                self.told.emit(Message(answer.message or self.tr("The run could not do that."), "warning"))
            elif command == "save":
                self.told.emit(Message(answer.message or self.tr("A checkpoint was saved."), "good"))

    def forget(self, name: str) -> None:
        """The run has ended: it is waited for no longer."""
        if name in self._ladders:
            self._ladders.pop(name)[1].end()
        self._unanswered = {s: kept for s, kept in self._unanswered.items() if kept[0].run.name != name}

    @Slot(str, str)
    def _on_next_rung_due(self, name: str, rung: str) -> None:
        if name not in self._ladders:
            return
        title = self._ladders[name][0].run.title()
        if rung == "terminate":
            text = self.tr("{title} has not stopped yet.")
            detail = self.tr("It may still be saving. Ending it is safe up to its last checkpoint.")
            label = self.tr("End it")
        else:
            text = self.tr("{title} does not answer.")
            detail = self.tr("What it learned after its last checkpoint will be lost.")
            label = self.tr("End it by force")
        self.told.emit(Message(text.format(title=title), "warning", detail, f"{rung}/{name}", label))
