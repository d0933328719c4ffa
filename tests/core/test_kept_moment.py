"""The moment that is kept of a run that learns a task is never the one before its first step."""

from __future__ import annotations

from ptft_gui.core import events as ev
from ptft_gui.core.summary import RunSummary


def _summary(*checks: tuple[int, float, float]) -> RunSummary:
    """``checks``: step, held-out loss, F1 of names."""
    summary = RunSummary()
    summary.fold([ev.Resolved(values={"kept_by": "entity_f1"})])
    summary.fold(
        ev.Evaluated(step=step, epoch=step / 10, metrics={"val/loss": loss, "val/entity_f1": f1})
        for step, loss, f1 in checks
    )
    return summary


def test_lucky_guesses_before_the_first_step_are_not_what_is_kept() -> None:
    best = _summary((0, 2.5, 0.006), (10, 0.3, 0.0), (20, 0.2, 0.0)).best()
    assert best is not None
    assert (best.step, best.value) == (20, 0.2)


def test_before_the_first_step_there_is_nothing_better() -> None:
    best = _summary((0, 2.5, 0.006)).best()
    assert best is not None
    assert best.step == 0
