"""How often a run is looked at, and how much is read then: all looks together cost little beside the training.

At every look the loss is measured on fixed text and every probe is answered. What that costs is known beforehand as a
number of tokens that could have been learned meanwhile; so a run of few tokens has fewer looks, at the same moments
whenever it is repeated, and none of them leaves anything out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

MOST_CHECKS, FEWEST_CHECKS = 12, 6
"""Spread evenly over a run, the last one at its end."""
EARLY_CHECKS = (0.015, 0.04)
"""And these shares of a run, for most is learned in the beginning."""
MOST_SHARE = 0.016
"""Of the work of a run: what all looks cost together, where the fewest looks do not cost more."""
LEARNING_COSTS = 3
"""Times as much as reading alone."""
TRAIN_PART = 4
"""Of the text that is learned from a look reads so many times less than of held-out text."""
_FEWEST_READ, _MOST_READ, _MOST_READ_IN_TIME = 4096, 1_000_000, 16_384
_FEWEST_READ_IN_TIME = 1024
_CALL_COSTS: Mapping[str, int] = {"cpu": 40, "cuda": 2500}
"""How many tokens a small model learns in the time of calling it once for one token each of all probes."""


@dataclass(frozen=True)
class Looks:
    """``checks`` evenly spread, besides the first look and the early ones; each reads ``read`` held-out tokens."""

    checks: int
    read: int

    @property
    def count(self) -> int:
        """All of them, the one before the first step too."""
        return 1 + len(EARLY_CHECKS) + self.checks

    def cost(self, answers: int) -> float:
        """Of all together, in tokens learned."""
        return self.count * (_reading_costs(self.read) + answers)


def plan_looks(tokens: float, answers: int, is_timed: bool = False) -> Looks:
    """The looks of a run that learns so many ``tokens``; ``answers``: what those of a look cost, in tokens learned."""
    allowed = tokens * MOST_SHARE
    fewest_read = _FEWEST_READ_IN_TIME if is_timed else _FEWEST_READ
    least = _reading_costs(fewest_read) + answers
    most = int(allowed / least) - 1 - len(EARLY_CHECKS)
    checks = min(max(most, FEWEST_CHECKS), MOST_CHECKS)
    left = allowed / Looks(checks, 0).count - answers
    read = int(left * LEARNING_COSTS / (1 + 1 / TRAIN_PART))
    return Looks(checks, min(max(read, fewest_read), _MOST_READ_IN_TIME if is_timed else _MOST_READ))


def _reading_costs(read: int) -> float:
    return read * (1 + 1 / TRAIN_PART) / LEARNING_COSTS


def answers_cost(calls: int, device: str) -> int:
    """What answering all probes once costs, in tokens learned. ``calls``: of the model, one after the other."""
    return calls * _CALL_COSTS[device]


def checks_until(progress: float, checks: int = MOST_CHECKS) -> int:
    """How many looks are due in a run of which this share, 0 to 1, is done."""
    return int(progress * checks) + sum(progress >= early for early in EARLY_CHECKS)


def checks_of(values: Mapping[str, Any]) -> int:
    """How many evenly spread checks these resolved values plan; an older run does not say."""
    return int(values.get("checks") or MOST_CHECKS)
