"""What is looked at while a network trains: measured once a step, with the answers to the probes that follow it."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Sequence

from ptft_gui.core.events import Metrics
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS
from ptft_gui.engine.observation import ObservationBudget
from ptft_gui.engine.reporter import Reporter


class ScoredLooks(ABC):
    """``metrics``: what the last look measured; it is the score of the step at which training stood then, and of no
    other."""

    def __init__(self, reporter: Reporter, probes: Sequence[str], budget: ObservationBudget) -> None:
        self._reporter, self._probes, self._looks = reporter, list(probes), budget
        self.metrics: Metrics = {}
        self._seen_step = self._scored_step = self._step = -1

    @property
    @abstractmethod
    def has_held_out(self) -> bool:
        """Whether something is held out."""

    @abstractmethod
    def start(self, guessing: float) -> None:
        """Say what guessing by frequency alone scores."""

    @abstractmethod
    def _measure(self, step: int) -> Metrics:
        """Raises PtftError when the numbers have exploded."""

    @abstractmethod
    def _answer(self, step: int, epoch: float, probes: Sequence[str]) -> None:
        """Report what the network answers to these probes now."""

    @abstractmethod
    def _check_probe(self, text: str) -> None:
        """Raise PtftError for a probe that cannot be added to those that are there."""

    @property
    def main_metric(self) -> str:
        return VAL_LOSS if self.has_held_out else TRAIN_LOSS

    @property
    def is_recent(self) -> bool:
        return self._looks.is_recent

    def allows_look(self) -> bool:
        return self._looks.allows_look()

    def at(self, step: int) -> None:
        """Training stands at this step now: what was measured before is no longer its score."""
        self._step = step

    def score(self) -> float | None:
        """What chooses the best moment, less is better, of this very step; None when it was not measured, or is
        withheld."""
        return self._distance() if self._scored_step == self._step else None

    def _distance(self) -> float | None:
        """What chooses the best moment: the main metric, where a family knows nothing better."""
        return self.metrics.get(self.main_metric)

    def withhold_score(self) -> None:
        """This step is none of the best: a checkpoint that happens to be written now must not count as one."""
        self._scored_step = -1

    def take_picture(self, step: int, epoch: float, is_last: bool) -> None:  # noqa: B027 - there is nothing to add
        """No snapshots: what learns here is more than places of words."""

    def look(self, step: int, epoch: float) -> None:
        """Measure now and answer every probe, unless this very step was seen. Raises PtftError when it has diverged."""
        self.at(step)
        if self._seen_step == step:
            return
        begin = time.perf_counter()
        with self._looks.spending():
            self.metrics = self._measure(step)
            self._seen_step = self._scored_step = step
            self._reporter.evaluated(step, epoch, self.metrics, time.perf_counter() - begin)
            if self._probes:
                self._answer(step, epoch, self._probes)

    def add_probe(self, text: str, step: int, epoch: float) -> None:
        """Answer one more probe now and at every look from now on. Raises PtftError for one that cannot be."""
        if text not in self._probes:
            self._check_probe(text)
            self._probes.append(text)
        self._answer(step, epoch, [text])
