"""Work that may wait for a disk, done one piece after another in one thread beside the window."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

from ptft_gui.core.errors import PtftError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outcome:
    tell: Callable[[Any], None]
    value: Any


class _Piece(QRunnable):
    def __init__(self, run: Callable[[], None]) -> None:
        super().__init__()
        self._run = run

    def run(self) -> None:
        self._run()


class Background(QObject):
    """Runs pieces of work in order; their outcomes arrive in the GUI thread."""

    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._is_closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def do(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_problem: Callable[[PtftError], None],
    ) -> None:
        """Call ``work`` in the other thread, then ``on_done`` with what it returned, or ``on_problem``."""
        if not self._is_closed:
            self._pool.start(_Piece(lambda: self._ended.emit(_outcome(work, on_done, on_problem))))

    def close(self) -> None:
        """Wait for what has begun; nothing is told any more."""
        self._is_closed = True
        self._pool.waitForDone()

    @Slot(object)
    def _on_ended(self, outcome: _Outcome) -> None:
        if not self._is_closed:
            outcome.tell(outcome.value)


def _outcome(
    work: Callable[[], Any], on_done: Callable[[Any], None], on_problem: Callable[[PtftError], None]
) -> _Outcome:
    try:
        return _Outcome(on_done, work())
    except PtftError as problem:
        return _Outcome(on_problem, problem)
    except Exception as fault:
        _log.exception("A piece of background work met a fault")
        detail = f"{type(fault).__name__}: {fault}"
        return _Outcome(on_problem, PtftError("The program met a fault of its own.", detail))
