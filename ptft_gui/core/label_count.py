"""*How many labels do I need?*: the same run with 10, 30 and 100 % of its rows, and the score that each part reached.

The rows that choose and report stay the same; see the option ``train_share``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.race import can_race, label_key, rows_of, score_interval, score_of, spec_or_none
from ptft_gui.core.rundir import FINAL_STATE_OF_EVENT, RunDir, State
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary

SHARES = (0.1, 0.3, 1.0)
_ENDING = " of the rows"
_NOTEWORTHY_POINTS = 2.0


def label_specs(spec: RunSpec, shares: Sequence[float] = SHARES, name: str = "") -> list[RunSpec]:
    """The same run with a part of its rows to learn from, the smallest part first."""
    return [
        spec.model_copy(
            update={
                "name": f"{name or label_title(spec)} - {share:.0%}{_ENDING}",
                "options": {**spec.options, "train_share": share},
            }
        )
        for share in sorted(shares)
    ]


def label_title(spec: RunSpec) -> str:
    """The name of a run without the share that it learned from."""
    before, _, last = spec.name.rpartition(" - ")
    return before if before and last.endswith(f"%{_ENDING}") else spec.name


def share_of(spec: RunSpec) -> float:
    """The share of the rows that a run learns from."""
    share = spec.options.get("train_share")
    return float(share) if isinstance(share, int | float) else 1.0


def are_parts_of_one(specs: Sequence[RunSpec | None]) -> bool:
    """Whether these runs, two or more, learn the same from different shares of the same rows."""
    known = [spec for spec in specs if spec is not None and can_race(spec)]
    shares = {share_of(spec) for spec in known}
    if len(specs) < 2 or not len(known) == len(specs) == len(shares):
        return False
    return len({label_key(spec) for spec in known}) == 1


def parts_of(run: RunDir, runs: Iterable[RunDir]) -> list[RunDir]:
    """The runs that learned the same from shares of the same rows, ``run`` among them, the smallest share first.

    ``runs``: those there are, the newest first. Raises :class:`~ptft_gui.core.errors.SpecError`.
    """
    spec = run.read_spec()
    if not can_race(spec):
        return [run]
    key, found = label_key(spec), {share_of(spec): run}
    for other in runs:
        asked = spec_or_none(other, spec)
        if asked is not None and share_of(asked) not in found and label_key(asked) == key:
            found[share_of(asked)] = other
    return [found[share] for share in sorted(found)]


@dataclass(frozen=True)
class LabelPoint:
    """What a run learned from ``rows`` rows (0 while that is not known), a ``share`` of them, and its score."""

    share: float
    rows: int
    score: float | None
    score_name: str
    state: State = "finished"
    interval: tuple[float, float] | None = None
    is_test: bool = False
    problem: str = ""

    @property
    def final_score(self) -> float | None:
        return self.score if self.state in ("finished", "stopped") else None


def label_point(
    summary: RunSummary, state: State | None = None, evaluation: Mapping[str, Any] | None = None
) -> LabelPoint | None:
    """What became of one part; None for a run whose settings are not known."""
    if summary.spec is None:
        return None
    part, name, score = score_of(summary)
    return LabelPoint(
        share_of(summary.spec),
        int(summary.resolved_value("train_examples") or 0) or rows_of(summary, "train"),
        score,
        name,
        state or FINAL_STATE_OF_EVENT.get(summary.last_state_event or "", "running"),
        score_interval(summary, part, name, evaluation or {}),
        part == "test",
        summary.failure.message if summary.failure is not None else "",
    )


@dataclass(frozen=True)
class LabelCount:
    """``points``: the smallest share first."""

    points: tuple[LabelPoint, ...]

    @property
    def scored(self) -> tuple[LabelPoint, ...]:
        """The parts that have reached their end."""
        return tuple(point for point in self.points if point.final_score is not None and point.rows)

    @property
    def sentence(self) -> str:
        """Whether more labels would help, read from the last two parts."""
        if len(self.scored) < 2:
            return "No two parts have reached their end yet."
        fewer, more = self.scored[-2:]
        low, high = fewer.score or 0.0, more.score or 0.0
        told = f"{fewer.rows:,} rows reach {low:.2f}, {more.rows:,} reach {high:.2f}."
        points = 100 * (high - low)
        if points >= _NOTEWORTHY_POINTS:
            return f"More labels still help: {told}"
        if points > -_NOTEWORTHY_POINTS:
            return f"More labels would hardly help: {told}"
        return f"More labels did not help here: {told}"

    @property
    def caution(self) -> str:
        """Why the step may be chance, where there is one and the two intervals overlap; else empty."""
        if len(self.scored) < 2:
            return ""
        fewer, more = self.scored[-2:]
        is_step = abs((more.score or 0.0) - (fewer.score or 0.0)) >= _NOTEWORTHY_POINTS / 100
        if not is_step or fewer.interval is None or more.interval is None:
            return ""
        if fewer.interval[1] < more.interval[0] or more.interval[1] < fewer.interval[0]:
            return ""
        return "The last two intervals overlap: with so few rows to test on, part of the step may be chance."


def label_count(points: Iterable[LabelPoint | None]) -> LabelCount:
    """The parts in rising order; of two that are equal the later counts."""
    found = {point.share: point for point in points if point is not None}
    return LabelCount(tuple(found[share] for share in sorted(found)))
