"""What the curves of several runs are drawn over: their steps, the time they trained, or what they had read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from ptft_gui.gui.panels.compare.compared_run import ComparedRun
from ptft_gui.gui.widgets.chart.curve import Floats
from ptft_gui.gui.widgets.chart.training_curve import step_title

STEPS, TIME, AMOUNT = "steps", "time", "amount"
_MOST_SECONDS, _MOST_MINUTES = 180.0, 180.0

translate = QCoreApplication.translate


def amount_word(runs: Sequence[ComparedRun]) -> str:
    """What all of them count as they read, such as "tokens"; empty where they count different things."""
    units = {run.family.step_unit if run.family is not None else "" for run in runs}
    return units.pop() if len(units) == 1 else ""


def choices(runs: Sequence[ComparedRun]) -> list[tuple[str, str]]:
    """(key, words) of what these runs can be drawn over, the usual one first."""
    first = (
        translate("Compare", "by step")
        if have_same_steps(runs)
        else translate("Compare", "by share of the run")
    )
    found = [(STEPS, first)]
    begun = [run for run in runs if len(run.summary.clock) or not run.is_live]  # others have no curve yet
    if begun and all(len(run.summary.clock) for run in begun):
        found.append((TIME, translate("Compare", "by time")))
    unit = amount_word(runs)
    if unit and begun and all(len(run.summary.series.get(unit, ())) for run in begun):
        found.append((AMOUNT, translate("Compare", "by {unit} read").format(unit=unit)))
    return found


def have_same_steps(runs: Sequence[ComparedRun]) -> bool:
    """Whether a step of one is a step of the others. Ways to learn a task take very different numbers of them: a
    frozen model sees its rows far oftener."""
    sizes = {run.summary.resolved_value(run.family.step_size_key) for run in runs if run.family is not None}
    return len(sizes) == 1 and not all(run.task for run in runs)


def axis_title(runs: Sequence[ComparedRun], over: str) -> str:
    """What stands under the chart, with its unit."""
    if over == TIME:
        return _unit_of_time(runs)[1]
    if over == AMOUNT:
        return translate("Compare", "{unit} read").format(unit=amount_word(runs))
    if have_same_steps(runs):
        return step_title(runs[0].summary, runs[0].family)
    return translate("Compare", "percent of the run")


def places(runs: Sequence[ComparedRun], run: ComparedRun, over: str, steps: Floats) -> Floats:
    """Where ``steps`` of ``run`` lie on that axis; shape as ``steps``, rising as they do.

    A run that has only been measured before its first step has taken no time and read nothing.
    """
    if over == TIME:
        seconds = run.summary.seconds_at(steps)
        return np.zeros_like(steps) if seconds is None else seconds / _unit_of_time(runs)[0]
    if over == AMOUNT:
        amount = run.summary.amount_at(amount_word(runs), steps)
        return np.zeros_like(steps) if amount is None else amount
    if have_same_steps(runs):
        return steps
    return steps * (_percent_done(run) / max(float(run.summary.step), 1.0))


def _percent_done(run: ComparedRun) -> float:
    """How far along the axis a run has come: one that ended has done all that it will, wherever that was."""
    return 100.0 * run.summary.progress if run.is_live else 100.0


def _unit_of_time(runs: Sequence[ComparedRun]) -> tuple[float, str]:
    """(seconds in it, its words): that in which the longest of the runs is a number of few digits."""
    longest = max((_seconds(run) for run in runs), default=0.0)
    if longest <= _MOST_SECONDS:
        return 1.0, translate("Compare", "seconds of training")
    if longest <= _MOST_MINUTES * 60:
        return 60.0, translate("Compare", "minutes of training")
    return 3600.0, translate("Compare", "hours of training")


def _seconds(run: ComparedRun) -> float:
    clock = run.summary.clock
    return float(clock.values[-1] - clock.values[0]) if len(clock) else 0.0
