"""Starts the worker of a run so that it outlives whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence

from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.rundir import RunDir

WORKER_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONUNBUFFERED": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DO_NOT_TRACK": "1",
}
"""What a worker finds in its environment: the same order of sets in every attempt, and nothing that goes online."""


def worker_command(run: RunDir, resume: bool = False) -> list[str]:
    """The command line of a run's worker."""
    return [sys.executable, "-m", "ptft_gui.worker.train", str(run.path), *(["--resume"] if resume else [])]


def launch_worker(
    run: RunDir, resume: bool = False, command: Sequence[str] | None = None
) -> subprocess.Popen[bytes]:
    """Start the worker, detached: a session of its own, no pipe to us, its output in ``worker.log``.

    A pipe would end the run with the window (the first print after that fails). The returned process may be watched for
    its exit code; nothing needs to wait for it. ``command`` replaces the usual command line. Raises
    :class:`RunFolderError` when the log cannot be opened or the process not be started.
    """
    try:
        with run.log_file.open("ab") as log:
            return subprocess.Popen(
                list(command) if command else worker_command(run, resume),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                close_fds=True,
                env={**os.environ, **WORKER_ENVIRONMENT},
            )
    except OSError as problem:
        raise RunFolderError(
            "The training process could not be started.",
            detail=problem.strerror or str(problem),
            hint="Check that the disk is not full, then try again.",
        ) from problem
