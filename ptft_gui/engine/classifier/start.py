"""What the classifier stands on: the words and vectors of a start, or random ones over the words of the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError
from ptft_gui.data.preparation import Preparation, is_mark
from ptft_gui.engine.initial import InitialVectors
from ptft_gui.engine.vectors import Floats32
from ptft_gui.engine.vocabulary import check_vocabulary

_WORDS_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Ground:
    """V words with their vectors, and how texts are cut so that the same words meet.

    ``words``: the most frequent first; ``counts``: int64 (V,); ``vectors``: float32 (V, d), perhaps mapped and
    read-only; ``delimiter`` joins the words of a phrase, None where there are none; ``config``: of the start.
    """

    words: list[str]
    counts: NDArray[np.int64]
    vectors: Floats32
    preparation: Preparation
    delimiter: str | None = None
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return int(self.vectors.shape[1])


def ground_of_start(initial: InitialVectors, asked: Mapping[str, str]) -> Ground:
    """The start, its texts cut as its own were; ``asked``: what a person chose of the preparation."""
    return Ground(
        initial.words,
        initial.counts,
        initial.vectors,
        preparation_of_start(initial, asked),
        initial.config.get("phrase_delimiter"),
        initial.config,
    )


def preparation_of_start(initial: InitialVectors, asked: Mapping[str, str]) -> Preparation:
    """As the start's text was cut, so that the same words meet.

    A vector file does not say how, and a text that was cut at spaces only came ready-made: then its words tell whether
    capitals and marks are among them.
    """
    try:
        known = Preparation.from_record(initial.config.get("preparation")).to_record()
    except DataError:
        known = {}
    if known.get("name", "none") == "none":
        known = {"name": "words", **_habits_of(initial.words[:_WORDS_LOOKED_AT])}
    chosen = {("name" if key == "preparation" else key): value for key, value in asked.items()}
    return Preparation.from_record({**known, **chosen})


def _habits_of(words: Sequence[str]) -> dict[str, str]:
    has_capitals = any(word != word.lower() for word in words)
    has_marks = any(is_mark(word) for word in words)
    return {"case": "keep" if has_capitals else "lower", "punctuation": "keep" if has_marks else "drop"}


def ground_of_texts(
    counts: Counter[str], min_count: int, size: int, seed: int, preparation: Preparation
) -> Ground:
    """Random vectors, as Word2Vec begins, over the words of the texts. Raises DataError for too few words."""
    check_vocabulary(counts, min_count)
    words = [word for word, count in counts.most_common() if count >= min_count]
    drawn = np.random.default_rng(seed).random((len(words), size), dtype=np.float32)
    return Ground(
        words,
        np.array([counts[word] for word in words], dtype=np.int64),
        ((drawn - 0.5) / size).astype(np.float32),
        preparation,
    )
