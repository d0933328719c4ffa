"""A run as the Compare page sees it, and what may be held against what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.events import Probe
from ptft_gui.core.family.registry import FAMILIES, Family, family_of
from ptft_gui.core.label_count import are_parts_of_one, share_of
from ptft_gui.core.race import LANES, SCORES, are_one_race, lane_of
from ptft_gui.core.rundir import LIVE_STATES, State
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS, RunSummary
from ptft_gui.gui.theme import Role
from ptft_gui.gui.widgets.chart.curve import Curve
from ptft_gui.gui.widgets.chart.training_curve import training_curve

SERIES = (Role.SERIES_1, Role.SERIES_5, Role.SERIES_2, Role.SERIES_3, Role.SERIES_4, Role.TEXT)
"""Colours of the runs, those furthest apart first."""
DASHES: tuple[tuple[float, ...], ...] = ((), (5, 2), (2, 2), (8, 2, 2, 2), (1, 2), (8, 4))
"""Lines of the runs, for those who see no colours."""
MOST_RUNS = len(SERIES)
_PARTED = re.compile(r"(?<= - )|(?<=, )")

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Setting:
    """One setting of a run in words."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class ComparedRun:
    """``path``: the run's folder; ``has_vectors``: whether it left word vectors that can be asked.

    ``evaluation``: the content of its ``evaluation.json``, once it has ended.
    """

    name: str
    title: str
    path: Path
    summary: RunSummary
    state: State
    settings: tuple[Setting, ...] = field(default=())
    has_vectors: bool = False
    evaluation: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def family(self) -> Family | None:
        """None where the run's settings cannot be read."""
        spec = self.summary.spec
        return family_of(spec.family, spec.task) if spec and spec.family in FAMILIES else None

    @property
    def task(self) -> str | None:
        return self.summary.spec.task if self.summary.spec else None

    @property
    def dataset(self) -> str:
        return self.summary.spec.data.dataset if self.summary.spec else ""

    def objective(self) -> str:
        """What its loss measures, in words; losses of two runs are one kind of number only when this is the same."""
        family, value = self.family, self.summary.resolved_value
        if family is None:
            return translate("Compare", "unknown settings")
        if self.task is not None:
            words = translate("Compare", "{family} for {task}")
            return words.format(family=family.title, task=self.task.replace("-", " "))
        if family.key != "word2vec":
            return family.title
        choices = next((dict(o.choices) for o in family.options if o.key == "objective"), {})
        guess = choices.get(str(value("objective")), str(value("objective")))
        if value("hs"):
            return translate("Compare", "{guess} with hierarchical softmax").format(guess=guess)
        words = translate("Compare", "{guess} with {n} negative samples")
        return words.format(guess=guess, n=value("negative"))

    def probes(self) -> dict[str, Probe]:
        """The last look at each watched word."""
        return {word: probe for word, probe in self.summary.watched().items() if probe.kind == "similar"}


def unique_titles(runs: Sequence[ComparedRun]) -> list[str]:
    """What to call the runs; those with the same title get a number."""
    return _numbered([run.title for run in runs])


def short_titles(runs: Sequence[ComparedRun]) -> list[str]:
    """The titles without what all of them begin with, up to a dash or a comma, for heads of columns and curves.

    One alone keeps its whole title.
    """
    if len(runs) == 1:
        return [runs[0].title]
    parts = [_PARTED.split(run.title) for run in runs]
    common = 0
    while all(len(part) > common + 1 for part in parts) and len({part[common] for part in parts}) == 1:
        common += 1
    return _numbered(["".join(part[common:]) for part in parts])


def _numbered(titles: Sequence[str]) -> list[str]:
    """Those that stand there more than once get a number."""
    return [
        title if titles.count(title) == 1 else f"{title} ({titles[:place].count(title) + 1})"
        for place, title in enumerate(titles)
    ]


def why_not_overlaid(runs: Sequence[ComparedRun]) -> str:
    """One sentence why the losses are not drawn over one another; empty when they can be."""
    titles = short_titles(runs)
    first = runs[0].objective()
    other = next((place for place, run in enumerate(runs) if run.objective() != first), None)
    if other is None:
        return ""
    words = translate(
        "Compare",
        '"{a}" learned by {first}, "{b}" by {second}: their losses measure different things, so they are not drawn '
        "over one another.",
    )
    return words.format(a=titles[0], first=first, b=titles[other], second=runs[other].objective())


def drawn_metrics(runs: Sequence[ComparedRun]) -> list[str]:
    """The curves that can be drawn of these runs: the score of a task first, then the held-out and the training loss.

    Runs that are still on their way may lack one, as long as two have it.
    """
    scores = [f"val/{name}" for name in SCORES] if all(run.task for run in runs) else []
    return [metric for metric in (*scores, VAL_LOSS, TRAIN_LOSS) if _is_drawn(runs, metric)]


def _is_drawn(runs: Sequence[ComparedRun], metric: str) -> bool:
    """Whether every run that ended has measured it, and any has."""
    having = [run for run in runs if has_curve(run, metric)]
    return bool(having) and all(
        run.is_live or not run.summary.evaluations for run in runs if run not in having
    )


def has_curve(run: ComparedRun, metric: str) -> bool:
    return curve_of(run, metric) is not None


def curve_of(run: ComparedRun, metric: str) -> Curve | None:
    """The run's curve of ``metric`` over its steps, for the chart and for the table that says where it ends."""
    if metric == TRAIN_LOSS:
        return training_curve(run.summary, run.title)
    series = run.summary.series.get(metric)
    if series is None or not len(series):
        return None
    return Curve(metric, run.title, series.steps, series.values)


def in_telling_order(runs: Sequence[ComparedRun]) -> list[ComparedRun]:
    """The lanes of a race in their usual order, parts of the same rows from the smallest on; other runs as they are."""
    specs = [run.summary.spec for run in runs]
    if are_one_race(specs):
        return sorted(runs, key=_place_of_lane)
    if are_parts_of_one(specs):
        return sorted(runs, key=lambda run: share_of(run.summary.spec) if run.summary.spec else 1.0)
    return list(runs)


def _place_of_lane(run: ComparedRun) -> int:
    lane = lane_of(run.summary.spec) if run.summary.spec is not None else None
    return LANES.index(lane) if lane is not None else len(LANES)
