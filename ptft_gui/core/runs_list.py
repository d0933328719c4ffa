"""The rows of the runs list, read from disk: one way for the window, in its background thread, and for a terminal.

A list of thousands of runs appears at once: rows of ended runs are kept in a small file beside the runs, what is not
in it is read the newest first for a moment at a time, and what is still to be read stands there by its name.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core import events as ev
from ptft_gui.core.errors import RunFolderError
from ptft_gui.core.kept_rows import Key, read_kept_rows, write_kept_rows
from ptft_gui.core.overview import READING, RunOverview, overview, placeholder
from ptft_gui.core.queue import read_queue
from ptft_gui.core.rundir import LIVE_STATES, RunDir, events_from_end, is_run, list_runs
from ptft_gui.core.trash import trash_run

AT_FIRST_S, AT_A_TIME_S = 0.25, 1.0
"""So long new rows are read before what is there is shown, in seconds of this thread's own work."""

_WRITE_EVERY_S = 30.0
_PARTS = 8
"""A quiet look asks the files of every eighth ended run; in eight looks of all."""


@dataclass(frozen=True)
class RunsSeen:
    """The runs of a folder, the newest first, and the names of those that wait, first one first.

    ``is_whole``: every row was read; else the next look goes on with it.
    """

    rows: tuple[RunOverview, ...] = ()
    queue: tuple[str, ...] = ()
    is_whole: bool = True


class RunsList:
    """Reads all runs of a folder; rows of ended runs are kept until their files change."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._kept: dict[str, tuple[Key, RunOverview]] = {}
        self._has_read_kept = self._has_news = self._was_whole = False
        self._written_at = float("-inf")
        self._turn = 0

    def read(self, followed: Collection[str] = (), is_thorough: bool = True) -> RunsSeen:
        """All rows; of the ``followed`` runs, whose row others know better, what was kept will do.

        Unless ``is_thorough``, a part of the ended runs is taken to be as it was: nothing but a person changes them.
        """
        if not self._has_read_kept:
            self._kept, self._has_read_kept = read_kept_rows(self._runs), True
        self._turn += 1
        until = time.thread_time() + (AT_FIRST_S if self._turn == 1 else AT_A_TIME_S)
        rows = tuple(
            self._row(run, run.name in followed, is_thorough or number % _PARTS == self._turn % _PARTS, until)
            for number, run in enumerate(self._list())
        )
        there = {row.name for row in rows}
        for name in [name for name in self._kept if name not in there]:
            del self._kept[name]
            self._has_news = True
        seen = RunsSeen(rows, tuple(read_queue(self._runs)), all(row.state != READING for row in rows))
        self._write(seen.is_whole)
        return seen

    def read_whole(self) -> RunsSeen:
        """All rows, however long it takes; what was read is kept for the next time."""
        seen = self.read()
        while not seen.is_whole:
            seen = self.read(is_thorough=False)
        return seen

    def _list(self) -> list[RunDir]:
        """The runs that are there; what was a run before still is one as long as its folder stands."""
        try:
            with os.scandir(self._runs) as entries:
                folders = [
                    entry.name
                    for entry in entries
                    if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
                ]
        except OSError:
            return []
        found = [name for name in folders if name in self._kept or is_run(self._runs / name)]
        return [RunDir(self._runs / name) for name in sorted(found, reverse=True)]

    def _row(self, run: RunDir, is_followed: bool, is_asked: bool, until: float) -> RunOverview:
        kept = self._kept.get(run.name)
        if kept is not None:
            is_ended = kept[1].state not in LIVE_STATES
            if is_followed or (is_ended and not is_asked):
                return kept[1]
            if kept[0] == _key(run) and not _is_open(kept[1], run):
                return kept[1]
        elif time.thread_time() > until:
            return placeholder(run)
        key = _key(run)
        row = overview(run)
        self._kept[run.name] = (key, row)
        self._has_news = self._has_news or row.state not in LIVE_STATES
        return row

    def _write(self, is_whole: bool) -> None:
        """Keep the rows for the next window, not more often than is worth it; at once when the last one was read."""
        now = time.monotonic()
        if is_whole and not self._was_whole:
            self._was_whole, self._written_at = True, float("-inf")
        if self._has_news and now - self._written_at > _WRITE_EVERY_S:
            self._written_at, self._has_news = now, False
            write_kept_rows(self._runs, self._kept)


def _is_open(row: RunOverview, run: RunDir) -> bool:
    """Whether the state may have changed although no file has: a lock was taken or let go."""
    return row.state in LIVE_STATES or run.worker_pid() is not None


def _key(run: RunDir) -> Key:
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
