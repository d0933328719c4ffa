"""The runs that a lesson speaks of: those that were trained for it, and the recorded ones that travel with it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.lessons import Lesson, LessonStep, lesson_of, lesson_runs, mark_lesson_run
from ptft_gui.core.race import LANES, RaceResult, race_result
from ptft_gui.core.rundir import RunDir, is_run
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary

_log = logging.getLogger(__name__)
Played = Callable[[], RunDir | None]
"""Tells which recorded run is shown now."""


class OwnRuns:
    """Knows the newest run of each kind that belongs to one lesson, and its recordings."""

    def __init__(self, lesson: Lesson, runs: Path, played: Played) -> None:
        self._lesson, self._runs, self._played = lesson, runs, played
        self._own: dict[str, RunDir] = {}
        self.look()

    def look(self) -> None:
        """Look again which runs there are."""
        self._own = {}
        for run in reversed(lesson_runs(self._runs)):
            mark = lesson_of(run)
            if mark is not None and mark[0] == self._lesson.id:
                self._own[mark[1]] = run

    def take(self, key: str, run: RunDir) -> None:
        """A run was started for the lesson: it is marked as its own."""
        try:
            mark_lesson_run(run, self._lesson.id, key)
        except OSError as problem:
            _log.warning("A lesson's run could not be marked: %s", problem)
        self._own[key] = run

    def of(self, step: LessonStep | None) -> RunDir | None:
        """The newest run of the lesson that the step speaks of; its recording when that is what is shown."""
        if step is None or not step.run:
            return None
        own, recorded = self._own_run(step.run), self._played()
        if own is None and recorded is not None and recorded.path == self.recording(step):
            return recorded
        return own

    def recording(self, step: LessonStep | None) -> Path | None:
        """The recorded run of what the step speaks of, where there is one."""
        return self._lesson.recording(step.run) if step is not None and step.run else None

    def trained(self) -> dict[str, RunDir]:
        """All that were trained, in the lesson's order."""
        found = {key: self._own_run(key) for key in self._lesson.runs}
        return {key: run for key, run in found.items() if run is not None}

    def ended_or_recorded(self) -> list[RunDir]:
        """For each of the lesson's runs the one that was trained to its end, or its recording."""
        found = []
        for key in self._lesson.runs:
            own = self._own_run(key)
            recording = self._lesson.recording(key)
            if own is not None and own.state() in ("finished", "stopped"):
                found.append(own)
            elif recording is not None:
                found.append(RunDir(recording))
        return found

    def key_of(self, spec: RunSpec | None) -> str:
        """Which of the lesson's runs this is, however it was started: from here or by Start on the New run page."""
        if spec is not None:
            for key, run in self._lesson.runs.items():
                if not run.missing() and _kind_of(run.spec()) == _kind_of(spec):
                    return key
        return ""

    def _own_run(self, key: str) -> RunDir | None:
        own = self._own.get(key)
        return own if own is not None and is_run(own.path) else None  # it may have been thrown away


def _kind_of(spec: RunSpec) -> tuple[object, ...]:
    return spec.family, spec.data.dataset, spec.task, spec.method, spec.options


def raced(runs: list[RunDir]) -> RaceResult:
    """What these runs came to as a race; reads their logs, so not in the window's own thread."""
    summaries = []
    for run in runs:
        summary = RunSummary(spec=run.read_spec())
        summary.fold(EventReader(run.events_file).read_all())
        summaries.append(summary)
    return race_result(summaries)


def points_of(result: RaceResult) -> float:
    """How many points of the score pre-training was worth; 0 where that is not known."""
    without, best = result.lane(LANES[0].key), result.best
    if without is None or without.score is None or best is None or best.score is None:
        return 0.0
    return 100 * (best.score - without.score)
