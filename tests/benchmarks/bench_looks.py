"""What looking at a language model while it trains costs, in processor time: all looks of a run against its steps.

The goal: less than 2 hundredths of a run of ten minutes. A shorter run has fewer looks, and each answers all probes.

    PTFT_REAL_DATA=/path/to/collections python tests/benchmarks/bench_looks.py [gpt] [bert] [--minutes 10]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ptft_gui.core.spec import new_spec
from ptft_gui.engine.language.learner import Part
from ptft_gui.engine.language.looking import LEARNING_COSTS, TRAIN_PART, Looks, plan_looks
from ptft_gui.engine.language.watch import mean_loss, reading_speed
from tests.benchmarks.bench_language import learner_of

PROBES = {
    "gpt": ("First Citizen: Before we", "Romeo, Romeo, wherefore", "The king", "What is", "Enter a"),
    "bert": (
        "The ___ is dead.",
        "I will ___ you, my lord.",
        "O ___, speak again",
        "What is the ___?",
        "Go to ___.",
    ),
}
_ROUNDS = 5


def processor_seconds(work: Callable[[], object]) -> float:
    """The least of some rounds, after one that does not count."""
    work()
    found = []
    for _ in range(_ROUNDS):
        begin = time.thread_time()
        work()
        found.append(time.thread_time() - begin)
    return min(found)


def compare(family: str, text: Path, cache: Path, minutes: float) -> None:
    spec = new_spec(family, os.fspath(text), preset="tiny", settings={"precision": "float32", "workers": 1})
    learner = learner_of(spec, cache)
    values = learner.values
    numbers = np.arange(int(values["global_batch_size"]))

    def step() -> None:
        batch = learner.batch("train", numbers, 0)
        (learner.loss_sum(batch) / batch.count).backward()
        learner.model.zero_grad(set_to_none=True)

    def answer() -> None:
        learner.model.eval()
        learner.answers(PROBES[family])
        learner.model.train()

    def look(read: int) -> None:
        block = int(values["block_size"])
        parts: tuple[tuple[Part, int], ...] = (("val", read), ("train", read // TRAIN_PART))
        for part, tokens in parts:
            mean_loss(learner, part, learner.blocks[part].spread(max(1, tokens // block)), values)

    a_step, answers = processor_seconds(step), processor_seconds(answer)
    timed = plan_looks(
        minutes * 60 * reading_speed(learner, values) / LEARNING_COSTS, int(values["answers_cost"]), True
    )
    preset = Looks(int(values["checks"]), int(values["looked_at_tokens"]))
    planned = float(values["planned_steps"]) * a_step
    for name, looks, seconds in (("tiny", preset, planned), (f"{minutes:g} minutes", timed, minutes * 60)):
        once = processor_seconds(lambda read=looks.read: look(read)) + answers  # type: ignore[misc]
        share = 100 * looks.count * once / seconds
        print(
            f"  {family}, {name}: {looks.count} looks of {1000 * once:.0f} ms (answers {1000 * answers:.0f} ms) in "
            f"{seconds:.0f} s: {share:.1f} %",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("families", nargs="*", help="gpt, bert; both where nothing is said")
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    given = os.environ.get("PTFT_REAL_DATA")
    if not given:
        raise SystemExit("Name the folder of the collections in PTFT_REAL_DATA.")
    torch.set_num_threads(1)
    print("What looks cost, in processor time of one thread; the goal is less than 2 % of ten minutes")
    with tempfile.TemporaryDirectory(prefix="ptft-bench-") as folder:
        os.environ["PTFT_HOME"] = folder
        for family in options.families or PROBES:
            compare(family, Path(given) / "tinyshakespeare" / "input.txt", Path(folder), options.minutes)


if __name__ == "__main__":
    main()
