"""How fast a run is going, over the last moments."""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 2.0
_SHORTEST_SECONDS, _SHORTEST_AFTER_PAUSE = 0.02, 0.2
"""Over less than this nothing is counted: steps that a pause held up end in the same moment, at a rate of millions."""
_FEW = 8
"""So many steps may end together where several threads begin; of a run of milliseconds more than these tell a rate."""


class Pace:
    """Turns a growing count into a rate over the last two seconds."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque()
        self._known, self._shortest = 0.0, _SHORTEST_SECONDS

    def rate(self, seconds: float, count: float) -> float:
        """Note that ``count`` was reached at ``seconds`` of work; returns counts per second, 0 while unknown.

        Just after a pause it is still the rate before it.
        """
        self._points.append((seconds, count))
        while len(self._points) > 2 and seconds - self._points[0][0] > WINDOW_SECONDS:
            self._points.popleft()
        since, before = self._points[0]
        is_first = not self._known and len(self._points) > _FEW
        if seconds - since >= self._shortest or (is_first and seconds > since):
            self._known = (count - before) / (seconds - since)
        return self._known

    def forget(self) -> None:
        """Begin anew after a pause."""
        self._points.clear()
        self._shortest = _SHORTEST_AFTER_PAUSE
