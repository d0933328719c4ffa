"""Labelled texts as numbers: each text its known words' rows, one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.data.examples.prepared import PartName, PreparedExamples
from ptft_gui.data.preparation import Preparation
from ptft_gui.data.request import ShouldStop
from ptft_gui.engine.classifier.start import Ground
from ptft_gui.engine.classifier.words import words_of

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class EncodedTexts:
    """Texts of one part.

    ``rows``: int64, rows of the known words of all texts, one text after the other; ``ends``: int64 (n,), where each
    text ends in it; ``labels``: int64 (n,); ``keys``: int64 (n,), the rows of the dataset. ``words`` and ``known``: how
    many words the texts have, and how many of them are in the vocabulary.
    """

    rows: Rows
    ends: Rows
    labels: Rows
    keys: Rows
    words: int
    known: int

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def starts(self) -> Rows:
        return np.concatenate([[0], self.ends[:-1]]).astype(np.int64) if len(self.ends) else self.ends

    @property
    def lengths(self) -> Rows:
        return self.ends - self.starts

    def pick(self, chosen: Rows) -> tuple[Rows, Rows]:
        """(rows, starts) of some texts, in their order, as torch's EmbeddingBag takes them."""
        lengths = self.lengths[chosen]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        places = np.repeat(self.starts[chosen] - starts, lengths) + np.arange(int(lengths.sum()))
        return self.rows[places], starts


def encode(
    examples: PreparedExamples,
    part: PartName,
    index: Mapping[str, int],
    ground: Ground,
    labels: Sequence[str],
    should_stop: ShouldStop,
) -> EncodedTexts:
    """Encode one part; a word that the vocabulary lacks is left out. Raises StoppedByPerson."""
    number_of = {label: number for number, label in enumerate(labels)}
    rows: list[int] = []
    ends: list[int] = []
    numbers: list[int] = []
    keys: list[int] = []
    words = 0
    for example in examples.rows(part):
        if len(keys) % 1024 == 0 and should_stop():
            raise StoppedByPerson
        found = words_of(example["text"], ground.preparation, index, ground.delimiter)
        words += len(found)
        rows.extend(row for word in found if (row := index.get(word)) is not None)
        ends.append(len(rows))
        numbers.append(number_of.get(example["label"], -1))
        keys.append(example["key"])
    found_rows, found_ends, found_labels, found_keys = (
        np.asarray(values, dtype=np.int64) for values in (rows, ends, numbers, keys)
    )
    return EncodedTexts(found_rows, found_ends, found_labels, found_keys, words, len(rows))


def count_words(
    examples: PreparedExamples, preparation: Preparation, should_stop: ShouldStop
) -> Counter[str]:
    """How often each word stands in the texts to train on. Raises StoppedByPerson."""
    counts: Counter[str] = Counter()
    for number, example in enumerate(examples.rows("train")):
        if number % 1024 == 0 and should_stop():
            raise StoppedByPerson
        counts.update(words_of(example["text"], preparation))
    return counts
