"""Scores as training goes on: the model is measured by what people said about words, while it learns.

``val/spearman`` is the rank correlation with WordSim-353, ``val/accuracy`` the share of Google's analogies answered as
expected. Both are English; where fewer than fifty pairs or questions have all their words in the vocabulary nothing is
measured. The analogies are a fixed sample among the most frequent words, so that a look costs milliseconds: the curve
tells how the model grows, *Evaluate* tells the exact score.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

import numpy as np

from ptft_gui.core.errors import PtftError
from ptft_gui.core.events import Metrics
from ptft_gui.core.summary import ACCURACY, SPEARMAN
from ptft_gui.engine.gold.scores import (
    Floats,
    KnownPairs,
    KnownQuestions,
    Rows,
    rows_by_upper_case,
    unit_length,
)
from ptft_gui.engine.gold.sets import find_gold_set, read_pairs, read_sections

PAIRS, QUESTIONS = "wordsim353", "questions-words"
FEWEST = 50
_MOST_WORDS = 30_000
_ANSWERED_AMONG = 10_000
_MOST_QUESTIONS = 1_000
_MOST_PRODUCTS = 200_000_000
"""Multiplications of one look at the analogies: some milliseconds on one core."""
_SEED = 1


class GrowingScores:
    """What can be measured of a vocabulary; ``words``: the most frequent first. ``sentences`` say how much that is."""

    def __init__(self, words: Sequence[str], dimensions: int) -> None:
        self._pairs: KnownPairs | None = None
        self._questions: tuple[KnownQuestions, Rows] | None = None
        self.sentences: list[str] = []
        with contextlib.suppress(
            PtftError
        ):  # this build of gensim comes without the set: nothing is measured
            self._find_pairs(words)
        with contextlib.suppress(PtftError):
            self._find_questions(words, dimensions)

    def _find_pairs(self, words: Sequence[str]) -> None:
        gold = find_gold_set(PAIRS)
        pairs, _ = read_pairs(gold.path)
        known = KnownPairs.of(pairs, rows_by_upper_case(words, _MOST_WORDS))
        if len(known) >= FEWEST:
            import scipy.stats  # noqa: F401  (now, so that the first look need not wait for it)

            self._pairs = known
            self.sentences.append(
                f"{gold.title}: {len(known):,} of {len(pairs):,} pairs are in this vocabulary."
            )

    def _find_questions(self, words: Sequence[str], dimensions: int) -> None:
        gold = find_gold_set(QUESTIONS)
        sections, _ = read_sections(gold.path)
        questions = [question for section in sections for question in section.questions]
        solver = KnownQuestions(words, _ANSWERED_AMONG)
        known = solver.known(questions)
        if len(known) < FEWEST:
            return
        most = min(_MOST_QUESTIONS, max(FEWEST, _MOST_PRODUCTS // (solver.count * dimensions)))
        asked = known
        if len(known) > most:
            asked = known[np.sort(np.random.default_rng(_SEED).choice(len(known), most, replace=False))]
        self._questions = (solver, asked)
        among = f"the {solver.count:,} most frequent words" if solver.count < len(words) else "all words"
        self.sentences.append(
            f"{gold.title}: {len(asked):,} of the {len(known):,} questions that can be asked are answered, "
            f"among {among}."
        )

    def measure(self, vectors: Floats) -> Metrics:
        """The scores of the vectors as they are now, shape (V, d), which other threads may be changing."""
        metrics: Metrics = {}
        with np.errstate(all="ignore"):
            if self._pairs is not None and (found := self._pairs.correlations(vectors)) is not None:
                metrics[SPEARMAN] = round(found[0], 6)
            if self._questions is not None:
                solver, asked = self._questions
                unit = unit_length(np.asarray(vectors[: solver.count], np.float32))
                metrics[ACCURACY] = round(solver.count_correct(asked, unit) / len(asked), 6)
        return metrics
