"""Training that goes batch after batch, with a look at what a person asked for between two of them."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, Protocol, TypeVar

from ptft_gui.core.errors import PtftError
from ptft_gui.core.summary import TRAIN_LOSS
from ptft_gui.engine.pace import Pace
from ptft_gui.engine.position import BatchPosition
from ptft_gui.engine.registry import Outcome
from ptft_gui.engine.schedule import Schedule
from ptft_gui.engine.vector_training import Looks, VectorTraining

PositionType = TypeVar("PositionType", bound=BatchPosition)
LooksType = TypeVar("LooksType", bound="BatchLooks")


class BatchLooks(Looks, Protocol):
    """Looks that also say what is to be done when numbers exploded."""

    def diverged(self, step: int, metric: str) -> PtftError: ...


class BatchTraining(VectorTraining[PositionType, LooksType]):
    """Each family adds what a batch is and how it is trained. ``_batches``: how many an epoch has."""

    _schedule: Schedule
    _pace: Pace
    _batches: int

    @abstractmethod
    def _begin(self) -> None:
        """Clear away what an earlier attempt left, and measure the moment before the first step."""

    @abstractmethod
    def _rest_of_epoch(self) -> Iterator[Any]:
        """The batches of the present epoch that are not trained yet, in the order that the seed decides."""

    @abstractmethod
    def _train_step(self, batch: Any) -> None:
        """Train on one batch and report it."""

    def run(self) -> Outcome:
        """Train to the end of the budget, or until a person or early stopping ends it."""
        self._begin()
        try:
            while not self._is_over():
                self._train_epoch()
            self._serve_saves()
            self._control.open_for_saves(False)
            self._control.open_for_questions()
            self._serve_questions()
            return self._end()
        finally:
            self._close()

    def _close(self) -> None:
        self._keeper.close()

    def _is_over(self) -> bool:
        return self._control.should_stop or self._has_stopped_early or self._progress() >= 1.0

    def _epoch(self) -> float:
        return round(self._position.epoch + self._position.batch / self._batches, 6)

    def _progress(self) -> float:
        position = self._position
        return self._schedule.progress(position.epoch, position.batch / self._batches, position.step)

    def _train_epoch(self) -> None:
        """Train the rest of the present epoch, as far as the budget and the person let it."""
        for batch in self._rest_of_epoch():
            self._wait()
            if self._is_over():
                return
            self._train_step(batch)

    def _wait(self) -> None:
        """Hold still while paused; what is asked for meanwhile is done, then as before."""
        self._serve_saves()
        self._serve_questions()
        while self._control.is_paused:
            self._reporter.hold()
            self._pace.forget()
            self._serve_saves()
            self._serve_questions()

    def _refuse_not_finite(self, loss: float) -> None:
        """Raises DivergedError for a loss that is no number; what was reported before is written first."""
        if not math.isfinite(loss):
            self._reporter.flush()
            raise self._observer.diverged(self._position.step, TRAIN_LOSS)
