"""A run as the Compare page sees it, and what may be held against what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.events import Probe
from ptft_gui.core.families import FAMILIES, Family
from ptft_gui.core.rundir import LIVE_STATES, State
from ptft_gui.core.summary import TRAIN_LOSS, VAL_LOSS, RunSummary
from ptft_gui.gui.theme import Role

SERIES = (Role.SERIES_1, Role.SERIES_5, Role.SERIES_2, Role.SERIES_3, Role.SERIES_4, Role.TEXT)
"""Colours of the runs, those furthest apart first."""
MOST_RUNS = len(SERIES)
_PART = " - "

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Setting:
    """One setting of a run in words."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class ComparedRun:
    """``path``: the run's folder; ``has_vectors``: whether it left word vectors that can be asked."""

    name: str
    title: str
    path: Path
    summary: RunSummary
    state: State
    settings: tuple[Setting, ...] = field(default=())
    has_vectors: bool = False

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def family(self) -> Family | None:
        """None where the run's settings cannot be read."""
        return FAMILIES.get(self.summary.spec.family) if self.summary.spec else None

    @property
    def dataset(self) -> str:
        return self.summary.spec.data.dataset if self.summary.spec else ""

    def objective(self) -> str:
        """What its loss measures, in words; losses of two runs are one kind of number only when this is the same."""
        family, value = self.family, self.summary.resolved_value
        if family is None:
            return translate("Compare", "unknown settings")
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
    """The titles without the parts before a dash that all of them begin with, for heads of columns and curves."""
    parts = [run.title.split(_PART) for run in runs]
    common = 0
    while all(len(part) > common + 1 for part in parts) and len({part[common] for part in parts}) == 1:
        common += 1
    return _numbered([_PART.join(part[common:]) for part in parts])


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
        "{a} learned by {first}, {b} by {second}: their losses measure different things, so they are not drawn over "
        "one another.",
    )
    return words.format(a=titles[0], first=first, b=titles[other], second=runs[other].objective())


def shared_metrics(runs: Sequence[ComparedRun]) -> list[str]:
    """The losses that every run has, the held-out one first."""
    return [
        metric
        for metric in (VAL_LOSS, TRAIN_LOSS)
        if all(len(run.summary.series.get(metric, ())) for run in runs)
    ]
