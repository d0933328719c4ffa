"""Many steps as numpy columns: what the following thread hands to the window in one piece."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from ptft_gui.core.events import AnyEvent, Steps
from ptft_gui.core.series import Floats


@dataclass(frozen=True)
class StepBatch:
    """Consecutive ``steps`` records joined.

    ``step``: shape (n,), float64, rising. ``columns``: name -> (steps, values), a column may be shorter than ``step``
    when some records lack it. ``time``: when the last of them was written.
    """

    step: Floats
    columns: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)
    time: float = 0.0


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
    return StepBatch(np.concatenate(all_steps) if all_steps else np.empty(0), columns, records[-1].time)


def coalesce(events: Iterable[AnyEvent]) -> list[AnyEvent | StepBatch]:
    """The events in order, with every unbroken row of ``steps`` records joined into one batch.

    Decoding into numpy happens here, in the thread that reads, so that the window only copies columns.
    """
    joined: list[AnyEvent | StepBatch] = []
    row: list[Steps] = []
    for event in events:
        if isinstance(event, Steps):
            row.append(event)
            continue
        if row:
            joined.append(join_steps(row))
            row = []
        joined.append(event)
    if row:
        joined.append(join_steps(row))
    return joined
