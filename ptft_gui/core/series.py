"""Growing columns of numbers: what a curve is drawn from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MOST_POINTS = 1 << 20
"""Of one column, 16 MiB: a run of days must not fill the memory, and one of a million steps is kept whole."""


class Series:
    """A named value over steps, appended at the end; both columns are float64 and hardly ever copied whole.

    Beyond :data:`MOST_POINTS` the newer half stays whole and of the older one every second point goes, never the
    lowest: a long curve is kept the more sparsely the further it lies back.
    """

    def __init__(self) -> None:
        self._steps: Floats = np.empty(16)
        self._values: Floats = np.empty(16)
        self._length = 0
        self._searched = 0
        self._lowest: int | None = None

    def __len__(self) -> int:
        return self._length

    @property
    def steps(self) -> Floats:
        """Shape (n,): a view, valid until the next append."""
        return self._steps[: self._length]

    @property
    def values(self) -> Floats:
        """Shape (n,): a view; what was not finite is nan."""
        return self._values[: self._length]

    def append(self, step: float, value: float | None) -> None:
        self.extend([step], [value])

    def extend(self, steps: ArrayLike, values: Sequence[float | None] | Floats) -> None:
        """Append columns of equal length; None becomes nan."""
        new_steps = np.asarray(steps, dtype=np.float64)
        new_values = np.asarray(values, dtype=np.float64)
        count = min(len(new_steps), len(new_values))
        end = self._length + count
        if end > len(self._steps):
            self._grow(end)
        self._steps[self._length : end] = new_steps[:count]
        self._values[self._length : end] = new_values[:count]
        self._length = end
        while self._length > MOST_POINTS:
            self._thin_out()

    def _thin_out(self) -> None:
        """Into new columns: a chart may still hold a view of the old ones."""
        self.lowest()
        older = self._length - MOST_POINTS // 2
        is_kept = np.ones(self._length, dtype=np.bool_)
        is_kept[1:older:2] = False
        if self._lowest is not None:
            is_kept[self._lowest] = True
        self._steps, self._values = self.steps[is_kept], self.values[is_kept]
        self._length = len(self._steps)
        self._searched, self._lowest = 0, None

    def _grow(self, needed: int) -> None:
        size = max(needed, 2 * len(self._steps))
        for name in ("_steps", "_values"):
            wider = np.empty(size)
            wider[: self._length] = getattr(self, name)[: self._length]
            setattr(self, name, wider)

    def drop_after(self, step: float) -> None:
        """Forget everything reported for a later step than this."""
        self._length = int(np.searchsorted(self.steps, step, side="right"))
        self._searched, self._lowest = 0, None

    @property
    def last(self) -> float | None:
        """The newest finite value."""
        for value in self.values[::-1]:
            if np.isfinite(value):
                return float(value)
        return None

    def at(self, steps: Floats, before: float | None = None) -> Floats:
        """The value at each of ``steps``, on straight lines between the points; of a series that is not empty.

        ``before`` is what it was at step 0; None: what it was at its first point.
        """
        known, values = self.steps, self.values
        if before is not None:
            known, values = np.concatenate(([0.0], known)), np.concatenate(([before], values))
        return np.interp(steps, known, values)

    def lowest(self) -> tuple[float, float] | None:
        """(step, value) of the lowest finite value; only what is new since the last call is looked at."""
        new = self.values[self._searched :]
        if np.isfinite(new).any():
            position = self._searched + int(np.nanargmin(new))
            if self._lowest is None or self._values[position] < self._values[self._lowest]:
                self._lowest = position
        self._searched = self._length
        if self._lowest is None:
            return None
        return float(self._steps[self._lowest]), float(self._values[self._lowest])
