"""How long a run lasts and how many epochs that is, whatever limits it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from ptft_gui.inspection.dry_run_length import length_of

UNITS, EPOCHS, SPEED = 60_000.0, 10.0, 100.0
"""Ten epochs of 6,000 words at 100 words a second are ten minutes."""


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, (10.0, 10.0)),
        ({"epochs": 10}, (10.0, 10.0)),
        ({"max_minutes": 4.0}, (4.0, 4.0)),
        ({"max_minutes": 30}, (30.0, 30.0)),  # time alone also lengthens what would be proposed
        ({"max_minutes": 4.0, "epochs": 10}, (4.0, 4.0)),
        ({"max_minutes": 30.0, "epochs": 10}, (10.0, 10.0)),
    ],
)
def test_what_is_reached_first_counts(options, expected):
    assert length_of(options, UNITS, EPOCHS, SPEED) == pytest.approx(expected)


def test_steps_have_no_epochs():
    assert length_of({"max_steps": 100}, UNITS, None, SPEED) == (10.0, None)
    assert length_of({"max_steps": 100, "max_minutes": 4.0}, UNITS, None, SPEED) == (4.0, None)


def test_a_time_of_day_limits_too():
    end = datetime.now() + timedelta(hours=2)
    minutes, epochs = length_of({"finish_by": end.strftime("%H:%M")}, UNITS, EPOCHS, SPEED)
    assert minutes == pytest.approx(120, abs=1.1)
    assert epochs == pytest.approx(120, abs=5)
