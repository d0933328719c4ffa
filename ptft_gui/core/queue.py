"""The queue of runs: one run a device at a time, in the order of ``runs/queue.json``.

A queued run is a worker process that waits here. It needs no window: whoever is first among the living ones takes
the device's lock as soon as it is free; the entries of dead workers are passed over, so one failure does not stop
the rest.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable
from pathlib import Path

from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.locks import HeldLock, lock_holder, short_lock, try_lock
from ptft_gui.core.rundir import START_GRACE_SECONDS, RunDir, create_run, last_state_event
from ptft_gui.core.spec import RunSpec

POLL_SECONDS = 0.2
_GETTING_READY_SECONDS = 60.0
"""So long a worker that was started may take to wait in its place; then the next one is not kept waiting for it."""
_RAREST_LOOK = 10
"""A run far back in the order looks for its turn only every so many polls; who asks it to stop is heard at once."""


def queue_file(runs: Path) -> Path:
    return runs / "queue.json"


def device_lock_file(runs: Path, device: str) -> Path:
    return runs / f".device-{device.replace(':', '')}.lock"


def read_queue(runs: Path) -> list[str]:
    """Names of the waiting runs, first one first; an unreadable file is an empty queue."""
    try:
        names = json.loads(queue_file(runs).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []


def change_queue(runs: Path, change: Callable[[list[str]], list[str]]) -> list[str]:
    """Replace the order by ``change(order)``, also when several processes do so at once; returns the new order."""
    with short_lock(runs / ".queue.lock"):
        before = read_queue(runs)
        after = list(dict.fromkeys(change(list(before))))
        if after != before or not queue_file(runs).exists():
            write_text_atomically(queue_file(runs), json.dumps(after, indent=1) + "\n")
        return after


def enqueue(run: RunDir) -> None:
    """Put a run at the end of the queue, unless it already waits."""
    change_queue(run.path.parent, lambda names: [*names, run.name])


def create_queued_run(runs: Path, spec: RunSpec) -> RunDir:
    """Make the folder of a new run and give it its place, before its worker is started.

    So runs have their turn in the order in which they were asked for, however long their workers take to be ready.
    Raises :class:`~ptft_gui.core.errors.RunFolderError`.
    """
    run = create_run(runs, spec)
    with contextlib.suppress(OSError):  # its worker takes its place itself
        enqueue(run)
    return run


def leave_queue(run: RunDir) -> None:
    change_queue(run.path.parent, lambda names: [name for name in names if name != run.name])


def reorder(runs: Path, names: list[str]) -> None:
    """Bring the waiting runs into this order; runs that joined meanwhile stay at the end."""
    change_queue(runs, lambda old: [*(n for n in names if n in old), *(n for n in old if n not in names)])


def wait_for_device(
    run: RunDir, device: str, is_wanted: Callable[[], bool], on_waiting: Callable[[], None]
) -> HeldLock | None:
    """Wait in the queue until the device is this run's; None when ``is_wanted`` says no meanwhile.

    ``on_waiting`` is called once, when the device is not free at once. Only the worker of ``run`` calls this.
    """
    runs = run.path.parent
    enqueue(run)
    is_waiting = False
    polls_to_wait = 0
    try:
        while is_wanted():
            if polls_to_wait > 0:
                polls_to_wait -= 1
                time.sleep(POLL_SECONDS)
                continue
            ahead = _living_ahead(run)
            if ahead == 0 and (lock := try_lock(device_lock_file(runs, device))) is not None:
                return lock
            polls_to_wait = min(max(ahead - 1, 0), _RAREST_LOOK)
            if not is_waiting:
                is_waiting = True
                on_waiting()
            time.sleep(POLL_SECONDS)
        return None
    finally:
        leave_queue(run)


def _living_ahead(run: RunDir) -> int:
    """How many living runs stand before this one; a run that has fallen out of the queue stands last."""
    names = read_queue(run.path.parent)
    if run.name not in names:
        enqueue(run)
        return len(names) + 1
    ahead = names[: names.index(run.name)]
    return sum(_is_coming(RunDir(run.path.parent / name)) for name in ahead)


def _is_coming(run: RunDir) -> bool:
    """Whether a run will take its turn: its worker waits, or was started a moment ago and is not ready yet."""
    if lock_holder(run.lock_file) is not None:
        return True
    try:
        asked = max(path.stat().st_mtime for path in (run.spec_file, run.launch_file) if path.exists())
    except (OSError, ValueError):
        return False
    is_new = abs(time.time() - asked) < _GETTING_READY_SECONDS
    return is_new and run.age_seconds() < START_GRACE_SECONDS and last_state_event(run.events_file) is None
