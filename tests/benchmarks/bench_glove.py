"""Pairs per second and cost per epoch of a GloVe run against the reference programs of the Stanford authors.

The goal is a ratio of 8 or more for training at equal or lower cost per epoch, and of 4 or more from corpus to vectors.

Run it as a program::

    PTFT_GLOVE_C=/path/to/GloVe/build python tests/benchmarks/bench_glove.py [--dataset wikipedia] [--epochs 5]
        [--size 100] [--window 10] [--threads 2] [--rounds 1] [--reference]

``PTFT_GLOVE_C`` names the folder with the built programs (vocab_count, cooccur, shuffle, glove), which are not ours to
bring. Without it, training is compared with a plain loop over the pairs, one thread, compiled by numba as well.

Both sides are processes of their own, one after the other, in turns, on the same prepared text, vocabulary, window and
threads. Ours is the real worker with its probes, events and checkpoints. Printed are seconds by the wall clock and of
the processor (the fairer of the two on a computer that does other things), costs per epoch, and the ratios.
"""

from __future__ import annotations

import argparse
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numba import njit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import Phase, Resolved, Steps
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.request import CorpusRequest
from ptft_gui.engine.glove.counting import Window, count_pairs
from ptft_gui.engine.glove.pairs import gather_pairs

GOAL_TRAINING, GOAL_WHOLE = 8.0, 4.0
MIN_COUNT, X_MAX, ETA, ALPHA = 5, 10.0, 0.05, 0.75


@dataclass(frozen=True)
class Pace:
    """Seconds by the wall clock and of the processor, for the training alone and for everything."""

    pairs: int
    training: float
    training_processor: float
    whole: float
    whole_processor: float
    costs: list[float]

    @property
    def pairs_per_second(self) -> float:
        return self.pairs / self.training


def our_run(options: argparse.Namespace, runs: Path) -> Pace:
    """The real worker, its start and imports included in the whole."""
    settings = {
        "vector_size": options.size,
        "window": options.window,
        "symmetric": True,
        "min_count": MIN_COUNT,
        "x_max": X_MAX,
        "workers": options.threads,
        "epochs": options.epochs,
        "reference": options.reference,
        "val_fraction": 0.0,
    }
    run = create_run(runs, new_spec("glove", options.dataset, settings=settings))
    began, before = time.time(), _children_seconds()
    if launch_worker(run).wait():
        raise SystemExit(run.log_file.read_text())
    ended, processor = time.time(), _children_seconds() - before
    events = EventReader(run.events_file).read_all()
    phases = {event.name: event.time for event in events if isinstance(event, Phase)}
    steps = [event for event in events if isinstance(event, Steps)]
    values = next(event.values for event in events if isinstance(event, Resolved))
    costs = _costs_per_epoch(steps, options.epochs)
    training = steps[-1].time - phases["training"]
    share = training / (ended - began)  # of the processor's time nothing tells the two apart
    return Pace(
        values["pairs"] * options.epochs, training, processor * share, ended - began, processor, costs
    )


def _costs_per_epoch(steps: list[Steps], epochs: int) -> list[float]:
    """The mean over each epoch's pairs, as the reference program prints it."""
    pairs, costs, epoch = (
        np.array([value for event in steps for value in event.columns[name]], dtype=float)
        for name in ("pairs", "cost", "epoch")
    )
    trained = np.diff(pairs, prepend=0.0)
    number = np.ceil(epoch - 1e-9).astype(int)
    return [
        float((costs * trained)[number == e].sum() / trained[number == e].sum()) for e in range(1, epochs + 1)
    ]


def reference_run(options: argparse.Namespace, corpus: PreparedCorpus, programs: Path, folder: Path) -> Pace:
    """The four programs one after the other."""
    text, whole, processor = corpus.train_path, 0.0, 0.0
    vocabulary, counts, shuffled = (folder / name for name in ("vocab.txt", "counts.bin", "shuffled.bin"))
    commands = (
        (["vocab_count", "-min-count", str(MIN_COUNT)], text, vocabulary),
        (
            ["cooccur", "-memory", "4", "-vocab-file", str(vocabulary), "-window-size", str(options.window)],
            text,
            counts,
        ),
        (["shuffle", "-memory", "4", "-seed", "1"], counts, shuffled),
    )
    for (name, *arguments), source, target in commands:
        seconds, used = _timed([str(programs / name), *arguments, "-verbose", "0"], folder, source, target)
        whole, processor = whole + seconds, processor + used
    glove = [
        str(programs / "glove"), "-input-file", str(shuffled), "-vocab-file", str(vocabulary),
        "-save-file", str(folder / "vectors"), "-threads", str(options.threads), "-x-max", str(X_MAX),
        "-iter", str(options.epochs), "-vector-size", str(options.size), "-eta", str(ETA), "-seed", "1",
    ]  # fmt: skip
    told = folder / "told.txt"
    training, used = _timed(glove, folder, None, told)
    costs = [float(found) for found in re.findall(r"cost: ([\d.]+)", told.read_text())]
    pairs = shuffled.stat().st_size // 16 * options.epochs
    return Pace(pairs, training, used, whole + training, processor + used, costs)


def _timed(command: list[str], folder: Path, source: Path | None, target: Path) -> tuple[float, float]:
    """(seconds, processor seconds) of a program that reads and writes files."""
    before, began = _children_seconds(), time.perf_counter()
    with target.open("wb") as out, (source or Path(os.devnull)).open("rb") as given:
        is_training = source is None
        subprocess.run(
            command,
            cwd=folder,
            stdin=given,
            stdout=out,
            stderr=out if is_training else subprocess.DEVNULL,
            check=True,
        )
    return time.perf_counter() - began, _children_seconds() - before


def plain_loop(options: argparse.Namespace, corpus: PreparedCorpus, folder: Path) -> Pace:
    """A loop as the paper's equations read, float64, one thread."""
    words = [word for word, count in corpus.word_counts().most_common() if count >= MIN_COUNT]
    index = {word: row for row, word in enumerate(words)}
    counts = count_pairs(corpus.train_sentences(), index, Window(options.window, True), 4 << 30, folder)
    assert counts is not None
    records = gather_pairs(counts, 1, 8 << 30, folder, lambda: None, is_reference=True).records
    rows, columns = (records[name].astype(np.int64) for name in ("row", "column"))
    logs = records["log"].astype(np.float64)
    rng = np.random.default_rng(1)
    vectors = (rng.random((2, len(words), options.size + 1)) - 0.5) / options.size
    squares = np.ones_like(vectors)
    _plain_epoch(rows[:1], columns[:1], logs[:1], vectors.copy(), squares.copy())
    began, before = time.perf_counter(), time.process_time()
    costs = [_plain_epoch(rows, columns, logs, vectors, squares) for _ in range(options.epochs)]
    seconds, used = time.perf_counter() - began, time.process_time() - before
    return Pace(len(records) * options.epochs, seconds, used, math.nan, math.nan, costs)


@njit
def _plain_epoch(rows, columns, logs, vectors, squares):  # type: ignore[no-untyped-def]
    total, size = 0.0, vectors.shape[2] - 1
    for p in range(len(rows)):
        i, j = rows[p], columns[p]
        diff = vectors[0, i, size] + vectors[1, j, size] - logs[p]
        for k in range(size):
            diff += vectors[0, i, k] * vectors[1, j, k]
        slope = min(1.0, (math.exp(logs[p]) / X_MAX) ** ALPHA) * diff
        total += 0.5 * slope * diff
        for k in range(size):
            step, other = slope * vectors[1, j, k] * ETA, slope * vectors[0, i, k] * ETA
            vectors[0, i, k] -= step / math.sqrt(squares[0, i, k])
            vectors[1, j, k] -= other / math.sqrt(squares[1, j, k])
            squares[0, i, k] += step * step
            squares[1, j, k] += other * other
        vectors[0, i, size] -= slope / math.sqrt(squares[0, i, size])
        vectors[1, j, size] -= slope / math.sqrt(squares[1, j, size])
        squares[0, i, size] += slope * slope
        squares[1, j, size] += slope * slope
    return total / len(rows)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def show(name: str, pace: Pace) -> None:
    whole = f"corpus to vectors {pace.whole:.1f} s ({pace.whole_processor:.1f} processor s), "
    print(
        f"{name}: {pace.pairs_per_second:,.0f} pairs/s ({pace.training_processor / pace.pairs * 1e9:,.0f} processor "
        f"ns a pair), {whole if math.isfinite(pace.whole) else ''}"
        f"costs {', '.join(f'{cost:.6f}' for cost in pace.costs)}"
    )


def compare(ours: Pace, theirs: Pace) -> None:
    training = ours.pairs_per_second / theirs.pairs_per_second
    per_pair = (theirs.training_processor / theirs.pairs) / (ours.training_processor / ours.pairs)
    print(
        f"training: {training:.1f} x by the clock, {per_pair:.1f} x by processor time (goal {GOAL_TRAINING:g})"
    )
    if math.isfinite(theirs.whole):
        whole, used = theirs.whole / ours.whole, theirs.whole_processor / ours.whole_processor
        print(
            f"corpus to vectors: {whole:.1f} x by the clock, {used:.1f} x by processor time (goal {GOAL_WHOLE:g})"
        )
    ratios = [ours / theirs for ours, theirs in zip(ours.costs, theirs.costs, strict=True)]
    print(f"cost per epoch, ours to theirs: {', '.join(f'{ratio:.4f}' for ratio in ratios)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--dataset", default="wikipedia")
    for name, default in (("epochs", 5), ("size", 100), ("window", 10), ("threads", 2), ("rounds", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument(
        "--reference", action="store_true", help="in the mode that does all as the programs do"
    )
    options = parser.parse_args()
    corpus = prepare_corpus(CorpusRequest(options.dataset, val_fraction=0.0), cache_folder())
    print(f"{corpus.facts['tokens']:,} words, {options.size} numbers a word, {options.threads} threads")
    programs = os.environ.get("PTFT_GLOVE_C")
    for _ in range(options.rounds):
        with tempfile.TemporaryDirectory() as folder:
            ours = our_run(options, Path(folder) / "runs")
            show("ours", ours)
            if programs:
                theirs = reference_run(options, corpus, Path(programs), Path(folder))
            else:
                theirs = plain_loop(options, corpus, Path(folder))
            show("reference programs" if programs else "plain loop", theirs)
            compare(ours, theirs)


if __name__ == "__main__":
    main()
