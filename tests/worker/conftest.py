"""Real worker processes on small texts."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.commands import send_command
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import AnyEvent
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec

PATIENCE_SECONDS = 60.0


def write_text(path: Path, sentences: int = 3000) -> Path:
    """Sentences of two topics, one a line."""
    rng = random.Random(1)
    topics = ["ship wave sail harbour storm captain deck fish", "cow barn milk hay plough field wheat hen"]
    lines = [" ".join(rng.choices(rng.choice(topics).split(), k=8)) for _ in range(sentences)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@dataclass
class WorkerRun:
    """A run and the process that trains it."""

    run: RunDir
    process: subprocess.Popen[bytes]

    @property
    def events(self) -> list[AnyEvent]:
        return EventReader(self.run.events_file).read_all()

    def named(self, name: str) -> list[Any]:
        return [event for event in self.events if event.event == name]

    def wait_for(self, is_so: Callable[[list[AnyEvent]], bool], what: str) -> None:
        """Until the log says so; fails with the worker's own output when it does not come to it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not is_so(self.events):
            if time.monotonic() > deadline or self.process.poll() is not None:
                if is_so(self.events):
                    return
                pytest.fail(f"Waited for {what}. The worker said:\n{self.log}")
            time.sleep(0.02)

    def wait_for_event(self, name: str, count: int = 1) -> None:
        self.wait_for(lambda events: sum(event.event == name for event in events) >= count, name)

    def wait_for_step(self, step: int) -> None:
        self.wait_for(
            lambda events: any(e.event == "steps" and e.step[-1] >= step for e in events), f"step {step}"
        )

    def send(self, name: Any, **argument: Any) -> str:
        return send_command(self.run.commands_file, name, self.run.attempt(), argument)

    def end(self) -> int:
        """Wait for the process; returns its exit code."""
        return self.process.wait(PATIENCE_SECONDS)

    @property
    def log(self) -> str:
        return self.run.log_file.read_text(encoding="utf-8", errors="replace")


Start = Callable[..., WorkerRun]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """``start(text, **settings)`` launches a worker as the window does; what still runs at the end is killed."""
    started: list[WorkerRun] = []

    def begin(
        text: Path | str | None = None,
        *,
        run: RunDir | None = None,
        resume: bool = False,
        changes: dict[str, float] | None = None,
        family: str = "word2vec",
        **settings: Any,
    ) -> WorkerRun:
        if run is None:
            own = {"batch_words": 500} if family == "word2vec" else {}
            settings = {"workers": 1, "vector_size": 16, "epochs": 3, **own, **settings}
            spec = new_spec(family, str(text), preset="tiny", settings=settings)
            run = create_run(tmp_path / "home" / "runs", spec)
        worker = WorkerRun(run, launch_worker(run, resume, changes))
        started.append(worker)
        return worker

    yield begin
    for worker in started:
        with suppress(ProcessLookupError):
            if worker.process.poll() is None:
                os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait(10)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "topics.txt")
