"""The only way out of the engine: everything a run reports passes through here into its event log.

Steps are collected and written in columns, everything else at once. A log that cannot be written for a while (a disk
that is full) does not end the run at once: writing is tried again, and only then the failure is raised in words.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from ptft_gui.core import events as ev
from ptft_gui.core.errors import ModelError, PtftError, RunFolderError
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.engine.control import ActiveClock, Control
from ptft_gui.engine.vectors import WordVectors

MOST_STEPS_A_RECORD = 256
SECONDS_A_RECORD = 0.5
_SECONDS_BETWEEN_PHASES = 0.25
_PATIENCE_SECONDS = 8.0
_RETRY_SECONDS = 0.5

LiveModel = Callable[[], WordVectors]


class Reporter:
    """Reports one attempt of a run; safe to use from several threads."""

    def __init__(self, events: EventWriter, control: Control | None = None) -> None:
        self.control = control or Control()
        self.clock = ActiveClock()
        self._events = events
        self._guard = threading.RLock()
        self._steps: list[int] = []
        self._columns: dict[str, list[float | None]] = {}
        self._first_buffered = 0.0
        self._phase: tuple[str, float] = ("", 0.0)
        self._model: LiveModel | None = None
        self.last_step = 0
        self.has_begun = False
        """Whether training itself began: what fails before that is a start that failed."""

    # --- what was learned --------------------------------------------------------------------------------------

    def step(self, step: int, **values: float | None) -> None:
        """One optimizer update with its numbers; the names must stay the same from step to step."""
        with self._guard:
            if not self._steps:
                self._first_buffered = time.monotonic()
                self._columns = {name: [] for name in values}
            self._steps.append(step)
            for name, column in self._columns.items():
                column.append(values[name])
            self.last_step = step
            if len(self._steps) >= MOST_STEPS_A_RECORD:
                self.flush()
        self.flush_if_due()

    def evaluated(self, step: int, epoch: float, metrics: ev.Metrics, seconds: float) -> None:
        self.write(ev.Evaluated(step=step, epoch=epoch, metrics=metrics, seconds=round(seconds, 4)))

    def baseline(self, metric: str, value: float, label: str = "guessing") -> None:
        self.write(ev.Baseline(metric=metric, value=value, label=label))

    def probe(self, step: int, epoch: float, name: str, answer: Any, kind: str = "similar") -> None:
        self.write(ev.Probe(step=step, epoch=epoch, name=name, kind=kind, input=name, answer=answer))

    def diverged(self, step: int, metric: str) -> None:
        self.write(ev.Diverged(step=step, metric=metric))

    # --- what was decided and kept -----------------------------------------------------------------------------

    def phase(self, name: str, text: str, fraction: float | None = None) -> None:
        """A stage of the work; the same stage is told at most four times a second."""
        now = time.monotonic()
        if name == self._phase[0] and now - self._phase[1] < _SECONDS_BETWEEN_PHASES:
            return
        self._phase = (name, now)
        self.has_begun = self.has_begun or name == "training"
        self.write(ev.Phase(name=name, text=text, fraction=fraction))

    def resolved(self, values: dict[str, Any], reasons: dict[str, str], why: str = "") -> None:
        self.write(ev.Resolved(values=values, reasons=reasons, why=why))

    def notice(
        self, key: str, message: str, detail: str = "", hint: str = "", *, is_warning: bool = False
    ) -> None:
        texts = {"key": key, "message": message, "detail": detail, "hint": hint}
        self.write(ev.Notice.model_validate({**texts, "level": "warning" if is_warning else "info"}))

    def checkpoint(self, step: int, epoch: float, path: str, size_bytes: int, is_best: bool) -> None:
        self.write(ev.Checkpoint(step=step, epoch=epoch, path=path, bytes=size_bytes, is_best=is_best))

    def checkpoint_failed(self, step: int, problem: PtftError) -> None:
        self.write(ev.CheckpointFailed.model_validate({"step": step, **problem.as_dict()}))

    def snapshot(self, step: int, path: str) -> None:
        self.write(ev.Snapshot(step=step, path=path))

    # --- what a person asks of the run -------------------------------------------------------------------------

    @property
    def should_stop(self) -> bool:
        return self.control.should_stop

    def hold_or_stop(self) -> bool:
        """For long work in the main thread: hold still while paused, then say whether to stop."""
        if self.control.is_paused:
            self.hold()
        return self.control.should_stop

    def hold(self) -> None:
        """Say ``paused``, hold still until resumed, asked to stop or to save; then say ``running``."""
        self.flush()
        self.clock.stop()
        self.write(ev.Paused(step=self.last_step))
        self.control.wait_while_paused()
        self.clock.start()
        if not self.control.is_paused and not self.control.should_stop:
            self.write(ev.Running())

    def show_model(self, model: LiveModel | None) -> None:
        """Let questions to the running run see the model as it is at that moment; None when there is none."""
        self._model = model

    def live_model(self) -> WordVectors:
        """The model as it is now. Raises :class:`ModelError` while there is none."""
        if self._model is None:
            raise ModelError(
                "The model cannot answer yet.",
                "Training has not begun.",
                "Ask again when the first step is done.",
            )
        return self._model()

    # --- writing -----------------------------------------------------------------------------------------------

    def flush_if_due(self) -> None:
        """Write the collected steps when they have waited for half a second."""
        if self._steps and time.monotonic() - self._first_buffered >= SECONDS_A_RECORD:
            self.flush()

    def flush(self) -> None:
        """Write the collected steps."""
        with self._guard:
            if not self._steps:
                return
            record = ev.Steps(step=self._steps, columns=self._columns)
            self._steps, self._columns = [], {}
            self._persist(record)

    def write(self, event: ev.Event) -> None:
        """Write one event, after the steps that came before it. Raises :class:`RunFolderError`."""
        with self._guard:
            self.flush()
            self._persist(event)

    def try_write(self, event: ev.Event) -> bool:
        """Write an event that nothing depends on; False when the log cannot be written now."""
        try:
            self._events.write(event)
        except RunFolderError:
            return False
        return True

    def _persist(self, event: ev.Event) -> None:
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                self._events.write(event)
                return
            except RunFolderError:
                if time.monotonic() >= deadline or self.control.should_stop:
                    raise
            time.sleep(_RETRY_SECONDS)
