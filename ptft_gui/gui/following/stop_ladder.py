"""Stopping is a ladder with visible rungs: ask, then ask by signal, then end by force.

Only the first rung is taken at once. Each next one is offered when the one before has been waited for; none is ever
taken without a person's word, because a large model may well need its time to be saved.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

PATIENCE_MS = 15_000
RUNGS = ("ask", "terminate", "kill")


class StopLadder(QObject):
    """Where the stopping of one run stands. ``next_rung_due`` carries the run's name and the rung to offer."""

    next_rung_due = Signal(str, str)

    def __init__(self, name: str, patience_ms: int = PATIENCE_MS, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._rung = 0
        self._timer = QTimer(self)
        self._timer.setInterval(patience_ms)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_patience_over)
        self._timer.start()

    def climb(self, rung: str) -> None:
        """``rung`` has been taken: wait for it, then offer the next."""
        self._rung = RUNGS.index(rung)
        self._timer.start()

    def end(self) -> None:
        """The run has ended."""
        self._timer.stop()
        self.deleteLater()

    @Slot()
    def _on_patience_over(self) -> None:
        self.next_rung_due.emit(self._name, RUNGS[min(self._rung + 1, len(RUNGS) - 1)])
