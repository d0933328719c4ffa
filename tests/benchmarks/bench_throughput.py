"""Words per second of a run against a bare gensim script on the same sentences.

The goal is a ratio of 0.98 or more for the worker alone, and 0.95 with the window open on the run's page.

Run it as a program::

    python tests/benchmarks/bench_throughput.py [--window] [--dataset wikipedia] [--epochs 30] [--rounds 4]

Both sides are processes of their own, one after the other, in turns: ours is the real worker with its probes, events
and checkpoints, measured from its first step's start to its last step in the event log; the other is gensim's own
``train`` with the same options. ``--dataset`` is a bundled one or a path (text8, for example, where PTFT_REAL_DATA
has it). Printed are the rates of each round, processor seconds a million words, and the median of the ratios.
"""

from __future__ import annotations

import argparse
import contextlib
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

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import Phase, Steps
from ptft_gui.core.launch import launch_worker, package_environment
from ptft_gui.core.paths import cache_folder
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.request import CorpusRequest

GOAL, GOAL_WITH_WINDOW = 0.98, 0.95

_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from ptft_gui.gui.app import run_window
runs, name = Path(sys.argv[1]), sys.argv[2]
def show(opened):
    opened.window.open_run(name)
    QTimer.singleShot(2000, lambda: print("open", flush=True))
run_window(runs, on_opened=show)
"""

_BARE_GENSIM = """
import json, sys, time
from gensim.models import Word2Vec
path, options = sys.argv[1], json.loads(sys.argv[2])
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
print(json.dumps([words / seconds, (time.process_time() - processor) / words * 1e6]))
"""


@dataclass(frozen=True)
class Pace:
    """``words_per_second`` by the wall clock; ``processor_seconds`` for a million words, where it is known."""

    words_per_second: float
    processor_seconds: float


def bare_gensim(corpus: PreparedCorpus, options: argparse.Namespace) -> Pace:
    """A script that a user of gensim would write; the corpus is in memory, as ours is."""
    settings = {
        "vector_size": 100,
        "window": 5,
        "min_count": 5,
        "sg": 1,
        "negative": 5,
        "sample": 0.001,
        "seed": 1,
    }
    settings |= {"workers": options.threads, "epochs": options.epochs}
    command = [sys.executable, "-c", _BARE_GENSIM, os.fspath(corpus.train_path), json.dumps(settings)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Pace(*json.loads(done.stdout))


def our_run(options: argparse.Namespace, runs: Path) -> Pace:
    """The real worker; from the beginning of its training phase to the last step."""
    settings = {
        "trainer": "gensim",
        "vector_size": 100,
        "min_count": 5,
        "sample": 0.001,
        "workers": options.threads,
    }
    run = create_run(
        runs, new_spec("word2vec", options.dataset, settings={**settings, "epochs": options.epochs})
    )
    before = _children_seconds()
    with window_on(run) if options.window else contextlib.nullcontext():
        if launch_worker(run).wait():
            raise SystemExit(run.log_file.read_text())
    events = EventReader(run.events_file).read_all()
    begin = next(event.time for event in events if isinstance(event, Phase) and event.name == "training")
    steps = [event for event in events if isinstance(event, Steps)]
    words = steps[-1].columns["words"][-1] or 0.0
    return Pace(words / (steps[-1].time - begin), (_children_seconds() - before) / words * 1e6)


@contextlib.contextmanager
def window_on(run: RunDir) -> Iterator[None]:
    """The real window on the run's Train page, drawn offscreen unless QT_QPA_PLATFORM says otherwise."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **package_environment()}
    command = [sys.executable, "-c", _WINDOW, os.fspath(run.path.parent), run.name]
    window = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert window.stdout is not None
    try:
        window.stdout.readline()
        yield
    finally:
        window.terminate()
        window.wait()
        window.stdout.close()


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dataset", default="wikipedia", help="a bundled dataset or a path")
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--window", action="store_true", help="with the window open on the run")
    parser.add_argument("--rounds", type=int, default=4, help="how often each side runs")
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    with tempfile.TemporaryDirectory(prefix="ptft-bench-") as folder:
        os.environ["PTFT_HOME"] = folder
        corpus = prepare_corpus(CorpusRequest(options.dataset), cache_folder())
        ratios = []
        for number in range(1, options.rounds + 1):
            theirs, ours = bare_gensim(corpus, options), our_run(options, Path(folder) / "runs")
            ratios.append(ours.words_per_second / theirs.words_per_second)
            print(
                f"round {number}: ours {ours.words_per_second:,.0f} words/s ({ours.processor_seconds:.2f} processor "
                f"seconds a million words, the whole worker), gensim {theirs.words_per_second:,.0f} "
                f"({theirs.processor_seconds:.2f}, training alone), ratio {ratios[-1]:.3f}",
                flush=True,
            )
    median = statistics.median(ratios)
    goal = GOAL_WITH_WINDOW if options.window else GOAL
    print(f"training throughput, ours / bare gensim: median {median:.3f} (goal at least {goal})")


if __name__ == "__main__":
    main()
