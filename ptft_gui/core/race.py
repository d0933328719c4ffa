"""The race: the same rows, split and seed learned in several ways, and what pre-training was worth.

A race is nothing but runs: a spec for each lane, queued one after the other, and one result read out of what they left.
*How many labels do I need?* is the same with a part of the rows to learn from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ptft_gui.core.family import FROZEN, FULL
from ptft_gui.core.methods import LORA, count_parameters
from ptft_gui.core.options import OptionValue
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary

SHARES = (0.1, 0.3, 1.0)
_SCORES = ("accuracy", "micro_f1", "spearman", "entity_f1", "f1")
_OWN = ("epochs", "learning_rate", "early_stopping")
"""What each lane decides for itself, so that none has settings that suit another."""


@dataclass(frozen=True)
class Lane:
    """One way to learn. ``changes``: its options."""

    key: str
    title: str
    method: str
    changes: Mapping[str, OptionValue]


LANES = (
    Lane("no-pretraining", "No pre-training", FULL, {"start_weights": "random"}),
    Lane(FROZEN, "Frozen", FROZEN, {}),
    Lane(LORA, "LoRA", LORA, {}),
    Lane(FULL, "Full", FULL, {}),
)


def lane_of(spec: RunSpec) -> Lane | None:
    """The lane that a run is in; None for a method that has none."""
    is_random = spec.options.get("start_weights") == "random"
    if is_random:
        return LANES[0] if spec.method == FULL else None
    return next((lane for lane in LANES[1:] if lane.method == spec.method), None)


def race_specs(spec: RunSpec, lanes: Iterable[str], name: str = "") -> list[RunSpec]:
    """A run for each lane, in the order of :data:`LANES`: data, split, start and seed are those of ``spec``."""
    chosen = set(lanes)
    kept = {"start_weights": "kept", **dict.fromkeys(_OWN)}
    return [
        spec.model_copy(
            update={
                "name": f"{name or spec.name} - {lane.title}",
                "method": lane.method,
                "options": {**spec.options, **kept, **lane.changes},
            }
        )
        for lane in LANES
        if lane.key in chosen
    ]


def label_specs(spec: RunSpec, shares: Sequence[float] = SHARES, name: str = "") -> list[RunSpec]:
    """The same run with a part of its rows to learn from, the smallest part first."""
    return [
        spec.model_copy(
            update={
                "name": f"{name or spec.name} - {share:.0%} of the rows",
                "options": {**spec.options, "train_share": share},
            }
        )
        for share in sorted(shares)
    ]


@dataclass(frozen=True)
class LaneResult:
    """``score`` is called ``score_name``, on test rows where there are any. ``minutes`` of work; 0 where unknown."""

    lane: Lane
    score: float | None
    score_name: str
    minutes: float
    peak_memory_bytes: int
    trained: int
    total: int
    file_bytes: int

    @property
    def trained_share(self) -> float:
        return self.trained / max(self.total, 1)


@dataclass(frozen=True)
class RaceResult:
    """``lanes`` in the order of :data:`LANES`."""

    lanes: tuple[LaneResult, ...]

    def lane(self, key: str) -> LaneResult | None:
        return next((each for each in self.lanes if each.lane.key == key), None)

    @property
    def best(self) -> LaneResult | None:
        """The best lane with pre-training."""
        scored = [each for each in self.lanes if each.score is not None and each.lane is not LANES[0]]
        return max(scored, key=lambda each: each.score or 0.0, default=None)

    @property
    def sentence(self) -> str:
        """What pre-training was worth, in points of the score; which lane did best where that was not raced."""
        without, best = self.lane(LANES[0].key), self.best
        if best is None or best.score is None:
            return "No lane has reached its end yet."
        if without is None or without.score is None:
            return f"{best.lane.title} did best: {best.score:.2f}."
        points = 100 * (best.score - without.score)
        if abs(points) < 1:
            return f"Pre-training was worth nothing here: {without.score:.2f} without, {best.score:.2f} with."
        if points < 0:
            return f"Pre-training did harm here: {without.score:.2f} without, {best.score:.2f} with."
        return f"Pre-training was worth +{points:.0f} points: {without.score:.2f} without, {best.score:.2f} with."


def race_result(summaries: Iterable[RunSummary]) -> RaceResult:
    """What the runs of a race came to; runs that are in no lane are passed over, of two in one the later counts."""
    found = {}
    for summary in summaries:
        lane = lane_of(summary.spec) if summary.spec is not None else None
        if lane is not None:
            found[lane.key] = _result_of(lane, summary)
    return RaceResult(tuple(found[lane.key] for lane in LANES if lane.key in found))


def _result_of(lane: Lane, summary: RunSummary) -> LaneResult:
    score, name = _score_of(summary)
    trained, total = (summary.resolved_value(key) or 0 for key in ("trained_parameters", "parameters"))
    return LaneResult(
        lane,
        score,
        name,
        summary.active_seconds / 60,
        summary.resources.rss_bytes if summary.resources is not None else 0,
        int(trained),
        int(total),
        4 * int(trained if lane.method in (FROZEN, LORA) else total),
    )


def _score_of(summary: RunSummary) -> tuple[float | None, str]:
    """The main score, of test rows where there are any."""
    for part in ("test", "val"):
        for name in _SCORES:
            value = summary.last(f"{part}/{name}")
            if value is not None:
                return value, name
    return None, _SCORES[0]


def foretold(config: Mapping[str, OptionValue], lanes: Iterable[str], outputs: int) -> dict[str, int]:
    """About how many bytes each lane takes to train, before the race."""
    found = {}
    for lane in LANES:
        if lane.key in set(lanes):
            anatomy = count_parameters(config, lane.method, outputs=outputs)
            found[lane.key] = anatomy.memory_bytes if anatomy is not None else 0
    return found
