"""What ``RUN``, ``DIR`` and ``VECTORFILE`` mean on the command line."""

from __future__ import annotations

import os
from pathlib import Path

from ptft_gui.core.rundir import RunDir, find_run, is_run


def find_target(runs: Path, wanted: str) -> Path | RunDir:
    """A path that exists, else a run by its name or title; raises :class:`~ptft_gui.core.errors.PtftError`."""
    path = Path(wanted).expanduser()
    if is_run(path):
        return RunDir(path.resolve())
    if path.exists() or os.sep in wanted:
        return path
    return find_run(runs, wanted)
