"""Points on their way from where they are to where they belong."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

_FRAME_MS = 16


def eased(share: float) -> float:
    """How much of the way is done when ``share`` of the time is: slow, fast, slow."""
    share = min(max(share, 0.0), 1.0)
    return share * share * (3 - 2 * share)


class Travel(QObject):
    """Emits ``moved`` with the places of a frame, the last one exactly the goal. A new goal starts from where the
    points are."""

    moved = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(_FRAME_MS)
        self._timer.timeout.connect(self._on_frame)
        self._start: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self._goal = self._start
        self._began_s = 0.0
        self._length_s = 0.0

    @property
    def is_on(self) -> bool:
        return self._timer.isActive()

    def go(self, start: NDArray[np.float32], goal: NDArray[np.float32], milliseconds: int) -> None:
        """Move from ``start`` to ``goal`` (n, d) in so many milliseconds, at once with none."""
        self._timer.stop()
        self._start, self._goal = start, np.ascontiguousarray(goal, np.float32)
        if milliseconds <= 0 or len(goal) == 0:
            self.moved.emit(self._goal)
            return
        self._began_s, self._length_s = time.monotonic(), milliseconds / 1000
        self._timer.start()

    def stop(self) -> None:
        """Stay where the points are."""
        self._timer.stop()

    def finish(self) -> None:
        """Be there at once."""
        if self._timer.isActive():
            self._timer.stop()
            self.moved.emit(self._goal)

    @Slot()
    def _on_frame(self) -> None:
        share = (time.monotonic() - self._began_s) / self._length_s
        if share >= 1:
            self.finish()
            return
        done = np.float32(eased(share))
        self.moved.emit(self._start + (self._goal - self._start) * done)
