"""The background thread that launches a run's worker, follows its log and reports in batches.

The live view and the history use the same thread: it reads the log to its end, and as long as a worker lives it
waits for more. What is there at the beginning it folds itself and hands over whole, however long it is; what comes
later it hands to the GUI thread about ten times a second. The window says when it has taken a batch, so that a busy
window is never buried under them.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSemaphore, QThread, Signal

from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import FINAL_EVENTS, AnyEvent
from ptft_gui.core.rundir import LIVE_STATE_OF_EVENT, LIVE_STATES, RunDir, State, derive_state
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.stepbatch import StepBatch, coalesce
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.following.last_words import LastSeen, before_ready, last_words
from ptft_gui.gui.following.worker_process import end_leftovers, read_exit_code, write_exit_code

Launch = Callable[[RunDir, bool, Mapping[str, float]], "subprocess.Popen[bytes]"]
"""Starts the worker of a run, detached; True resumes it from its last whole checkpoint, with the changes given."""

_leaving: list[subprocess.Popen[bytes]] = []
"""Workers that have said their last word and take their time to leave; who started them asks again later."""

TICK_S = 0.1
_EXIT_CODE_PATIENCE_S = 2.0
_READ_BYTES = 1 << 19
"""At a time: few enough pieces that folding a long history costs little."""
_UNTAKEN_BATCHES = 2
_STATE_EVENTS = LIVE_STATE_OF_EVENT.keys() | set(FINAL_EVENTS)


@dataclass(frozen=True)
class Batch:
    """What a thread read since its last batch.

    ``summary``: at the beginning, and when the log was replaced, all of the log so far, folded; the thread does not
    touch it again. ``events``: what came after it. ``end_note``: what is known of an end without a last word, or of
    a start that came to nothing.
    """

    summary: RunSummary | None
    events: tuple[AnyEvent | StepBatch, ...]
    state: State
    end_note: str = ""


class RunThread(QThread):
    """Follows one run; with ``launch`` it starts the run's worker first."""

    batch_read = Signal(object)

    def __init__(
        self,
        run: RunDir,
        spec: RunSpec | None = None,
        launch: Launch | None = None,
        is_resuming: bool = False,
        changes: Mapping[str, float] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName(f"follow {run.name}")
        self._run = run
        self._launch = launch
        self._is_resuming = is_resuming
        self._changes = dict(changes or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._reader = EventReader(run.events_file)
        self._spec = spec
        self._summary: RunSummary | None = RunSummary(spec=spec)
        self._news: list[AnyEvent | StepBatch] = []
        self._silent_until = -1
        self._last_state_event: str | None = None
        self._seen = LastSeen()
        self._was_alive = False
        self._state: State = "starting"
        self._end_note = ""
        self._free = QSemaphore(_UNTAKEN_BATCHES)
        self._wake = threading.Event()

    # called from the GUI thread

    def batch_taken(self) -> None:
        """The receiver has folded a batch and has room for another."""
        self._free.release()

    def leave(self) -> None:
        """End the thread, not the run; returns when it has ended."""
        self.requestInterruption()
        self._wake.set()
        self.wait()

    def end_unready_worker(self) -> None:
        """Kill the worker this thread launched and that has not taken the run's lock."""
        if self._process is not None and self._process.poll() is None:
            self._process.kill()

    # in the thread

    def run(self) -> None:
        try:
            self._launch_worker()
            self._follow()
        except PtftError as problem:
            self._report("start_failed" if self._launch else self._state, problem.as_sentence())

    def _launch_worker(self) -> None:
        if self._launch is None:
            self._state = self._run.state()
            return
        self._silent_until = self._log_bytes()
        self._process = self._launch(self._run, self._is_resuming, self._changes)
        _leaving[:] = [process for process in _leaving if process.poll() is None]
        self._was_alive = True

    def _log_bytes(self) -> int:
        try:
            return self._run.events_file.stat().st_size
        except OSError:
            return 0

    def _follow(self) -> None:
        while not self.isInterruptionRequested():
            before = self._state
            is_alive = self._is_alive()  # before reading: what a worker wrote last is then read for certain
            self._read_to_end()
            self._state = self._derive(is_alive)
            has_ended = not is_alive and self._state not in LIVE_STATES
            if has_ended:
                self._note_end()
            if self._summary is not None or self._news or self._state != before or self._end_note:
                self._report(self._state, self._end_note)
            if has_ended:
                return
            self._wake.wait(TICK_S)

    def _is_alive(self) -> bool:
        is_alive = self._run.worker_pid() is not None or self._is_launching()
        self._was_alive = self._was_alive or is_alive
        return is_alive

    def _is_launching(self) -> bool:
        """The worker this thread started lives, but has not said anything yet."""
        return self._is_silent() and self._process is not None and self._process.poll() is None

    def _is_silent(self) -> bool:
        return self._reader.offset <= self._silent_until

    def _read_to_end(self) -> None:
        """Take in what is new: into the summary as long as it is this thread's own, else it waits to be handed on."""
        while not self.isInterruptionRequested():
            restarts, offset = self._reader.restarts, self._reader.offset
            block = coalesce(self._reader.read_new(_READ_BYTES))
            if self._reader.restarts != restarts:
                self._begin_afresh()
            elif self._reader.offset == offset:
                return
            self._note(block)
            if self._summary is not None:
                self._summary.fold(block)
            else:
                self._news += block

    def _begin_afresh(self) -> None:
        """The log was replaced by a shorter one: what was read before no longer counts."""
        self._last_state_event, self._seen = None, LastSeen()
        self._summary = RunSummary(spec=self._spec)
        self._news.clear()

    def _note(self, events: list[AnyEvent | StepBatch]) -> None:
        self._seen.note(events)
        for event in events:
            if not isinstance(event, StepBatch) and event.event in _STATE_EVENTS:
                self._last_state_event = event.event

    def _derive(self, is_alive: bool) -> State:
        # As long as a worker that this thread started is silent, the log still speaks of an earlier attempt.
        last = None if is_alive and self._is_silent() else self._last_state_event
        # A worker that has said its last word but has not left yet counts as ended.
        is_working = is_alive and last not in FINAL_EVENTS
        # One that this thread started and that is gone will not begin later: it gets no grace.
        age_seconds = float("inf") if self._process else self._run.age_seconds()
        return derive_state(is_working, last, age_seconds)

    def _note_end(self) -> None:
        """The worker is gone: learn how, keep it for the next window, end what it left running."""
        code = self._exit_code()
        if code is not None and read_exit_code(self._run) is None:
            write_exit_code(self._run, code)
        if self._state == "lost" or self._was_alive:
            end_leftovers(self._run)
        has_said_nothing = self._is_silent() and self._process is not None
        if has_said_nothing or (self._state == "start_failed" and self._last_state_event is None):
            self._end_note = before_ready(self._run, code)
        elif self._state == "lost":
            self._end_note = last_words(self._run, self._seen, code)

    def _exit_code(self) -> int | None:
        if self._process is None:
            return read_exit_code(self._run)
        try:
            return self._process.wait(_EXIT_CODE_PATIENCE_S)
        except subprocess.TimeoutExpired:
            _leaving[:] = [process for process in (*_leaving, self._process) if process.poll() is None]
            return None

    def _report(self, state: State, end_note: str = "") -> None:
        while not self._free.tryAcquire(1, 50):
            if self.isInterruptionRequested():
                return
        batch = Batch(self._summary, tuple(self._news), state, end_note)
        self._summary = None
        self._news.clear()
        self.batch_read.emit(batch)
