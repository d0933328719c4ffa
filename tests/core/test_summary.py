"""What a run's events add up to, live and in history alike."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.core import events as ev
from ptft_gui.core.series import Series
from ptft_gui.core.spec import new_spec
from ptft_gui.core.stepbatch import StepBatch, coalesce
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline import headline, list_number, next_steps


def at(time, event):
    return event.model_copy(update={"time": 1000.0 + time})


def story():
    """A run of four epochs, evaluated twice an epoch, one second a step."""
    yield at(0, ev.Starting(attempt=1, pid=7))
    yield at(0, ev.Started(attempt=1, pid=7))
    yield at(0, ev.Phase(name="vocabulary", text="counting words", fraction=0.5))
    yield at(0, ev.Resolved(values={"epochs": 4, "vocabulary_size": 9002}, reasons={}))
    yield at(0, ev.Baseline(metric="val/loss", value=4.16))
    yield at(0, ev.Evaluated(step=0, metrics={"train/loss": 4.16, "val/loss": 4.16}))
    for step in range(1, 9):
        yield at(
            step, ev.Steps(step=[step], columns={"lr": [0.01], "progress": [step / 8], "epoch": [step / 2]})
        )
        yield at(
            step,
            ev.Evaluated(
                step=step, epoch=step / 2, metrics={"train/loss": 4 - step / 4, "val/loss": 4 - step / 5}
            ),
        )
        yield at(step, ev.Probe(step=step, name="music", answer=[["folk", step / 10]]))
    yield at(8, ev.Finished(step=8, metrics={"val/loss": 2.4}))


def summary_of(events):
    summary = RunSummary(spec=new_spec("word2vec", "wikipedia"))
    summary.fold(events)
    return summary


def test_a_whole_run():
    summary = summary_of(story())
    assert summary.step == 8
    assert summary.progress == 1.0
    assert summary.active_seconds == 8
    assert summary.guessing() == 4.16
    best = summary.best()
    assert (best.step, best.epoch) == (8, 4.0)
    assert [check.epoch for check in summary.checks()] == [1, 2, 3, 4]
    assert summary.watched()["music"].answer == [["folk", 0.8]]
    assert summary.seconds_left() is None
    assert headline(summary, "finished") == "Learned 9,002 words in 8 s: held-out loss 2.40 (guessing: 4.16)."
    assert list_number(summary, "finished") == "loss 2.40"
    assert [action.key for action in next_steps(summary, "finished")][:3] == ["explore", "export", "go_on"]


def test_time_left_follows_the_pace():
    summary = summary_of([e for e in story() if e.time <= 1004 and e.event != "finished"])
    assert summary.progress == 0.5
    assert abs(summary.seconds_left() - 4.0) < 1e-6
    text = headline(summary, "running")
    assert "50 % done" in text
    assert "about 4 s left" in text


def test_time_left_is_known_when_a_whole_history_is_folded_at_once():
    events = [
        at(0, ev.Started(attempt=1)),
        at(10, ev.Phase(name="training")),
        *[at(10 + step, ev.Steps(step=[step], columns={"progress": [step / 20]})) for step in range(1, 11)],
    ]
    summary = RunSummary()
    summary.fold(coalesce(events))
    assert abs(summary.seconds_left() - 10.0) < 1e-6


def test_pauses_and_crashes_do_not_count_as_work():
    summary = summary_of(
        [
            at(0, ev.Started(attempt=1)),
            at(10, ev.Paused(step=5)),
            at(1000, ev.Running()),
            at(1005, ev.Phase(name="training")),
            at(9000, ev.Started(attempt=2)),
            at(9001, ev.Stopped(step=6)),
        ]
    )
    assert summary.attempt == 2
    assert summary.active_seconds == 10 + 5 + 1


def test_a_resumed_run_forgets_what_came_after_its_checkpoint():
    events = [e for e in story() if e.event != "finished"]
    events += [
        at(20, ev.Started(attempt=2)),
        at(20, ev.Resumed(attempt=2, from_step=4, from_epoch=2)),
        at(21, ev.Steps(step=[5], columns={"progress": [5 / 8]})),
        at(21, ev.Evaluated(step=5, epoch=2.5, metrics={"train/loss": 2.0, "val/loss": 2.5})),
    ]
    summary = summary_of(events)
    steps = summary.series["val/loss"].steps
    assert np.all(np.diff(steps) > 0)
    assert steps[-1] == 5
    assert summary.step == 5
    assert [probe.step for probe in summary.probes["music"]] == [1, 2, 3, 4]
    assert "resumed" in [mark.caption for mark in summary.marks]


def test_a_resumed_run_that_was_stopped_at_once_can_be_resumed_again():
    events = [e for e in story() if e.event != "finished"]
    events += [at(20, ev.Queued()), at(21, ev.Stopped(step=0))]
    summary = summary_of(events)
    assert headline(summary, "stopped") == "Stopped before it went on from its checkpoint of step 8."
    assert [action.key for action in next_steps(summary, "stopped")] == ["resume", "open_log"]
    assert [action.key for action in next_steps(summary_of(events[:1]), "stopped")] == ["duplicate"]


def test_a_later_resolved_is_marked_on_the_curve():
    summary = summary_of([*story(), ev.Resolved(values={"learning_rate": 0.01}, why="learning rate halved")])
    assert summary.marks[-1].caption == "learning rate halved"
    assert summary.resolved_value("learning_rate") == 0.01


def test_numbers_that_are_not_finite_leave_gaps_and_no_best():
    summary = summary_of(
        [ev.Evaluated(step=1, metrics={"train/loss": None}), ev.Diverged(step=1, metric="train/loss")]
    )
    assert summary.best() is None
    assert summary.last("train/loss") is None
    assert len(summary.series["train/loss"]) == 1


def test_without_held_out_text_the_training_loss_decides():
    summary = summary_of([ev.Evaluated(step=1, metrics={"train/loss": 2.0})])
    assert summary.main_metric == "train/loss"
    assert "training loss" in headline(summary_of([ev.Started(), *summary.evaluations]), "running")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_folding_in_any_batches_gives_the_same(data):
    events = list(story())
    whole = summary_of(events)
    parts = RunSummary(spec=whole.spec)
    position = 0
    while position < len(events):
        size = data.draw(st.integers(min_value=1, max_value=7))
        parts.fold(coalesce(events[position : position + size]))
        position += size
    for name, series in whole.series.items():
        assert np.array_equal(series.steps, parts.series[name].steps)
        assert np.array_equal(series.values, parts.series[name].values, equal_nan=True)
    assert parts.step == whole.step
    assert parts.active_seconds == whole.active_seconds


def test_steps_are_joined_into_numpy_columns():
    events = [
        ev.Steps(step=[1, 2], columns={"lr": [0.1, None], "words": [10, 20]}),
        ev.Steps(step=[3], columns={"lr": [0.3]}),
        ev.Phase(name="x"),
        ev.Steps(step=[4], columns={"lr": [0.4, 0.5]}),
    ]
    first, phase, last = coalesce(events)
    assert isinstance(first, StepBatch)
    assert first.step.tolist() == [1, 2, 3]
    assert np.isnan(first.columns["lr"][1][1])
    assert first.columns["words"][0].tolist() == [1, 2]
    assert phase.event == "phase"
    assert last.columns == {}


def test_a_million_steps_fold_in_batches():
    summary = RunSummary()
    steps = np.arange(1, 100_001, dtype=float)
    for part in np.split(steps, 100):
        summary.fold([StepBatch(part, {"lr": (part, part / 1e6)}, time=1.0)])
    assert len(summary.series["lr"]) == 100_000
    assert summary.series["lr"].values[-1] == 0.1


@given(
    st.lists(st.lists(st.one_of(st.none(), st.floats(-10, 10)), max_size=8), max_size=6), st.integers(0, 40)
)
def test_the_lowest_value_is_found_however_the_points_arrive(pieces, cut):
    series = Series()
    step = 0
    for piece in pieces:
        series.extend(range(step, step + len(piece)), piece)
        step += len(piece)
        series.lowest()
    series.drop_after(cut)
    left = [
        (float(s), v)
        for s, v in enumerate(v for piece in pieces for v in piece)
        if s <= cut and v is not None
    ]
    expected = min(left, key=lambda point: point[1], default=None)
    assert series.lowest() == expected


def clocked(*records):
    """Steps 10 and on, each record of them ``seconds`` after the beginning of the training."""
    yield at(0, ev.Started(attempt=1))
    yield at(20, ev.Phase(name="training"))
    for step, seconds in records:
        yield at(20 + seconds, ev.Steps(step=[step - 1, step], columns={"tokens": [step * 90, step * 100]}))


def test_time_and_text_are_told_for_every_step():
    summary = RunSummary()
    summary.fold(coalesce(clocked((10, 5), (20, 10), (40, 40))))
    steps = np.array([0.0, 5.0, 10.0, 20.0, 30.0, 40.0])
    assert summary.seconds_at(steps).tolist() == [0, 2.5, 5, 10, 25, 40]
    assert summary.amount_at("tokens", steps)[[0, 2, 5]].tolist() == [0, 1000, 4000]
    assert summary.amount_at("words", steps) is None
    assert RunSummary().seconds_at(steps) is None


def test_a_history_tells_the_same_time_of_a_step_as_the_live_run():
    events = list(clocked((10, 5), (20, 10), (40, 40)))
    live, history = RunSummary(), RunSummary()
    for event in events:
        live.fold([event])
    history.fold(coalesce(events))
    assert live.clock.steps.tolist() == history.clock.steps.tolist()
    assert live.clock.values.tolist() == history.clock.values.tolist()


def test_pauses_crashes_and_a_clock_set_back_do_not_show_in_the_time_of_a_step():
    summary = RunSummary()
    summary.fold(
        coalesce(
            [
                *clocked((10, 10)),
                at(31, ev.Paused(step=10)),
                at(5000, ev.Running()),
                at(5009, ev.Steps(step=[20])),
                at(9000, ev.Started(attempt=2)),
                at(9001, ev.Resumed(attempt=2, from_step=10)),
                at(9005, ev.Steps(step=[15])),
                at(8000, ev.Steps(step=[20])),
            ]
        )
    )
    assert summary.clock.steps.tolist() == [0, 10, 15, 20]
    assert summary.seconds_at(np.array([10.0]))[0] == 10
    assert summary.seconds_at(np.array([15.0, 20.0])).tolist() == [21, 21]
