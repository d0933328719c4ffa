"""SIGTERM and SIGINT: the first asks to stop and keep, the second ends the process; SIGHUP is not heard.

A desktop that logs its person out sends SIGTERM and SIGHUP together: the second must not end the process before the
first has saved the model.
"""

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
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        if self.received is not None:
            signal.signal(number, signal.SIG_DFL)
            os.kill(os.getpid(), number)
        self.received = signal.Signals(number).name
