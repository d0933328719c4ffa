"""Two processes that torchrun started train one model: one writes, the batch and the curve are those of one process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ptft_gui.core.crew import check_trains_together, crew_size, rank_of
from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.launch import package_environment
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import new_spec
from tests.engine.conftest import write_text

SETTINGS = {
    "layers": 1, "width": 32, "heads": 2, "block_size": 24, "global_batch_size": 7, "precision": "float32",
    "learning_rate": 0.01, "dropout": 0.0, "max_steps": 12, "workers": 2,
}  # fmt: skip


def train(spec: Path, runs: Path, processes: int) -> RunDir:
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}"]
    command = [
        sys.executable, *(launcher if processes > 1 else []), "-m", "ptft_gui", "train", str(spec),
        "--runs", str(runs), "--json",
    ]  # fmt: skip
    environment = {**package_environment(), "PTFT_HOME": str(runs.parent / "home")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(lines) == 1
    return RunDir(Path(json.loads(lines[0])["run"]))


def losses_of(run: RunDir) -> dict[int, float | None]:
    return {
        step: loss
        for event in EventReader(run.events_file).read_all()
        if event.event == "steps"
        for step, loss in zip(event.step, event.columns["loss"], strict=True)
    }


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("family", ["gpt", "bert"])
def test_two_processes_draw_the_curve_of_one(tmp_path: Path, family: str) -> None:
    text = write_text(tmp_path / "plain.txt", sentences=500)
    kind = {"tokenizer": "characters"} if family == "gpt" else {"tokenizer": "wordpiece", "vocab_size": 120}
    spec = tmp_path / "spec.json"
    spec.write_text(new_spec(family, str(text), preset="tiny", settings={**SETTINGS, **kind}).to_json())
    alone = train(spec, tmp_path / "alone", 1)
    together = train(spec, tmp_path / "together", 2)
    assert len(list((tmp_path / "together").glob("*/events.jsonl"))) == 1
    assert len(losses_of(together)) == 12
    assert losses_of(together) == pytest.approx(losses_of(alone), rel=2e-3)
    resolved = [event for event in EventReader(together.events_file).read_all() if event.event == "resolved"]
    assert resolved[0].values["processes"] == 2
    assert resolved[0].values["global_batch_size"] == 7
    assert together.state() == "finished"


def test_a_process_knows_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    assert crew_size({}) == 1
    assert crew_size({"WORLD_SIZE": "4"}) == 1  # set by somebody else, without a number for this process
    assert (crew_size({"RANK": "2", "WORLD_SIZE": "4"}), rank_of({"RANK": "2"})) == (4, 2)
    for name, value in (("RANK", "1"), ("WORLD_SIZE", "2")):
        monkeypatch.setitem(os.environ, name, value)
    check_trains_together("gpt", None, "pretrain")
    with pytest.raises(PtftError, match="Only the pre-training of GPT and BERT"):
        check_trains_together("word2vec", None, "pretrain")
