"""Looking at a model while it trains, for at most a small share of the time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.01
_FEWEST_SECONDS_BETWEEN = 0.2


class ObservationBudget:
    """Allows the next look when all looks together, this one included, stay within ``share`` of the elapsed time.

    What a look costs is measured in seconds of processor time of the thread that looks. ``elapsed`` tells the
    seconds of work so far. ``ahead_seconds`` of work are lent at the start, for a run that is known to last far longer:
    most happens in the beginning.
    """

    def __init__(
        self, elapsed: Callable[[], float], share: float = SHARE, ahead_seconds: float = 0.0
    ) -> None:
        self._elapsed = elapsed
        self._share = share
        self._ahead = ahead_seconds
        self._began = elapsed()
        self._spent = 0.0
        self._last_cost = 0.0
        self._last_at = float("-inf")

    @property
    def seconds_spent(self) -> float:
        return self._spent

    @property
    def is_recent(self) -> bool:
        """Whether the last look was a moment ago."""
        return self._elapsed() - self._last_at < _FEWEST_SECONDS_BETWEEN

    def allows_look(self) -> bool:
        if self.is_recent:
            return False
        return self._spent + self._last_cost <= self._share * (self._elapsed() - self._began + self._ahead)

    @contextmanager
    def spending(self, is_look: bool = True) -> Iterator[None]:
        """Measure the look that happens inside, or what else belongs to looking and does not foretell the next look."""
        begin = time.thread_time()
        try:
            yield
        finally:
            cost = time.thread_time() - begin
            self._spent += cost
            if is_look:
                self._last_cost, self._last_at = cost, self._elapsed()
