"""A run that is played back: its events come by their time, as from a thread that follows a living worker."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ptft_gui.core.errors import PtftError
from ptft_gui.core.overview import RunOverview, overview_of
from ptft_gui.core.recording import Tape
from ptft_gui.core.rundir import LIVE_STATES, RunDir, State, derive_state
from ptft_gui.core.spec import RunSpec
from ptft_gui.core.stepbatch import coalesce
from ptft_gui.core.summary import RunSummary

SPEEDS = (1, 10, 60)
_TICK_MS, _SETTLE_MS = 100, 200


class PlayedRun(QObject):
    """What a :class:`~ptft_gui.gui.following.followed_run.FollowedRun` is to a live run; nothing in its folder is
    written.

    ``changed`` carries this object when events have been played; ``went_back`` comes before it when the past was told
    anew; ``moved`` when the moment, the speed or play and pause have changed.
    """

    changed = Signal(object)
    went_back = Signal()
    moved = Signal()

    is_recorded = True
    is_whole = True
    end_note = ""

    def __init__(self, run: RunDir, tape: Tape, origin: str = "", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run = run
        self.origin = origin
        """The name of the own run that is played back, or "" for a recording."""
        self._spec = _spec_or_none(run)
        self._tape = tape
        self._played = 0
        self._moment = 0.0
        self._began_at = 0.0
        self.speed = SPEEDS[0]
        self.summary = RunSummary(spec=self._spec)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._on_settled)
        self._play_until(0.0)

    # --- what holds now ----------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The state at the played moment: as if the worker lived until its last word."""
        return derive_state(True, self.summary.last_state_event, 0.0)

    @property
    def is_live(self) -> bool:
        return self.state in LIVE_STATES

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    @property
    def is_at_end(self) -> bool:
        return self._played == len(self._tape.events)

    @property
    def moment(self) -> float:
        """Seconds from the beginning."""
        return min(self._moment, self.seconds)

    @property
    def seconds(self) -> float:
        """How long all of it takes at x1."""
        return self._tape.seconds

    def overview(self) -> RunOverview:
        return overview_of(self.run, self.summary, self.state)

    # --- playing -----------------------------------------------------------------------------------------------

    @Slot()
    def play(self) -> None:
        """Go on from here; from the beginning when the end was reached."""
        if self.is_at_end:
            self.seek(0.0)
        self._began_at = time.monotonic() - self._moment / self.speed
        self._timer.start()
        self.moved.emit()

    @Slot()
    def pause(self) -> None:
        self._timer.stop()
        self.moved.emit()

    def set_speed(self, speed: int) -> None:
        """How many seconds of the run pass in one second."""
        self.speed = speed
        self._began_at = time.monotonic() - self._moment / speed
        self.moved.emit()

    def seek(self, moment: float) -> None:
        """Show another moment; playing goes on from there."""
        moment = min(max(moment, 0.0), self.seconds)
        self._began_at = time.monotonic() - moment / self.speed
        self._show(moment)
        self._settle.start()

    def stop(self) -> None:
        """The page shows something else."""
        self._timer.stop()
        self._settle.stop()

    @Slot()
    def _on_settled(self) -> None:
        """What had to wait while the large chart was drawn is drawn now."""
        self.changed.emit(self)

    @Slot()
    def _on_tick(self) -> None:
        self._show((time.monotonic() - self._began_at) * self.speed)
        if self.is_at_end:
            self.pause()

    def _show(self, moment: float) -> None:
        goes_back = self._tape.count_until(moment) < self._played
        if goes_back:
            self._played, self.summary = 0, RunSummary(spec=self._spec)
        before = self._played
        self._play_until(moment)
        if goes_back:
            self.went_back.emit()
        if goes_back or self._played != before:
            self.changed.emit(self)
        self.moved.emit()

    def _play_until(self, moment: float) -> None:
        """Fold what happened up to ``moment``; the summary never sees a later event."""
        self._moment = moment
        until = self._tape.count_until(moment)
        self.summary.fold(coalesce(self._tape.events[self._played : until]))
        self._played = until


def _spec_or_none(run: RunDir) -> RunSpec | None:
    """The run's request; a damaged one must not keep the rest from being shown."""
    try:
        return run.read_spec()
    except PtftError:
        return None
