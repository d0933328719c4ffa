"""How long a run lasts and how its learning rate falls: exactly to its end at the end of the budget."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any


@dataclass(frozen=True)
class Budget:
    """What a run may use; None does not limit. The limit that is reached first ends the run.

    ``seconds`` counts work and not pauses; ``deadline`` is Unix time.
    """

    epochs: int | None = None
    steps: int | None = None
    seconds: float | None = None
    deadline: float | None = None

    @property
    def kind(self) -> str:
        """What limits the run, for the record: ``epochs``, ``steps``, ``minutes``, ``finish_by`` or several."""
        names = {
            "epochs": self.epochs,
            "steps": self.steps,
            "minutes": self.seconds,
            "finish_by": self.deadline,
        }
        return "+".join(name for name, limit in names.items() if limit is not None)


@dataclass(frozen=True)
class Schedule:
    """A learning rate that falls evenly from ``first_rate`` to ``last_rate`` over the budget.

    ``seconds`` tells the seconds of work so far. ``start`` is (time, progress) at which this attempt began: with a
    deadline the rest of the way is spread over the rest of the time.
    """

    budget: Budget
    first_rate: float
    last_rate: float
    seconds: Callable[[], float]
    start: tuple[float, float] = (0.0, 0.0)

    def progress(self, epoch: int, share_of_epoch: float, step: int) -> float:
        """The share of the run that is done, 0 to 1; ``step`` counts the steps that are done."""
        budget, parts = self.budget, [0.0]
        if budget.epochs is not None:
            parts.append((epoch + share_of_epoch) / budget.epochs)
        if budget.steps is not None:
            parts.append(step / budget.steps)
        if budget.seconds is not None:
            parts.append(self.seconds() / budget.seconds)
        if budget.deadline is not None:
            parts.append(self._progress_to_deadline(budget.deadline))
        return min(1.0, max(parts))

    def _progress_to_deadline(self, deadline: float) -> float:
        began, progress = self.start
        if deadline <= began:
            return 1.0
        return progress + (1.0 - progress) * (time.time() - began) / (deadline - began)

    def learning_rate(self, progress: float) -> float:
        """The linear decay of the original word2vec, computed as gensim computes it."""
        return max(self.last_rate, self.first_rate - (self.first_rate - self.last_rate) * progress)


def next_time_of_day(text: str, now: datetime | None = None) -> float:
    """Unix time of the next "08:00"."""
    moment = now or datetime.now()
    hour, minute = (int(part) for part in text.split(":"))
    target = moment.replace(hour=hour, minute=minute, second=0, microsecond=0)
    return (target if target > moment else target + timedelta(days=1)).timestamp()


def budget_from(values: dict[str, Any]) -> Budget:
    """The budget that resolved values describe: ``epochs max_steps max_minutes deadline``."""
    minutes = values.get("max_minutes")
    return Budget(
        values.get("epochs"),
        values.get("max_steps"),
        None if minutes is None else minutes * 60.0,
        values.get("deadline"),
    )
