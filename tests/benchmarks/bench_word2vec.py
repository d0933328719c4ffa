"""The fast Word2Vec trainer against a bare gensim script: words per second, and how good the vectors are.

The goal is 2.5 times gensim's words per second or more (aiming at 4) at equal quality: the mean of WordSim-353,
SimLex-999, MEN and the analogy questions, over the seeds, not more than one point below gensim's.

Run it as a program::

    PTFT_REAL_DATA=/path/to/collections python tests/benchmarks/bench_word2vec.py [--dataset PATH ...] [--seeds 3]
        [--epochs 5] [--size 100] [--window 5] [--negative 5] [--objective skip_gram] [--threads 2] [--device cpu]

Without ``--dataset`` the text8 prefix and WikiText-2 of the collections are learned from. Both sides are processes of
their own, one after the other, in turns, on the same prepared text with the same options, threads and seeds. Ours is
the real worker with its probes, events and checkpoints; gensim's side is the script that a person would write. Speed is
that of training alone by the wall clock; "in all" counts what ours does before (words to numbers, compiling), too.
"Processor" is the processor's time of a million words; ours counts the whole worker, start and imports included, and is
the fairer ratio for long runs on a computer that does other things.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import Phase, Resolved, Steps
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.request import CorpusRequest
from ptft_gui.engine.vectors import load_word_vectors

GOAL, AIM, GOAL_POINTS = 2.5, 4.0, -1.0
MIN_COUNT, SAMPLE = 5, 0.001
TEXTS = ("text8/text8_prefix.txt", "wikitext-2")
SETS = {
    "WordSim-353": "word_similarity/EN-WS-353-ALL.txt",
    "SimLex-999": "word_similarity/EN-SIMLEX-999.txt",
    "MEN": "word_similarity/EN-MEN-TR-3k.txt",
    "analogies": "word_analogy/questions-words.txt",
}

_BARE_GENSIM = """
import json, sys, time
import numpy as np
from gensim.models import Word2Vec
path, options, target = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
with open(path, encoding="utf-8") as lines:
    sentences = [line.split() for line in lines]
epochs = options.pop("epochs")
model = Word2Vec(**options)
model.build_vocab(sentences)
begin = time.perf_counter()
processor = time.process_time()
model.train(sentences, total_examples=model.corpus_count, epochs=epochs)
seconds = time.perf_counter() - begin
words = epochs * sum(map(len, sentences))
np.save(target + ".npy", model.wv.vectors)
with open(target + ".json", "w", encoding="utf-8") as file:
    json.dump(model.wv.index_to_key, file)
print(json.dumps([words / seconds, (time.process_time() - processor) / words * 1e6]))
"""


@dataclass(frozen=True)
class Trained:
    """One side's run. ``in_all``: words a second with what had to be done before the first step."""

    words_per_second: float
    in_all: float
    processor_seconds: float
    words: list[str]
    vectors: NDArray[np.float32]


def bare_gensim(corpus: PreparedCorpus, options: argparse.Namespace, seed: int, folder: Path) -> Trained:
    settings = {
        "vector_size": options.size,
        "window": options.window,
        "negative": options.negative,
        "sg": int(options.objective == "skip_gram"),
        "min_count": MIN_COUNT,
        "sample": SAMPLE,
        "seed": seed,
        "workers": options.threads,
        "epochs": options.epochs,
    }
    target = os.fspath(folder / f"gensim-{seed}")
    command = [sys.executable, "-c", _BARE_GENSIM, os.fspath(corpus.train_path), json.dumps(settings), target]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    speed, processor = json.loads(done.stdout)
    words = json.loads(Path(f"{target}.json").read_text(encoding="utf-8"))
    return Trained(speed, speed, processor, words, np.load(f"{target}.npy"))


def our_run(dataset: str, options: argparse.Namespace, seed: int, runs: Path) -> Trained:
    """The real worker; from the beginning of its training phase to the last step."""
    settings = {
        "vector_size": options.size,
        "window": options.window,
        "negative": options.negative,
        "objective": options.objective,
        "min_count": MIN_COUNT,
        "sample": SAMPLE,
        "seed": seed,
        "workers": options.threads,
        "epochs": options.epochs,
        "trainer": "fast",
        "device": options.device,
        "val_fraction": 0.0,
    }
    run = create_run(runs, new_spec("word2vec", dataset, settings=settings))
    before = _children_seconds()
    if launch_worker(run).wait():
        raise SystemExit(run.log_file.read_text())
    processor = _children_seconds() - before
    events = EventReader(run.events_file).read_all()
    resolved = next(event for event in events if isinstance(event, Resolved))
    assert resolved.values["trainer"] == "fast"
    phases = {event.name: event.time for event in reversed(events) if isinstance(event, Phase)}
    steps = [event for event in events if isinstance(event, Steps)]
    words = steps[-1].columns["words"][-1] or 0.0
    vectors = load_word_vectors(run.model)
    return Trained(
        words / (steps[-1].time - phases["training"]),
        words / (steps[-1].time - phases["encoding"]),
        processor / words * 1e6,
        list(vectors.words),
        np.array(vectors.vectors),
    )


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def scores(trained: Trained, collections: Path) -> dict[str, tuple[float, float]]:
    """Of each gold set (score in points, coverage): Spearman's correlation, or the share of analogies that hold."""
    index = {word: row for row, word in enumerate(trained.words)}
    unit = trained.vectors / np.linalg.norm(trained.vectors, axis=1, keepdims=True)
    return {
        name: (_analogies if name == "analogies" else _similarity)(collections / file, index, unit)
        for name, file in SETS.items()
    }


def _rows(path: Path, columns: int) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").lower().splitlines():
        parts = line.split()
        if len(parts) == columns and parts[0] != ":":
            yield parts


def _similarity(path: Path, index: dict[str, int], unit: NDArray[np.float32]) -> tuple[float, float]:
    rows = list(_rows(path, 3))
    known = [(index[a], index[b], float(score)) for a, b, score in rows if a in index and b in index]
    ours = [float(unit[a] @ unit[b]) for a, b, _ in known]
    return float(spearmanr(ours, [score for *_, score in known]).statistic) * 100, len(known) / len(rows)


def _analogies(path: Path, index: dict[str, int], unit: NDArray[np.float32]) -> tuple[float, float]:
    """As in Mikolov et al. 2013: the word nearest to b - a + c, those three left out."""
    rows = list(_rows(path, 4))
    known = np.array([[index[word] for word in row] for row in rows if all(word in index for word in row)])
    right = 0
    for start in range(0, len(known), 500):
        asked = known[start : start + 500]
        near = (unit[asked[:, 1]] - unit[asked[:, 0]] + unit[asked[:, 2]]) @ unit.T
        np.put_along_axis(near, asked[:, :3], -np.inf, axis=1)
        right += int((near.argmax(axis=1) == asked[:, 3]).sum())
    return right / len(known) * 100, len(known) / len(rows)


Scores = dict[str, tuple[float, float]]


def table(found: dict[str, list[Scores]]) -> float:
    """Print the mean scores of both sides; returns by how many points ours is better in the mean of all sets."""
    means = {}
    print(f"  {'':12}{''.join(f'{name:>22}' for name in SETS)}{'mean':>10}")
    for side, seeds in found.items():
        points = {name: [scores[name][0] for scores in seeds] for name in SETS}
        cells = "".join(
            f"{statistics.mean(points[name]):14.1f} ({seeds[0][name][1]:4.0%})" + " " for name in SETS
        )
        means[side] = statistics.mean(statistics.mean(values) for values in points.values())
        print(f"  {side:12}{cells}{means[side]:10.2f}")
    return means["fast"] - means["gensim"]


def compare(dataset: str, options: argparse.Namespace, collections: Path | None, folder: Path) -> None:
    corpus = prepare_corpus(CorpusRequest(dataset, val_fraction=0.0), cache_folder())
    print(f"{dataset}: {corpus.facts['tokens']:,} words, {options.epochs} epochs, {options.threads} threads")
    ratios: dict[str, list[float]] = {"training": [], "in all": [], "processor": []}
    found: dict[str, list[Scores]] = {"gensim": [], "fast": []}
    for seed in range(1, options.seeds + 1):
        theirs = bare_gensim(corpus, options, seed, folder)
        ours = our_run(dataset, options, seed, folder / "runs")
        ratios["training"].append(ours.words_per_second / theirs.words_per_second)
        ratios["in all"].append(ours.in_all / theirs.words_per_second)
        ratios["processor"].append(theirs.processor_seconds / ours.processor_seconds)
        print(
            f"  seed {seed}: fast {ours.words_per_second:,.0f} words/s ({ours.in_all:,.0f} in all), gensim "
            f"{theirs.words_per_second:,.0f}, ratio {ratios['training'][-1]:.2f}; processor "
            f"{ours.processor_seconds:.2f} and {theirs.processor_seconds:.2f} s a million words",
            flush=True,
        )
        if collections is not None:
            assert ours.words == theirs.words
            for side, trained in (("gensim", theirs), ("fast", ours)):
                found[side].append(scores(trained, collections))
    told = ", ".join(f"{name} {statistics.median(values):.2f}" for name, values in ratios.items())
    print(f"  ratios, median: {told} (goal {GOAL:g} in training, aiming at {AIM:g})")
    if collections is not None:
        print(f"  fast - gensim: {table(found):+.2f} points (goal {GOAL_POINTS:+.0f} or more)")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--dataset", action="append", help="a bundled dataset or a path; may be given several times"
    )
    for name, default in (
        ("seeds", 3),
        ("epochs", 5),
        ("size", 100),
        ("window", 5),
        ("negative", 5),
        ("threads", 2),
    ):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--objective", choices=("skip_gram", "cbow"), default="skip_gram")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    given = os.environ.get("PTFT_REAL_DATA")
    collections = Path(given) if given else None
    if options.dataset is None and collections is None:
        raise SystemExit("Give a --dataset, or name the folder of the collections in PTFT_REAL_DATA.")
    with tempfile.TemporaryDirectory(prefix="ptft-bench-") as folder:
        os.environ["PTFT_HOME"] = folder
        for dataset in options.dataset or [os.fspath(collections / text) for text in TEXTS if collections]:
            compare(dataset, options, collections, Path(folder))


if __name__ == "__main__":
    main()
