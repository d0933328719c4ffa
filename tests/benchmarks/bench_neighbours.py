"""How long the neighbours of a word take among 400,000 words of 300 numbers; the budget is 50 ms, exact and warm.

Run it as a program::

    python tests/benchmarks/bench_neighbours.py [--words 400000] [--rounds 30]

The vectors lie in a model folder and are mapped, as a finished run's are. Ours and gensim's ``most_similar`` take
turns; printed are the medians, their ratio, and the ratio of ours to the budget. Looking up close words for a misspelt
one, and completing a word as it is typed, are measured beside it (budget 100 ms).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from gensim.models import KeyedVectors

from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from ptft_gui.inspection.model import OpenedModel, open_model
from ptft_gui.inspection.similarity import most_similar

BUDGET_MS = 50.0
LOOKUP_BUDGET_MS = 100.0
DIMENSIONS = 300


def make_model(folder: Path, words: int) -> OpenedModel:
    """Random vectors for made-up words, saved and opened like a run's."""
    rng = np.random.default_rng(0)
    letters = np.array(list("etaoinshrdlucmfwyp"))
    names = [f"{''.join(rng.choice(letters, 6))}{number}" for number in range(words)]
    numbers = rng.standard_normal((words, DIMENSIONS), dtype=np.float32)
    config = {"preparation": "words", "min_count": 5}
    save_word_vectors(folder, WordVectors(names, np.arange(words, 0, -1), numbers, config))
    return open_model(folder)


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--words", type=int, default=400_000)
    parser.add_argument("--rounds", type=int, default=30)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = make_model(Path(folder) / "model", options.words)
        native = KeyedVectors(DIMENSIONS)
        native.add_vectors(list(model.vectors.words), np.array(model.vectors.vectors))
        native.fill_norms()
        asked = list(model.vectors.words[: options.rounds + 1])
        most_similar(model, asked[0])
        ours, theirs = [], []
        for word in asked[1:]:
            ours.append(milliseconds(lambda word=word: most_similar(model, word)))
            theirs.append(milliseconds(lambda word=word: native.most_similar(word)))
        lookups = {
            "close words": lambda: model.vocabulary.close("etaoinsx"),
            "type-ahead": lambda: model.vocabulary.complete("et"),
        }
        for work in lookups.values():
            work()
        report(
            ours, theirs, {name: [milliseconds(work) for _ in range(10)] for name, work in lookups.items()}
        )


def report(ours: list[float], theirs: list[float], lookups: dict[str, list[float]]) -> None:
    """Print medians and their ratios to the budgets."""
    median, gensim = statistics.median(ours), statistics.median(theirs)
    print(f"neighbours: {median:.1f} ms, {median / BUDGET_MS:.2f} of the budget of {BUDGET_MS:.0f} ms")
    print(f"gensim: {gensim:.1f} ms; ours takes {median / gensim:.2f} of that")
    for name, values in lookups.items():
        taken = statistics.median(values)
        print(
            f"{name}: {taken:.1f} ms, {taken / LOOKUP_BUDGET_MS:.2f} of the budget of {LOOKUP_BUDGET_MS:.0f} ms"
        )


if __name__ == "__main__":
    main()
