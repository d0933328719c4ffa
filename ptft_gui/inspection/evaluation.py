"""Measures word vectors against gold sets, with the arithmetic of gensim's evaluations.

Words are compared without regard to case, the most frequent spelling counting, and only the most frequent
``restrict_vocab`` words take part; pairs and questions with any other word are left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.wording import percent_text, three_digits
from ptft_gui.inspection.gold_sets import GoldKind, Section, find_gold_set, read_pairs, read_sections
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

RESTRICT_VOCAB = 30_000
FEWEST_PAIRS = 100
_BATCH_SCORES = 1 << 24

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class SimilarityScore:
    """How the cosines of pairs agree with what people said; None where fewer than three pairs are known."""

    spearman: float | None
    pearson: float | None
    pairs: int
    pairs_known: int


@dataclass(frozen=True)
class SectionScore:
    """One section of an analogy set: questions answered correctly, of those whose four words are known, of all."""

    name: str
    correct: int
    known: int
    questions: int


@dataclass(frozen=True)
class AnalogyScore:
    """All sections; ``accuracy`` is the share of known questions answered correctly, None when none is known."""

    sections: tuple[SectionScore, ...]

    @property
    def correct(self) -> int:
        return sum(section.correct for section in self.sections)

    @property
    def known(self) -> int:
        return sum(section.known for section in self.sections)

    @property
    def questions(self) -> int:
        return sum(section.questions for section in self.sections)

    @property
    def accuracy(self) -> float | None:
        return self.correct / self.known if self.known else None


def evaluate(
    model: OpenedModel,
    gold: str,
    kind: GoldKind | None = None,
    restrict_vocab: int = RESTRICT_VOCAB,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> dict[str, Any]:
    """Measure a model by a bundled gold set or a file; plain data as :mod:`ptft_gui.core.companion_protocol` says.

    Raises :class:`ModelError`, :class:`StoppedByPerson`.
    """
    chosen = find_gold_set(gold, kind)
    found: dict[str, Any] = {"gold": chosen.key, "title": chosen.title, "kind": chosen.kind}
    if chosen.kind == "similarity":
        score = evaluate_similarity(model, chosen, restrict_vocab)
        return {**found, **vars(score), "sentence": similarity_sentence(score)}
    analogies = evaluate_analogies(model, read_sections(chosen.path), restrict_vocab, progress, should_stop)
    return {
        **found,
        "accuracy": analogies.accuracy,
        "correct": analogies.correct,
        "questions": analogies.questions,
        "questions_known": analogies.known,
        "sections": [[s.name, s.correct, s.known, s.questions] for s in analogies.sections],
        "restrict_vocab": restrict_vocab,
        "sentence": analogy_sentence(analogies),
    }


def evaluate_similarity(
    model: OpenedModel, gold: Any, restrict_vocab: int = RESTRICT_VOCAB
) -> SimilarityScore:
    """Spearman's and Pearson's correlation between cosines and human scores."""
    from scipy.stats import pearsonr, spearmanr  # takes longer to import than all questions together

    pairs = read_pairs(gold.path)
    rows = _rows_by_upper_case(model, restrict_vocab)
    known = [p for p in pairs if p.first.upper() in rows and p.second.upper() in rows]
    first = [rows[pair.first.upper()] for pair in known]
    second = [rows[pair.second.upper()] for pair in known]
    said = np.array([pair.score for pair in known])
    cosines = np.einsum("ij,ij->i", _unit_rows(model, first), _unit_rows(model, second))
    if len(known) < 3 or np.ptp(said) == 0 or np.ptp(cosines) == 0:
        return SimilarityScore(None, None, len(pairs), len(known))
    spearman, pearson = spearmanr(said, cosines).statistic, pearsonr(said, cosines).statistic
    return SimilarityScore(float(spearman), float(pearson), len(pairs), len(known))


def evaluate_analogies(
    model: OpenedModel,
    sections: Sequence[Section],
    restrict_vocab: int = RESTRICT_VOCAB,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> AnalogyScore:
    """Answer every question by the word nearest to b - a + c; the asked words do not count as an answer."""
    if restrict_vocab < 4:
        raise ModelError("At least four words must take part.", hint="Choose a larger number of words.")
    solver = _AnalogySolver(model, restrict_vocab)
    total, done = sum(len(section.questions) for section in sections), 0
    scores = []
    for section in sections:
        known = solver.known(section.questions)
        correct = 0
        for batch in np.array_split(known, max(1, -(-len(known) // solver.batch))):
            if should_stop():
                raise StoppedByPerson
            correct += solver.count_correct(batch)
            done += len(batch)
            progress(f"Answering {section.name}", done / max(total, 1))
        done += len(section.questions) - len(known)
        scores.append(SectionScore(section.name, correct, len(known), len(section.questions)))
    return AnalogyScore(tuple(scores))


class _AnalogySolver:
    """Answers many questions at once, as products of matrices."""

    def __init__(self, model: OpenedModel, restrict_vocab: int) -> None:
        count = min(restrict_vocab, len(model.vectors))
        self._rows = _rows_by_upper_case(model, count)
        self._unit = _unit_rows(model, list(range(count)))
        # Spellings that differ only in case are one word: they share a number, and all of them are masked together.
        numbers: dict[str, int] = {}
        self._word = np.array(
            [numbers.setdefault(word.upper(), len(numbers)) for word in model.vectors.words[:count]], np.int64
        )
        self._spellings: dict[int, list[int]] = {}
        for row, number in enumerate(self._word.tolist()):
            self._spellings.setdefault(number, []).append(row)
        self.batch = max(1, _BATCH_SCORES // max(count, 1))

    def known(self, questions: Sequence[tuple[str, str, str, str]]) -> Rows:
        """Rows of the four words of those questions whose words all take part; shape (known, 4)."""
        found = [[self._rows.get(word.upper(), -1) for word in question] for question in questions]
        rows = np.array(found, np.int64).reshape(-1, 4)
        return rows[(rows >= 0).all(axis=1)]

    def count_correct(self, questions: Rows) -> int:
        """How many of these questions, shape (n, 4), the nearest word answers as expected."""
        if not len(questions):
            return 0
        a, b, c, expected = questions.T
        scores = (self._unit[b] - self._unit[a] + self._unit[c]) @ self._unit.T
        for line, question in zip(scores, questions, strict=True):
            for row in question[:3]:
                line[self._spellings[int(self._word[row])]] = -np.inf
        return int((self._word[scores.argmax(axis=1)] == self._word[expected]).sum())


def _rows_by_upper_case(model: OpenedModel, restrict_vocab: int) -> dict[str, int]:
    """The row of each word in capitals; of several spellings the most frequent, which stands first."""
    rows: dict[str, int] = {}
    for row, word in enumerate(model.vectors.words[:restrict_vocab]):
        rows.setdefault(word.upper(), row)
    return rows


def _unit_rows(model: OpenedModel, rows: list[int]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = model.vectors.vectors[rows] / model.lengths[rows, None]
    return unit


def similarity_sentence(score: SimilarityScore) -> str:
    """The result in a sentence that says how much it rests on."""
    known = f"{score.pairs_known:,} of {score.pairs:,} pairs are in this vocabulary"
    if score.spearman is None:
        return f"{known}: too few to compare."
    result = (
        f"The order agrees with people's by {three_digits(score.spearman)} (1 is full agreement, 0 is chance)"
    )
    doubt = (
        f"; below {FEWEST_PAIRS} pairs the number means little" if score.pairs_known < FEWEST_PAIRS else ""
    )
    return f"{result}. {known}{doubt}."


def analogy_sentence(score: AnalogyScore) -> str:
    """The result in a sentence that says how much it rests on."""
    known = f"{score.known:,} of {score.questions:,} questions have all their words in this vocabulary"
    if score.accuracy is None:
        return f"{known}."
    answered = f"{percent_text(score.accuracy)} answered as expected ({score.correct:,} of {score.known:,})"
    return f"{answered}. {known}."
