"""``train --race``: real runs in their own processes, and one result."""

from __future__ import annotations

import csv
import json
import random
import subprocess
from pathlib import Path

import pytest

from ptft_gui.__main__ import main
from ptft_gui.cli import race
from ptft_gui.core.errors import PtftError
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.spec import RunSpec
from tests.inspection.language_models import save_tiny_bert

WORDS = {
    "court": "queen crown castle golden prince".split(),
    "kitchen": "baker bread oven brown song".split(),
}


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    rng = random.Random(5)
    path = tmp_path / "topics.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "topic"])
        for _ in range(120):
            topic = rng.choice(list(WORDS))
            writer.writerow([" ".join(rng.choices(WORDS[topic], k=rng.randint(3, 7))), topic])
    return path


def asked(rows: Path, start: Path, runs: Path, *more: str) -> list[str]:
    return [
        "train", "--family", "bert", "--stage", "finetune", "--task", "classification", "--init", str(start),
        "--dataset", str(rows), "--runs", str(runs), "--preset", "tiny", "--set", "workers=1", "precision=float32",
        "device=cpu", *more,
    ]  # fmt: skip


def _began(run: Path) -> float:
    """When a run began to learn."""
    records = map(json.loads, (run / "events.jsonl").read_text("utf-8").splitlines())
    return next(float(record["time"]) for record in records if record["event"] == "resolved")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_lanes_learn_the_same_rows_one_after_the_other(
    rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))
    start = save_tiny_bert(tmp_path / "bert", steps=1)
    more = ("--race", "frozen", "no-pretraining", "--json")
    assert main(asked(rows, start, tmp_path / "runs", *more)) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [lane["lane"] for lane in told["race"]] == ["no-pretraining", "frozen"]
    assert all(lane["score"] is not None and lane["minutes"] > 0 for lane in told["race"])
    assert told["race"][1]["trained"] < told["race"][0]["trained"]
    assert told["sentence"].startswith("Pre-training")
    assert told["length"].startswith("Each lane learns as long as suits its method")
    began = [_began(Path(run)) for run in told["runs"]]
    assert began == sorted(began), "the lanes learn in their order, whoever is ready first"
    first, second = (json.loads((Path(run) / "evaluation.json").read_text()) for run in told["runs"])
    assert first["test"]["rows"] == second["test"]["rows"]


def test_a_lane_that_does_not_exist_is_named(
    rows: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = save_tiny_bert(tmp_path / "bert", steps=1)
    assert main(asked(rows, start, tmp_path / "runs", "--race", "sideways")) == 2
    assert 'There is no lane "sideways"' in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_lane_that_fails_is_named_and_the_others_go_on(
    rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))

    def launched(run: RunDir) -> subprocess.Popen[bytes]:
        """The worker of the lane without pre-training is killed as soon as it lives."""
        worker = launch_worker(run)
        if run.title().endswith("No pre-training"):
            worker.kill()
        return worker

    monkeypatch.setattr(race, "launch_worker", launched)
    start = save_tiny_bert(tmp_path / "bert", steps=1)
    more = ("--race", "frozen", "no-pretraining", "--json")
    assert main(asked(rows, start, tmp_path / "runs", *more)) == 1
    told = capsys.readouterr()
    lanes = {lane["lane"]: lane for lane in json.loads(told.out.splitlines()[-1])["race"]}
    assert lanes["frozen"]["score"] is not None
    assert lanes["no-pretraining"]["score"] is None
    assert "No pre-training failed: The run ended without a word." in told.err
    assert "1 run of 2 failed: " in told.err.splitlines()[-1]
    assert "Traceback" not in told.err


def test_what_of_the_start_is_dropped_is_said_before_anything_runs(
    rows: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def measure(_spec: RunSpec, _runs: Path) -> None:
        raise PtftError("Here the measuring would begin.")

    monkeypatch.setattr("ptft_gui.cli.dry_run.dry_run", measure)
    start = save_tiny_bert(tmp_path / "bert", steps=1)
    config = json.loads((start / "config.json").read_text("utf-8"))

    def told(**changes: object) -> str:
        (start / "config.json").write_text(json.dumps({**config, **changes}), encoding="utf-8")
        assert main(asked(rows, start, tmp_path / "runs", "--dry-run")) != 0
        return capsys.readouterr().err

    made_for_names = {"architectures": ["BertForTokenClassification"], "id2label": {"0": "O", "1": "B-PER"}}
    first, second = told(**made_for_names).splitlines()
    assert first.startswith(
        "Tiny bert has learned marking names in texts before (2 answers: O, B-PER). That last"
    )
    assert second.startswith("Here the measuring would begin.")
    assert "dropped" not in told()
