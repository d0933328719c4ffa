"""The rate of a run over its last moments."""

from __future__ import annotations

from ptft_gui.engine.pace import Pace


def test_rate_counts_over_the_last_two_seconds() -> None:
    pace = Pace()
    assert pace.rate(0.0, 0.0) == 0.0, "one moment is no rate"
    assert pace.rate(0.0001, 10.0) == 0.0, "and neither are two that are next to one another"
    assert pace.rate(0.1, 10.0) == 100.0, "a very short run has a rate too"
    for tenth in range(2, 51):
        rate = pace.rate(tenth / 10, 10.0 * tenth if tenth < 25 else 240.0)
    assert rate == 0.0, "what was counted more than two seconds ago no longer counts"


def test_steps_that_a_pause_held_up_are_no_burst_of_speed() -> None:
    """Several threads wait at the end of a step each: when they go on, those steps end in the same moment."""
    pace = Pace()
    for tenth in range(20):
        before = pace.rate(tenth / 10, 1_000.0 * tenth)
    pace.forget()
    held_up = [pace.rate(2.0 + wait, 20_000.0 + 10_000 * wait * 1e4) for wait in (0.0, 0.0001, 0.0002)]
    assert held_up == [before] * 3
    assert pace.rate(3.0, 31_000.0) == 11_000.0, "and then what is counted since the pause"


def test_a_run_of_milliseconds_has_a_rate_once_many_steps_tell_it() -> None:
    pace = Pace()
    rates = [pace.rate(step / 10_000, 100.0 * step) for step in range(20)]
    assert rates[:8] == [0.0] * 8, "the first steps of several threads may end together"
    assert round(rates[-1]) == 1_000_000
