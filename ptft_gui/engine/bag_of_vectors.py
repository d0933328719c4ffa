"""The plainest classifier worth comparing with: word vectors that know nothing but the rows at hand, averaged.

Whoever sorts texts with a model that has read much should do better; the difference is what reading was worth.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from ptft_gui.core.errors import PtftError, StoppedByPerson
from ptft_gui.core.family.classifier import CLASSIFICATION
from ptft_gui.core.spec import RunSpec
from ptft_gui.data.examples.prepared import PartName, PreparedExamples
from ptft_gui.data.preparation import Preparation
from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.engine.classifier.model import AveragedVectors, make_optimizer
from ptft_gui.engine.classifier.start import ground_of_texts
from ptft_gui.engine.classifier.texts import EncodedTexts, encode
from ptft_gui.engine.classifier.words import words_of
from ptft_gui.engine.reporter import Reporter

MOST_ROWS = 20_000
"""So many rows are learned from and so many are tested, evenly spread; more would change the number little."""
_MOST_WORDS = 100_000
_SIZE, _EPOCHS, _RATE, _SEED = 100, 15, 0.01, 1
_SMALLEST_BATCH, _STEPS_AN_EPOCH = 32, 100


def bag_of_vectors(examples: PreparedExamples, should_stop: ShouldStop = never_stop) -> float | None:
    """The share of test rows that it answers rightly; None without test rows, or where it can learn nothing.

    ``examples``: texts with one label each. Takes some seconds at most. Raises StoppedByPerson.
    """
    few = _Thinned(examples)
    counts: Counter[str] = Counter()
    preparation = Preparation()
    for row in few.rows("train"):
        counts.update(words_of(row["text"], preparation))
    if not counts or not examples.count("test") or len(examples.labels) < 2:
        return None
    ground = ground_of_texts(Counter(dict(counts.most_common(_MOST_WORDS))), 1, _SIZE, _SEED, preparation)
    index = {word: row for row, word in enumerate(ground.words)}
    train, test = (
        encode(few, part, index, ground, examples.labels, should_stop)  # type: ignore[arg-type]
        for part in ("train", "test")
    )
    if not len(train.rows) or not len(test):
        return None
    model = AveragedVectors(np.asarray(ground.vectors), len(examples.labels), False, _SEED)
    _learn(model, train, should_stop)
    answers = model.answers(model.held(test)).argmax(1)
    return float((answers == test.labels).mean())


def compared_with_bag(spec: RunSpec, examples: PreparedExamples, reporter: Reporter) -> dict[str, float]:
    """``bag_of_vectors`` for the report of a run that sorts texts and began from more than its own rows; else empty."""
    if spec.init_from == "scratch" or examples.task != CLASSIFICATION:
        return {}
    reporter.phase("saving", "Comparing with vectors that know only these rows")
    with contextlib.suppress(PtftError):  # too few words: there is nothing to compare with
        if (share := bag_of_vectors(examples)) is not None:
            return {"bag_of_vectors": share}
    return {}


class _Thinned:
    """Every second, third ... row of a part that has very many."""

    def __init__(self, examples: PreparedExamples) -> None:
        self._examples = examples

    def rows(self, part: PartName) -> Iterator[dict[str, Any]]:
        step = max(1, -(-self._examples.count(part) // MOST_ROWS))
        return islice(self._examples.rows(part), 0, None, step)


def _learn(model: AveragedVectors, train: EncodedTexts, should_stop: ShouldStop) -> None:
    held = model.held(train)
    model.standardise(held)
    optimizer = make_optimizer(model, _RATE, 0.01)
    true = torch.from_numpy(train.labels)
    size = max(_SMALLEST_BATCH, -(-len(train) // _STEPS_AN_EPOCH))
    for epoch in range(_EPOCHS):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * (1 - epoch / _EPOCHS)
        order = np.random.default_rng([_SEED, epoch]).permutation(len(train))
        for start in range(0, len(order), size):
            if should_stop():
                raise StoppedByPerson
            chosen = order[start : start + size]
            loss = functional.cross_entropy(model(held, chosen), true[torch.from_numpy(chosen)])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
