"""The learning rate falls to its end exactly at the end of the budget."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.engine.observation import ObservationBudget
from ptft_gui.engine.schedule import Budget, Schedule, next_time_of_day


def schedule(
    seconds: float = 0.0, start: tuple[float, float] = (0.0, 0.0), **limits: float | None
) -> Schedule:
    return Schedule(Budget(**limits), 0.025, 0.0001, lambda: seconds, start)  # type: ignore[arg-type]


@given(st.integers(1, 500), st.integers(0, 499), st.floats(0, 1))
def test_epochs_decay_as_gensim_decays(epochs: int, epoch: int, share: float) -> None:
    plan = schedule(epochs=epochs)
    rate = plan.learning_rate(plan.progress(epoch, share, 0))
    progress = (epoch + share) / epochs
    assert rate == max(0.0001, 0.025 - (0.025 - 0.0001) * min(1.0, progress))


def test_whatever_ends_first_leads() -> None:
    plan = schedule(epochs=10, steps=50)
    assert plan.progress(1, 0.0, 10) == pytest.approx(0.2)
    assert plan.progress(9, 0.0, 10) == pytest.approx(0.9)
    assert plan.budget.kind == "epochs+steps"


def test_minutes_and_deadlines_end_at_one() -> None:
    limited = Schedule(Budget(seconds=60.0), 0.025, 0.0001, lambda: 45.0)
    assert limited.progress(3, 0.0, 100) == pytest.approx(0.75)
    now = time.time()
    resumed = Schedule(Budget(deadline=now + 100), 0.025, 0.0001, lambda: 0.0, (now - 100, 0.4))
    assert resumed.progress(0, 0, 0) == pytest.approx(0.7, abs=0.01)
    passed = Schedule(Budget(deadline=now - 1), 0.025, 0.0001, lambda: 0.0, (now, 0.4))
    assert passed.progress(0, 0, 0) == 1.0


def test_a_time_of_day_is_the_next_one() -> None:
    evening = datetime(2026, 3, 1, 23, 30)
    assert datetime.fromtimestamp(next_time_of_day("08:00", evening)) == datetime(2026, 3, 2, 8, 0)
    assert datetime.fromtimestamp(next_time_of_day("23:45", evening)) == datetime(2026, 3, 1, 23, 45)


def test_looks_cost_one_percent_of_the_time() -> None:
    now = [0.0]
    budget = ObservationBudget(lambda: now[0], share=0.01)
    looks = 0
    for _ in range(4000):
        now[0] += 0.05
        if budget.allows_look():
            with budget.spending():
                begin = time.thread_time()
                while time.thread_time() - begin < 0.004:
                    pass
            looks += 1
    assert looks > 50
    assert budget.seconds_spent <= 0.011 * now[0]
