"""A run of ten thousand epochs stays small in the window, and is still told rightly."""

import numpy as np

from ptft_gui.core import events as ev
from ptft_gui.core.series import MOST_POINTS, Series
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.thinning import thin_out

_EPOCHS, _BEST = 4_000, 1_501


def test_older_entries_lie_ever_further_apart_and_the_newest_are_whole() -> None:
    history: list[int] = []
    for entry in range(10_000):
        history.append(entry)
        thin_out(history, 100, lambda each: each == 777)
        assert len(history) <= 102
    gaps = np.diff([entry for entry in history if entry != 777])
    assert history[0] == 0
    assert history[-50:] == list(range(9_950, 10_000))
    assert 777 in history
    assert gaps.max() == gaps[:3].max() > 500


def _long_run(name: str = "king") -> RunSummary:
    summary = RunSummary()
    for epoch in range(_EPOCHS):
        loss = 1.0 + abs(epoch - _BEST) / _EPOCHS
        summary.fold(
            [
                ev.Evaluated(step=epoch * 10, epoch=float(epoch), metrics={"val/loss": loss}),
                ev.Probe(step=epoch * 10, epoch=float(epoch), name=name, answer=[["queen", 0.5]]),
                ev.Checkpoint(step=epoch * 10, path=f"step-{epoch}", is_best=epoch <= _BEST),
                ev.Snapshot(step=epoch * 10, path=f"step-{epoch}"),
            ]
        )
    return summary


def test_a_run_of_many_short_epochs_is_kept_in_a_bounded_number_of_events() -> None:
    summary = _long_run()
    assert len(summary.evaluations) <= 1_030
    assert len(summary.probes["king"]) <= 256
    assert len(summary.checkpoints) <= 258
    assert len(summary.snapshots) <= 256
    assert (summary.evaluation_count, summary.probe_count) == (_EPOCHS, _EPOCHS)


def test_the_first_the_best_and_the_newest_are_still_there() -> None:
    summary = _long_run()
    best = summary.best()
    assert best is not None
    assert (best.step, best.epoch, best.value) == (_BEST * 10, float(_BEST), 1.0)
    last = (_EPOCHS - 1) * 10
    for row in (summary.evaluations, summary.probes["king"], summary.checkpoints, summary.snapshots):
        assert (row[0].step, row[-1].step) == (0, last)
        steps = [each.step for each in row]
        assert steps == sorted(steps)
    assert [saved.step for saved in summary.checkpoints if saved.is_best][-1] == _BEST * 10
    assert len(summary.series["val/loss"]) == _EPOCHS


def test_the_best_score_is_kept_also_where_the_loss_was_lower_elsewhere() -> None:
    summary = RunSummary()
    summary.fold([ev.Resolved(values={"kept_by": "accuracy"})])
    for epoch in range(3_000):
        metrics = {"val/loss": 5.0 - epoch / 1_000, "val/accuracy": 0.9 if epoch == 301 else 0.5}
        summary.fold([ev.Evaluated(step=epoch, epoch=float(epoch), metrics=metrics)])
    best = summary.best()
    assert best is not None
    assert best.step == 301


def test_a_long_column_is_bounded_and_keeps_its_lowest_point_and_its_newest_half() -> None:
    series, lowest = Series(), 40_001.0
    for first in range(0, 8 * MOST_POINTS, 4_096):
        steps = np.arange(first, first + 4_096, dtype=np.float64)
        series.extend(steps, np.where(steps == lowest, -1.0, steps % 97))
    assert len(series) <= MOST_POINTS
    assert series.lowest() == (lowest, -1.0)
    assert (series.steps[0], series.steps[-1]) == (0.0, 8 * MOST_POINTS - 1)
    assert (np.diff(series.steps) > 0).all()
    assert (np.diff(series.steps[-MOST_POINTS // 4 :]) == 1).all()


def test_a_view_that_a_chart_holds_is_not_changed_by_thinning() -> None:
    series = Series()
    series.extend(np.arange(MOST_POINTS), np.zeros(MOST_POINTS))
    held = series.steps
    series.append(MOST_POINTS, 0.0)
    assert (held == np.arange(MOST_POINTS)).all()
    assert len(series) < MOST_POINTS


def test_going_back_to_a_checkpoint_works_on_a_thinned_history() -> None:
    summary = _long_run()
    before = summary.evaluation_count
    summary.fold([ev.Resumed(attempt=2, from_step=20_000)])
    assert summary.evaluations[-1].step <= 20_000
    assert summary.series["val/loss"].steps[-1] == 20_000
    assert summary.evaluation_count > before
