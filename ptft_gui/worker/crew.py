"""One of several processes that torchrun starts for a run: ``torchrun ... -m ptft_gui.worker.crew RUN_DIR [--resume]``.

The first is the run's worker and leads; the others take their share of every batch and write nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from ptft_gui.core.crew import rank_of
from ptft_gui.worker.parting import leave


def main(arguments: Sequence[str] | None = None) -> int:
    """Lead and return the exit code, or follow to the end of this process."""
    if rank_of() > 0:
        from ptft_gui.worker.crew_member import main as follow_leader

        follow_leader()
    from ptft_gui.worker.train import main as lead

    given = list(sys.argv[1:] if arguments is None else arguments)
    # torchrun ends the others when this one fails: those that were never led would wait for ever
    return lead(given) or int(not _has_led(Path(given[0])))


def _has_led(run: Path) -> bool:
    from ptft_gui.core.eventlog import EventReader
    from ptft_gui.core.rundir import RunDir

    return any(event.event == "steps" for event in EventReader(RunDir(run).events_file).read_all())


if __name__ == "__main__":
    leave(main())
