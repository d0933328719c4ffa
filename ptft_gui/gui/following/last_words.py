"""What is known of a run that ended without a last word."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from ptft_gui.core import events as ev
from ptft_gui.core.machine import boot_id
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.stepbatch import StepBatch
from ptft_gui.core.wording import bytes_text

_LOG_TAIL_BYTES = 4096
_LOG_TAIL_LINES = 8
_PLENTY_OF_MEMORY = 0.2
"""With a fifth of the memory free at the last look, a kill had another cause."""


@dataclass
class LastSeen:
    """The newest facts of a log that matter once its worker is gone."""

    step: int = 0
    checkpoint_step: int | None = None
    resources: ev.Resources | None = None

    def note(self, events: Iterable[ev.AnyEvent | StepBatch]) -> None:
        """Take in events in the order of the log."""
        for event in events:
            if isinstance(event, StepBatch):
                self.step = int(event.step[-1]) if len(event.step) else self.step
            elif isinstance(event, ev.Checkpoint):
                self.checkpoint_step = event.step
            elif isinstance(event, ev.Resources):
                self.resources = event
            elif isinstance(event, ev.Resumed):
                self.step = event.from_step


def last_words(run: RunDir, seen: LastSeen, exit_code: int | None) -> str:
    """The cause as far as it is known, what is safe, the last reading of memory and the last lines of the log.

    ``exit_code``: as :class:`subprocess.Popen` gives it, negative for a signal; None when nobody saw the end.
    """
    parts = [f"{_cause(run, seen, exit_code)} {_safe(seen)}", _memory(seen), _log_tail(run.log_file)]
    return "\n".join(part for part in parts if part)


def before_ready(run: RunDir, exit_code: int | None) -> str:
    """What is known of a worker that ended before it said anything."""
    how = _how(exit_code) if exit_code is not None else "nobody saw how"
    tail = _log_tail(run.log_file)
    return f"The training process ended before it was ready ({how})." + (f"\n{tail}" if tail else "")


def _cause(run: RunDir, seen: LastSeen, exit_code: int | None) -> str:
    where = f"at step {seen.step:,}" if seen.step else "before the first step"
    written = run.read_worker().get("boot_id")
    if written and written != boot_id():
        return f"The computer was restarted while this run was {where}."
    if exit_code is None:
        return f"It ended {where} without a last word: killed, crashed or out of memory."
    if exit_code == -signal.SIGKILL:
        guess = "probably out of memory" if _was_memory_short(seen) else "memory was not short"
        return f"The system closed the worker (signal 9, {guess}) {where}."
    return f"The worker ended {where} ({_how(exit_code)})."


def _how(exit_code: int) -> str:
    if exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return f"signal {-exit_code}, {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"signal {-exit_code}"


def _was_memory_short(seen: LastSeen) -> bool:
    if seen.resources is None:
        return True
    return seen.resources.available_bytes < _PLENTY_OF_MEMORY * psutil.virtual_memory().total


def _safe(seen: LastSeen) -> str:
    if seen.checkpoint_step is None:
        return "No checkpoint had been written."
    return f"Last checkpoint: step {seen.checkpoint_step:,}."


def _memory(seen: LastSeen) -> str:
    if seen.resources is None:
        return ""
    used, free = bytes_text(seen.resources.rss_bytes), bytes_text(seen.resources.available_bytes)
    return f"Memory at the last look: {used} used by the run, {free} free."


def _log_tail(path: Path) -> str:
    """The last lines of what the process printed; an unreadable log has none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _LOG_TAIL_BYTES))
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    return "\n".join(text.strip().splitlines()[-_LOG_TAIL_LINES:])
