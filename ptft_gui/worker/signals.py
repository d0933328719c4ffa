"""SIGTERM and SIGINT: the first asks to stop and keep, the second ends the process."""

from __future__ import annotations

import os
import signal
from types import FrameType


class StopSignals:
    """Installs the handlers.

    A handler only sets a flag: it may run in the middle of anything, a write to the log included.
    """

    def __init__(self) -> None:
        self.received: str | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.received is not None:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.received = signal.Signals(number).name
