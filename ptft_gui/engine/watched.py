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
_SHORTEST = 4

Vectors = NDArray[np.float32]
Answer = list[list[str | float]]


def propose_watched_words(words: Sequence[str]) -> list[str]:
    """Ten frequent words that carry meaning, from a vocabulary in order of frequency.

    The most frequent words ("the", "of") and short ones say little; what remains first are the text's main topics.
    """
    skipped = min(_TOO_FREQUENT, len(words) // 4)
    telling = [word for word in words[skipped:] if len(word) >= _SHORTEST and word.isalpha()]
    return (telling or list(words))[:MAX_WATCHED_WORDS]


def find_word(asked: str, index: Mapping[str, int], preparation: Preparation, delimiter: str) -> str | None:
    """The word of the vocabulary that a person means: as typed, prepared, joined as a phrase, or with case folded."""
    prepared = [word for sentence in preparation.apply(asked) for word in sentence]
    spellings = (asked, delimiter.join(prepared), asked.lower(), asked.casefold())
    return next((word for word in spellings if word in index), None)


def close_words(asked: str, words: Sequence[str], count: int = 3) -> list[str]:
    """Words of the vocabulary that are spelt nearly alike; looks at those with the same first letter."""
    alike = [word for word in words if word[:1] == asked[:1].lower() and abs(len(word) - len(asked)) <= 3]
    return difflib.get_close_matches(asked.lower(), alike, n=count, cutoff=0.7)


def neighbours(
    vectors: Vectors, rows: Sequence[int], words: Sequence[str], topn: int = NEIGHBOURS
) -> list[Answer]:
    """For each row the nearest other words as ``[word, cosine]``, the nearest first; ``vectors``: shape (V, d)."""
    with np.errstate(all="ignore"):
        lengths = np.sqrt(np.einsum("vd,vd->v", vectors, vectors))
        lengths = np.where(lengths > 0, lengths, 1.0)
        asked = vectors[list(rows)] / lengths[list(rows), None]
        cosines = np.nan_to_num((asked @ vectors.T) / lengths, nan=-1.0)
    return [_nearest(line, row, words, topn) for line, row in zip(cosines, rows, strict=True)]


def _nearest(cosines: NDArray[np.float32], row: int, words: Sequence[str], topn: int) -> Answer:
    cosines[row] = -np.inf
    topn = min(topn, len(words) - 1)
    found = np.argpartition(-cosines, topn - 1)[:topn]
    ordered = found[np.argsort(-cosines[found], kind="stable")]
    return [[words[other], round(float(cosines[other]), 4)] for other in ordered]
