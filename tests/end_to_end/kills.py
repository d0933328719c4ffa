"""Kill a real training process again and again, all over the run; what it ends with must be as if nobody had.

    python -m tests.end_to_end.kills gpt --kills 20
    python -m tests.end_to_end.kills bert finetune --kills 10 --seed 3

Each run is trained once undisturbed and once killed with SIGKILL and resumed; then the weights, what the optimizer
remembers, the saved model and the loss of every step are compared bit for bit. One thread, so that sums come in one
order; dropout, masks, the order of the examples and batches in parts are all in play.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import RunSpec, new_spec
from ptft_gui.engine.checkpoint import newest_whole

KINDS = ("gpt", "bert", "finetune")
_BEFORE_TRAINING = 0.2
"""The share of kills that may come while the process still starts."""
_LONGEST_START, _LONGEST_DELAY = 6.0, 0.5
_LATEST = 0.95
"""The share of the run up to which it is killed; steps are told half a second late, and the last ones end it."""
_PATIENCE_SECONDS = 900.0
_WORDS = {
    "sea": "ship wave sail harbour storm captain deck fish".split(),
    "farm": "cow barn milk hay plough field wheat hen".split(),
}
_USUAL: dict[str, Any] = {
    "global_batch_size": 8, "micro_batch_size": 3, "precision": "float32", "workers": 1, "device": "cpu", "seed": 5,
}  # fmt: skip
_SHAPE: dict[str, Any] = {"layers": 1, "width": 32, "heads": 2, "block_size": 24, "dropout": 0.2}


@dataclass(frozen=True)
class Verdict:
    """What came out: how often it was killed, how many steps it took, and in what it differs (nothing, one hopes)."""

    kills: int
    steps: int
    differences: tuple[str, ...]

    def told(self) -> str:
        ended = f"{self.steps:,} steps, killed {self.kills} times"
        if self.differences:
            return f"{ended}: DIFFERS in {', '.join(self.differences)}"
        return f"{ended}: the same weights, optimizer, model and curve, bit for bit"


def spec_of(kind: str, folder: Path, steps: int) -> RunSpec:
    """A small run of this kind on text of its own."""
    chance = random.Random(1)
    lines = [" ".join(chance.choices(_WORDS[chance.choice(list(_WORDS))], k=8)) for _ in range(1500)]
    text = folder / "plain.txt"
    text.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if kind == "gpt":
        more = {**_SHAPE, "tokenizer": "characters", "learning_rate": 0.01, "max_steps": steps}
        return new_spec("gpt", str(text), preset="tiny", settings={**_USUAL, **more})
    if kind == "bert":
        more = {
            **_SHAPE,
            "tokenizer": "wordpiece",
            "vocab_size": 120,
            "learning_rate": 0.01,
            "max_steps": steps,
        }
        return new_spec("bert", str(text), preset="tiny", settings={**_USUAL, **more})
    return _finetuning(folder, lines, steps)


def _finetuning(folder: Path, lines: list[str], steps: int) -> RunSpec:
    from tests.inspection.language_models import save_tiny_bert

    rows = folder / "topics.csv"
    labelled = [f"{line},{'sea' if line.split()[0] in _WORDS['sea'] else 'farm'}" for line in lines[:400]]
    rows.write_text("\n".join(["text,topic", *labelled]) + "\n", encoding="utf-8")
    start = save_tiny_bert(folder / "start", steps=1)
    more = {"dropout": 0.2, "learning_rate": 0.003, "max_steps": steps, "early_stopping": 0}
    return new_spec(
        "bert", str(rows), preset="tiny", stage="finetune", task="classification", method="full",
        init_from="folder", init=str(start), settings={**_USUAL, **more},
    )  # fmt: skip


def losses_of(run: RunDir) -> dict[int, float | None]:
    """The loss of every step; after a resumption later steps of the attempt before do not count."""
    found: dict[int, float | None] = {}
    for event in EventReader(run.events_file).read_all():
        if event.event == "resumed":
            found = {step: loss for step, loss in found.items() if step <= event.from_step}
        elif event.event == "steps":
            found.update(zip(event.step, event.columns["loss"], strict=True))
    return found


def train_undisturbed(run: RunDir) -> None:
    assert launch_worker(run).wait(_PATIENCE_SECONDS) == 0, run.log_file.read_text(encoding="utf-8")


def moments(kills: int, steps: int, chance: random.Random) -> list[int | None]:
    """After which step to kill, a step of each part of the run in turn; None: while the process still starts."""
    at_start = [chance.random() < _BEFORE_TRAINING for _ in range(kills)]
    parts = at_start.count(False)
    later = (int((part + chance.random()) / parts * _LATEST * steps) for part in range(parts))
    return [None if starts else next(later) for starts in at_start]


def train_killed(run: RunDir, when: list[int | None], chance: random.Random, says: bool = False) -> int:
    """Kill the run at these moments, then let it end; returns how often it was killed."""
    done, starts = 0, 0
    for step in when:
        reader = EventReader(run.events_file)
        if starts:
            reader.read_all()  # what earlier attempts told
        process = launch_worker(run, resume=starts > 0)
        starts += 1
        if step is None:
            time.sleep(chance.uniform(0.0, _LONGEST_START))
        else:
            _wait_for_step(process, run, reader, step)
            time.sleep(chance.uniform(0.0, _LONGEST_DELAY))
        if process.poll() is not None:
            break
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        done += 1
        if says:
            _say_kill(run, done)
    if run.state() != "finished":
        assert launch_worker(run, resume=starts > 0).wait(_PATIENCE_SECONDS) == 0, run.log_file.read_text()
    return done


def _say_kill(run: RunDir, number: int) -> None:
    reached = max(losses_of(run), default=0)
    kept = newest_whole(run.checkpoints) if run.checkpoints.is_dir() else None
    goes_on = f"goes on from step {kept.step:,}" if kept else "begins anew"
    print(f"  kill {number}: step {reached:,} was told; {goes_on}", flush=True)


def _wait_for_step(process: Any, run: RunDir, reader: EventReader, step: int) -> None:
    """Until the process that was just launched has told of this step, or of a later one."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if run.events_file.exists() and any(
            event.event == "steps" and event.step[-1] >= step for event in reader.read_new()
        ):
            return
        time.sleep(0.02)


def differences(one: RunDir, other: RunDir) -> tuple[str, ...]:
    """What two runs do not have in common, to the last bit."""
    found = []
    for name, first, second in zip(
        ("weights", "optimizer", "model"), _tensors(one), _tensors(other), strict=True
    ):
        if first.keys() != second.keys() or any(first[key] != second[key] for key in first):
            found.append(name)
    if losses_of(one) != losses_of(other):
        found.append("curve")
    return tuple(found)


def _tensors(run: RunDir) -> list[dict[str, bytes]]:
    from safetensors.numpy import load_file

    last = newest_whole(run.checkpoints)
    assert last is not None
    files = [last.path / "weights.safetensors", last.path / "optimizer.safetensors"]
    files.append(next(run.model.rglob("*.safetensors")))
    return [{name: value.tobytes() for name, value in load_file(path).items()} for path in files]


def compare(kind: str, folder: Path, kills: int, seed: int, steps: int, says: bool = False) -> Verdict:
    """Train the same run twice, once in peace."""
    os.environ["PTFT_HOME"] = str(folder / "home")
    spec = spec_of(kind, folder, steps)
    whole, run = create_run(folder / "runs", spec), create_run(folder / "runs", spec)
    train_undisturbed(whole)
    chance = random.Random(seed)
    done = train_killed(run, moments(kills, steps, chance), chance, says)
    return Verdict(done, len(losses_of(whole)), differences(whole, run))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("kinds", nargs="+", choices=KINDS)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=2000)
    options = parser.parse_args()
    for kind in options.kinds:
        with tempfile.TemporaryDirectory(prefix="ptft-kills-") as folder:
            verdict = compare(kind, Path(folder), options.kills, options.seed, options.steps, says=True)
        print(f"{kind}: {verdict.told()}", flush=True)
        if verdict.differences:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
