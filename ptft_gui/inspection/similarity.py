"""Which words are near: to a word, to several, or to a sum and difference of words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.neighbours import Neighbour, mean_direction, nearest_rows
from ptft_gui.inspection.words import rows_of

MOST_NEIGHBOURS = 1000
MOST_COMPARED = 200
# A sign after a space or before the first word: the hyphen of "well-known" is part of a word.
_SIGN = re.compile(r"(?:^|(?<=\s))([+\-\u2212\u2013])")
_ANY_SIGN = re.compile(r"([+\-\u2212\u2013])")
_ASKED_RESULT = re.compile(r"\s*=\s*\??\s*\Z")
_EXAMPLE = "Write it as king - man + woman, with a space on both sides of each sign."


@dataclass(frozen=True)
class Analogy:
    """A sum and difference of words, as it was typed: the words of the model are looked up later."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The words that were understood, and those near them."""

    positive: tuple[str, ...]
    negative: tuple[str, ...]
    neighbours: list[Neighbour]


def most_similar(model: OpenedModel, text: str, topn: int = 10) -> Answer:
    """The words nearest to a word; to the mean of several, when ``text`` holds several.

    The words asked for are left out of the answer. Raises :class:`~ptft_gui.core.errors.UnknownWordError`.
    """
    return _nearest(model, rows_of(model, text), [], topn)


def analogy(model: OpenedModel, text: str, topn: int = 10) -> Answer:
    """The words nearest to a sum and difference such as ``"king - man + woman"``.

    The arithmetic is gensim's: the mean of the unit vectors, subtracted ones taken negatively, asked words left out.
    Raises :class:`ModelError` for text that is no sum, :class:`~ptft_gui.core.errors.UnknownWordError`.
    """
    asked = parse_analogy(text)
    plus = [row for term in asked.positive for row in rows_of(model, term)]
    minus = [row for term in asked.negative for row in rows_of(model, term)]
    return _nearest(model, plus, minus, topn)


def parse_analogy(text: str) -> Analogy:
    """Cut ``"king - man + woman"`` at its signs; raises :class:`ModelError` when it is no sum of words.

    A text without a space beside any sign, such as ``"king-man+woman"``, is cut at every sign.
    """
    asked = _ASKED_RESULT.sub("", text.strip())
    pieces = (_SIGN if _SIGN.search(asked) or "+" not in asked else _ANY_SIGN).split(asked)
    terms = list(zip(["+", *pieces[1::2]], [piece.strip() for piece in pieces[::2]], strict=True))
    if not terms[0][1]:  # the text began with a sign
        terms = terms[1:]
    if not terms or not all(term for _, term in terms):
        raise ModelError(f'"{asked}" cannot be worked out.', "A word is missing beside a sign.", _EXAMPLE)
    positive = tuple(term for sign, term in terms if sign == "+")
    negative = tuple(term for sign, term in terms if sign != "+")
    return Analogy(positive, negative)


def compare_words(model: OpenedModel, words: list[str]) -> tuple[list[str], NDArray[np.float32]]:
    """The words as the model knows them, and the cosines between all of them, shape (n, n)."""
    if len(words) > MOST_COMPARED:
        raise ModelError(
            f"{len(words):,} words cannot be compared at once.", hint=f"Take {MOST_COMPARED} at most."
        )
    rows = [row for word in words for row in rows_of(model, word)]
    unit = model.vectors.vectors[rows] / model.lengths[rows, None]
    return [model.vectors.words[row] for row in rows], np.clip(unit @ unit.T, -1.0, 1.0)


def _nearest(model: OpenedModel, plus: list[int], minus: list[int], topn: int) -> Answer:
    if not 1 <= topn <= MOST_NEIGHBOURS:
        raise ModelError(
            f"{topn:,} neighbours cannot be listed.",
            hint=f"Ask for a number between 1 and {MOST_NEIGHBOURS:,}.",
        )
    table = model.vectors.vectors
    direction = mean_direction(table, model.lengths, plus, minus)
    found = nearest_rows(table, model.lengths, direction, topn, {*plus, *minus})
    words = model.vectors.words
    return Answer(
        tuple(words[row] for row in plus),
        tuple(words[row] for row in minus),
        [model.neighbour(row, similarity) for row, similarity in found],
    )
