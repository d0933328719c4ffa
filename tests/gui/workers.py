"""Runs and launches for the tests of the window: real processes of ``misbehaving_worker.py``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec, new_spec

_WORKER = Path(__file__).with_name("misbehaving_worker.py")
_ROOT = Path(__file__).resolve().parents[2]


class Launches:
    """Launches workers of one behaviour, and ends what is left of them after the test."""

    def __init__(self, behaviour: str = "endless") -> None:
        self.behaviour = behaviour
        self.processes: list[subprocess.Popen[bytes]] = []

    def __call__(self, run: RunDir, is_resuming: bool) -> subprocess.Popen[bytes]:
        command = [sys.executable, str(_WORKER), str(run.path), self.behaviour]
        with run.log_file.open("ab") as log:
            process = subprocess.Popen(
                command + (["--resume"] if is_resuming else []),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": str(_ROOT)},
            )
        self.processes.append(process)
        return process

    def end_all(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()


def spec_named(name: str = "A run") -> RunSpec:
    return new_spec("word2vec", "little-kingdom", name=name)


def new_run(runs: Path, name: str = "A run") -> RunDir:
    return create_run(runs, spec_named(name))
