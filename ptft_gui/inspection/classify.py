"""Which class a text belongs to, by a model of averaged word vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.classifier.head import mean_vector
from ptft_gui.engine.classifier.words import words_of
from ptft_gui.inspection.model import OpenedModel

_LONGEST_TEXT = 1_000_000
_BATCH = 1024


@dataclass(frozen=True)
class Classified:
    """``classes``: (label, probability), the likeliest first. ``pushes``: (word, how far it pushed the first class).

    A push is the part of the first class's score that a word adds over the mean of all classes: the scores of a mean
    are the mean of the scores, so the parts add up exactly. ``unknown``: words of the text that the model lacks.
    ``spans``: (start, end, push, or None for an unknown word), places in the text in code points; a word that the
    preparation changed beyond its case has none.
    """

    classes: list[tuple[str, float]]
    pushes: list[tuple[str, float]]
    unknown: list[str]
    spans: list[tuple[int, int, float | None]] = field(default_factory=list)

    @property
    def label(self) -> str:
        return self.classes[0][0]


def classify(model: OpenedModel, text: str) -> Classified:
    """Sort one text. Raises :class:`ModelError` for a model that has no classes or an empty text."""
    head = model.head
    if not text.strip():
        raise ModelError("No text was given.", hint="Type a sentence.")
    if len(text) > _LONGEST_TEXT:
        raise ModelError(
            "The text is too long.",
            f"It has {len(text):,} signs; {_LONGEST_TEXT:,} is the most.",
            "Shorten it.",
        )
    words = _words(model, text)
    index = model.vectors.index
    known = [word for word in words if word in index]
    rows = [index[word] for word in known]
    shares = head.probabilities(mean_vector(model.vectors.vectors, rows))[0]
    order = np.argsort(-shares, kind="stable")
    classes = [(head.labels[number], float(shares[number])) for number in order]
    unknown = list(dict.fromkeys(word for word in words if word not in index))
    pushes = _pushes(model, known, rows, int(order[0]))
    return Classified(classes, pushes, unknown, _spans(model, text, words, dict(pushes)))


def _pushes(model: OpenedModel, words: list[str], rows: list[int], first: int) -> list[tuple[str, float]]:
    if not rows:
        return []
    head = model.head
    direction = head.weight[first] - head.weight.mean(axis=0)
    parts = model.vectors.vectors[np.asarray(rows)] @ direction / len(rows)
    return [(word, float(part)) for word, part in zip(words, parts, strict=True)]


def _spans(
    model: OpenedModel, text: str, words: list[str], pushes: Mapping[str, float]
) -> list[tuple[int, int, float | None]]:
    """Where the words stand in the text: each is looked for behind the one before it."""
    signs = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    delimiter = model.setting("phrase_delimiter")
    spans: list[tuple[int, int, float | None]] = []
    place = 0
    for word in words:
        parts = word.split(delimiter) if isinstance(delimiter, str) and delimiter else [word]
        for part in parts:
            start = _find_word(signs, part.lower(), place)
            if part and start >= 0:
                place = start + len(part)
                spans.append((start, place, pushes.get(word)))
    return spans


def _find_word(signs: str, word: str, place: int) -> int:
    """Where ``word`` stands from ``place`` on, -1 where it does not; one of Latin letters not within another."""
    start = signs.find(word, place)
    while start >= 0 and word.isascii() and word.isalnum():
        before, after = signs[start - 1 : start], signs[start + len(word) : start + len(word) + 1]
        if not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum()):
            break
        start = signs.find(word, start + 1)
    return start


def classify_many(model: OpenedModel, texts: Iterable[str]) -> Iterator[tuple[str, float]]:
    """(label, probability) of each text, in order; memory stays flat. A text of unknown words gets one too."""
    waiting: list[NDArray[np.float32]] = []
    for text in texts:
        index = model.vectors.index
        rows = [row for word in _words(model, text) if (row := index.get(word)) is not None]
        waiting.append(mean_vector(model.vectors.vectors, rows))
        if len(waiting) == _BATCH:
            yield from _best(model, waiting)
            waiting = []
    if waiting:
        yield from _best(model, waiting)


def _best(model: OpenedModel, features: list[NDArray[np.float32]]) -> Iterator[tuple[str, float]]:
    shares = model.head.probabilities(np.concatenate(features))
    for row in shares:
        number = int(row.argmax())
        yield model.head.labels[number], float(row[number])


def _words(model: OpenedModel, text: str) -> list[str]:
    preparation = model.preparation or Preparation("words")
    delimiter = model.setting("phrase_delimiter")
    return words_of(text, preparation, model.vectors.index, delimiter if isinstance(delimiter, str) else None)
