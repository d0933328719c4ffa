"""What is looked at while a task is learned: loss and scores of held-out examples, and the answers to the probes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.core.events import Metrics
from ptft_gui.core.probes import MOST_PROBES
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.engine.finetune.learner import TaskLearner
from ptft_gui.engine.language.watch import diverged
from ptft_gui.engine.observation import ObservationBudget
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.scored_looks import ScoredLooks

MOST_HELD_OUT, MOST_TRAINED = 5000, 256
"""Rows that are looked at each time: of the held-out ones, and of those that are learned from."""
_TIE = 1e-6
"""What the loss may weigh beside the score: less than one row of MOST_HELD_OUT."""


class TaskWatch(ScoredLooks):
    """Measures on the first held-out rows and the first rows to learn from; both come in an order of chance."""

    def __init__(
        self, learner: TaskLearner, probes: Sequence[str], reporter: Reporter, values: Mapping[str, Any]
    ) -> None:
        self._learner, self._values = learner, values
        self._val = learner.parts["val"].first_rows(MOST_HELD_OUT)
        self._train = learner.parts["train"].first_rows(MOST_TRAINED)
        super().__init__(reporter, probes, ObservationBudget(lambda: reporter.clock.seconds))

    @property
    def has_held_out(self) -> bool:
        return len(self._val) > 0

    def _distance(self) -> float | None:
        kept_by = self._values.get("kept_by") if self.has_held_out else None
        return distance_from_best(self.metrics, self.main_metric, kept_by)

    def start(self, guessing: float) -> None:
        """Say what guessing by how common the answers are scores."""
        found = self._learner.task.guessing(self._learner.parts["train"].rows)
        for part, has_rows in (("train", True), ("val", self.has_held_out)):
            if has_rows and "loss" in found:
                self._reporter.baseline(f"{part}/loss", found["loss"])
        if not self.has_held_out:
            return
        for name, value in found.items():
            if name != "loss":
                self._reporter.baseline(f"val/{name}", value, "always the commonest class")

    def _measure(self, step: int) -> Metrics:
        metrics: Metrics = {}
        trained = self._learner.score("train", self._train)
        metrics[TRAIN_LOSS] = trained.loss
        if self.has_held_out:
            scored = self._learner.score("val", self._val)
            metrics[VAL_LOSS] = scored.loss
            task, rows = self._learner.task, self._val.rows
            answers = task.settle(task.answers(scored.scores, self._val.examples, rows), rows)
            measured = task.measure(answers, rows)
            metrics |= {f"val/{name}": value for name, value in measured.metrics.items()}
        for name in (TRAIN_LOSS, VAL_LOSS):
            value = metrics.get(name, 0.0)
            if value is not None and not math.isfinite(value):
                raise diverged(self._reporter, step, name, self._values)
        return metrics

    def _answer(self, step: int, epoch: float, probes: Sequence[str]) -> None:
        answers = self._learner.answers(probes)
        for probe, answer in zip(probes, answers, strict=True):
            self._reporter.probe(step, epoch, probe, answer, self._learner.probe_kind)

    def _check_probe(self, text: str) -> None:
        if len(self._probes) >= MOST_PROBES:
            raise ModelError(f"{MOST_PROBES} probes are the most.", hint="Ask under Try it instead.")
        self._learner.task.row_of_probe(text)


def distance_from_best(metrics: Metrics, main_metric: str, kept_by: str | None) -> float | None:
    """What chooses the best moment; less is better.

    It is counted by a score on held-out rows (``kept_by``: accuracy, F1 ...), and of moments that score alike by the
    loss; without such a score by the loss alone, which may be unknown.
    """
    loss = metrics.get(main_metric)
    if kept_by is None:
        return loss
    score = metrics.get(f"val/{kept_by}") or 0.0
    return 1.0 - score + _TIE * (1.0 if loss is None else loss / (1.0 + loss))
