"""The rows of the runs list, read from disk; used in the background thread only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core import events as ev
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.overview import RunOverview, overview
from ptft_gui.core.queue import read_queue
from ptft_gui.core.rundir import LIVE_STATES, RunDir, events_from_end, list_runs, trash_run

_Key = tuple[int, int, int]


@dataclass(frozen=True)
class RunsSeen:
    """The runs of a folder, the newest first, and the names of those that wait, first one first."""

    rows: tuple[RunOverview, ...] = ()
    queue: tuple[str, ...] = ()


class RunsList:
    """Reads all runs of a folder; rows of ended runs are kept until their files change."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._kept: dict[str, tuple[_Key, RunOverview]] = {}

    def read(self, followed: Collection[str] = ()) -> RunsSeen:
        """All rows; of the ``followed`` runs, whose row others know better, what was kept will do."""
        runs = list_runs(self._runs)
        rows = tuple(self._row(run, run.name in followed) for run in runs)
        self._kept = {row.name: self._kept[row.name] for row in rows if row.name in self._kept}
        return RunsSeen(rows, tuple(read_queue(self._runs)))

    def _row(self, run: RunDir, is_followed: bool) -> RunOverview:
        key, kept = _key(run), self._kept.get(run.name)
        if kept is not None and (is_followed or (kept[0] == key and not _is_open(kept[1], run))):
            return kept[1]
        row = overview(run)
        self._kept[run.name] = (key, row)
        return row


def _is_open(row: RunOverview, run: RunDir) -> bool:
    """Whether the state may have changed although no file has: a lock was taken or let go."""
    return row.state in LIVE_STATES or run.worker_pid() is not None


def _key(run: RunDir) -> _Key:
    return (_mtime(run.events_file), _mtime(run.title_file), _mtime(run.spec_file))


def _mtime(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def finish_discards(runs: Path) -> int:
    """Throw away the runs whose discard was cut short by the end of a window; returns how many."""
    discarded = [run for run in list_runs(runs) if _was_discarded(run) and run.worker_pid() is None]
    moved = 0
    for run in discarded:
        try:
            trash_run(run)
            moved += 1
        except RunFolderError:
            continue  # it stays in the list, where it can be deleted with a sentence
    return moved


def _was_discarded(run: RunDir) -> bool:
    for event in events_from_end(run.events_file):
        if event.event in ev.FINAL_EVENTS:
            return isinstance(event, ev.Stopped) and event.discarded
        if event.event in ("started", "steps", "running"):
            return False
    return False
