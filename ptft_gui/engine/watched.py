"""Watched words: chosen before the start, their neighbours recorded as training goes on."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.spec import MAX_WATCHED_WORDS
from ptft_gui.data.preparation import Preparation

NEIGHBOURS = 8
_TOO_FREQUENT = 100
_SHORTEST, _SHORTEST_CHINESE = 4, 2
_FIRST_CHINESE = "\u3400"

Vectors = NDArray[np.float32]
Answer = list[list[str | float]]


def propose_watched_words(words: Sequence[str]) -> list[str]:
    """Ten frequent words that carry meaning, from a vocabulary in order of frequency.

    The most frequent words ("the", "of") and short ones say little; what remains first are the text's main topics.
    A Chinese word of two characters is not short.
    """
    skipped = min(_TOO_FREQUENT, len(words) // 4)
    telling = [word for word in words[skipped:] if word.isalpha() and not _is_short(word)]
    return (telling or list(words))[:MAX_WATCHED_WORDS]


def _is_short(word: str) -> bool:
    return len(word) < (_SHORTEST_CHINESE if word >= _FIRST_CHINESE else _SHORTEST)


def find_word(asked: str, index: Mapping[str, int], preparation: Preparation, delimiter: str) -> str | None:
    """The word of the vocabulary that a person means: as typed, prepared, joined as a phrase, or with case folded."""
    spellings = [asked, delimiter.join(preparation.words_asked(asked, index))]
    if preparation.folds_case:
        spellings += [asked.lower(), asked.casefold()]
    return next((word for word in spellings if word in index), None)


def close_words(asked: str, words: Sequence[str], count: int = 3) -> list[str]:
    """Words of the vocabulary that are spelt nearly alike; looks at those with the same first letter."""
    alike = [word for word in words if word[:1] == asked[:1].lower() and abs(len(word) - len(asked)) <= 3]
    return difflib.get_close_matches(asked.lower(), alike, n=count, cutoff=0.7)


def neighbours(
    vectors: Vectors, rows: Sequence[int], words: Sequence[str], topn: int = NEIGHBOURS
) -> list[Answer]:
    """For each row the nearest other words as ``[word, cosine]``, the nearest first; ``vectors``: shape (V, d).

    The vectors may be those of a model that other threads are training. Lengths and products are read one after
    another, so the cosines of the few nearest are computed once more, from one copy of their vectors.
    """
    asked_rows = list(rows)
    with np.errstate(all="ignore"):
        lengths = np.sqrt(np.einsum("vd,vd->v", vectors, vectors))
        lengths = np.where(lengths > 0, lengths, 1.0)
        cosines = np.nan_to_num((vectors[asked_rows] @ vectors.T) / lengths, nan=-np.inf)
        return [
            _nearest(vectors, line, row, words, topn) for line, row in zip(cosines, asked_rows, strict=True)
        ]


def _nearest(
    vectors: Vectors, scores: NDArray[np.float32], row: int, words: Sequence[str], topn: int
) -> Answer:
    scores[row] = -np.inf
    topn = min(topn, len(words) - 1)
    found = np.argpartition(-scores, topn - 1)[:topn]
    cosines = _cosines(vectors[np.concatenate([[row], found])])
    order = np.argsort(-cosines, kind="stable")
    return [[words[found[place]], round(float(cosines[place]), 4)] for place in order]


def _cosines(copied: Vectors) -> NDArray[np.float64]:
    """Of the first vector with each of the others; shapes (1 + k, d) to (k,)."""
    exact = copied.astype(np.float64)
    lengths = np.linalg.norm(exact, axis=1)
    products = exact[1:] @ exact[0] / np.maximum(lengths[1:] * lengths[0], np.finfo(np.float64).tiny)
    cosines: NDArray[np.float64] = np.clip(np.nan_to_num(products, nan=-1.0), -1.0, 1.0)
    return cosines
