"""A trial: a few real steps of a run in a temporary folder, watched from outside and thrown away.

It is a run like any other, with the same worker and the same engine. Whoever asked may give it up at any time; then
its process is ended at once.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from ptft_gui.core.errors import PtftError, StoppedByPerson
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import LIVE_STATES, RunDir, create_run, folder_bytes, list_runs
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

_PREFIX = "ptft-trial-"
_LOOK_EVERY_S, _LOOK_AT_RUNS_EVERY_S, _PATIENCE_S = 0.05, 1.0, 2.0
_LONGEST_S = 120.0
_ABANDONED_S = 3600.0


@dataclass(frozen=True)
class Trial:
    """What came of it: the folded events, the most memory its process held, what its files took on disk."""

    summary: RunSummary
    peak_bytes: int
    checkpoint_bytes: int
    model_bytes: int


def run_trial(
    spec: RunSpec, runs: Path, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> Trial:
    """Raises PtftError where a run trains in ``runs``, and for whatever ends the trial; StoppedByPerson."""
    refuse_beside_a_run(runs)
    with _temporary_runs() as folder:
        run = create_run(folder, spec)
        worker = launch_worker(run)
        try:
            summary, peak = _watch(run, worker, runs, progress, should_stop)
        finally:
            _end(worker)
        _check_end(run, summary)
        checkpoints = [path for path in run.checkpoints.glob("*") if path.is_dir()]
        largest = max((folder_bytes(path) for path in checkpoints), default=0)
        return Trial(summary, peak, largest, folder_bytes(run.model))


def refuse_beside_a_run(runs: Path) -> None:
    """Raise PtftError while a run trains: each would slow the other, and nothing true be measured."""
    busy = next((run for run in list_runs(runs) if run.state() in LIVE_STATES), None)
    if busy is not None:
        raise PtftError(
            f"{busy.title()} is being trained now, so nothing can be measured beside it.",
            hint="Start works all the same: this one then waits for its turn.",
        )


@contextlib.contextmanager
def _temporary_runs() -> Iterator[Path]:
    _remove_abandoned()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _remove_abandoned() -> None:
    """Clear what trials left behind whose watcher was killed."""
    for path in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            found = path.lstat()
            if found.st_uid == os.getuid() and time.time() - found.st_mtime > _ABANDONED_S:
                shutil.rmtree(path, ignore_errors=True)


def _watch(
    run: RunDir, worker: subprocess.Popen[bytes], runs: Path, progress: Progress, should_stop: ShouldStop
) -> tuple[RunSummary, int]:
    """Follow the log to its end; the summary, and the most memory seen."""
    summary, peak, began = RunSummary(spec=run.read_spec()), 0, time.monotonic()
    reader, looked_at = EventReader(run.events_file), began
    process = psutil.Process(worker.pid)
    while True:
        has_ended = worker.poll() is not None
        events = reader.read_new(1 << 20)
        summary.fold(coalesce(events))
        if has_ended and not events:
            return summary, peak
        with contextlib.suppress(psutil.Error):
            peak = max(peak, process.memory_info().rss)
        if should_stop():
            raise StoppedByPerson
        now = time.monotonic()
        if now - looked_at > _LOOK_AT_RUNS_EVERY_S:
            looked_at = now
            refuse_beside_a_run(runs)
            _refuse_late(now - began)
        progress(_phase(summary), None)
        time.sleep(0 if events else _LOOK_EVERY_S)


def _refuse_late(seconds: float) -> None:
    if seconds > _LONGEST_S:
        raise PtftError(
            "Measuring takes too long on this computer.",
            f"It was given up after {seconds:.0f} seconds.",
            "Start the run itself, or choose a smaller model.",
        )


def _phase(summary: RunSummary) -> str:
    if summary.step:
        return "Measuring real steps"
    return summary.phase.text if summary.phase is not None else "Starting"


def _end(worker: subprocess.Popen[bytes]) -> None:
    """The worker leads a group of its own, which ends with it."""
    if worker.poll() is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)
    with contextlib.suppress(subprocess.TimeoutExpired):
        worker.wait(_PATIENCE_S)


def _check_end(run: RunDir, summary: RunSummary) -> None:
    if run.state() == "finished" and summary.step > 0:
        return
    failure = summary.failure
    if failure is not None:
        raise PtftError(failure.message, failure.detail, failure.hint)
    raise PtftError(
        "The trial did not come to its end.", _last_line(run), "Start the run itself to see more."
    )


def _last_line(run: RunDir) -> str:
    with contextlib.suppress(OSError):
        lines = [line for line in run.log_file.read_text("utf-8", "replace").splitlines() if line.strip()]
        return lines[-1][:300] if lines else ""
    return ""
