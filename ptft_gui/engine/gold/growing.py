"""Scores as training goes on: the model is measured by what people said about words, while it learns.

``val/spearman`` is the rank correlation with WordSim-353, ``val/accuracy`` the share of Google's analogies answered as
expected. Both are English; where fewer than fifty pairs or questions have all their words in the vocabulary nothing is
measured. A person's own file takes the place of the one of its kind. The analogies are a fixed sample among the most
frequent words, so that a look costs milliseconds: the curve tells how the model grows, *Evaluate* tells the exact
score.
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
from ptft_gui.engine.gold.sets import GoldSet, find_gold_set, read_pairs, read_sections

PAIRS, QUESTIONS = "wordsim353", "questions-words"
FEWEST, FEWEST_OWN = 50, 10
_MOST_WORDS = 30_000
_ANSWERED_AMONG = 10_000
_MOST_QUESTIONS = 1_000
_MOST_PRODUCTS = 200_000_000
"""Multiplications of one look at the analogies: some milliseconds on one core."""
_SEED = 1


def check_own_set(own: object) -> None:
    """Raise ModelError where a person's own file of judgements cannot be used, before anything long begins."""
    if isinstance(own, str) and own:
        gold = find_gold_set(own)
        read_pairs(gold.path) if gold.kind == "similarity" else read_sections(gold.path)


class GrowingScores:
    """What can be measured of a vocabulary; ``words``: the most frequent first. ``sentences`` say how much that is.

    ``own``: a person's file of pairs or questions. Raises :class:`ModelError` where it cannot be read.
    """

    def __init__(self, words: Sequence[str], dimensions: int, own: str | None = None) -> None:
        self._pairs: KnownPairs | None = None
        self._questions: tuple[KnownQuestions, Rows] | None = None
        self.sentences: list[str] = []
        mine = find_gold_set(own) if own else None
        if mine is not None and mine.kind == "similarity":
            self._find_pairs(words, mine, FEWEST_OWN)
        elif mine is not None:
            self._find_questions(words, dimensions, mine, FEWEST_OWN)
        # a build of gensim may come without the ready sets: then they are not measured
        with contextlib.suppress(PtftError):
            if mine is None or mine.kind != "similarity":
                self._find_pairs(words, find_gold_set(PAIRS))
        with contextlib.suppress(PtftError):
            if mine is None or mine.kind != "analogy":
                self._find_questions(words, dimensions, find_gold_set(QUESTIONS))

    def _find_pairs(self, words: Sequence[str], gold: GoldSet, fewest: int = FEWEST) -> None:
        pairs, _ = read_pairs(gold.path)
        known = KnownPairs.of(pairs, rows_by_upper_case(words, _MOST_WORDS))
        if len(known) < fewest:
            self._tell_few(gold, len(known), len(pairs), "pairs")
        else:
            import scipy.stats  # noqa: F401  (now, so that the first look need not wait for it)

            self._pairs = known
            self.sentences.append(
                f"{gold.title}: {len(known):,} of {len(pairs):,} pairs are in this vocabulary."
            )

    def _tell_few(self, gold: GoldSet, known: int, count: int, what: str) -> None:
        """A person is told of their own file; of the ready English ones nobody asked."""
        if gold.key not in (PAIRS, QUESTIONS):
            self.sentences.append(
                f"{gold.title}: only {known:,} of {count:,} {what} are in this vocabulary, too few to be measured."
            )

    def _find_questions(
        self, words: Sequence[str], dimensions: int, gold: GoldSet, fewest: int = FEWEST
    ) -> None:
        sections, _ = read_sections(gold.path)
        questions = [question for section in sections for question in section.questions]
        solver = KnownQuestions(words, _ANSWERED_AMONG)
        known = solver.known(questions)
        if len(known) < fewest:
            self._tell_few(gold, len(known), len(questions), "questions")
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
