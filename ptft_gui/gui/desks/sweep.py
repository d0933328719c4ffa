"""Starts runs that belong together, such as those of a small sweep, and shows them on one page of comparison."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.spec import RunSpec
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.desks.start import StartDesk
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController


class SweepDesk(QObject):
    """``compare_requested`` carries the names of the runs, once all of them have been started."""

    compare_requested = Signal(object)

    def __init__(self, controller: RunController, start: StartDesk, window: QWidget) -> None:
        super().__init__(window)
        self._start, self._window = start, window
        self._wanted: list[str] = []
        self._started: list[str] = []
        self._beside: tuple[str, ...] = ()
        controller.run_started.connect(self._on_run_started)

    def ask(self, spec: RunSpec, summary: RunSummary) -> None:
        """Let a person choose what is tried; ``summary``: what became of the run so far, for the present values."""
        from ptft_gui.gui.dialogs.sweep import SweepDialog

        dialog = SweepDialog(spec, summary, self._window)
        dialog.runs_requested.connect(self.start)
        dialog.open()

    @Slot(object)
    def start(self, specs: Sequence[RunSpec], beside: Sequence[str] = ()) -> None:
        """Start a run for each request; the comparison opens when the last one has its folder.

        ``beside``: the names of runs that are there already and belong to the comparison.
        """
        self._beside = tuple(beside)
        self._wanted, self._started = [spec.name for spec in specs], []
        self._start.start_several(specs)

    @Slot(object)
    def _on_run_started(self, followed: FollowedRun) -> None:
        spec = followed.summary.spec
        if spec is None or spec.name not in self._wanted:
            return
        self._wanted.remove(spec.name)
        self._started.append(followed.run.name)
        if not self._wanted:  # the window first shows the run that was started, as it always does
            QTimer.singleShot(0, self._compare)

    @Slot()
    def _compare(self) -> None:
        self.compare_requested.emit([*self._beside, *self._started])
