"""Starts races, counts of labels, and finds earlier ones; they are shown on the Compare page.

A lesson, or anything else in the window, starts one by ``pages.race.start_race(spec, ALL_LANES)``: the runs are queued
one after the other and the page opens as soon as their folders are there. ``pages.race.show_race_of(name)`` shows the
race of a run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.label_count import SHARES, label_specs, parts_of, share_of
from ptft_gui.core.race import (
    LEAST_LANES,
    USUAL_LANES,
    check_lanes,
    is_same_request,
    lane_of,
    race_of,
    race_specs,
)
from ptft_gui.core.rundir import RunDir, list_runs
from ptft_gui.core.spec import RunSpec, check_spec
from ptft_gui.gui.background import Background
from ptft_gui.gui.desks.sweep import SweepDesk
from ptft_gui.gui.following.run_controller import RunController

RACE, LABELS, SHOW_RACE = "race", "count_labels", "show_race"
RACE_ACTIONS = (RACE, LABELS, SHOW_RACE)
_USABLE = ("finished", "stopped")


class RaceDesk(QObject):
    """``compare_requested`` carries the names of the runs of an earlier race, ``failed`` a :class:`PtftError`;
    ``race_looked`` the name of a run and whether it was in a race, or is part of a count of labels."""

    compare_requested = Signal(object)
    race_looked = Signal(str, bool)
    failed = Signal(object)

    def __init__(self, controller: RunController, sweep: SweepDesk, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._sweep, self._window = controller, sweep, window
        self._background = Background(self)
        controller.closed.connect(self._background.close)

    @Slot(object, object)
    def start_race(self, spec: RunSpec, lanes: Iterable[str] = USUAL_LANES) -> None:
        """Queue a run for each lane, with the data, split, start and seed of ``spec``, and show them on one page."""
        self._start(spec, tuple(lanes), None)

    def _start(self, spec: RunSpec, lanes: Sequence[str], own: RunDir | None) -> None:
        """``own``: a run that is one of the lanes already, so that it need not learn again."""
        try:
            check_lanes(spec, lanes)
            specs = race_specs(spec, lanes)
            if own is not None:
                specs = [each for each in specs if not is_same_request(each, spec)]
            self._start_checked(specs, () if own is None else (own.name,))
        except PtftError as problem:
            self.failed.emit(problem)

    def _start_checked(self, specs: Sequence[RunSpec], beside: Sequence[str]) -> None:
        for each in specs:
            check_spec(each)
        self._sweep.start(specs, beside)

    @Slot(str, object)
    def act(self, action: str, run: RunDir) -> None:
        """Carry out a button of a run's page: one of :data:`RACE_ACTIONS`."""
        if action == SHOW_RACE:
            self.show_race_of(run.name)
            return
        try:
            spec = run.read_spec().model_copy(update={"name": run.title()})
        except PtftError as problem:
            self.failed.emit(problem)
            return
        self.ask(spec, run) if action == RACE else self.count_labels(spec, run)

    def ask(self, spec: RunSpec, run: RunDir) -> None:
        """Let a person choose the lanes of a race with the settings of a run that is there."""
        from ptft_gui.gui.dialogs.race import RaceDialog

        own = self._own_lane(spec, run)
        dialog = RaceDialog(spec, own, self._window)
        dialog.lanes_chosen.connect(lambda lanes: self._start(spec, lanes, run if own in lanes else None))
        dialog.open()

    def _own_lane(self, spec: RunSpec, run: RunDir) -> str:
        """The lane that the run is, if one that a race would start would be the same again."""
        lane = lane_of(spec) if run.state() in _USABLE else None
        if lane is None or not any(is_same_request(each, spec) for each in race_specs(spec, [lane.key])):
            return ""
        return lane.key

    def count_labels(self, spec: RunSpec, run: RunDir) -> None:
        """Queue the parts of the rows that are not learned from yet, and show all of them on one page."""
        try:
            specs = label_specs(spec, SHARES)
            is_part = run.state() in _USABLE and share_of(spec) in SHARES
            if is_part:
                specs = [each for each in specs if share_of(each) != share_of(spec)]
            self._start_checked(specs, (run.name,) if is_part else ())
        except PtftError as problem:
            self.failed.emit(problem)

    @Slot(object)
    def look_for_race(self, run: RunDir) -> None:
        """Find out whether there is something that :meth:`show_race_of` could show."""
        self._background.do(
            lambda: len(self._partners(run)) >= LEAST_LANES,
            lambda has_race: self.race_looked.emit(run.name, has_race),
            lambda _problem: self.race_looked.emit(run.name, False),
        )

    def show_race_of(self, name: str) -> None:
        """Show the race that a run was a lane of, or its count of labels; say so where there is neither."""
        run = RunDir(self._controller.runs / name)
        self._background.do(lambda: self._find(run), self._on_found, self.failed.emit)

    def _partners(self, run: RunDir) -> list[RunDir]:
        """The lanes of the run's race, else the parts of its count of labels, itself among them."""
        runs = list_runs(self._controller.runs)
        found = race_of(run, runs)
        return found if len(found) >= LEAST_LANES else parts_of(run, runs)

    def _find(self, run: RunDir) -> list[str]:
        found = self._partners(run)
        if len(found) < LEAST_LANES:
            raise PtftError(
                self.tr("{title} has not raced.").format(title=run.title()),
                self.tr(
                    "No other run has learned the same rows, with the same split and seed, in another way."
                ),
                self.tr("Race the methods starts such runs."),
            )
        return [each.name for each in found]

    def _on_found(self, names: list[str]) -> None:
        self.compare_requested.emit(names)
