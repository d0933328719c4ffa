"""Fewer points that look the same: the lowest and the highest of every bucket, and the newest points as they are.

A curve of a million points is drawn on about a thousand pixels. Keeping each bucket's extremes keeps every spike
(the "M4" family of aggregations; Jugel et al. 2014, "M4: A Visualization-Oriented Time Series Data Aggregation").
"""

from __future__ import annotations

import numpy as np

from ptft_gui.gui.widgets.chart.curve import Floats

MOST_POINTS = 4_000
_MOST_BUCKETS = 1_500
_RAW_TAIL = 256
_MOST_TAIL = MOST_POINTS - 2 * _MOST_BUCKETS


def bucket_extremes(x: Floats, y: Floats, width: int) -> tuple[Floats, Floats]:
    """Lowest and highest point of every ``width`` neighbours, in their order.

    ``x`` and ``y`` have shape (buckets * width,); both results have shape (2 * buckets,). nan is looked past; a bucket
    of nothing else stays nan.
    """
    rows = y.reshape(-1, width)
    low, high = rows.argmin(axis=1), rows.argmax(axis=1)
    holes = np.isnan(rows[np.arange(len(rows)), low])  # argmin stops at the first nan
    if holes.any():
        low[holes] = np.where(np.isnan(rows[holes]), np.inf, rows[holes]).argmin(axis=1)
        high[holes] = np.where(np.isnan(rows[holes]), -np.inf, rows[holes]).argmax(axis=1)
    first, second = np.minimum(low, high), np.maximum(low, high)
    starts = np.arange(0, len(y), width)
    positions = np.column_stack((starts + first, starts + second)).ravel()
    return x[positions], y[positions]


def decimate(x: Floats, y: Floats, most: int = MOST_POINTS) -> tuple[Floats, Floats]:
    """At most ``most`` points that draw like all of them; the last eighth of them are the newest as they are."""
    if len(x) <= most:
        return x, y
    tail = most // 8
    buckets = (most - tail) // 2 - 1
    head = len(x) - tail
    width = -(-head // buckets)
    whole = head - head % width
    parts = [bucket_extremes(x[:whole], y[:whole], width)]
    if whole < head:
        parts.append(bucket_extremes(x[whole:head], y[whole:head], head - whole))
    parts.append((x[head:], y[head:]))
    return np.concatenate([px for px, _ in parts]), np.concatenate([py for _, py in parts])


class LiveDecimation:
    """Follows a growing curve and touches every point once.

    Once there are more than :data:`MOST_POINTS`, whole buckets of a power of two hold their extremes and their mean;
    when there are too many buckets, neighbours are joined. The newest points behind them stay as they are.
    """

    def __init__(self) -> None:
        self._forget()
        self.follow(np.empty(0), np.empty(0))

    def _forget(self) -> None:
        self._width = 0  # points in a bucket; 0 while there are none
        self._low_high_x, self._low_high_y = np.empty(0), np.empty(0)
        self._last_x, self._mean, self._count = np.empty(0), np.empty(0), np.empty(0)
        self._consumed = 0
        self._samples: tuple[slice, Floats, Floats] | None = None

    def follow(self, x: Floats, y: Floats) -> None:
        """Take over the curve as it is now. What was cut off or changed since the last call starts it anew."""
        if not self._is_grown_from_before(x, y):
            self._forget()
        self._x, self._y = x, y
        if len(x) > MOST_POINTS:
            self._fill_buckets()
        step = max(len(x) // 16, 1)
        places = slice(max(len(x) - 1, 0) % step, len(x), step)
        self._samples = (places, x[places].copy(), y[places].copy())

    def _is_grown_from_before(self, x: Floats, y: Floats) -> bool:
        """Whether what was seen before still stands at the beginning, judged by some samples and the last point."""
        if self._samples is None:
            return False
        places, old_x, old_y = self._samples
        new_x, new_y = x[places], y[places]
        if len(x) < len(self._x):
            return False
        return np.array_equal(new_x, old_x) and np.array_equal(new_y, old_y, equal_nan=True)

    def _fill_buckets(self) -> None:
        if not self._width:
            self._width = 1 << max(int(np.ceil(np.log2(len(self._x) / _MOST_BUCKETS))), 1)
        old = max(len(self._x) - _RAW_TAIL - self._consumed, 0)
        end = self._consumed + old - old % self._width
        if end > self._consumed:
            self._take(self._x[self._consumed : end], self._y[self._consumed : end])
            self._consumed = end
        while len(self._mean) > _MOST_BUCKETS:
            self._join_neighbours()

    def _take(self, x: Floats, y: Floats) -> None:
        low_high_x, low_high_y = bucket_extremes(x, y, self._width)
        finite = np.isfinite(y).reshape(-1, self._width)
        count = finite.sum(axis=1, dtype=np.float64)
        total = np.where(finite, y.reshape(-1, self._width), 0.0).sum(axis=1)
        mean = np.divide(total, count, out=np.full(len(count), np.nan), where=count > 0)
        self._low_high_x = np.concatenate((self._low_high_x, low_high_x))
        self._low_high_y = np.concatenate((self._low_high_y, low_high_y))
        self._last_x = np.concatenate((self._last_x, x[self._width - 1 :: self._width]))
        self._mean = np.concatenate((self._mean, mean))
        self._count = np.concatenate((self._count, count))

    def _join_neighbours(self) -> None:
        """Two buckets become one; an odd last one goes back to the points behind the buckets."""
        self._consumed = len(self._mean) // 2 * 2 * self._width
        pairs = len(self._mean) // 2
        self._low_high_x, self._low_high_y = bucket_extremes(
            self._low_high_x[: 4 * pairs], self._low_high_y[: 4 * pairs], 4
        )
        counts = self._count[: 2 * pairs].reshape(-1, 2)
        totals = np.nan_to_num(self._mean[: 2 * pairs].reshape(-1, 2)) * counts
        self._count = counts.sum(axis=1)
        self._mean = np.divide(
            totals.sum(axis=1), self._count, out=np.full(pairs, np.nan), where=self._count > 0
        )
        self._last_x = self._last_x[1 : 2 * pairs : 2]
        self._width *= 2

    def points(self) -> tuple[Floats, Floats]:
        """At most :data:`MOST_POINTS` points to draw."""
        tail = decimate(self._x[self._consumed :], self._y[self._consumed :], self._most_behind_buckets())
        return np.concatenate((self._low_high_x, tail[0])), np.concatenate((self._low_high_y, tail[1]))

    def means(self) -> tuple[Floats, Floats, Floats]:
        """(last x, mean of y, number of points) of every bucket and of every point behind them, for smoothing."""
        x, y = decimate(self._x[self._consumed :], self._y[self._consumed :], self._most_behind_buckets())
        weight = (len(self._x) - self._consumed) / len(x) if len(x) else 1.0
        return (
            np.concatenate((self._last_x, x)),
            np.concatenate((self._mean, y)),
            np.concatenate((self._count, np.where(np.isfinite(y), weight, 0.0))),
        )

    def _most_behind_buckets(self) -> int:
        return _MOST_TAIL if self._width else MOST_POINTS
