"""What is looked at while the classifier trains: loss on fixed training texts, loss and scores on held-out ones."""

from __future__ import annotations

import math
import time

import numpy as np

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.core.events import Metrics
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.engine.classifier.model import AveragedVectors, HeldTexts, mean_loss
from ptft_gui.engine.classifier.texts import EncodedTexts, Rows
from ptft_gui.engine.metrics import Counts, accuracy_of, confusion_matrix, macro_f1_of
from ptft_gui.engine.observation import ObservationBudget
from ptft_gui.engine.reporter import Reporter

MOST_WATCHED_TEXTS = 5000


class Watch:
    """Measures the model on fixed texts and says what it found.

    The loss of the training texts is measured on at most 5,000 of them, drawn with the run's ``seed``.
    """

    def __init__(
        self,
        model: AveragedVectors,
        train: HeldTexts,
        val: HeldTexts,
        seed: int,
        reporter: Reporter,
        rate: float,
    ) -> None:
        self._model, self._val, self._reporter, self._rate = model, val, reporter, rate
        self._train = _some_of(train, seed)
        self._budget = ObservationBudget(lambda: reporter.clock.seconds)
        self._seen_step = -1
        self.metrics: Metrics = {}

    @property
    def has_held_out(self) -> bool:
        return len(self._val.texts) > 0

    @property
    def is_recent(self) -> bool:
        return self._budget.is_recent

    def score(self) -> float | None:
        """The main metric as last measured."""
        return self.metrics.get(VAL_LOSS if self.has_held_out else TRAIN_LOSS)

    def allows_look(self) -> bool:
        return self._budget.allows_look()

    def start(self, shares: dict[str, float]) -> None:
        """The lines of guessing: answering by how common each class is in the training texts, and the commonest."""
        guess = np.log(np.maximum(np.array(list(shares.values())), 1e-12))
        for name, held in ((TRAIN_LOSS, self._train), (VAL_LOSS, self._val)):
            if len(held.texts):
                self._reporter.baseline(name, float(-guess[held.texts.labels].mean()))
        if self.has_held_out:
            commonest = int(guess.argmax())
            share = float((self._val.texts.labels == commonest).mean())
            self._reporter.baseline("val/accuracy", share, "always the commonest class")

    def look(self, step: int, epoch: float) -> None:
        """Measure now, unless this very step has been measured. Raises :class:`PtftError` when it has diverged."""
        if self._seen_step == step:
            return
        with self._budget.spending():
            begin = time.perf_counter()
            metrics: Metrics = {
                TRAIN_LOSS: mean_loss(self._model.answers(self._train), self._train.texts.labels)
            }
            if self.has_held_out:
                metrics |= scores_on(self._model, self._val)[0]
            for name, value in metrics.items():
                if value is None or not math.isfinite(value):
                    raise self.diverged(step, name)
            self.metrics = metrics
            self._reporter.evaluated(step, epoch, metrics, time.perf_counter() - begin)
        self._seen_step = step

    def take_picture(self, step: int, epoch: float, is_last: bool) -> None:
        """Nothing: what learns here is an answer to texts, not a place of words."""

    def diverged(self, step: int, metric: str) -> PtftError:
        """Say so in the log; returns the failure to raise."""
        self._reporter.diverged(step, metric)
        rate = float(f"{self._rate / 2:.3g}")
        return PtftError(
            f"The numbers exploded at step {step:,}.",
            "The learning rate was too big for these texts; the last checkpoint is from before.",
            "Start a new run with half the learning rate.",
            (Remedy("new_run_with", "New run with half the learning rate", {"learning_rate": rate}),),
        )


def scores_on(model: AveragedVectors, held: HeldTexts, part: str = "val") -> tuple[Metrics, Counts]:
    """Loss, accuracy, macro F1 and the share of the class that is answered most on one part, named ``part/...``, and
    the confusion matrix behind them."""
    answers, labels = model.answers(held), held.texts.labels
    matrix = confusion_matrix(labels, answers.argmax(1), answers.shape[1])
    return {
        f"{part}/loss": mean_loss(answers, labels),
        f"{part}/accuracy": accuracy_of(matrix),
        f"{part}/macro_f1": macro_f1_of(matrix),
        f"{part}/most_answered": float(matrix.sum(0).max() / max(int(matrix.sum()), 1)),
    }, matrix


def _some_of(held: HeldTexts, seed: int) -> HeldTexts:
    count = len(held.texts)
    if count <= MOST_WATCHED_TEXTS:
        return held
    chosen = np.sort(np.random.default_rng(seed).choice(count, MOST_WATCHED_TEXTS, replace=False))
    return HeldTexts(_picked(held.texts, chosen), None if held.means is None else held.means[chosen])


def _picked(texts: EncodedTexts, chosen: Rows) -> EncodedTexts:
    rows, _ = texts.pick(chosen)
    ends = np.cumsum(texts.lengths[chosen])
    return EncodedTexts(rows, ends, texts.labels[chosen], texts.keys[chosen], len(rows), len(rows))
