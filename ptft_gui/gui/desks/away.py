"""Notices what happened while nobody looked at the window, and says so when somebody does again."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal, Slot

from ptft_gui.core.away import AwayReport, in_turn, reports_since, to_resume_by_itself
from ptft_gui.core.queue import change_queue, read_queue
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.away_card import AwayCard
from ptft_gui.gui.background import Background
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.widgets.toast import Message


class AwayDesk(QObject):
    """Fills the card *While you were away*, and lets interrupted runs go on.

    ``act_requested`` carries a run's name and an :class:`Action` for its page, or None; ``told`` a
    :class:`Message`.
    """

    act_requested = Signal(str, object)
    told = Signal(object)

    def __init__(
        self,
        card: AwayCard,
        controller: RunController,
        settings: WindowSettings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._card, self._controller, self._settings = card, controller, settings
        self._background = Background(self)
        self._is_looked_at = False
        self._has_begun = False
        controller.run_started.connect(self._on_run_started)
        controller.run_ended.connect(self._on_run_ended)
        controller.run_gone.connect(self._forget)
        controller.closed.connect(self.close)
        card.resume_requested.connect(self._on_resume)
        card.resume_all_requested.connect(self._on_resume_all)
        card.act_requested.connect(self._on_act)

    def begin(self, is_looked_at: bool) -> None:
        """Look at what ended since somebody last looked; interrupted runs go on by themselves where that is wished."""
        since = self._settings.last_look()
        self._has_begun, self._is_looked_at = True, is_looked_at
        if is_looked_at:
            self._keep_look()
        if since is None:  # the first window on this computer: nobody has been away from it
            self._keep_look()
            return
        self._look_back(since, self._on_first_look)

    def set_looked_at(self, is_looked_at: bool) -> None:
        """The window came to the front, or went to the back."""
        if is_looked_at == self._is_looked_at or not self._has_begun:
            return
        self._is_looked_at = is_looked_at
        since = self._settings.last_look()
        self._keep_look()
        if is_looked_at and since is not None:
            self._look_back(since, self._add)

    @Slot()
    def close(self) -> None:
        """From now on everything is missed."""
        if self._is_looked_at:
            self._keep_look()
        self._background.close()

    def _keep_look(self) -> None:
        self._settings.keep_last_look(time.time())

    def _look_back(self, since: float, on_done: object) -> None:
        runs = self._controller.runs
        self._background.do(
            lambda: reports_since(runs, since, time.time()),
            on_done,  # type: ignore[arg-type]
            self._controller.failed.emit,
        )

    # --- what was missed ---------------------------------------------------------------------------------------

    def _on_first_look(self, reports: Sequence[AwayReport]) -> None:
        names = to_resume_by_itself(reports, read_queue(self._controller.runs))
        if names and self._settings.resumes_by_itself() and not self._controller.is_read_only:
            self._resume(names)
            self._tell_resumed(len(names))
            reports = [report for report in reports if report.name not in names]
        self._add(reports)

    def _tell_resumed(self, count: int) -> None:
        text = self.tr("A run goes on that a restart had interrupted.")
        if count > 1:
            text = self.tr("{count} runs go on that a restart had interrupted.").format(count=count)
        self.told.emit(Message(text, "good"))

    def _add(self, reports: Sequence[AwayReport]) -> None:
        """Show further reports; of a run that ended twice only the last end."""
        new = {report.name for report in reports}
        kept = [report for report in self._card.reports() if report.name not in new]
        live = {followed.run.name for followed in self._controller.live_runs()}
        shown = [report for report in [*reports, *kept] if report.name not in live]
        self._card.show_reports(sorted(shown, key=lambda report: -report.ended_at))

    @Slot(object)
    def _on_run_ended(self, _followed: FollowedRun) -> None:
        if self._is_looked_at:  # it was seen: a note says so, and the run's page
            self._keep_look()

    @Slot(object)
    def _on_run_started(self, followed: FollowedRun) -> None:
        self._forget(followed.run.name)

    @Slot(str)
    def _forget(self, name: str) -> None:
        kept = [report for report in self._card.reports() if report.name != name]
        if len(kept) != len(self._card.reports()):
            self._card.show_reports(kept)

    # --- what a person does ------------------------------------------------------------------------------------

    @Slot(str)
    def _on_resume(self, name: str) -> None:
        self._resume([name])

    @Slot(object)
    def _on_resume_all(self, names: Sequence[str]) -> None:
        chosen = [report for report in self._card.reports() if report.name in names]
        self._resume(in_turn(chosen, read_queue(self._controller.runs)))

    def _resume(self, names: Sequence[str]) -> None:
        """Let the runs go on; they have the computer in this order, before what was queued after them."""
        if self._controller.is_read_only:
            self._controller.resume_from_checkpoint(names[0])  # says why nothing is changed here
            return
        if len(names) > 1:
            with contextlib.suppress(OSError):  # then they wait in the order in which they start
                change_queue(self._controller.runs, lambda queue: [*names, *queue])
        for name in names:
            self._controller.resume_from_checkpoint(name)
        self.act_requested.emit(names[0], None)

    @Slot(str, object)
    def _on_act(self, name: str, action: Action | None) -> None:
        self._forget(name)
        self.act_requested.emit(name, action)
