"""Many steps as numpy columns: what the following thread hands to the window in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ptft_gui.core.events import AnyEvent, Steps
from ptft_gui.core.series import Floats

_INDEPENDENT_OF_STEPS = frozenset(
    "evaluated probe checkpoint checkpoint_failed snapshot resources notice baseline answer command_done".split()
)


@dataclass(frozen=True)
class StepBatch:
    """Consecutive ``steps`` records joined.

    ``step``: shape (n,), float64, rising. ``columns``: name -> (steps, values), a column may be shorter than ``step``
    when some records lack it. ``time``: when the last of them was written. ``clock``: the last step of every record,
    and when it was written, both of shape (records,).
    """

    step: Floats
    columns: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    time: float = 0.0
    clock: tuple[Floats, Floats] = field(default_factory=lambda: (np.empty(0), np.empty(0)))


def join_steps(records: Sequence[Steps]) -> StepBatch:
    """One batch of these records; nulls become nan, columns of a wrong length are left out."""
    parts: dict[str, tuple[list[Floats], list[Floats]]] = {}
    all_steps = []
    for record in records:
        steps = np.asarray(record.step, dtype=np.float64)
        all_steps.append(steps)
        for name, column in record.columns.items():
            if len(column) == len(steps):
                at, values = parts.setdefault(name, ([], []))
                at.append(steps)
                values.append(np.asarray(column, dtype=np.float64))
    columns = {name: (np.concatenate(at), np.concatenate(values)) for name, (at, values) in parts.items()}
    told = [record for record in records if record.step and record.time]
    clock = (
        np.asarray([record.step[-1] for record in told], dtype=np.float64),
        np.asarray([record.time for record in told], dtype=np.float64),
    )
    step = np.concatenate(all_steps) if all_steps else np.empty(0)
    return StepBatch(step, columns, records[-1].time, clock)


def coalesce(events: Iterable[AnyEvent]) -> list[AnyEvent | StepBatch]:
    """The events with every row of ``steps`` records joined into one batch, so that folding costs little.

    A row goes on over events that neither look at the present step nor change it; the batch stands where the last
    record of its row stood, so that times still rise. Decoding into numpy happens here, in the thread that reads, and
    the window only copies columns.
    """
    joined: list[AnyEvent | StepBatch] = []
    row: list[Steps] = []
    since: list[AnyEvent] = []  # what came after the newest record of the row
    for event in events:
        if isinstance(event, Steps):
            joined += since
            since.clear()
            row.append(event)
        elif row and event.event in _INDEPENDENT_OF_STEPS:
            since.append(event)
        else:
            joined += _flushed(row, since)
            joined.append(event)
    return [*joined, *_flushed(row, since)]


def _flushed(row: list[Steps], since: list[AnyEvent]) -> list[AnyEvent | StepBatch]:
    """The joined row and what came after it; both lists are empty afterwards."""
    flushed: list[AnyEvent | StepBatch] = [join_steps(row)] if row else []
    flushed += since
    row.clear()
    since.clear()
    return flushed
