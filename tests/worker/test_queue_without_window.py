"""A long queue with failures planted in it, whose window is killed: it goes on, and no failure stops the rest."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.queue import read_queue
from ptft_gui.core.rundir import LIVE_STATES, RunDir, list_runs
from tests.worker.conftest import write_text

pytestmark = pytest.mark.slow

COUNT, VANISHING, GARBAGE = 24, (4, 11), (7, 16)
_WINDOW = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.app import OpenWindow, make_application
application = make_application()
opened = OpenWindow(Path(sys.argv[1]))
opened.show()
settings = {"epochs": 1, "min_count": 1, "vector_size": 8, "workers": 1}
opened.controller.queue(
    [new_spec("word2vec", text, settings=settings, name=Path(text).stem) for text in sys.argv[2:]]
)
application.exec()
"""


def wait_until(is_so: Callable[[], bool], what: str, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, f"{what}, within {seconds:.0f} seconds"
        time.sleep(0.2)


def is_waiting(run: RunDir) -> bool:
    return any(event.event in ("queued", "started") for event in EventReader(run.events_file).read_all())


def test_a_long_queue_goes_on_without_its_window(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    texts = [write_text(tmp_path / f"text-{number:02d}.txt") for number in range(COUNT)]
    window = subprocess.Popen([sys.executable, "-c", _WINDOW, str(runs), *map(str, texts)])
    try:
        wait_until(lambda: len(list_runs(runs)) == COUNT, "all runs have their folders", 120)
        by_title = {run.title(): run for run in list_runs(runs)}
        wait_until(lambda: all(is_waiting(run) for run in by_title.values()), "all workers wait", 300)
        waiting = [f"text-{number:02d}" for number in range(COUNT)]
        for number in VANISHING:
            texts[number].unlink()
        for number in GARBAGE:
            by_title[waiting[number]].spec_file.write_text(
                '{"schema_version": 1, "family": "no', encoding="utf-8"
            )
        wait_until(lambda: any(run.state() == "finished" for run in by_title.values()), "one has ended", 120)
    finally:
        window.kill()
        window.wait()
    wait_until(
        lambda: not any(run.state() in LIVE_STATES for run in by_title.values()), "all runs have ended", 1_200
    )
    states = {title: run.state() for title, run in by_title.items()}
    gone = {waiting[number] for number in VANISHING if states[waiting[number]] != "finished"}
    assert {states[title] for title in gone} <= {"failed", "start_failed"}
    broken = {waiting[number] for number in GARBAGE}
    others = set(waiting) - {waiting[number] for number in VANISHING} - broken
    assert {states[title] for title in others} == {"finished"}
    assert "lost" not in states.values()
    assert gone, "the texts vanished before their runs read them"
    for title in gone:
        last = EventReader(by_title[title].events_file).read_all()[-1]
        assert title in getattr(last, "message", "")
    assert read_queue(runs) == []
