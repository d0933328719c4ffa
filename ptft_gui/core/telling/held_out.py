"""How well a language model guesses text that it has not seen: what its log says of the moment that is kept."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS, RunSummary

_MOST = 50.0  # nats; beyond it a perplexity says nothing


@dataclass(frozen=True)
class Measured:
    """A loss in nats a token, and the step at which it was measured (None for guessing)."""

    nats: float
    step: int | None = None

    @property
    def perplexity(self) -> float:
        return math.exp(min(self.nats, _MOST))

    def bits(self, characters_per_token: float) -> float:
        return self.nats / math.log(2) / characters_per_token


@dataclass(frozen=True)
class HeldOut:
    """What a run's log tells of its result: ``is_held_out`` or else measured on the text it learned from."""

    result: Measured
    guessing: Measured | None
    start: Measured | None
    is_held_out: bool
    characters_per_token: float | None
    tokens: int | None


def held_out_of(summary: RunSummary, starts_from_model: bool) -> HeldOut | None:
    """The moment that was kept: the best one, or the newest while the run goes on; None before the first look."""
    metric = summary.main_metric
    looked = [(e.step, value) for e in summary.evaluations if (value := e.metrics.get(metric)) is not None]
    if not looked:
        return None
    step, nats = min(looked, key=lambda pair: pair[1]) if summary.final is not None else looked[-1]
    baseline = summary.baselines.get(VAL_LOSS) or summary.baselines.get(TRAIN_LOSS)
    is_at_start = starts_from_model and looked[0][0] == 0
    characters = summary.resolved_value("characters_per_token")
    return HeldOut(
        Measured(nats, step),
        Measured(baseline.value) if baseline is not None else None,
        Measured(looked[0][1], 0) if is_at_start else None,
        metric == VAL_LOSS,
        float(characters) if isinstance(characters, int | float) and characters > 0 else None,
        summary.resolved_value("val_tokens"),
    )
