"""Runs and launches for the tests of the window: real processes of ``misbehaving_worker.py``."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec, new_spec

_WORKER = Path(__file__).with_name("misbehaving_worker.py")


class Launches:
    """Launches workers of one behaviour, and ends what is left of them after the test."""

    def __init__(self, behaviour: str = "endless") -> None:
        self.behaviour = behaviour
        self.changes: dict[str, float] = {}
        self.processes: list[subprocess.Popen[bytes]] = []

    def __call__(
        self, run: RunDir, is_resuming: bool, changes: Mapping[str, float]
    ) -> subprocess.Popen[bytes]:
        self.changes = dict(changes)
        command = [sys.executable, str(_WORKER), str(run.path), self.behaviour]
        process = launch_worker(run, command=command + (["--resume"] if is_resuming else []))
        self.processes.append(process)
        return process

    def end_all(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                process.kill()
            process.wait()


@contextlib.contextmanager
def folder_whose_workers_end(folder: Path) -> Iterator[Path]:
    """A folder of runs; whatever still works in it afterwards is ended."""
    folder.mkdir()
    yield folder
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(str(folder) in argument for argument in process.cmdline()):
                process.kill()


def spec_named(name: str = "A run") -> RunSpec:
    return new_spec("word2vec", "little-kingdom", name=name)


def new_run(runs: Path, name: str = "A run") -> RunDir:
    return create_run(runs, spec_named(name))
