"""Measures word vectors against gold sets, with the arithmetic of gensim's evaluations.

Words are compared without regard to case, the most frequent spelling counting, and only the most frequent
``restrict_vocab`` words take part; pairs and questions with any other word are left out and counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.wording import percent_text, three_digits
from ptft_gui.engine.gold.scores import KnownPairs, KnownQuestions, rows_by_upper_case
from ptft_gui.engine.gold.sets import GoldKind, Pair, Section, find_gold_set, read_pairs, read_sections
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

RESTRICT_VOCAB = 30_000
FEWEST_PAIRS = 100
_FIRST_CHINESE = "\u3400"


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

    def groups(self) -> list[list[Any]]:
        """Meaning and grammar apart, as papers tell them: [name, correct, known, questions].

        By Mikolov's names, where the sections of grammar begin with "gram"; empty for a set of one group only.
        """
        grammar = [section for section in self.sections if section.name.startswith("gram")]
        meaning = [section for section in self.sections if section not in grammar]
        if not (grammar and meaning):
            return []
        return [
            [name, *(sum(getattr(s, key) for s in group) for key in ("correct", "known", "questions"))]
            for name, group in (("meaning", meaning), ("grammar", grammar))
        ]


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
        pairs, notice = read_pairs(chosen.path)
        score = evaluate_similarity(model, pairs, restrict_vocab)
        why_few = _why_few(model, score.pairs_known, score.pairs, [pair.first for pair in pairs])
        said = _joined(why_few, notice)
        return {**found, **vars(score), "notice": said, "sentence": _joined(similarity_sentence(score), said)}
    sections, notice = read_sections(chosen.path)
    analogies = evaluate_analogies(model, sections, restrict_vocab, progress, should_stop)
    why_few = _why_few(model, analogies.known, analogies.questions, [s.questions[0][0] for s in sections])
    return {
        **found,
        "accuracy": analogies.accuracy,
        "correct": analogies.correct,
        "questions": analogies.questions,
        "questions_known": analogies.known,
        "sections": [[s.name, s.correct, s.known, s.questions] for s in analogies.sections],
        "groups": analogies.groups(),
        "restrict_vocab": restrict_vocab,
        "notice": _joined(why_few, notice),
        "sentence": _joined(analogy_sentence(analogies), why_few, notice),
    }


def evaluate_similarity(
    model: OpenedModel, pairs: Sequence[Pair], restrict_vocab: int = RESTRICT_VOCAB
) -> SimilarityScore:
    """Spearman's and Pearson's correlation between cosines and human scores."""
    known = KnownPairs.of(pairs, rows_by_upper_case(model.vectors.words, restrict_vocab))
    spearman, pearson = known.correlations(model.vectors.vectors) or (None, None)
    return SimilarityScore(spearman, pearson, len(pairs), len(known))


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
    solver = KnownQuestions(model.vectors.words, restrict_vocab)
    unit = model.vectors.vectors[: solver.count] / model.lengths[: solver.count, None]
    total, done = sum(len(section.questions) for section in sections), 0
    scores = []
    for section in sections:
        known = solver.known(section.questions)
        correct = 0
        for batch in np.array_split(known, max(1, -(-len(known) // solver.batch))):
            if should_stop():
                raise StoppedByPerson
            correct += solver.count_correct(batch, unit)
            done += len(batch)
            progress(f"Answering {section.name}", done / max(total, 1))
        done += len(section.questions) - len(known)
        scores.append(SectionScore(section.name, correct, len(known), len(section.questions)))
    return AnalogyScore(tuple(scores))


def _why_few(model: OpenedModel, known: int, of: int, words: Sequence[str]) -> str:
    """Why hardly any word of a Chinese set is known, where the model's own preparation tells."""
    preparation = model.preparation
    is_chinese = any(len(word) > 1 and word >= _FIRST_CHINESE for word in words)
    if preparation is None or not is_chinese or 2 * known >= of:
        return ""
    if preparation.to_record().get("chinese") == "characters":
        return "This model cut Chinese text into single characters; it knows no longer words."
    return ""


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


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
