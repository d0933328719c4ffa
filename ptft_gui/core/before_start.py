"""What a person should know before a run is started: a battery that may go flat, a disk that may fill up."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil

from ptft_gui.core.wording import bytes_text

FREE_SHARE, MOST_SPARED = 0.1, 20_000_000_000
"""A tenth of a disk stays free, as far as runs have a say in it; of a very large disk no more than these bytes, or a
person with 300 GB free of 4 TB would be warned of every run."""
ASKED_BELOW = 2_000_000_000
"""Bytes free below which a start is asked about: most runs need far less, and who keeps a full disk knows it."""


@dataclass(frozen=True)
class Concern:
    """One thing to know: ``sentence`` says what was seen and what may come of it, ``hint`` what helps."""

    key: str
    sentence: str
    hint: str


@dataclass(frozen=True)
class Room:
    """Bytes of the disk where runs are kept."""

    total: int
    free: int

    @property
    def spared(self) -> int:
        """What is to stay free."""
        return min(int(self.total * FREE_SHARE), MOST_SPARED)

    def is_short_after(self, needed: int) -> bool:
        """Whether less than ``spared`` would stay free once ``needed`` bytes are written."""
        return self.free - needed < self.spared


def concerns_before_start(runs: Path) -> tuple[Concern, ...]:
    """What speaks against starting now, the most pressing first; empty is the usual case."""
    found = (battery_concern(is_on_battery()), disk_concern(room_of(runs)))
    return tuple(concern for concern in found if concern is not None)


def is_on_battery() -> bool:
    """Whether this computer runs on battery now; one that has none, or does not tell, does not."""
    try:
        battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    except (OSError, ValueError, RuntimeError):  # a driver that does not answer
        return False
    return battery is not None and battery.power_plugged is False


def room_of(folder: Path) -> Room | None:
    """The room on the disk of a folder, or of the nearest one above it that exists; None when it cannot be told."""
    for place in (folder, *folder.parents):
        try:
            usage = shutil.disk_usage(place)
        except OSError:
            continue
        return Room(usage.total, usage.free)
    return None


def battery_concern(is_running_down: bool) -> Concern | None:
    if not is_running_down:
        return None
    return Concern(
        "battery",
        "Running on battery: training may be slow, and the computer may switch off.",
        "Plug it in for a long run; what is not in a checkpoint by then would be lost.",
    )


def disk_concern(room: Room | None) -> Concern | None:
    if room is None or room.free >= min(room.spared, ASKED_BELOW):
        return None
    return Concern(
        "disk",
        f"The disk is nearly full: {bytes_text(room.free)} of {bytes_text(room.total)} are free.",
        "Clean up checkpoints of earlier runs first; with too little room only the newest and the best are kept.",
    )


def foretold(room: Room, needed: int) -> str:
    """ "Its checkpoints will need about 1.2 GB; 8.1 GB of 500 GB are free." """
    return (
        f"Its checkpoints will need about {bytes_text(needed)}; "
        f"{bytes_text(room.free)} of {bytes_text(room.total)} are free."
    )
