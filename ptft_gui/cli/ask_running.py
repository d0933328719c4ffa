"""Questions to a run while it trains: put through its commands, answered in its log."""

from __future__ import annotations

import time
from typing import Any

from ptft_gui.core.commands import send_command
from ptft_gui.core.errors import ModelError, PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.rundir import LIVE_STATES, RunDir

PATIENCE_S = 15.0
_LOOK_EVERY_S = 0.1


def is_learning(target: object) -> bool:
    """Whether it is a run that is alive and has no model yet."""
    return isinstance(target, RunDir) and target.state() in LIVE_STATES and not target.model.is_dir()


def ask_running(run: RunDir, question: dict[str, Any], patience_s: float = PATIENCE_S) -> dict[str, Any]:
    """The answer of a run that trains or is paused, in the form of ``ask --json``.

    Raises :class:`PtftError` with its own words where it cannot answer, or where it does not within the patience.
    """
    reader = EventReader(run.events_file)
    reader.read_all()
    asked = send_command(run.commands_file, "ask", run.attempt(), question)
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline and run.worker_pid() is not None:
        for event in reader.read_new():
            if event.event == "answer" and event.id == asked:
                return dict(event.answer)
            if event.event == "command_done" and event.id == asked and not event.ok:
                raise PtftError(event.message)
        time.sleep(_LOOK_EVERY_S)
    raise ModelError(
        f"{run.title()} did not answer.",
        f"It is {run.state()}.",
        "Try again in a moment, or when the run has ended.",
    )
