"""GloVe in a worker process: stopped, paused, saved, killed and gone on with."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from ptft_gui.engine.checkpoint import find_checkpoints, newest_whole
from ptft_gui.engine.vectors import load_word_vectors
from tests.worker.conftest import Start

LONG: dict[str, Any] = {"family": "glove", "epochs": 10_000}


def test_a_run_from_start_to_finish(start: Start, text: Path) -> None:
    worker = start(text, family="glove")
    assert worker.end() == 0, worker.log
    names = [event.event for event in worker.events]
    assert names[:3] == ["format", "starting", "started"]
    assert names[-1] == "finished"
    assert worker.run.state() == "finished"
    assert worker.log == ""
    assert "ship" in load_word_vectors(worker.run.model).index
    assert worker.named("started")[0].versions["numba"]
    left = {path.name for path in worker.run.path.iterdir()}
    assert not any(name.startswith("tmp") for name in left), left


def test_stop_and_keep_within_two_seconds(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(20)
    begin = time.monotonic()
    command = worker.send("stop")
    assert worker.end() == 0
    assert (
        time.monotonic() - begin < 10
    )  # far above the promised two seconds: other tests run beside this one
    assert worker.run.state() == "stopped"
    assert [done.id for done in worker.named("command_done")] == [command]
    assert load_word_vectors(worker.run.model).config["step"] == worker.named("stopped")[0].step
    assert find_checkpoints(worker.run.checkpoints)


def test_a_pause_holds_still_answers_and_saves(start: Start, text: Path) -> None:
    worker = start(text, **LONG)
    worker.wait_for_step(200)
    worker.send("pause")
    worker.wait_for_event("paused")
    steps = worker.named("steps")[-1].step[-1]
    busy = psutil.Process(worker.process.pid).cpu_times().user
    time.sleep(1.0)
    assert worker.named("steps")[-1].step[-1] == steps == worker.named("paused")[0].step
    assert psutil.Process(worker.process.pid).cpu_times().user - busy < 0.3
    worker.send("ask", similar="ship", topn=3)
    worker.wait_for_event("answer")
    near = {word for word, _ in worker.named("answer")[0].answer["similar"]}
    assert near <= set("wave sail harbour storm captain deck fish".split())
    worker.send("save")
    worker.wait_for(lambda events: any(e.event == "checkpoint" and e.step == steps for e in events), "it")
    worker.send("resume")
    worker.wait_for_event("running")
    worker.wait_for_step(steps + 20)
    worker.send("discard")
    assert worker.end() == 0
    assert not worker.run.model.exists()


def test_a_killed_run_goes_on_to_the_very_same_numbers(start: Start, text: Path) -> None:
    settings: dict[str, Any] = {"family": "glove", "epochs": 400}
    whole = start(text, **settings)
    assert whole.end() == 0
    killed = start(text, **settings)
    killed.wait_for_event("checkpoint")
    os.killpg(killed.process.pid, signal.SIGKILL)
    killed.process.wait(10)
    assert newest_whole(killed.run.checkpoints) is not None
    resumed = start(run=killed.run, resume=True)
    assert resumed.end() == 0, resumed.log
    assert resumed.run.state() == "finished"
    first, second = (load_word_vectors(worker.run.model).vectors for worker in (whole, resumed))
    assert np.array_equal(first, second)
