"""Many small discs drawn at once, with numpy.

A point covers a few pixels. What falls on a pixel is added up into its ``level`` (1 is one whole disc), and the colour
that comes last in drawing order is its colour. A table then turns both into the pixel: thin places stay visible and
dense ones do not run into a blob, whatever the number of points.

Two ways lead there. :meth:`Plate.splat_fine` places every disc between pixels; its cost grows with points times the
area of a disc. :meth:`Plate.splat_fast` snaps points to pixels, counts them and spreads the counts by shifting strips
of the picture; its cost hardly depends on the number of points, so that a hundred thousand of them follow the hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

PARTS = 16
"""Levels are kept in sixteenths of a disc."""

MOST_LEVEL = 4095
_PHASES = 4
_SAMPLES = 8
_STRIP = 64
_STAMPS_MOVING, _STAMPS_AT_REST = 160_000, 600_000
_MOST_AT_ONE = MOST_LEVEL // (PARTS * 9)


@dataclass(frozen=True)
class Dots:
    """Points on the screen: ``screen`` (n, 2) float32 pixels; ``classes`` (n) uint8, which colour; ``keys`` (n)
    uint8: the point with the higher one lies on top."""

    screen: NDArray[np.float32]
    classes: NDArray[np.uint8]
    keys: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.screen)

    def at(self, rows: NDArray[np.int64]) -> Dots:
        screen = np.empty((2, len(rows)), np.float32)  # columns together in memory, as in the whole
        np.take(self.screen[:, 0], rows, out=screen[0])
        np.take(self.screen[:, 1], rows, out=screen[1])
        return Dots(screen.T, self.classes[rows], self.keys[rows])

    def within(self, box: Box, rim: float) -> Dots:
        """Those in ``box`` or less than ``rim`` outside of it."""
        x, y = self.screen[:, 0], self.screen[:, 1]
        inside = (x > box.left - rim) & (x < box.left + box.width + rim)
        inside &= (y > box.top - rim) & (y < box.top + box.height + rim)
        if inside.all():
            return self
        return self.at(np.flatnonzero(inside))


@dataclass(frozen=True)
class Splat:
    """``levels`` (h, w) uint16 in sixteenths of a disc, ``classes`` (h, w) uint16: which colour, where a level is."""

    levels: NDArray[np.uint16]
    classes: NDArray[np.uint16]


@lru_cache(maxsize=512)
def disc(radius: float, phase_x: float = 0.5, phase_y: float = 0.5) -> NDArray[np.float64]:
    """The share of each pixel that a disc covers whose middle is at (phase_x, phase_y) of the middle pixel."""
    reach = int(np.ceil(radius + 0.5))
    at = np.arange(-reach, reach + 1, dtype=np.float64)
    sub = (np.arange(_SAMPLES) + 0.5) / _SAMPLES
    fine = (at[:, None] + sub[None, :]).ravel()
    inside = (fine[None, :] - phase_x) ** 2 + (fine[:, None] - phase_y) ** 2 <= radius * radius
    side = 2 * reach + 1
    shares: NDArray[np.float64] = inside.reshape(side, _SAMPLES, side, _SAMPLES).mean(axis=(1, 3))
    return shares


@dataclass(frozen=True)
class Box:
    """The part of a picture, in pixels, that discs may touch."""

    left: int
    top: int
    width: int
    height: int

    @property
    def part(self) -> tuple[slice, slice]:
        return slice(self.top, self.top + self.height), slice(self.left, self.left + self.width)


def box_of(dots: Dots, radius: float, w: int, h: int) -> Box:
    """What ``dots`` (at least one) touch of a picture of w x h."""
    reach = disc(radius).shape[0] // 2
    x, y = dots.screen[:, 0], dots.screen[:, 1]
    left, right = max(int(x.min()) - reach - 1, 0), min(int(x.max()) + reach + 2, w)
    top, bottom = max(int(y.min()) - reach - 1, 0), min(int(y.max()) + reach + 2, h)
    return Box(left, top, max(right - left, 1), max(bottom - top, 1))


class Plate:
    """Where discs are added up; keeps its memory, since to ask for some anew each frame would take longer than the
    rest."""

    def __init__(self) -> None:
        self._memory: dict[str, NDArray[Any]] = {}

    def _taken(self, name: str, shape: tuple[int, int], kind: type[np.generic]) -> NDArray[Any]:
        """An array of that shape in the memory called ``name``, with anything in it."""
        size = shape[0] * shape[1]
        memory = self._memory.get(name)
        if memory is None or len(memory) < size or memory.dtype != kind:
            memory = self._memory[name] = np.empty(size, kind)
        return memory[:size].reshape(shape)

    def _cleared(self, name: str, shape: tuple[int, int], kind: type[np.generic]) -> NDArray[Any]:
        """The same with zeros."""
        part = self._taken(name, shape, kind)
        part.fill(0)
        return part

    def splat(self, dots: Dots, radius: float, box: Box, is_moving: bool = False) -> Splat:
        """Discs of ``radius`` pixels in ``box``: finely where that is quick enough for a frame of a movement, or else
        for a picture at rest. Among tens of thousands of small discs half a pixel cannot be seen. The answer holds
        until the next call."""
        stamps = len(dots) * len(_stamps(radius, box.width)[0])
        is_few = stamps <= (_STAMPS_MOVING if is_moving else _STAMPS_AT_REST)
        return self.splat_fine(dots, radius, box) if is_few else self.splat_fast(dots, radius, box)

    def splat_fast(self, dots: Dots, radius: float, box: Box) -> Splat:
        """Discs at whole pixels."""
        reach = disc(radius).shape[0] // 2
        w, h = box.width, box.height
        shape = (h + 2 * reach, w + 2 * reach)  # a rim, so that shifting needs no second look at the edges
        dots = dots.within(box, reach - 1)
        at = _middles(dots.screen, box, reach, shape[1])
        many = self._cleared("many", shape, np.uint32)
        np.add.at(many.ravel(), at, np.uint32(1))
        counts = self._taken("counts", shape, np.uint16)
        shifts = _shifts(radius)
        whole = sum(weight * len(places) for weight, places in shifts.items())
        most = max(min(_MOST_AT_ONE, 65_535 // whole), 1)  # what sixteen bits hold where all pixels are full
        np.minimum(many, np.uint32(most), out=counts, casting="unsafe")
        codes = self._cleared("codes", shape, np.uint16)
        codes.ravel()[at] = (dots.keys.astype(np.uint16) << 8) | dots.classes
        levels, tops = self._taken("levels", (h, w), np.uint16), self._taken("tops", (h, w), np.uint16)
        _spread(counts, codes, shifts, levels, tops)
        return Splat(levels, tops)

    def splat_fine(self, dots: Dots, radius: float, box: Box) -> Splat:
        """Discs where they are, to a quarter of a pixel."""
        rim = 2 * (
            disc(radius).shape[0] // 2
        )  # what is stamped outside must not come in again on the other side
        shape = (box.height + 2 * rim, box.width + 2 * rim)
        dots = dots.within(box, rim / 2)
        dots = dots.at(np.argsort(dots.keys, kind="stable"))
        offsets, shares = _stamps(radius, shape[1])
        amounts = self._cleared("amounts", shape, np.float32)
        classes = self._cleared("classes", shape, np.uint16)  # no other's colour where nothing lies
        phase = ((dots.screen - np.floor(dots.screen)) * _PHASES).astype(np.int32).clip(0, _PHASES - 1)
        at = (_middles(dots.screen, box, rim, shape[1])[:, None] + offsets[None, :]).ravel()
        share = shares[phase[:, 1] * _PHASES + phase[:, 0]].ravel()
        np.add.at(amounts.ravel(), at, share)
        _colour_in(classes.ravel(), at, share, np.repeat(dots.classes.astype(np.uint16), len(offsets)))
        inner = (slice(rim, rim + box.height), slice(rim, rim + box.width))
        levels = np.minimum(amounts[inner] * PARTS + 0.999, MOST_LEVEL).astype(np.uint16)
        return Splat(levels, classes[inner])


def _middles(screen: NDArray[np.float32], box: Box, rim: int, row: int) -> NDArray[np.int64]:
    """The places of points in a picture of ``box`` with a rim, ``row`` pixels a row."""
    y = np.floor(screen[:, 1]).astype(np.int64) + (rim - box.top)
    return y * row + np.floor(screen[:, 0]).astype(np.int64) + (rim - box.left)


def _shifts(radius: float) -> dict[int, list[tuple[int, int]]]:
    """What a disc around a pixel's middle covers: weight in sixteenths, to the pixels that have it."""
    shifts: dict[int, list[tuple[int, int]]] = {}
    quarters = np.rint(disc(radius) * 4).astype(int)
    for (dy, dx), weight in np.ndenumerate(quarters):
        if weight:
            shifts.setdefault(int(weight) * PARTS // 4, []).append((dy, dx))
    return shifts


def _spread(
    counts: NDArray[np.uint16],
    codes: NDArray[np.uint16],
    shifts: dict[int, list[tuple[int, int]]],
    levels: NDArray[np.uint16],
    tops: NDArray[np.uint16],
) -> None:
    """Counts and codes (key, class) of middles to ``levels`` and classes (``tops``) of discs. In strips that
    stay in the cache of the processor this takes a third of the time."""
    h, w = levels.shape
    places = [place for same in shifts.values() for place in same]
    first, last = min(dy for dy, _ in places), max(dy for dy, _ in places)
    part = np.empty((_STRIP, w), np.uint16)
    wide = np.empty((_STRIP + last - first, w), np.uint16)
    for y in range(0, h, _STRIP):
        end = min(y + _STRIP, h)
        _add_discs(counts[y:], shifts, part[: end - y], levels[y:end])
        _widen(codes[y + first : end + last], first, last, wide[: end - y + last - first], tops[y:end])


def _add_discs(
    counts: NDArray[np.uint16],
    shifts: dict[int, list[tuple[int, int]]],
    part: NDArray[np.uint16],
    level: NDArray[np.uint16],
) -> None:
    """Into ``level`` the counts of all middles whose disc lies there, weighted; ``part`` is memory to work in."""
    h, w = level.shape
    level.fill(0)
    for weight, places in shifts.items():
        part.fill(0)
        for dy, dx in places:
            np.add(part, counts[dy : dy + h, dx : dx + w], out=part)
        np.multiply(part, np.uint16(weight), out=part)
        np.add(level, part, out=level)
    np.minimum(level, MOST_LEVEL, out=level)


def _widen(
    codes: NDArray[np.uint16], first: int, last: int, wide: NDArray[np.uint16], top: NDArray[np.uint16]
) -> None:
    """Into ``top`` the class of the highest code in the square around each pixel, first along rows, then along columns:
    of a disc so small a square hardly differs, and it costs the sum of its sides instead of their product."""
    h, w = top.shape
    np.copyto(wide, codes[:, first : first + w])
    for dx in range(first + 1, last + 1):
        np.maximum(wide, codes[:, dx : dx + w], out=wide)
    np.copyto(top, wide[:h])
    for dy in range(1, last - first + 1):
        np.maximum(top, wide[dy : dy + h], out=top)
    np.bitwise_and(top, np.uint16(255), out=top)


@lru_cache(maxsize=64)
def _stamps(radius: float, row: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Which places beside a middle a disc touches (k), and how much of each for every phase (16, k)."""
    middles = (np.arange(_PHASES) + 0.5) / _PHASES
    every = np.array([disc(radius, x, y).ravel() for y in middles for x in middles], np.float32)
    side = disc(radius).shape[0]
    touched = np.flatnonzero(every.max(axis=0) > 0)
    offsets = (touched // side - side // 2) * row + touched % side - side // 2
    return offsets, np.ascontiguousarray(every[:, touched])


def _colour_in(
    classes: NDArray[np.uint16], at: NDArray[np.int64], share: NDArray[np.float32], colour: NDArray[np.uint16]
) -> None:
    """Give pixels the colour of what lies on them; the edge of a disc takes no colour away from the heart of
    another."""
    classes[at] = colour
    heart = share > 0.5
    classes[at[heart]] = colour[heart]


def crowding(levels: NDArray[np.uint16]) -> float:
    """How many discs lie on one another in the densest parts, at least 1."""
    some = levels[::4, ::5]
    some = some[some > 0]
    return max(float(np.percentile(some, 99)) / PARTS, 1.0) if len(some) else 1.0


def tones(crowded: float, single: float, full: float = 0.95) -> NDArray[np.uint8]:
    """Which of 256 tones a level has, (4096): a single disc is ``single`` opaque, ``crowded`` of them ``full``, and
    between them each doubling adds as much."""
    level = np.arange(MOST_LEVEL + 1) / PARTS
    rise = np.log2(np.maximum(level, 1)) / max(np.log2(max(crowded, 1.0)), 1.0)
    share = np.where(level < 1, level * single, single + (full - single) * np.minimum(rise, 1))
    return np.asarray(np.rint(share * 255), np.uint8)


def paint(splat: Splat, tone: NDArray[np.uint8], ink: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    """Fill ``out`` (h, w), which may be a part of a picture: ``ink`` (classes, 256) says what a class looks like in
    each tone."""
    flat = ink.ravel()
    h, w = splat.levels.shape
    colours = np.empty((_STRIP, w), np.uint32)
    for y in range(0, h, _STRIP):
        end = min(y + _STRIP, h)
        code = splat.classes[y:end] << np.uint16(8)
        code |= np.take(tone, splat.levels[y:end], mode="clip")
        np.take(flat, code, mode="clip", out=colours[: end - y])
        out[y:end] = colours[: end - y]
