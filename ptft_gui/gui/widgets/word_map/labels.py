"""Which words are written on the map, and where: no two on one another, the important first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

MOST_LABELS = 40

_GAP = 4.0
_AIR = {True: 2.0, False: 5.0}
_CELL = 48.0
_RINGS, _FEW_RINGS = 26, 8
_RING_STEP = 14.0
_SIDES = ((1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (1, 1), (-1, -1), (-1, 1))
_ALL_SIDES = tuple(range(len(_SIDES)))


class Weight(IntEnum):
    """How much a label matters; a smaller number is placed first."""

    HIGHLIGHTED = 0
    BESIDE = 1  # highlighted along with the first
    ARROW = 2
    WATCHED = 3
    FREQUENT = 4


@dataclass(frozen=True)
class Wish:
    """A label of width x height pixels beside the point ``row`` at (x, y) whose disc has ``radius``. ``first_side``
    is where it would stand best."""

    row: int
    weight: Weight
    x: float
    y: float
    width: float
    height: float
    radius: float
    first_side: int = 0


@dataclass(frozen=True)
class Rect:
    left: float
    top: float
    width: float
    height: float

    def touches(self, other: Rect, air: float = 0.0) -> bool:
        """Whether less than ``air`` pixels lie between both."""
        return (
            self.left < other.left + other.width + air
            and other.left < self.left + self.width + air
            and self.top < other.top + other.height + air
            and other.top < self.top + self.height + air
        )

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height


@dataclass(frozen=True)
class Placed:
    """A label and its room; ``side`` is where it stands beside its point, and one that stands further off has a line
    that leads to it."""

    wish: Wish
    rect: Rect
    side: int
    has_leader: bool = False


Room = tuple[float, float, float, float]
"""Left, top, right and bottom. Thousands of rooms are looked at in a frame, so they are no more than that."""


class _Taken:
    """Rooms that are taken, found by the cells of a grid they reach into."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Room]] = {}

    def add(self, room: Room) -> None:
        left, top, right, bottom = room
        for x in range(int(left // _CELL), int(right // _CELL) + 1):
            for y in range(int(top // _CELL), int(bottom // _CELL) + 1):
                self._cells.setdefault((x, y), []).append(room)

    def is_free(self, room: Room, air: float) -> bool:
        """Whether nothing lies within ``air`` pixels of ``room``."""
        left, top, right, bottom = room[0] - air, room[1] - air, room[2] + air, room[3] + air
        cells = self._cells
        for x in range(int(left // _CELL), int(right // _CELL) + 1):
            for y in range(int(top // _CELL), int(bottom // _CELL) + 1):
                for other in cells.get((x, y), ()):
                    if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
                        return False
        return True


def _beside(wish: Wish, side: int) -> Room:
    """One of the eight rooms around a point: right, left, above, below, then the corners."""
    away, w, h = wish.radius + _GAP, wish.width, wish.height
    near = wish.radius * 0.7 + _GAP / 2
    across, down = _SIDES[side]
    if side < 4:
        left = wish.x + (away if across > 0 else -away - w if across < 0 else -w / 2)
        top = wish.y + (away if down > 0 else -away - h if down < 0 else -h / 2)
    else:
        left = wish.x + (near if across > 0 else -near - w)
        top = wish.y + (near if down > 0 else -near - h)
    return (left, top, left + w, top + h)


def side_away_from(directions: Sequence[tuple[float, float]]) -> int:
    """The side of a point where no line goes, ``directions`` (right, down) being those of the lines that leave it."""
    norms = [math.hypot(*direction) or 1.0 for direction in directions]
    lines = [(x / norm, y / norm) for (x, y), norm in zip(directions, norms, strict=True)]
    return min(range(4), key=lambda side: max(_SIDES[side][0] * x + _SIDES[side][1] * y for x, y in lines))


def _further_off(wish: Wish, rings: int) -> Iterable[Room]:
    """Rooms in growing distance around a point."""
    w, h = wish.width, wish.height
    for ring in range(1, rings):
        reach = ring * _RING_STEP
        for step in range(-ring, ring + 1):
            along = step * _RING_STEP
            for x, y in ((reach, along), (-reach, along), (along, -reach), (along, reach)):
                left, top = wish.x + x * 2 - w / 2, wish.y + y - h / 2
                yield (left, top, left + w, top + h)


def _as_rect(room: Room) -> Rect:
    return Rect(room[0], room[1], room[2] - room[0], room[3] - room[1])


class _Placing:
    def __init__(self, width: float, height: float, obstacles: Sequence[Rect]) -> None:
        self._width, self._height = width, height
        self._taken = _Taken()
        for rect in obstacles:
            self._taken.add((rect.left, rect.top, rect.left + rect.width, rect.top + rect.height))
        self.placed: list[Placed] = []

    def _fits(self, room: Room, air: float) -> bool:
        is_inside = room[0] >= 0 and room[1] >= 0 and room[2] <= self._width and room[3] <= self._height
        return is_inside and self._taken.is_free(room, air)

    def _take(self, wish: Wish, room: Room, side: int, has_leader: bool = False) -> bool:
        self.placed.append(Placed(wish, _as_rect(room), side, has_leader))
        self._taken.add(room)
        return True

    def add(self, wish: Wish, side: int | None) -> bool:
        """Place a label, at the side it had if it had one; False when there is no room for it."""
        air = _AIR[wish.weight < Weight.FREQUENT]
        sides = (wish.first_side if side is None else side, *_ALL_SIDES)
        for number in sides:
            room = _beside(wish, number)
            if self._fits(room, air):
                return self._take(wish, room, number)
        if wish.weight < Weight.FREQUENT:
            for room in _further_off(wish, _RINGS if wish.weight <= Weight.BESIDE else _FEW_RINGS):
                if self._fits(room, 1.0):
                    return self._take(wish, room, 0, has_leader=True)
        return False


def place_labels(
    wishes: Sequence[Wish],
    width: float,
    height: float,
    obstacles: Sequence[Rect] = (),
    before: dict[int, int] | None = None,
    most: int = MOST_LABELS,
) -> list[Placed]:
    """At most ``most`` labels without overlap on a screen of width x height.

    ``wishes`` come in order of importance. Among wishes of one weight those that were shown ``before`` (row to side)
    come first and try their old side first, so that while the map is dragged nothing flickers: what moves together
    never collides anew. A word that matters and finds no room at its point gets one further off, with a line to it; a
    highlighted one anywhere.
    """
    before = before or {}
    placing = _Placing(width, height, obstacles)
    order = sorted(wishes, key=lambda wish: (wish.weight, wish.row not in before))
    for wish in order:
        if len(placing.placed) >= most:
            break
        placing.add(wish, before.get(wish.row))
    return placing.placed
