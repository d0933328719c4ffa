"""Which part of the plane is shown, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

_MARGIN = 0.08
_MOST_ZOOM = 5_000.0
_LEAST_ZOOM = 0.2
_LEAST_REACH = 1e-12
_FAR_OFF = np.float32(1e7)
"""Pixels: what is further outside of the screen is as far outside as this."""

_STRAY = 2.0
"""Where all points together need this many times the room of 99.6 % of them, the rest is shown."""


@dataclass(frozen=True)
class MapView:
    """``centre`` of the plane stands in the middle of a screen of ``size`` pixels; ``scale`` is pixels per unit.

    y points upwards on the plane and downwards on the screen.
    """

    centre: tuple[float, float] = (0.0, 0.0)
    scale: tuple[float, float] = (100.0, 100.0)
    size: tuple[float, float] = (1.0, 1.0)

    def to_screen(self, places: NDArray[np.float32]) -> NDArray[np.float32]:
        """Places (n, 2) in pixels of the screen, float32; each column stands together in memory, since they are worked
        through one after the other."""
        screen = np.empty((2, len(places)), np.float32).T
        width, height = self.size
        np.multiply(places[:, 0] - np.float32(self.centre[0]), np.float32(self.scale[0]), out=screen[:, 0])
        np.multiply(places[:, 1] - np.float32(self.centre[1]), np.float32(-self.scale[1]), out=screen[:, 1])
        screen[:, 0] += np.float32(width / 2)
        screen[:, 1] += np.float32(height / 2)
        return np.clip(screen, -_FAR_OFF, _FAR_OFF, out=screen)

    def to_place(self, x: float, y: float) -> tuple[float, float]:
        """The place under a pixel."""
        width, height = self.size
        return (
            self.centre[0] + (x - width / 2) / self.scale[0],
            self.centre[1] - (y - height / 2) / self.scale[1],
        )

    def panned(self, dx: float, dy: float) -> MapView:
        """What is shown moves by (dx, dy) pixels."""
        return replace(
            self, centre=(self.centre[0] - dx / self.scale[0], self.centre[1] + dy / self.scale[1])
        )

    def zoomed(self, factor: float, x: float, y: float, whole: MapView) -> MapView:
        """Everything ``factor`` times as large, the place under pixel (x, y) staying there, within reason: from a
        fifth to five thousand times what ``whole`` shows."""
        now = self.scale[0] / whole.scale[0]
        factor = min(max(now * factor, _LEAST_ZOOM), _MOST_ZOOM) / now
        there = self.to_place(x, y)
        scale = (self.scale[0] * factor, self.scale[1] * factor)
        width, height = self.size
        centre = (there[0] - (x - width / 2) / scale[0], there[1] + (y - height / 2) / scale[1])
        return replace(self, centre=centre, scale=scale)

    def resized(self, width: float, height: float) -> MapView:
        """The same place in the middle; the smaller side shows as much as before."""
        factor = min(width, height) / max(min(self.size), 1.0)
        scale = (self.scale[0] * factor, self.scale[1] * factor)
        return replace(self, size=(width, height), scale=scale)


def bounds(places: NDArray[np.float32]) -> NDArray[np.float64]:
    """((left, bottom), (right, top)) of what a first look should hold: all, but for a few that lie far away."""
    if len(places) == 0:
        return np.array([[-1.0, -1.0], [1.0, 1.0]])
    whole = np.array([places.min(axis=0), places.max(axis=0)], np.float64)
    if len(places) < 50:
        return whole
    most = np.percentile(places, (0.2, 99.8), axis=0).astype(np.float64)
    reach, core = whole[1] - whole[0], most[1] - most[0]
    return np.where(reach <= _STRAY * core, whole, most)


def fitting(
    room: NDArray[np.float64], width: float, height: float, is_square: bool, left: float = 0.0
) -> MapView:
    """The view of ``room`` (bounds) on a screen of width x height pixels; units are as long in both directions where
    ``is_square``. ``left`` pixels at the left stay free where that leaves more than half of the width."""
    left = left if left < width / 2 else 0.0
    middle, reach = room.mean(axis=0), room[1] - room[0]
    largest = float(reach.max())
    reach = np.where(reach > _LEAST_REACH, reach, largest if largest > _LEAST_REACH else 1.0)
    usable = np.array([max(width - left, 1.0), max(height, 1.0)]) * (1 - 2 * _MARGIN)
    scale = usable / reach
    if is_square:
        scale[:] = scale.min()
    centre = (float(middle[0] - left / 2 / scale[0]), float(middle[1]))
    return MapView(centre, (float(scale[0]), float(scale[1])), (float(width), float(height)))
