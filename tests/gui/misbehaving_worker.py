"""A worker that behaves, or misbehaves, on order: real processes for the tests of the window.

``python misbehaving_worker.py RUN_DIR BEHAVIOUR [--resume]`` speaks the run's protocol through core, as a real worker
does, and trains nothing. What each behaviour does stands in its function's docstring.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from ptft_gui.core import events as ev
from ptft_gui.core.commands import CommandReader
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.locks import try_lock
from ptft_gui.core.machine import boot_id
from ptft_gui.core.queue import wait_for_device
from ptft_gui.core.rundir import RunDir

STEP_S = 0.02


class Worker:
    """The parts every behaviour is made of."""

    def __init__(self, path: Path, is_resuming: bool) -> None:
        self.run = RunDir(path)
        self.lock = try_lock(self.run.lock_file)
        assert self.lock is not None, "another worker has this run"
        self.attempt = self.run.attempt() + 1
        self._write_identity()
        self.log = EventWriter(self.run.events_file)
        self.commands = CommandReader(self.run.commands_file, self.attempt)
        self.step = 0
        self.log.write(ev.Starting(attempt=self.attempt, pid=os.getpid()))
        self.is_resuming = is_resuming

    def _write_identity(self) -> None:
        born = psutil.Process().create_time()
        record = {"pid": os.getpid(), "create_time": born, "boot_id": boot_id(), "attempt": self.attempt}
        self.run.worker_file.write_text(json.dumps(record), encoding="utf-8")

    def begin(self) -> None:
        self.log.write(ev.Started(attempt=self.attempt, pid=os.getpid()))
        if self.is_resuming:
            self.step = 50
            self.log.write(ev.Resumed(attempt=self.attempt, from_step=50))
        self.log.write(ev.Phase(name="training", text="training"))
        self.log.write(ev.Resources(rss_bytes=10**8, available_bytes=10**8, disk_free_bytes=10**10))

    def advance(self, of: int) -> None:
        """Ten steps and a measurement."""
        steps = list(range(self.step + 1, self.step + 11))
        columns: dict[str, list[float | None]] = {
            "progress": [step / of for step in steps],
            "words_per_second": [9e5] * 10,
        }
        self.log.write(ev.Steps(step=steps, columns=columns))
        self.step = steps[-1]
        loss = 2.0 + 2.0 / self.step
        self.log.write(ev.Evaluated(step=self.step, metrics={"train/loss": loss, "val/loss": loss + 0.1}))
        if self.step % 50 == 0:
            self.log.write(ev.Checkpoint(step=self.step, path=f"checkpoints/step-{self.step:08}", bytes=1000))

    def end(self, event: ev.Event) -> None:
        self.log.write(event)
        sys.exit(0)

    def obey(self) -> None:
        """Do what a person asked; while paused, wait."""
        for command in self.commands.read_new():
            self.log.write(ev.CommandDone(id=command.id))
            if command.name == "pause":
                self._hold_still()
            elif command.name in ("stop", "discard"):
                self.log.write(ev.Stopping())
                self.end(ev.Stopped(step=self.step, discarded=command.name == "discard"))

    def _hold_still(self) -> None:
        self.log.write(ev.Paused(step=self.step))
        while True:
            for command in self.commands.read_new():
                self.log.write(ev.CommandDone(id=command.id))
                if command.name == "resume":
                    self.log.write(ev.Running())
                    return
                if command.name in ("stop", "discard"):
                    self.end(ev.Stopped(step=self.step, discarded=command.name == "discard"))
            time.sleep(STEP_S)


def well(worker: Worker, steps: int = 200) -> None:
    """Trains for some seconds, obeys every command, finishes."""
    worker.begin()
    while worker.step < steps:
        worker.obey()
        worker.advance(steps)
        time.sleep(STEP_S)
    worker.end(ev.Finished(step=worker.step, metrics={"val/loss": 2.1}))


def endless(worker: Worker) -> None:
    """Trains until it is told to stop."""
    well(worker, steps=10**9)


def queued(worker: Worker) -> None:
    """Waits for the device like a real worker, then trains until it is told to stop."""
    lock = wait_for_device(
        worker.run, "cpu", lambda: worker.obey() or True, lambda: worker.log.write(ev.Queued())
    )
    assert lock is not None
    endless(worker)


def hang(worker: Worker) -> None:
    """Begins, then neither works nor listens; a request by signal ends it."""
    worker.begin()
    while True:
        time.sleep(60)


def stubborn(worker: Worker) -> None:
    """As ``hang``, and ignores every signal that can be ignored."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang(worker)


def junk(worker: Worker) -> None:
    """Prints junk, and writes junk into its log between good lines."""
    print("\x00\xff<b>junk</b>" * 100, flush=True)
    worker.begin()
    with worker.run.events_file.open("ab") as file:
        file.write(b'{"event": "no such"}\nnot json at all\n\xff\xfe\x00\n[]\n')
    endless(worker)


def half_a_line(worker: Worker) -> None:
    """Writes half a line and dies."""
    worker.begin()
    worker.advance(200)
    with worker.run.events_file.open("ab") as file:
        file.write(b'{"event":"steps","seq":9,"ti')
    os.kill(os.getpid(), signal.SIGKILL)


def failing(worker: Worker) -> None:
    """Fails as a worker should: with a sentence."""
    worker.begin()
    worker.end(ev.Failed(message="No word occurs often enough.", detail="It has 3.", hint="Add more text."))


def with_child(worker: Worker) -> None:
    """Starts a helper of its own that would outlive it."""
    child = subprocess.Popen(["sleep", "600"])
    (worker.run.path / "child.pid").write_text(str(child.pid), encoding="ascii")
    worker.begin()
    os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    path, behaviour = Path(sys.argv[1]), sys.argv[2]
    if behaviour == "die_before_ready":
        print("ModuleNotFoundError: No module named 'gensim'", file=sys.stderr, flush=True)
        sys.exit(3)
    if behaviour == "hang_before_ready":
        time.sleep(600)
    globals()[behaviour](Worker(path, "--resume" in sys.argv))


if __name__ == "__main__":
    main()
