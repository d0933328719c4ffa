"""Follows a run's log in the terminal, as the window does in its thread: same reader, same summary.

Ctrl-C (or SIGTERM) once asks the run to stop and keep its model; twice ends the worker. When the terminal is closed the
run goes on: it is a process of its own.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import Any

from ptft_gui.cli.progress import Display
from ptft_gui.core.commands import send_command
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.rundir import LIVE_STATE_OF_EVENT, RunDir, State
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary

_LOOK_EVERY_S = 0.1
_TERMINATE_PATIENCE_S = 5.0
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class End:
    """How a run ended. ``exit_code``: of the worker process, negative for a signal."""

    summary: RunSummary
    state: State
    exit_code: int


@dataclass
class _Follower:
    run: RunDir
    worker: subprocess.Popen[bytes]
    display: Display
    earlier_attempt: int
    summary: RunSummary = field(default_factory=RunSummary)

    def __post_init__(self) -> None:
        self.summary.spec = self.run.read_spec()
        self._reader = EventReader(self.run.events_file)
        self._has_asked_to_stop = False
        self._terminated_at: float | None = None

    def read(self) -> bool:
        """Take in what is new in the log; whether there was anything."""
        events = self._reader.read_new(1 << 20)
        self.summary.fold(coalesce(events))
        self.display.show(
            self.summary, LIVE_STATE_OF_EVENT.get(self.summary.last_state_event or "", "starting")
        )
        return bool(events)

    def follow(self, interrupts: _Interrupts) -> End:
        while True:
            has_ended = self.worker.poll() is not None
            has_news = self.read()
            if has_ended and not has_news:
                return End(self.summary, self.run.state(), self.worker.returncode)
            if interrupts.count:
                self._stop(interrupts.count)
            time.sleep(0 if has_news else _LOOK_EVERY_S)

    def _stop(self, wishes: int) -> None:
        """The ladder: ask, terminate, kill."""
        # Before the worker has said which attempt it is, nobody would hear the command.
        if not self._has_asked_to_stop and self.summary.attempt > self.earlier_attempt:
            self._has_asked_to_stop = True
            send_command(self.run.commands_file, "stop", self.summary.attempt)
            self.display.say(
                "Stopping: finishing this batch and saving the model. Ctrl-C again ends it at once."
            )
        if wishes < 2:
            return
        if self._terminated_at is None:
            self._terminated_at = time.monotonic()
            self.display.say("Ending the run now.")
            self.worker.terminate()
        elif time.monotonic() - self._terminated_at > _TERMINATE_PATIENCE_S or wishes > 2:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.worker.pid, signal.SIGKILL)  # the worker leads a group of its own


class _Interrupts:
    """Counts Ctrl-C and SIGTERM instead of being broken off by them."""

    def __init__(self) -> None:
        self.count = 0
        self._before: list[Any] = []

    def __enter__(self) -> _Interrupts:
        self._before = [signal.signal(number, self._note) for number in _STOP_SIGNALS]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in zip(_STOP_SIGNALS, self._before, strict=True):
            signal.signal(number, handler)

    def _note(self, _number: int, _frame: FrameType | None) -> None:
        self.count += 1


def follow(run: RunDir, worker: subprocess.Popen[bytes], display: Display, earlier_attempt: int = 0) -> End:
    """Show a run from its log until its worker has ended and everything it wrote has been read."""
    with _Interrupts() as interrupts, display:
        return _Follower(run, worker, display, earlier_attempt).follow(interrupts)
