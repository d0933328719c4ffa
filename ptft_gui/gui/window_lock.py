"""One window at a time changes a runs folder; a second one only shows until the first has gone."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from ptft_gui.core.errors import RunFolderError
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
        self.problem: RunFolderError | None = None
        """Why it cannot be known whether another window is there; None where one is."""
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
        self.problem = None
        try:
            self._held = try_lock(self._path)
        except OSError as problem:  # a folder without locks: only show, rather than risk two that write
            self.problem = self._told(problem)
        return self._held is not None

    def _told(self, problem: OSError) -> RunFolderError:
        runs = self._path.parent
        detail = f"{self._path}: {problem.strerror or problem}."
        if not runs.is_dir():
            message = self.tr("The folder {runs} is not there.")
            hint = self.tr("Connect the disk it lies on, or choose another folder for runs.")
        elif isinstance(problem, PermissionError):
            message = self.tr("The runs in {runs} belong to another person.")
            hint = self.tr("Choose a folder for runs of your own.")
        else:
            message = self.tr("The disk of {runs} cannot tell whether another window is at work there.")
            hint = self.tr("Choose a folder for runs on a disk of this computer.")
        return RunFolderError(message.format(runs=runs), detail, hint)

    @Slot()
    def _on_retry(self) -> None:
        if self._try():
            self._timer.stop()
            self.taken.emit()
