"""How worker processes ended, and ending them: only ones whose identity is proven, and with everything they started.

A pid alone proves nothing, it is used again. A living worker is the process that holds the run's lock at this moment;
what a dead worker left behind is the process group it led, whose number the system does not use again while one of
its members lives.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time

import psutil

from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.machine import boot_id
from ptft_gui.core.rundir import RunDir

_CLOCK_TOLERANCE_S = 2.0


def terminate_worker(run: RunDir) -> None:
    """Ask the run's worker to end by signal; it saves if it can. Raises :class:`RunFolderError`."""
    _signal_worker(run, signal.SIGTERM)


def kill_worker(run: RunDir) -> None:
    """End the run's worker and all it started at once. Raises :class:`RunFolderError`."""
    _signal_worker(run, signal.SIGKILL)


def end_leftovers(run: RunDir) -> int:
    """End what a dead worker of ``run`` left running; returns how many processes that were."""
    record = run.read_worker()
    pid, born = int(record.get("pid") or 0), float(record.get("create_time") or 0.0)
    if (
        pid <= 1
        or record.get("boot_id") != boot_id()
        or run.worker_pid() is not None
        or psutil.pid_exists(pid)
    ):
        return 0
    ended = 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if os.getpgid(process.pid) == pid and process.create_time() >= born - _CLOCK_TOLERANCE_S:
                process.kill()
                ended += 1
    return ended


def read_exit_code(run: RunDir) -> int | None:
    """How the latest attempt's process ended, if it or the window that started it wrote that down."""
    try:
        if run.worker_file.exists() and run.exit_file.stat().st_mtime < run.worker_file.stat().st_mtime:
            return None  # of an earlier attempt
        code = json.loads(run.exit_file.read_text(encoding="utf-8")).get("code")
    except (OSError, ValueError, AttributeError):
        return None
    return code if isinstance(code, int) else None


def write_exit_code(run: RunDir, code: int) -> None:
    """Only the process that started a worker learns how it ended; whoever opens the run later reads it here."""
    with contextlib.suppress(OSError):  # a full disk must not hide the end itself
        record = json.dumps({"code": code, "time": round(time.time(), 3)})
        write_text_atomically(run.exit_file, record + "\n")


def _is_gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _signal_worker(run: RunDir, number: signal.Signals) -> None:
    pid = run.worker_pid()
    if pid is None:
        return
    if pid <= 1:
        raise RunFolderError(
            f"{run.title()} is being trained where this window cannot reach it.",
            detail="Its process belongs to another container or computer.",
            hint="End it there.",
        )
    try:
        _send(pid, number)
    except ProcessLookupError:
        return
    except PermissionError as problem:
        raise RunFolderError(
            f"{run.title()} cannot be ended from here.",
            detail="Its process belongs to another user.",
            hint="Ask that user to end it.",
        ) from problem


def _send(pid: int, number: signal.Signals) -> None:
    """A kill goes to the whole group, a request to the worker alone: it knows best how to end its helpers."""
    if number == signal.SIGKILL and os.getpgid(pid) == pid:
        os.killpg(pid, number)
    else:
        os.kill(pid, number)
