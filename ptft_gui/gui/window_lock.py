"""One window at a time changes a runs folder; a second one only shows until the first has gone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ptft_gui.core.locks import WINDOW_LOCK, HeldLock, try_lock

LOCK_NAME = WINDOW_LOCK
_RETRY_MS = 2_000


class WindowLock(QObject):
    """Holds the folder's window lock, or keeps asking for it. ``taken`` when it is this window's after all."""

    taken = Signal()

    def __init__(self, runs: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = runs / LOCK_NAME
        self._held: HeldLock | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_RETRY_MS)
        self._timer.timeout.connect(self._on_retry)
        if not self._try():
            self._timer.start()

    @property
    def is_held(self) -> bool:
        return self._held is not None

    def release(self) -> None:
        self._timer.stop()
        if self._held is not None:
            self._held.release()
            self._held = None

    def _try(self) -> bool:
        try:
            self._held = try_lock(self._path)
        except OSError:
            return False  # a folder without locks: only show, rather than risk two that write
        return self._held is not None

    @Slot()
    def _on_retry(self) -> None:
        if self._try():
            self._timer.stop()
            self.taken.emit()
