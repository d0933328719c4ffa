"""How fast a run is going, over the last moments."""

from __future__ import annotations

from collections import deque

WINDOW_SECONDS = 2.0


class Pace:
    """Turns a growing count into a rate over the last two seconds."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque()

    def rate(self, seconds: float, count: float) -> float:
        """Note that ``count`` was reached at ``seconds`` of work; returns counts per second, 0 while unknown."""
        self._points.append((seconds, count))
        while len(self._points) > 2 and seconds - self._points[0][0] > WINDOW_SECONDS:
            self._points.popleft()
        since, before = self._points[0]
        return (count - before) / (seconds - since) if seconds > since else 0.0

    def forget(self) -> None:
        """Begin anew after a pause."""
        self._points.clear()
