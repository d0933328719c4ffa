"""The training loss of a run as a curve, and what it is drawn over, the same on its own page and beside other runs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.family.definition import Family
from ptft_gui.core.summary import STEP_LOSS, TRAIN_LOSS, RunSummary
from ptft_gui.gui.theme.roles import Role
from ptft_gui.gui.widgets.chart.curve import Curve

_FEWEST_STEPS = 2
_SMOOTHED_FROM = 150
"""Points from which a smoothed line says more of a training loss than the points themselves."""


def training_curve(summary: RunSummary, label: str) -> Curve | None:
    """The loss of every step, faint, with a bold line through it; where steps do not report theirs, that of the checks.

    None where there is nothing to draw yet.
    """
    steps = summary.series.get(STEP_LOSS)
    if steps is not None and len(steps) >= _FEWEST_STEPS:
        return Curve(STEP_LOSS, label, steps.steps, steps.values, Role.TRAINING, True, True)
    checks = summary.series.get(TRAIN_LOSS)
    if checks is None or not len(checks):
        return None
    is_noisy = len(checks) >= _SMOOTHED_FROM
    return Curve(TRAIN_LOSS, label, checks.steps, checks.values, Role.TRAINING, is_noisy, is_noisy)


def step_title(summary: RunSummary, family: Family | None) -> str:
    """What stands under a chart of a run: steps, and how much is learned from in each."""
    batch = summary.resolved_value(family.step_size_key) if family else None
    if not batch or family is None:
        return QCoreApplication.translate("CurvePlot", "step")
    words = QCoreApplication.translate("CurvePlot", "step, {count} {unit} each")
    return words.format(count=f"{batch:,}", unit=family.step_unit)
