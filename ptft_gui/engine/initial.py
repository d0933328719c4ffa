"""Where training begins when it does not begin from nothing: the words and numbers of an earlier model.

What becomes of the words:

* every old word stays in the vocabulary, also one that the new text does not hold: it keeps its place and is not moved;
* a new word joins when the new text holds it often enough (``min_count``);
* what training draws by frequency (thinning, negative samples, the path of a hierarchical softmax) counts the new text
  alone, because that is what is read; how often a word is said to occur is the sum of both texts, as far as the start
  tells, and orders the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.family.starts import FROZEN
from ptft_gui.engine.vectors import Floats32
from ptft_gui.engine.vocabulary import check_vocabulary

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class InitialVectors:
    """V0 words that are known already.

    ``counts``: int64, shape (V0,), how often each occurred in the text it was learned from, 0 where nobody knows;
    ``vectors``: float32, shape (V0, d), perhaps mapped and read-only; ``output``: the output layer of negative
    sampling, shape (V0, d), where the start is a Word2Vec run that still has it; ``source``: the run, folder or file.
    ``layers``: further arrays of the start's own family, by the names of its checkpoints, first axis V0.
    ``config``: what is known of how it was made, as in a model's ``config.json``; ``fingerprint``: SHA-256 of what was
    read.
    """

    words: list[str]
    counts: Counts
    vectors: Floats32
    output: Floats32 | None
    source: str
    layers: Mapping[str, Floats32] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""

    @property
    def size(self) -> int:
        """d, how many numbers a word has."""
        return int(self.vectors.shape[1])

    @property
    def name(self) -> str:
        """What the start is called."""
        return str(self.config.get("name") or self.source)


@dataclass(frozen=True)
class JointVocabulary:
    """Old and new words together, V of them, the most frequent first.

    ``counts``: in both texts; ``text_counts``: in the new text alone; ``old_rows``: the row of each word in the start,
    -1 for a new one. All int64, shape (V,). ``least_count``: how often a new word had to occur.
    """

    words: list[str]
    counts: Counts
    text_counts: Counts
    old_rows: Counts
    least_count: int

    def __len__(self) -> int:
        return len(self.words)

    @property
    def are_old(self) -> NDArray[np.bool_]:
        """Shape (V,)."""
        return self.old_rows >= 0

    def spread(self, old: NDArray[Any], into: NDArray[Any]) -> None:
        """Copy the rows of an array of the start, first axis V0, to their places in one with first axis V."""
        are_old = self.are_old
        into[are_old] = old[self.old_rows[are_old]]


def join_vocabularies(
    initial: InitialVectors, counts: Mapping[str, int], min_count: int, most_words: int | None = None
) -> JointVocabulary:
    """All old words, and of the new text's those that occur ``min_count`` times.

    ``counts``: of all words of the new text, in order of first appearance. With ``most_words`` rarer new words are
    left out until no more than that remain; old words are never left out. Raises DataError for fewer than two words.
    """
    known = {word: row for row, word in enumerate(initial.words)}
    least = _least_count(known, counts, min_count, most_words)
    new = [word for word, count in counts.items() if count >= least and word not in known]
    words = [*initial.words, *new]
    if len(words) < 2:
        check_vocabulary(counts, min_count)
    in_text = np.fromiter((counts.get(word, 0) for word in words), np.int64, len(words))
    total = in_text.copy()
    total[: len(known)] += initial.counts
    rows = np.concatenate([np.arange(len(known)), np.full(len(new), -1)]).astype(np.int64)
    order = np.argsort(-total, kind="stable")
    return JointVocabulary(
        [words[row] for row in order.tolist()], total[order], in_text[order], rows[order], least
    )


def _least_count(
    known: Mapping[str, int], counts: Mapping[str, int], min_count: int, most_words: int | None
) -> int:
    """``min_count``, or more where only so many new words may join; words of equal count join or stay out together."""
    if most_words is None:
        return min_count
    room = max(most_words - len(known), 0)
    new = sorted((count for word, count in counts.items() if word not in known), reverse=True)
    return min_count if len(new) <= room else max(min_count, new[room] + 1)


def is_frozen(values: Mapping[str, Any]) -> bool:
    """Whether resolved values keep the words of the start as they are."""
    return values.get("initial_words") == FROZEN
