"""What an earlier attempt of a run answered as it learned, so that a resumed one goes on answering it."""

from __future__ import annotations

from ptft_gui.core.events import Probe
from ptft_gui.core.rundir import RunDir, events_from_end


def probes_of_log(run: RunDir, most: int) -> tuple[str, ...]:
    """The at most ``most`` probes that were answered last in a run's log, in the order in which they came.

    Each that a person added was answered alone at first, so one moment of all of them may lie that many moments back.
    """
    found: dict[str, None] = {}
    steps: set[int] = set()
    for event in events_from_end(run.events_file):
        if isinstance(event, Probe):
            steps.add(event.step)
            if len(steps) > most:
                break
            found.setdefault(event.name)
    return tuple(reversed(found))[-most:]
