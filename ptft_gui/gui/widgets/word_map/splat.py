"""Many small discs drawn at once, with numpy.

A point covers a few pixels. What falls on a pixel is added up into its ``level`` (1 is one whole disc), and the colour
that comes last in drawing order is its colour. A table then turns both into the pixel: thin places stay visible and
dense ones do not run into a blob, whatever the number of points.

Two ways lead there. :func:`splat_fine` places every disc between pixels; its cost grows with points times the area of
a disc. :func:`splat_fast` snaps points to pixels, counts them and spreads the counts by shifting strips of the
picture; its cost hardly depends on the number of points, so that a hundred thousand of them follow the hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

PARTS = 16
"""Levels are kept in sixteenths of a disc."""

MOST_LEVEL = 4095
_PHASES = 4
_SAMPLES = 8
_STRIP = 64
_STAMPS_A_TURN = 300_000


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
        return Dots(self.screen[rows], self.classes[rows], self.keys[rows])

    def within(self, w: int, h: int, rim: float) -> Dots:
        """Those on a screen of w x h pixels or at most ``rim`` outside of it."""
        x, y = self.screen[:, 0], self.screen[:, 1]
        inside = (x > -rim) & (x < w + rim) & (y > -rim) & (y < h + rim)
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


def splat(dots: Dots, radius: float, w: int, h: int) -> Splat:
    """Discs of ``radius`` pixels on a picture of w x h: finely where that is quick. Among tens of thousands of small
    discs half a pixel cannot be seen."""
    is_few = len(dots) * disc(radius).size <= _STAMPS_A_TURN
    return splat_fine(dots, radius, w, h) if is_few else splat_fast(dots, radius, w, h)


def _shifts(radius: float) -> dict[int, list[tuple[int, int]]]:
    """What a disc around a pixel's middle covers: weight in sixteenths, to the pixels that have it."""
    shifts: dict[int, list[tuple[int, int]]] = {}
    quarters = np.rint(disc(radius) * 4).astype(int)
    for (dy, dx), weight in np.ndenumerate(quarters):
        if weight:
            shifts.setdefault(int(weight) * PARTS // 4, []).append((dy, dx))
    return shifts


def splat_fast(dots: Dots, radius: float, w: int, h: int) -> Splat:
    """Discs at whole pixels."""
    reach = disc(radius).shape[0] // 2
    pw, ph = w + 2 * reach, h + 2 * reach  # a rim, so that shifting needs no second look at the edges
    dots = dots.within(w, h, reach - 1)
    at = (np.floor(dots.screen[:, 1]).astype(np.int32) + reach) * pw
    at += np.floor(dots.screen[:, 0]).astype(np.int32) + reach
    many = np.bincount(at, minlength=pw * ph)
    counts = np.minimum(many, MOST_LEVEL // (PARTS * 9)).astype(np.uint16).reshape(ph, pw)
    codes = np.zeros(pw * ph, np.uint16)
    codes[at] = (dots.keys.astype(np.uint16) << 8) | dots.classes
    return _spread(counts, codes.reshape(ph, pw), _shifts(radius), w, h)


def _spread(
    counts: NDArray[np.uint16],
    codes: NDArray[np.uint16],
    shifts: dict[int, list[tuple[int, int]]],
    w: int,
    h: int,
) -> Splat:
    """Counts and codes (key, class) of middles to levels and classes of discs. In strips that stay in the cache of the
    processor this takes a third of the time."""
    levels, tops = np.zeros((h, w), np.uint16), np.zeros((h, w), np.uint16)
    part = np.empty((_STRIP, w), np.uint16)
    for y in range(0, h, _STRIP):
        end = min(y + _STRIP, h)
        level, top, same = levels[y:end], tops[y:end], part[: end - y]
        for weight, places in shifts.items():
            same[:] = 0
            for dy, dx in places:
                np.add(same, counts[y + dy : end + dy, dx : dx + w], out=same)
                np.maximum(top, codes[y + dy : end + dy, dx : dx + w], out=top)
            level += same * np.uint16(weight)
        np.minimum(level, MOST_LEVEL, out=level)
        top &= np.uint16(255)
    return Splat(levels, tops)


@lru_cache(maxsize=64)
def _stamps(radius: float, pw: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Which places beside a middle a disc touches (k), and how much of each for every phase (16, k)."""
    middles = (np.arange(_PHASES) + 0.5) / _PHASES
    every = np.array([disc(radius, x, y).ravel() for y in middles for x in middles], np.float32)
    side = disc(radius).shape[0]
    touched = np.flatnonzero(every.max(axis=0) > 0)
    offsets = (touched // side - side // 2) * pw + touched % side - side // 2
    return offsets, np.ascontiguousarray(every[:, touched])


def splat_fine(dots: Dots, radius: float, w: int, h: int) -> Splat:
    """Discs where they are, to a quarter of a pixel."""
    rim = 2 * (
        disc(radius).shape[0] // 2
    )  # stamps of points outside must not come in again on the other side
    pw, ph = w + 2 * rim, h + 2 * rim
    dots = dots.within(w, h, rim / 2)
    dots = dots.at(np.argsort(dots.keys, kind="stable"))
    offsets, shares = _stamps(radius, pw)
    amounts = np.zeros(pw * ph, np.float64)
    classes = np.zeros(pw * ph, np.uint16)
    a_turn = max(_STAMPS_A_TURN // len(offsets), 1)
    for first in range(0, len(dots), a_turn):
        screen = dots.screen[first : first + a_turn]
        whole = np.floor(screen)
        phase = ((screen - whole) * _PHASES).astype(np.int32).clip(0, _PHASES - 1)
        middles = ((whole[:, 1] + rim) * pw).astype(np.int64) + (whole[:, 0] + rim).astype(np.int64)
        at = (middles[:, None] + offsets[None, :]).ravel()
        share = shares[phase[:, 1] * _PHASES + phase[:, 0]].ravel()
        amounts += np.bincount(at, share, pw * ph)
        _colour_in(classes, at, share, np.repeat(dots.classes[first : first + a_turn], len(offsets)))
    inner = (slice(rim, rim + h), slice(rim, rim + w))
    levels = np.minimum(amounts.reshape(ph, pw)[inner] * PARTS + 0.999, MOST_LEVEL).astype(np.uint16)
    return Splat(levels, np.maximum(classes, 1).reshape(ph, pw)[inner] - np.uint16(1))


def _colour_in(
    classes: NDArray[np.uint16], at: NDArray[np.int64], share: NDArray[np.float32], colour: NDArray[np.uint8]
) -> None:
    """Give pixels the colour of what lies on them; the edge of a disc takes no colour away from the heart of
    another."""
    free = (share > 0) & (classes[at] == 0)
    classes[at[free]] = colour[free].astype(np.uint16) + 1
    heart = share > 0.5
    classes[at[heart]] = colour[heart].astype(np.uint16) + 1


def crowding(levels: NDArray[np.uint16]) -> float:
    """How many discs lie on one another in the densest parts, at least 1."""
    some = levels[::3, ::3]
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
    """Fill ``out`` (h, w): ``ink`` (classes, 256) says what a class looks like in each tone."""
    flat = ink.ravel()
    for y in range(0, len(out), _STRIP):
        part = slice(y, y + _STRIP)
        code = splat.classes[part] << np.uint16(8)
        code |= np.take(tone, splat.levels[part], mode="clip")
        np.take(flat, code, mode="clip", out=out[part])
