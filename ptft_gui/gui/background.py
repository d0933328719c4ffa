"""Work that may wait for a disk, done one piece after another in one thread beside the window."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from ptft_gui.core.errors import PtftError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Outcome:
    tell: Callable[[Any], None]
    value: Any


class Background(QObject):
    """Runs pieces of work in order; their outcomes arrive in the GUI thread.

    The thread is one of Python's own and holds no Qt object: an object of Qt that two threads may delete is what brings
    a window down. It lives only while there is work.
    """

    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], _Outcome]] = deque()
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def do(
        self,
        work: Callable[[], Any],
        on_done: Callable[[Any], None],
        on_problem: Callable[[PtftError], None],
    ) -> None:
        """Call ``work`` in the other thread, then ``on_done`` with what it returned, or ``on_problem``."""
        if self._is_closed:
            return
        with self._guard:
            self._waiting.append(lambda: _outcome(work, on_done, on_problem))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work_through, name="background")
                self._thread.start()

    def _work_through(self) -> None:
        while True:
            with self._guard:
                if not self._waiting:
                    self._thread = None
                    return
                piece = self._waiting.popleft()
            outcome = piece()
            with contextlib.suppress(RuntimeError):  # the page that asked has gone
                self._ended.emit(outcome)

    def close(self) -> None:
        """Wait for what has been asked for; nothing is told any more."""
        self._is_closed = True
        thread = self._thread
        if thread is not None:
            thread.join()

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
