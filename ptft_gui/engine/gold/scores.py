"""The arithmetic of measuring word vectors by gold sets, as gensim does it.

Words are compared without regard to case, the most frequent spelling counting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.gold.sets import Pair

BATCH_SCORES = 1 << 24

Rows = NDArray[np.int64]
Floats = NDArray[np.float32]
Question = tuple[str, str, str, str]


def rows_by_upper_case(words: Sequence[str], most: int) -> dict[str, int]:
    """The row of each word in capitals, among the first ``most``; of several spellings the one that stands first."""
    rows: dict[str, int] = {}
    for row, word in enumerate(words[:most]):
        rows.setdefault(word.upper(), row)
    return rows


def unit_length(vectors: Floats) -> Floats:
    """Rows scaled to length 1; rows of zeros stay zeros."""
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    lengths[lengths == 0] = 1.0
    scaled: Floats = vectors / lengths[:, None]
    return scaled


@dataclass(frozen=True)
class KnownPairs:
    """The pairs of a set whose words take part: rows of their words, shape (n,), and what people said, shape (n,)."""

    first: Rows
    second: Rows
    said: NDArray[np.float64]

    @classmethod
    def of(cls, pairs: Sequence[Pair], rows: dict[str, int]) -> KnownPairs:
        """Those pairs of which ``rows`` (word in capitals -> row) knows both words."""
        known = [pair for pair in pairs if pair.first.upper() in rows and pair.second.upper() in rows]
        return cls(
            np.array([rows[pair.first.upper()] for pair in known], np.int64),
            np.array([rows[pair.second.upper()] for pair in known], np.int64),
            np.array([pair.score for pair in known], np.float64),
        )

    def __len__(self) -> int:
        return len(self.said)

    def correlations(self, vectors: Floats) -> tuple[float, float] | None:
        """Spearman's and Pearson's correlation of cosines with what was said; ``vectors``: shape (V, d).

        None with fewer than three pairs, and where all cosines or all judgements are the same.
        """
        from scipy.stats import pearsonr, spearmanr  # takes longer to import than all questions together

        first, second = unit_length(vectors[self.first]), unit_length(vectors[self.second])
        cosines = np.einsum("ij,ij->i", first, second)
        if len(self) < 3 or np.ptp(self.said) == 0 or not np.ptp(cosines) > 0:
            return None
        return (
            float(spearmanr(self.said, cosines).statistic),
            float(pearsonr(self.said, cosines).statistic),
        )


class KnownQuestions:
    """Analogy questions, answered by the word nearest to b - a + c; the asked words do not count as an answer.

    Only the first ``most`` words take part. Spellings that differ only in case are one word.
    """

    def __init__(self, words: Sequence[str], most: int) -> None:
        self.count = min(most, len(words))
        self._rows = rows_by_upper_case(words, self.count)
        numbers: dict[str, int] = {}
        self._word = np.array(
            [numbers.setdefault(word.upper(), len(numbers)) for word in words[: self.count]], np.int64
        )
        self._spellings: dict[int, list[int]] = {}
        for row, number in enumerate(self._word.tolist()):
            self._spellings.setdefault(number, []).append(row)
        self.batch = max(1, BATCH_SCORES // max(self.count, 1))

    def known(self, questions: Sequence[Question]) -> Rows:
        """Rows of the four words of those questions whose words all take part; shape (known, 4)."""
        found = [[self._rows.get(word.upper(), -1) for word in question] for question in questions]
        rows = np.array(found, np.int64).reshape(-1, 4)
        return rows[(rows >= 0).all(axis=1)]

    def count_correct(self, questions: Rows, unit: Floats) -> int:
        """How many of these questions, shape (n, 4), are answered as expected; ``unit``: unit vectors, (count, d)."""
        if not len(questions):
            return 0
        a, b, c, expected = questions.T
        scores = (unit[b] - unit[a] + unit[c]) @ unit.T
        for line, question in zip(scores, questions, strict=True):
            for row in question[:3]:
                line[self._spellings[int(self._word[row])]] = -np.inf
        return int((self._word[scores.argmax(axis=1)] == self._word[expected]).sum())
