"""What is said before a start: on battery, and when the disk would lose its last tenth."""

from collections import namedtuple
from pathlib import Path

import psutil
import pytest

from ptft_gui.core.before_start import (
    Room,
    battery_concern,
    concerns_before_start,
    disk_concern,
    foretold,
    is_on_battery,
    room_of,
)

Battery = namedtuple("Battery", "percent secsleft power_plugged")


@pytest.mark.parametrize(
    ("battery", "expected"),
    [
        (Battery(80, 100, False), True),
        (Battery(80, 100, True), False),
        (Battery(80, 100, None), False),
        (None, False),
    ],
)
def test_only_a_battery_that_runs_down_is_told(monkeypatch, battery, expected):
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert is_on_battery() is expected


def test_a_driver_that_does_not_answer_is_no_battery(monkeypatch):
    def fail():
        raise OSError("no such device")

    monkeypatch.setattr(psutil, "sensors_battery", fail, raising=False)
    assert is_on_battery() is False


def test_the_sentence_of_the_battery():
    assert battery_concern(False) is None
    said = battery_concern(True)
    assert said.sentence == "Running on battery: training may be slow, and the computer may switch off."


def test_a_disk_with_less_than_two_gigabytes_free_is_told():
    assert disk_concern(Room(total=150_000_000_000, free=2_000_000_000)) is None
    said = disk_concern(Room(total=150_000_000_000, free=1_900_000_000))
    assert "1.9 GB of 150 GB are free" in said.sentence
    assert disk_concern(None) is None


def test_of_a_small_disk_a_tenth_is_room_enough_to_start():
    assert disk_concern(Room(total=8_000_000_000, free=800_000_000)) is None
    assert disk_concern(Room(total=8_000_000_000, free=799_000_000)) is not None


def test_of_a_very_large_disk_runs_spare_less_than_a_tenth():
    assert not Room(total=4_000_000_000_000, free=20_000_000_001).is_short_after(1)
    assert Room(total=4_000_000_000_000, free=20_000_000_000).is_short_after(1)


def test_what_a_run_will_write_counts_against_the_tenth():
    room = Room(total=1_000, free=300)
    assert not room.is_short_after(200)
    assert room.is_short_after(201)
    assert foretold(Room(500_000_000_000, 8_100_000_000), 1_200_000_000) == (
        "Its checkpoints will need about 1.2 GB; 8.1 GB of 500 GB are free."
    )


def test_the_room_of_a_folder_that_is_not_there_yet_is_that_of_its_parent(tmp_path):
    assert room_of(tmp_path / "not" / "yet").total == room_of(tmp_path).total
    assert room_of(Path("/")).free > 0


def test_several_concerns_come_in_order(monkeypatch, tmp_path):
    monkeypatch.setattr(psutil, "sensors_battery", lambda: Battery(20, 9, False), raising=False)
    monkeypatch.setattr("ptft_gui.core.before_start.room_of", lambda _: Room(1_000, 1))
    assert [concern.key for concern in concerns_before_start(tmp_path)] == ["battery", "disk"]
