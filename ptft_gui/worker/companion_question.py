"""One question to the companion, from its arrival to its last reply."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from ptft_gui.core.companion_protocol import Reply, Request

_SECONDS_BETWEEN_PROGRESS = 0.1


class Question:
    """A request that is being answered. Only its first last reply is sent; what comes after that is dropped."""

    def __init__(self, request: Request, send: Callable[[Reply], None]) -> None:
        self.request = request
        self._send = send
        self._stop = threading.Event()
        self._over = threading.Lock()
        self._told_at = 0.0

    def should_stop(self) -> bool:
        return self._stop.is_set()

    def progress(self, text: str, fraction: float | None) -> None:
        """Tell how far the answer is, not more often than a person can read."""
        now = time.monotonic()
        if now - self._told_at >= _SECONDS_BETWEEN_PROGRESS and not self._over.locked():
            self._told_at = now
            self._send(Reply(self.request.id, "progress", {"text": text, "fraction": fraction}))

    def finish(self, reply: Reply) -> bool:
        """Send the last reply, unless one was sent already; whether it was sent."""
        is_first = self._over.acquire(blocking=False)
        if is_first:
            self._send(reply)
        return is_first

    def give_up(self, reply: Reply | None = None) -> None:
        """Let the thread that answers stop at its next look; ``reply`` goes out at once."""
        self._stop.set()
        if reply is not None:
            self.finish(reply)
