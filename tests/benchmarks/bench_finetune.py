"""Sorting the sentences of SST-2 with the starter encoder: score and time of each method, beside two yardsticks.

The goals, on two processor cores: full fine-tuning of two epochs over all 6,920 sentences reaches a test accuracy of
0.87 as the mean of three seeds, takes no longer than a plain loop in 32 bits that groups its batches by length, and is
at least 1.3 times faster than transformers' Trainer with its defaults at equal score. A frozen backbone reaches 0.80
within 40 seconds of its first batch, and every further epoch takes less than a second.

Run it as a program, on a computer that does nothing else::

    PTFT_REAL_DATA=/path/to/collections python tests/benchmarks/bench_finetune.py [full] [frozen] [lora] [top-layers]
        [loop] [trainer] [--seeds 3] [--epochs 2] [--rows 6920] [--threads 2] [--rate 0.0001]

Ours is a whole run in a process of its own. Its time counts from the first batch to the last check of held-out
sentences: training and its checks, without the final test and the saving. The yardsticks' time counts the same.
Beside the seconds of the clock stand those of the processor: their ratio also holds on a computer that is busy.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.family.language_starts import starter_folder
from ptft_gui.core.rundir import RunDir

GOALS = {"full": 0.87, "frozen": 0.80}
FROZEN_SECONDS, TRAINER_GAIN = 40.0, 1.3
_LENGTH, _BATCH = 64, 32


@dataclass(frozen=True)
class Result:
    """``seconds`` of training with its checks, by the clock, and ``processor`` seconds of all threads together;
    ``accuracy`` on the test rows; ``first``: seconds to the first score of a frozen backbone; ``memory_bytes`` at the
    most, ``trained``: the share of numbers that learned, where known."""

    accuracy: float
    seconds: float
    processor: float = 0.0
    first: float = 0.0
    epoch: float = 0.0
    memory_bytes: int = 0
    trained: float = 1.0


def dataset_of(collections: Path, rows: int, folder: Path) -> Path:
    """The first rows to learn from; dev and test whole."""
    folder.mkdir()
    for name in ("train", "dev", "test"):
        with (collections / "sst2" / f"{name}.tsv").open(encoding="utf-8") as source:
            lines = list(islice(source, rows)) if name == "train" else list(source)
        (folder / f"{name}.tsv").write_text("".join(lines), encoding="utf-8")
    return folder


def rows_of(dataset: Path, part: str) -> tuple[list[str], list[int]]:
    lines = [
        line.rsplit("\t", 1) for line in (dataset / f"{part}.tsv").read_text(encoding="utf-8").splitlines()
    ]
    return [text for text, _ in lines], [int(label) for _, label in lines]


# --- ours ------------------------------------------------------------------------------------------------------------


def ours(method: str, dataset: Path, seed: int, options: argparse.Namespace, home: Path) -> Result:
    """A whole run on the command line."""
    settings = [f"seed={seed}", f"workers={options.threads}"]
    if method != "frozen":
        settings.append(f"epochs={options.epochs}")
    if options.rate and method == "full":
        settings.append(f"learning_rate={options.rate}")
    command = [
        sys.executable, "-m", "ptft_gui", "train", "--family", "bert", "--stage", "finetune", "--task",
        "classification", "--init", "starter", "--method", method, "--dataset", str(dataset), "--json", "--set",
        *settings,
    ]  # fmt: skip
    told = subprocess.run(
        command, env={**os.environ, "PTFT_HOME": str(home)}, capture_output=True, text=True, check=True
    ).stdout
    return result_of(RunDir(Path(json.loads(told.splitlines()[-1])["run"])), method)


def result_of(run: RunDir, method: str) -> Result:
    """Read out of a run's log."""
    events = EventReader(run.events_file).read_all()
    named: Callable[[str], list[Any]] = lambda name: [event for event in events if event.event == name]  # noqa: E731
    checks = [event for event in named("evaluated") if "val/accuracy" in event.metrics]
    phases = {event.name: event.time for event in reversed(named("phase"))}
    values = named("resolved")[0].values
    begin = phases["features"] if method == "frozen" else phases["training"]
    first = next(event.time for event in checks if event.step)
    epochs = np.diff([event.time for event in checks if event.step])
    memory = max(
        (event.rss_bytes for event in named("resources") if getattr(event, "rss_bytes", 0)), default=0
    )
    final = next(event.metrics["test/accuracy"] for event in named("finished"))
    return Result(
        float(final),
        checks[-1].time - begin,
        processor_seconds(events, begin, checks[-1].time),
        first - begin,
        float(np.median(epochs)) if len(epochs) else 0.0,
        int(memory),
        values["trained_parameters"] / values["parameters"],
    )


def processor_seconds(events: list[Any], begin: float, end: float) -> float:
    """What the process took of the processor between two times, from the shares that its log tells every few seconds.

    A share is the mean since the one before; the first and the last one count as far as they lie within.
    """
    told = [event for event in events if event.event == "resources"]
    total, before = 0.0, begin
    for event in told:
        if event.time > before:
            total += event.cpu_percent / 100 * (min(event.time, end) - before)
            before = min(event.time, end)
        if event.time >= end:
            break
    return total


# --- yardsticks ------------------------------------------------------------------------------------------------------


def prepared(dataset: Path) -> tuple[Any, dict[str, tuple[list[list[int]], list[int]]]]:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(starter_folder())
    parts = {}
    for part in ("train", "dev", "test"):
        texts, labels = rows_of(dataset, part)
        parts[part] = (tokenizer(texts, truncation=True, max_length=_LENGTH)["input_ids"], labels)
    return tokenizer, parts


def plain_loop(dataset: Path, seed: int, options: argparse.Namespace) -> Result:
    """32 bits, batches by length, AdamW, a rate that falls evenly: what one writes in an afternoon."""
    import torch
    from transformers import AutoModelForSequenceClassification

    _, parts = prepared(dataset)
    torch.set_num_threads(options.threads)
    torch.manual_seed(seed)
    model = AutoModelForSequenceClassification.from_pretrained(
        starter_folder(), num_labels=2, dtype=torch.float32
    )
    rate = options.rate or 1e-4
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    ids, labels = parts["train"]
    luck, lengths = np.random.default_rng(seed), np.array([len(each) for each in ids])
    steps = options.epochs * -(-len(ids) // _BATCH)
    begin, worked, done = time.perf_counter(), time.process_time(), 0
    for _ in range(options.epochs):
        drawn = luck.permutation(len(ids))
        groups = [drawn[start : start + 50 * _BATCH] for start in range(0, len(ids), 50 * _BATCH)]
        ordered = np.concatenate([group[np.argsort(lengths[group], kind="stable")] for group in groups])
        batches = [ordered[start : start + _BATCH] for start in range(0, len(ids), _BATCH)]
        model.train()
        for place in luck.permutation(len(batches)):
            optimizer.param_groups[0]["lr"] = rate * (1 - done / steps)
            batch = filled([ids[number] for number in batches[place]])
            wanted = torch.tensor([labels[number] for number in batches[place]])
            loss = model(**batch, labels=wanted).loss
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            done += 1
        accuracy_on(model, *parts["dev"])
    seconds, processor = time.perf_counter() - begin, time.process_time() - worked
    return Result(accuracy_on(model, *parts["test"]), seconds, processor)


def filled(ids: list[list[int]]) -> dict[str, Any]:
    import torch

    longest = max(map(len, ids))
    inputs = torch.tensor([each + [0] * (longest - len(each)) for each in ids])
    mask = torch.tensor([[1] * len(each) + [0] * (longest - len(each)) for each in ids])
    return {"input_ids": inputs, "attention_mask": mask}


def accuracy_on(model: Any, ids: list[list[int]], labels: list[int]) -> float:
    import torch

    model.eval()
    order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
    right = 0
    with torch.no_grad():
        for start in range(0, len(order), 128):
            chosen = order[start : start + 128]
            said = model(**filled([ids[number] for number in chosen])).logits.argmax(1).tolist()
            right += sum(labels[number] == answer for number, answer in zip(chosen, said, strict=True))
    return right / len(ids)


def trainer(dataset: Path, seed: int, options: argparse.Namespace) -> Result:
    """transformers' Trainer with its defaults, the same batch, length, rate and epochs; a check each epoch."""
    import torch
    from transformers import (
        AutoModelForSequenceClassification,
        DataCollatorWithPadding,
        Trainer,
        TrainingArguments,
    )

    tokenizer, parts = prepared(dataset)
    torch.set_num_threads(options.threads)
    rows = {
        part: [{"input_ids": each, "labels": label} for each, label in zip(ids, labels, strict=True)]
        for part, (ids, labels) in parts.items()
    }
    model = AutoModelForSequenceClassification.from_pretrained(
        starter_folder(), num_labels=2, dtype=torch.float32
    )
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            folder,
            num_train_epochs=options.epochs,
            per_device_train_batch_size=_BATCH,
            learning_rate=options.rate or 1e-4,
            seed=seed,
            eval_strategy="epoch",
            save_strategy="no",
            use_cpu=True,
            disable_tqdm=True,
            report_to="none",
        )
        teacher = Trainer(
            model,
            arguments,
            data_collator=DataCollatorWithPadding(tokenizer),
            train_dataset=rows["train"],  # type: ignore[arg-type]
            eval_dataset=rows["dev"],  # type: ignore[arg-type]
        )
        begin, worked = time.perf_counter(), time.process_time()
        teacher.train()
        seconds, processor = time.perf_counter() - begin, time.process_time() - worked
    return Result(accuracy_on(model, *parts["test"]), seconds, processor)


# --- the table -------------------------------------------------------------------------------------------------------


def main() -> None:
    """Measure what was named, or everything, and print a table."""
    known = ["full", "frozen", "lora", "top-layers", "loop", "trainer"]
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("what", nargs="*", default=[], help=", ".join(known))
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--rows", type=int, default=6920)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=None)
    options = parser.parse_args()
    if "PTFT_REAL_DATA" not in os.environ:
        parser.error("Set PTFT_REAL_DATA to the folder that holds sst2.")
    collections = Path(os.environ["PTFT_REAL_DATA"])
    os.environ.setdefault("GOMP_SPINCOUNT", "500")  # as our runs wait for threads
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    found: dict[str, list[Result]] = {}
    with tempfile.TemporaryDirectory() as folder:
        dataset = dataset_of(collections, options.rows, Path(folder) / "sst2")
        for what in options.what or known:
            for seed in range(1, options.seeds + 1):
                # a home of its own each time: nothing is found in a cache
                home = Path(folder) / f"home-{what}-{seed}"
                yardstick = {"loop": plain_loop, "trainer": trainer}.get(what)
                result = (
                    yardstick(dataset, seed, options)
                    if yardstick
                    else ours(what, dataset, seed, options, home)
                )
                found.setdefault(what, []).append(result)
                print(line_of(f"{what}, seed {seed}", [result]), flush=True)
    print()
    for what, results in found.items():
        print(line_of(what, results) + goal_of(what, results, found))


def line_of(name: str, results: list[Result]) -> str:
    mean = lambda key: statistics.mean(getattr(result, key) for result in results)  # noqa: E731
    told = f"{name:22} test accuracy {mean('accuracy'):.4f}   {mean('seconds'):7.1f} s"
    told += f" ({mean('processor'):.1f} s of the processor)"
    told += f"   {mean('trained'):.2%} trained" if mean("trained") < 1 else ""
    told += (
        f"   first score after {mean('first'):.1f} s, an epoch {mean('epoch'):.2f} s"
        if "frozen" in name
        else ""
    )
    return told + (f"   {mean('memory_bytes') / 2**20:,.0f} MiB" if mean("memory_bytes") else "")


def goal_of(what: str, results: list[Result], found: dict[str, list[Result]]) -> str:
    told = []
    if what in GOALS:
        told.append(f"goal {GOALS[what]:.2f}")
    if what == "frozen":
        told.append(f"goal {FROZEN_SECONDS:.0f} s")
    own = statistics.mean(result.seconds for result in results)
    for other, least in (("loop", 1.0), ("trainer", TRAINER_GAIN)):
        if what == "full" and other in found:
            theirs = statistics.mean(result.seconds for result in found[other])
            told.append(f"{theirs / own:.2f} times as fast as {other}, goal {least}")
            work = statistics.mean(result.processor for result in results)
            told[-1] += (
                f"; {statistics.mean(r.processor for r in found[other]) / max(work, 1e-9):.2f} by the processor"
            )
    return f"   ({', '.join(told)})" if told else ""


if __name__ == "__main__":
    main()
