"""A real window with real workers, at home in a folder of its own."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.launch import launch_worker
from ptft_gui.gui.app import OpenWindow

GOOD, BAD = "great lovely superb fine happy".split(), "awful poor dull sad broken".split()
"""Words by which made-up answers to a survey can be told apart."""


@contextlib.contextmanager
def real_window(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenWindow]:
    """Shown with no runs yet; afterwards it is closed and what it launched has ended."""
    monkeypatch.setenv("PTFT_HOME", str(home))
    runs = home / "runs"
    runs.mkdir(parents=True)
    workers = []

    def launch(*arguments: Any) -> subprocess.Popen[bytes]:
        workers.append(launch_worker(*arguments))
        return workers[-1]

    opened = OpenWindow(runs, launch)
    opened.show()
    yield opened
    opened.window.close()
    opened.close_down()
    opened.window.deleteLater()
    for worker in workers:
        worker.wait()
