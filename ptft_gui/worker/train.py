"""The worker: one process that trains one run. ``python -m ptft_gui.worker.train RUN_DIR [--resume]``.

It holds the run's lock as long as it lives, waits for its turn, trains, and tells everything in the run's event log.
Exit codes: 0 finished or stopped, 1 failed, 2 it could not begin (no such run, or already being trained).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from ptft_gui.core.atomic import write_text_atomically
from ptft_gui.core.errors import PtftError, RunFolderError
from ptft_gui.core.give_way import give_way
from ptft_gui.core.locks import HeldLock, try_lock
from ptft_gui.core.machine import boot_id
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.worker.announce_end import announce_end
from ptft_gui.worker.attempt import Attempt
from ptft_gui.worker.parting import leave

CANNOT_BEGIN = 2
_NICENESS = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the run that the arguments name; returns the exit code."""
    options = _parser().parse_args(arguments)
    run = RunDir(Path(options.run).resolve())
    try:
        lock = _take_run(run)
        number = _introduce(run)
        attempt = Attempt(run, lock, number, options.resume, json.loads(options.changes))
    except PtftError as problem:
        print(problem.as_sentence(), file=sys.stderr)
        return CANNOT_BEGIN
    give_way(_NICENESS)
    code = attempt.carry_out()
    _write_exit(run, code)
    announce_end(run)
    lock.release()
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="ptft-gui worker", description="Trains one run.")
    parser.add_argument("run", help="folder of the run")
    parser.add_argument("--resume", action="store_true", help="go on from the last whole checkpoint")
    parser.add_argument("--changes", default="{}", help="JSON: what to change in a resumed run")
    return parser


def _take_run(run: RunDir) -> HeldLock:
    """Become the one worker of this run."""
    if not is_run(run.path):
        raise RunFolderError(f"{run.path} is not a run's folder.", hint="Give the folder of a run.")
    try:
        lock = try_lock(run.lock_file)
    except OSError as problem:
        raise _unwritable(run, problem) from problem
    if lock is None:
        raise RunFolderError(
            f"{run.title()} is being trained already.", hint="Wait for it, or stop it first."
        )
    return lock


def _introduce(run: RunDir) -> int:
    """Write down which process this is; returns the number of this attempt."""
    number = run.attempt() + 1
    record = {
        "pid": os.getpid(),
        "create_time": psutil.Process().create_time(),
        "boot_id": boot_id(),
        "attempt": number,
    }
    try:
        run.exit_file.unlink(missing_ok=True)
        write_text_atomically(run.worker_file, json.dumps(record) + "\n")
    except OSError as problem:
        raise _unwritable(run, problem) from problem
    return number


def _unwritable(run: RunDir, problem: OSError) -> RunFolderError:
    return RunFolderError(
        f"The run's folder {run.path} cannot be written.",
        detail=f"{problem.strerror or problem}.",
        hint="Free some space there, or choose another folder for runs.",
    )


def _write_exit(run: RunDir, code: int) -> None:
    """For a window that did not start this process and so cannot see how it ends."""
    try:
        write_text_atomically(run.exit_file, json.dumps({"code": code, "time": round(time.time(), 3)}) + "\n")
    except OSError:
        return  # a full disk; the log's last event tells how it ended


if __name__ == "__main__":
    leave(main())
