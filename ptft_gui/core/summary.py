"""RunSummary: what a run's events add up to.

The live view and the history fold the same events into the same summary; there is no second code path. The summary
knows nothing of files, processes or windows.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ptft_gui.core import events as ev
from ptft_gui.core.rundir import FINAL_STATE_OF_EVENT, LIVE_STATE_OF_EVENT
from ptft_gui.core.series import Floats, Series
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.stepbatch import StepBatch, join_steps
from ptft_gui.core.thinning import thin_out

TRAIN_LOSS, VAL_LOSS = "train/loss", "val/loss"
STEP_LOSS = "loss"
"""Of each step on its own batch, where a family reports it: restless, and there long before the first check."""
SPEARMAN, ACCURACY, MOST_ANSWERED = "val/spearman", "val/accuracy", "val/most_answered"
SPEED_COLUMNS = ("words_per_second", "pairs_per_second", "tokens_per_second", "texts_per_second")
MACRO_F1 = "val/macro_f1"
_RATE_WINDOW_SECONDS = 60.0
_MOST_EVALUATIONS, _MOST_PROBES, _MOST_FILES = 1_024, 256, 256
"""Kept of a run, of each probe, and of what it saved: a run of ten thousand short epochs reports each of them."""


@dataclass(frozen=True)
class Mark:
    """A moment worth a vertical line on the curve."""

    step: int
    caption: str


@dataclass(frozen=True)
class Point:
    """A value and where it was reached."""

    step: int
    epoch: float
    value: float


@dataclass
class RunSummary:
    """The folded events of one run. Read the fields; change it only through :meth:`fold`.

    However long the run, its size is bounded: of ``evaluations``, ``probes``, ``checkpoints`` and ``snapshots`` the
    older ones are thinned out, never the first, the best and the newest. ``evaluation_count`` and ``probe_count``
    rise with every change of the two, so that whoever draws sees that there is something new. ``clock`` tells the
    ``active_seconds`` at which steps were done, from the beginning of the training on.
    """

    spec: RunSpec | None = None
    last_state_event: str | None = None
    attempt: int = 0
    step: int = 0
    active_seconds: float = 0.0
    started_at: float | None = None
    versions: dict[str, str] = field(default_factory=dict)
    ended_at: float | None = None
    newest_time: float | None = None
    phase: ev.Phase | None = None
    resolved: ev.Resolved | None = None
    series: dict[str, Series] = field(default_factory=dict)
    evaluations: list[ev.Evaluated] = field(default_factory=list)
    evaluation_count: int = 0
    baselines: dict[str, ev.Baseline] = field(default_factory=dict)
    probes: dict[str, list[ev.Probe]] = field(default_factory=dict)
    probe_count: int = 0
    checkpoints: list[ev.Checkpoint] = field(default_factory=list)
    snapshots: list[ev.Snapshot] = field(default_factory=list)
    checkpoint_failure: ev.CheckpointFailed | None = None
    notices: list[ev.Notice] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    resources: ev.Resources | None = None
    peak_rss_bytes: int = 0
    diverged: ev.Diverged | None = None
    stopping: ev.Stopping | None = None
    failure: ev.Failed | ev.StartFailed | None = None
    final: ev.Finished | ev.Stopped | None = None
    answers: dict[str, Any] = field(default_factory=dict)
    commands_done: dict[str, ev.CommandDone] = field(default_factory=dict)
    speed_over_time: Series = field(default_factory=Series)
    clock: Series = field(default_factory=Series)
    _rates: deque[tuple[float, float]] = field(default_factory=deque)
    _is_clock_running: bool = False
    _checks: tuple[ev.Evaluated | None, list[ev.Evaluated]] = field(
        default_factory=lambda: (None, []), compare=False, repr=False
    )

    # --- folding -----------------------------------------------------------------------------------------------

    def fold(self, events: Iterable[ev.AnyEvent | StepBatch]) -> None:
        """Take in new events, in the order of the log."""
        for event in events:
            self._advance_clock(event)
            if isinstance(event, StepBatch):
                self._fold_steps(event)
            elif isinstance(event, ev.Steps):
                self._fold_steps(join_steps([event]))
            else:
                self._fold_state(event)
                handler = _HANDLERS.get(event.event)
                if handler is not None:
                    handler(self, event)

    def _advance_clock(self, event: ev.AnyEvent | StepBatch) -> None:
        """Count the time in which the run worked: neither pauses nor the gap between a crash and the next attempt."""
        begins_attempt = isinstance(event, ev.Queued | ev.Starting | ev.Started)
        if self._is_clock_running and self.newest_time is not None and not begins_attempt:
            self.active_seconds += max(0.0, event.time - self.newest_time)
        if event.time:
            self.newest_time = event.time

    def _fold_state(self, event: ev.AnyEvent) -> None:
        name = event.event
        if name in LIVE_STATE_OF_EVENT:
            self.last_state_event = name
            self.failure = self.final = None
            self.ended_at = None
            self._is_clock_running = name in ("started", "running", "stopping")
            if name == "paused":
                self._rates.clear()
            elif name == "running":
                self._note_rate()
        elif name in FINAL_STATE_OF_EVENT:
            self.last_state_event = name
            self.ended_at = event.time
            self._is_clock_running = False

    def _fold_steps(self, batch: StepBatch) -> None:
        if not len(batch.step):
            return
        for name, (steps, values) in batch.columns.items():
            self._series(name).extend(steps, values)
        self.step = int(batch.step[-1])
        self._note_clock(batch)
        self._note_rates(batch)

    def _note_clock(self, batch: StepBatch) -> None:
        """Nothing but steps lies between the records of a batch, so the run worked all the while. A clock that was set
        back must not send a curve backwards."""
        steps, times = batch.clock
        seconds = np.clip(
            self.active_seconds - (batch.time - times), self.clock.last or 0.0, self.active_seconds
        )
        self.clock.extend(steps, np.maximum.accumulate(seconds))

    def _note_rates(self, batch: StepBatch) -> None:
        self._note_rate()
        speed = next((batch.columns[name][1][-1] for name in SPEED_COLUMNS if name in batch.columns), None)
        if speed is not None:
            self.speed_over_time.append(self.active_seconds, float(speed))

    def _note_rate(self) -> None:
        """Remember how far the run is now; what lies further back than the window is forgotten."""
        self._rates.append((self.active_seconds, self._series("progress").last or 0.0))
        while len(self._rates) > 2 and self._rates[-1][0] - self._rates[0][0] > _RATE_WINDOW_SECONDS:
            self._rates.popleft()

    def _on_phase(self, event: ev.Phase) -> None:
        self.phase = event
        if event.name == "training":  # from here on the pace counts, also when all steps come in one batch
            self._rates.clear()
            self._note_rate()
            if not len(self.clock):
                self.clock.append(0, self.active_seconds)

    def _series(self, name: str) -> Series:
        return self.series.setdefault(name, Series())

    def _on_starting(self, event: ev.Starting | ev.Started) -> None:
        self.attempt = event.attempt
        self.phase = self.stopping = self.diverged = None
        self._rates.clear()
        if isinstance(event, ev.Started):
            self.started_at = self.started_at or event.time
            self.versions = event.versions

    def _on_resumed(self, event: ev.Resumed) -> None:
        """Drop what earlier attempts reported for later steps, so that no curve runs backwards."""
        for series in (*self.series.values(), self.clock):
            series.drop_after(event.from_step)
        self.evaluations = [e for e in self.evaluations if e.step <= event.from_step]
        self.checkpoints = [c for c in self.checkpoints if c.step <= event.from_step]
        self.snapshots = [s for s in self.snapshots if s.step <= event.from_step]
        self.probes = {
            name: [probe for probe in row if probe.step <= event.from_step]
            for name, row in self.probes.items()
        }
        self.evaluation_count += 1
        self.probe_count += 1
        self.step = event.from_step
        self.marks.append(Mark(event.from_step, "resumed"))

    def _on_resolved(self, event: ev.Resolved) -> None:
        if event.why:
            self.marks.append(Mark(self.step, event.why))
        self.resolved = event

    def _on_evaluated(self, event: ev.Evaluated) -> None:
        self.evaluations.append(event)
        self.step = max(self.step, event.step)
        self.evaluation_count += 1
        for name, value in event.metrics.items():
            self._series(name).append(event.step, value)
        if len(self.evaluations) > _MOST_EVALUATIONS:
            best = self.best()
            thin_out(self.evaluations, _MOST_EVALUATIONS, lambda e: best is not None and e.step == best.step)

    def _on_resources(self, event: ev.Resources) -> None:
        self.resources = event
        self.peak_rss_bytes = max(self.peak_rss_bytes, event.rss_bytes)

    def _on_probe(self, event: ev.Probe) -> None:
        row = self.probes.setdefault(event.name, [])
        row.append(event)
        thin_out(row, _MOST_PROBES)
        self.probe_count += 1

    def _on_checkpoint(self, event: ev.Checkpoint) -> None:
        self.checkpoints.append(event)
        if len(self.checkpoints) > _MOST_FILES:
            best = next((saved for saved in reversed(self.checkpoints) if saved.is_best), None)
            thin_out(self.checkpoints, _MOST_FILES, lambda saved: saved is best)
        self.checkpoint_failure = None

    def _on_snapshot(self, event: ev.Snapshot) -> None:
        self.snapshots.append(event)
        thin_out(self.snapshots, _MOST_FILES)

    def _on_ended(self, event: ev.Finished | ev.Stopped) -> None:
        self.final = event
        self.step = max(self.step, event.step)

    # --- reading -----------------------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self.spec.name if self.spec else ""

    def resolved_value(self, key: str, default: Any = None) -> Any:
        """A value decided at the start, else what the spec asked for, else ``default``."""
        values = self.resolved.values if self.resolved else {}
        if values.get(key) is not None:
            return values[key]
        asked = self.spec.options.get(key) if self.spec else None
        return default if asked is None else asked

    def last(self, metric: str) -> float | None:
        series = self.series.get(metric)
        return series.last if series is not None else None

    @property
    def main_metric(self) -> str:
        """What the best moment is judged by: the held-out loss, or the training loss where nothing is held out."""
        held_out = self.series.get(VAL_LOSS)
        return VAL_LOSS if held_out is not None and len(held_out) else TRAIN_LOSS

    def best(self) -> Point | None:
        """The main metric at the moment that is kept: the lowest one, or the one with the best held-out score.

        A run that learns a task says in ``kept_by`` by which score it is kept; of moments that score alike the loss
        decides.
        """
        if (scored := self._best_scored()) is not None:
            return Point(scored.step, scored.epoch, float(scored.metrics.get(self.main_metric) or 0.0))
        series = self.series.get(self.main_metric)
        lowest = series.lowest() if series is not None else None
        if lowest is None:
            return None
        step, value = lowest
        epoch = next((e.epoch for e in self.evaluations if e.step == step), 0.0)
        return Point(int(step), epoch, value)

    def _best_scored(self) -> ev.Evaluated | None:
        """None for a run that is kept by its loss, and before anything was scored. The moment before the first step is
        scored, and never kept: a model that finds nothing yet may still lie below lucky guesses."""
        name = f"val/{self.resolved_value('kept_by')}"
        scored = [check for check in self.evaluations if check.metrics.get(name) is not None]
        if self.main_metric != VAL_LOSS or not scored:
            return None
        learned = [check for check in scored if check.step > 0]
        return min(
            learned or scored, key=lambda e: (-(e.metrics[name] or 0.0), e.metrics.get(VAL_LOSS) or 0.0)
        )

    def guessing(self) -> float | None:
        """The main metric of a model that has learned nothing."""
        baseline = self.baselines.get(self.main_metric) or next(iter(self.baselines.values()), None)
        return baseline.value if baseline else None

    @property
    def epoch(self) -> float:
        return self.last("epoch") or (self.evaluations[-1].epoch if self.evaluations else 0.0)

    @property
    def progress(self) -> float:
        """The share of the run that is done, 0 to 1, as the engine's schedule counts it."""
        if self.last_state_event == "finished":
            return 1.0
        return min(1.0, max(0.0, self.last("progress") or 0.0))

    def speed(self) -> float | None:
        """Words, tokens or texts a second, as last reported."""
        return next((value for name in SPEED_COLUMNS if (value := self.last(name)) is not None), None)

    def seconds_left(self) -> float | None:
        """From the pace of the last minute; None while it cannot be told."""
        if len(self._rates) < 2 or self.progress >= 1:
            return None
        (before, done_before), (now, done) = self._rates[0], self._rates[-1]
        if now - before < 0.5 or done <= done_before:
            return None
        return (1.0 - done) * (now - before) / (done - done_before)

    def seconds_at(self, steps: Floats) -> Floats | None:
        """Seconds of training after which each of ``steps`` was done, pauses left out; None where no time is told."""
        return self.clock.at(steps) - self.clock.values[0] if len(self.clock) else None

    def amount_at(self, unit: str, steps: Floats) -> Floats | None:
        """How many tokens, words, pairs or texts (``unit``) were read at each of ``steps``; None where not counted."""
        read = self.series.get(unit)
        return read.at(steps, before=0.0) if read is not None and len(read) else None

    def checks(self) -> list[ev.Evaluated]:
        """The evaluations that judge progress: the last of each epoch, or all of them in a run of one epoch.

        Asked many times between two evaluations, they are gathered once.
        """
        newest = self.evaluations[-1] if self.evaluations else None
        if newest is None or newest is not self._checks[0]:
            self._checks = (newest, self._gather_checks())
        return self._checks[1]

    def _gather_checks(self) -> list[ev.Evaluated]:
        measured = [e for e in self.evaluations if e.step > 0 and not _is_of_test(e)]
        if (self.resolved_value("epochs") or 1) <= 1:
            return measured
        last_of_epoch: dict[int, ev.Evaluated] = {}
        for evaluation in measured:
            last_of_epoch[math.ceil(evaluation.epoch - 1e-6)] = evaluation
        return list(last_of_epoch.values())

    def watched(self) -> dict[str, ev.Probe]:
        """The newest answer of each probe."""
        return {name: row[-1] for name, row in self.probes.items() if row}


def _is_of_test(evaluation: ev.Evaluated) -> bool:
    """Whether it tells the score on test rows, which are read once at the end and judge no progress."""
    return bool(evaluation.metrics) and all(name.startswith("test/") for name in evaluation.metrics)


def _collect(name: str) -> Any:
    return lambda summary, event: getattr(summary, name).append(event)


def _keep(name: str) -> Any:
    return lambda summary, event: setattr(summary, name, event)


_HANDLERS: dict[str, Any] = {
    "starting": RunSummary._on_starting,
    "started": RunSummary._on_starting,
    "resumed": RunSummary._on_resumed,
    "phase": RunSummary._on_phase,
    "resolved": RunSummary._on_resolved,
    "evaluated": RunSummary._on_evaluated,
    "baseline": lambda summary, event: summary.baselines.__setitem__(event.metric, event),
    "probe": RunSummary._on_probe,
    "checkpoint": RunSummary._on_checkpoint,
    "snapshot": RunSummary._on_snapshot,
    "checkpoint_failed": _keep("checkpoint_failure"),
    "notice": _collect("notices"),
    "resources": RunSummary._on_resources,
    "diverged": _keep("diverged"),
    "stopping": _keep("stopping"),
    "finished": RunSummary._on_ended,
    "stopped": RunSummary._on_ended,
    "failed": _keep("failure"),
    "start_failed": _keep("failure"),
    "answer": lambda summary, event: summary.answers.__setitem__(event.id, event.answer),
    "command_done": lambda summary, event: summary.commands_done.__setitem__(event.id, event),
}
