"""What is looked at while word vectors train: their loss, scores of gold sets, the watched words, snapshots."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.errors import ModelError, PtftError, Remedy
from ptft_gui.core.events import Metrics
from ptft_gui.core.spec import MAX_WATCHED_WORDS, RunSpec
from ptft_gui.core.spec_checks import MOST_WITH_ADDED
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.data.preparation import Preparation
from ptft_gui.engine.gold.growing import GrowingScores
from ptft_gui.engine.observation import ObservationBudget
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.snapshots import SnapshotAlbum
from ptft_gui.engine.text import PHRASE_DELIMITER
from ptft_gui.engine.vectors import Floats32
from ptft_gui.engine.watched import close_words, find_word, neighbours, propose_watched_words


class ObservedModel(Protocol):
    """What is looked at: word vectors that change, and every array that training changes."""

    @property
    def vectors(self) -> Floats32:
        """Shape (V, d)."""
        ...

    @property
    def words(self) -> Sequence[str]: ...

    def layers(self) -> Mapping[str, Floats32]: ...


Probes = Mapping[str, Callable[[], float]]
"""Metric name to what measures it on the model as it is now."""


class Observer:
    """Measures the model on fixed examples and says what it found; all looks together cost about 1 % of the time.

    ``learning_rate`` is the one that a person set: half of it is proposed when the numbers explode. ``gold_set``: a
    person's own file of judgements; raises :class:`~ptft_gui.core.errors.ModelError` where it cannot be read.
    """

    def __init__(
        self,
        model: ObservedModel,
        probes: Probes,
        watched: Sequence[str],
        snapshots: Path,
        reporter: Reporter,
        learning_rate: float,
        gold_set: str | None = None,
    ) -> None:
        self._model = model
        self._probes = probes
        self._watched = list(watched)
        row_of = {word: row for row, word in enumerate(model.words)}
        self._rows = [row_of[word] for word in watched]
        self._learning_rate = learning_rate
        self._reporter = reporter
        self._scores = GrowingScores(model.words, model.vectors.shape[1], gold_set)
        self._budget = ObservationBudget(lambda: reporter.clock.seconds)
        self.album = SnapshotAlbum(snapshots, model.words, self._rows, model.vectors.shape[1])
        self.metrics: Metrics = {}
        self._seen_step = -1

    @property
    def main_metric(self) -> str:
        return VAL_LOSS if VAL_LOSS in self._probes else TRAIN_LOSS

    @property
    def has_held_out(self) -> bool:
        return VAL_LOSS in self._probes

    def score(self) -> float | None:
        """The main metric as last measured."""
        return self.metrics.get(self.main_metric)

    def start(self) -> None:
        """Measure the model that has learned nothing: the line of guessing. Tell what else will be measured."""
        for metric, probe in self._probes.items():
            self._reporter.baseline(metric, probe())
        if self._scores.sentences:
            told = "The words are compared with what people said about them as training goes on."
            self._reporter.notice("gold_sets", told, " ".join(self._scores.sentences))

    def allows_look(self) -> bool:
        return self._budget.allows_look()

    @property
    def is_recent(self) -> bool:
        return self._budget.is_recent

    def look(self, step: int, epoch: float, with_snapshot: bool = False) -> None:
        """Measure now, unless this very step has been measured. Raises :class:`PtftError` when it has diverged."""
        if self._seen_step == step:
            return
        with self._budget.spending():
            self._measure(step, epoch)
            self._probe_words(step, epoch)
            if with_snapshot or self.album.wants(step):
                self._take_snapshot(step, epoch)
        self._seen_step = step

    def also_watch(self, word: str) -> None:
        """Look at one more word from now on; one that the model does not know, or is watched already, is left out."""
        if word not in self._watched and word in self._model.words:
            self._watched.append(word)
            self._rows.append(self._model.words.index(word))

    def add_word(self, word: str, step: int, epoch: float) -> None:
        """Look at one more word of the model, now too. Raises :class:`PtftError` where enough are watched."""
        if word not in self._watched and len(self._watched) >= MOST_WITH_ADDED:
            raise PtftError(f"{MOST_WITH_ADDED} words are watched, which is the most.")
        self.also_watch(word)
        row = self._rows[self._watched.index(word)]
        (answer,) = neighbours(self._model.vectors, [row], self._model.words)
        self._reporter.probe(step, epoch, word, answer)

    def wants_early_picture(self, step: int) -> bool:
        """Whether a snapshot alone is worth taking now: the first steps move the words most."""
        return self.album.wants_early(step)

    def take_picture(self, step: int, epoch: float, is_last: bool = False) -> None:
        """Take a snapshot without measuring anything; that of the last step is always kept."""
        with self._budget.spending(is_look=False):
            self._take_snapshot(step, epoch, is_last)

    def _measure(self, step: int, epoch: float) -> None:
        begin = time.perf_counter()
        metrics: Metrics = {name: probe() for name, probe in self._probes.items()}
        for name, value in metrics.items():
            if value is None or not math.isfinite(value):
                raise self.diverged(step, name)
        metrics |= self._scores.measure(self._model.vectors)
        self.metrics = metrics
        self._reporter.evaluated(step, epoch, metrics, time.perf_counter() - begin)

    def _probe_words(self, step: int, epoch: float) -> None:
        if not self._rows:
            return
        answers = neighbours(self._model.vectors, self._rows, self._model.words)
        for word, answer in zip(self._watched, answers, strict=True):
            self._reporter.probe(step, epoch, word, answer)

    def _take_snapshot(self, step: int, epoch: float, is_last: bool = False) -> None:
        with contextlib.suppress(OSError):  # a picture less is no reason to stop
            path = self.album.offer(step, epoch, self._model.vectors, is_last)
            if path is not None:
                self._reporter.snapshot(step, f"snapshots/{path.name}")

    def check_finite(self, step: int) -> None:
        """Raise :class:`PtftError` when any number of the model is no longer finite; nothing of it is kept then."""
        for layer in self._model.layers().values():
            if layer.size and not (np.isfinite(layer.min()) and np.isfinite(layer.max())):
                raise self.diverged(step, "vectors")

    def diverged(self, step: int, metric: str) -> PtftError:
        """Say so in the log; returns the failure to raise."""
        self._reporter.diverged(step, metric)
        rate = self._learning_rate / 2
        return PtftError(
            f"The numbers exploded at step {step:,}.",
            "The learning rate was too big for this text and these settings; the last checkpoint is from before.",
            "Start a new run with half the learning rate.",
            (
                Remedy(
                    "new_run_with",
                    "New run with half the learning rate",
                    {"learning_rate": float(f"{rate:.3g}")},
                ),
            ),
        )


def choose_watched_words(
    spec: RunSpec,
    model_words: Sequence[str],
    min_count: int,
    preparation: Preparation,
    counts: Mapping[str, int],
    telling: Sequence[str],
    reporter: Reporter,
    delimiter: str = PHRASE_DELIMITER,
) -> list[str]:
    """The words that a person chose, else those of the dataset's card, else ``telling`` ones; unknown ones are told.

    ``model_words``: the vocabulary, the most frequent first; ``counts``: of all words of the text, those below
    ``min_count`` included.
    """
    index = {word: row for row, word in enumerate(model_words)}
    card = bundled_dataset(spec.data.dataset)
    proposed = card.watched_words if card else telling
    known = []
    for asked in spec.watched_words or proposed:
        word = find_word(asked, index, preparation, delimiter)
        if word is not None:
            known.append(word)
        elif spec.watched_words:
            unknown = _unknown_word(asked, model_words, min_count, counts)
            reporter.notice("watched_word", unknown.message, unknown.detail, unknown.hint)
    if not known:
        known = propose_watched_words(model_words)
    return list(dict.fromkeys(known))[:MAX_WATCHED_WORDS]


def word_to_watch(
    asked: str,
    model_words: Sequence[str],
    min_count: int,
    preparation: Preparation,
    counts: Mapping[str, int],
    delimiter: str,
) -> str:
    """The word of the vocabulary that a person means. Raises :class:`ModelError` with the reason where there is none.

    The arguments are those of :func:`choose_watched_words`.
    """
    index = {word: row for row, word in enumerate(model_words)}
    word = find_word(asked, index, preparation, delimiter)
    if word is None:
        raise _unknown_word(asked, model_words, min_count, counts)
    return word


def _unknown_word(asked: str, words: Sequence[str], min_count: int, counts: Mapping[str, int]) -> ModelError:
    count = max(counts.get(asked, 0), counts.get(asked.lower(), 0))
    times = "once" if count == 1 else f"{count} times"
    reason = f"It occurs {times}; the limit was {min_count}." if count else "It never occurs in the text."
    close = close_words(asked, words)
    told = f"Close: {', '.join(close)}." if close else ""
    return ModelError(f'"{asked}" cannot be watched.', reason, told)
