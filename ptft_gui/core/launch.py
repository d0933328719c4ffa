"""Starts the worker of a run so that it outlives whoever started it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ptft_gui
from ptft_gui.core.crew import crew_wanted
from ptft_gui.core.errors import PtftError, RunFolderError
from ptft_gui.core.rundir import RunDir

WORKER_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "PYTHONSAFEPATH": "1",
    "PYTHONUNBUFFERED": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "DO_NOT_TRACK": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
"""What a worker finds in its environment: the same order of sets in every attempt, nothing that goes online, and no
matrix threads, which would take the cores away from the threads that train."""


def worker_command(run: RunDir, resume: bool = False, changes: Mapping[str, Any] | None = None) -> list[str]:
    """The command line of a run's worker; the folder it is called from is kept off its import path.

    A run that asks for several processes is started through torchrun, as by hand on the command line.
    """
    processes = crew_wanted(_options_of(run))
    launcher = [sys.executable, "-P", "-m"]
    if processes > 1:
        launcher += ["torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", "-m"]
    command = [*launcher, "ptft_gui.worker.crew" if processes > 1 else "ptft_gui.worker.train", str(run.path)]
    if resume:
        command.append("--resume")
    if changes:
        command += ["--changes", json.dumps(dict(changes), allow_nan=False)]
    return command


def _options_of(run: RunDir) -> Mapping[str, Any]:
    """What the run asks for; a request that cannot be read is told by the worker itself."""
    try:
        return run.read_spec().options
    except PtftError:
        return {}


def launch_worker(
    run: RunDir,
    resume: bool = False,
    changes: Mapping[str, Any] | None = None,
    command: Sequence[str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start the worker, detached: a session of its own, no pipe to us, its output in ``worker.log``.

    A pipe would end the run with the window (the first print after that fails). The returned process may be watched for
    its exit code; nothing needs to wait for it. ``resume`` goes on from the last whole checkpoint; ``changes`` alter
    what is resumed: ``{"learning_rate_factor": 0.5}``, ``{"length_factor": 2.0}``. ``command`` replaces the usual
    command line. Raises :class:`RunFolderError` when the log cannot be opened or the process not be started.
    """
    try:
        with run.log_file.open("ab") as log:
            process = subprocess.Popen(
                list(command) if command else worker_command(run, resume, changes),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                close_fds=True,
                env={**package_environment(), **WORKER_ENVIRONMENT},
            )
            run.note_launch(process.pid)
            return process
    except OSError as problem:
        raise RunFolderError(
            "The training process could not be started.",
            detail=f"{problem.strerror or problem}: {run.path}.",
            hint="Check that the disk is not full, then try again.",
        ) from problem


def package_environment() -> dict[str, str]:
    """The person's environment, in which a new process finds the package where this one found it."""
    package_home = os.fspath(Path(ptft_gui.__file__).resolve().parent.parent)
    paths = [package_home, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
