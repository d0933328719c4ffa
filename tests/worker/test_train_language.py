"""Real workers that train a language model: killed at any moment, damaged, filled up, and asked while they run."""

from __future__ import annotations

import os
import random
import signal
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.engine.checkpoint import find_checkpoints, newest_whole

from .conftest import Start, WorkerRun

SETTINGS: dict[str, Any] = {
    "layers": 1, "width": 32, "heads": 2, "block_size": 24, "global_batch_size": 8, "micro_batch_size": 3,
    "precision": "float32", "learning_rate": 0.01, "dropout": 0.2, "workers": 1, "tokenizer": "characters",
    "max_steps": 400, "optimizer": "muon",
}  # fmt: skip


def create(tmp_path: Path, text: Path, name: str, **settings: Any) -> RunDir:
    spec = new_spec("gpt", str(text), preset="tiny", settings={**SETTINGS, **settings}, name=name)
    return create_run(tmp_path / "home" / "runs", spec)


def state_of(run: RunDir) -> dict[str, torch.Tensor]:
    found = newest_whole(run.checkpoints)
    assert found is not None
    return {
        **load_file(found.path / "weights.safetensors"),
        **load_file(found.path / "optimizer.safetensors"),
    }


def is_equal(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def kill(worker: WorkerRun) -> None:
    os.kill(worker.process.pid, signal.SIGKILL)
    worker.process.wait()


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_at_any_moment_it_ends_bit_for_bit_as_the_undisturbed_run(
    start: Start, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "cache"))
    whole = create(tmp_path, text, "whole")
    assert start(run=whole).process.wait() == 0
    run, chance = create(tmp_path, text, "killed"), random.Random(3)
    for attempt in range(4):
        worker = start(run=run, resume=attempt > 0)
        reached = find_checkpoints(run.checkpoints)
        worker.wait_for_step((reached[0].step if reached else 0) + chance.randint(1, 40))
        kill(worker)
    assert start(run=run, resume=True).process.wait() == 0
    assert is_equal(state_of(whole), state_of(run))
    saved = [load_file(folder / "model.safetensors") for folder in (whole.model, run.model)]
    assert is_equal(*saved)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_damaged_newest_checkpoint_falls_back_to_the_one_before_and_says_so(
    start: Start, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "cache"))
    run = create(tmp_path, text, "damaged", max_steps=100_000)
    worker = start(run=run)
    worker.wait_for_event("checkpoint", 3)
    kill(worker)
    newest, before, *_ = find_checkpoints(run.checkpoints)
    weights = newest.path / "weights.safetensors"
    spoilt = bytearray(weights.read_bytes())
    spoilt[-5] ^= 0xFF
    weights.write_bytes(bytes(spoilt))
    again = start(run=run, resume=True)
    again.wait_for_event("resumed")
    again.wait_for_event("notice")
    assert again.named("resumed")[0].from_step == before.step
    told = [event for event in again.named("notice") if event.key == "damaged_checkpoint"]
    assert f"step {newest.step:,} is damaged" in told[0].message


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_it_is_asked_and_probed_through_its_commands_while_it_runs_and_while_it_is_paused(
    start: Start, tmp_path: Path, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "cache"))
    worker = start(run=create(tmp_path, text, "asked", max_steps=100_000))
    worker.wait_for_step(3)
    asked = worker.send("ask", generate="ship", length=6)
    worker.wait_for_event("answer")
    assert worker.named("answer")[0].id == asked
    assert worker.named("answer")[0].answer["generate"].startswith("ship")
    worker.send("pause")
    worker.wait_for_event("paused")
    worker.send("add_probe", text="barn ")
    worker.wait_for(lambda events: any(e.event == "probe" and e.input == "barn " for e in events), "a probe")
    refused = worker.send("add_probe", text="")
    worker.wait_for(lambda events: any(e.event == "command_done" and e.id == refused for e in events), "no")
    (answer,) = [event for event in worker.named("command_done") if event.id == refused]
    assert (answer.ok, answer.message.split(".")[0]) == (False, "This cannot be a probe")
    worker.send("stop")
    assert worker.process.wait() == 0
    assert worker.named("stopped")
