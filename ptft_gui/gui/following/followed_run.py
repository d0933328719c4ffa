"""A run as the window sees it: what its thread read, folded."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ptft_gui.core.errors import PtftError
from ptft_gui.core.overview import RunOverview, overview_of
from ptft_gui.core.rundir import LIVE_STATES, RunDir, State
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.following.run_thread import Batch, Launch, RunThread


class FollowedRun(QObject):
    """Keeps the summary and the state of one run up to date; lives in the GUI thread.

    ``changed`` comes about ten times a second while there is news, ``ended`` once when a run that lived has ended.
    Both carry this object.
    """

    changed = Signal(object)
    ended = Signal(object)

    is_recorded = False

    def __init__(self, run: RunDir, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run = run
        self.summary = RunSummary(spec=_spec_or_none(run))
        self.state: State = run.state()
        self.end_note = ""
        self.is_whole = False
        self._has_lived = False
        self._launched_attempt = 0
        self._thread: RunThread | None = None

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_followed(self) -> bool:
        """Whether a thread still waits for more."""
        return self._thread is not None

    @property
    def attempt(self) -> int:
        """The attempt a command is meant for, also while the worker has not spoken yet."""
        return max(self._launched_attempt, self.summary.attempt, self.run.attempt())

    def end_process(self, end: Callable[[RunDir], None]) -> None:
        """End the worker's process by ``end``; one that holds no lock yet is known only to who launched it."""
        if self.run.worker_pid() is None and self._thread is not None:
            self._thread.end_unready_worker()
        else:
            end(self.run)

    def follow(
        self,
        launch: Launch | None = None,
        is_resuming: bool = False,
        changes: Mapping[str, float] | None = None,
    ) -> None:
        """Read the log from its beginning; with ``launch``, start the run's worker first."""
        self.leave()
        self.summary, self.end_note, self.is_whole = RunSummary(spec=self.summary.spec), "", False
        self._has_lived = launch is not None
        self._launched_attempt = self.run.attempt() + 1 if launch else 0
        self.state = "starting" if launch else self.state
        thread = self._thread = RunThread(self.run, self.summary.spec, launch, is_resuming, changes)
        thread.batch_read.connect(self._on_batch_read, Qt.ConnectionType.QueuedConnection)
        thread.finished.connect(self._on_thread_finished, Qt.ConnectionType.QueuedConnection)
        thread.start()

    def leave(self) -> None:
        """Stop following; the run goes on."""
        if self._thread is not None:
            thread, self._thread = self._thread, None
            thread.batch_read.disconnect(self._on_batch_read)
            thread.finished.disconnect(self._on_thread_finished)
            thread.leave()

    def overview(self) -> RunOverview:
        """The run as a row of the list."""
        return overview_of(self.run, self.summary, self.state)

    @Slot(object)
    def _on_batch_read(self, batch: Batch) -> None:
        if self._thread is None or self.sender() is not self._thread:
            return  # the last words of a thread that was left; they were on their way already
        if batch.summary is not None:
            self.summary = batch.summary
        self.summary.fold(batch.events)
        self.state, self.end_note = batch.state, batch.end_note
        self.is_whole = True
        self._has_lived = self._has_lived or self.is_live
        self._thread.batch_taken()
        self.changed.emit(self)

    @Slot()
    def _on_thread_finished(self) -> None:
        if self._thread is None or self.sender() is not self._thread:
            return
        thread, self._thread = self._thread, None
        thread.wait()
        if self._has_lived and not self.is_live:
            self._has_lived = False
            self.ended.emit(self)


def _spec_or_none(run: RunDir) -> RunSpec | None:
    """The run's request; a damaged one must not keep the rest from being shown."""
    try:
        return run.read_spec()
    except PtftError:
        return None
