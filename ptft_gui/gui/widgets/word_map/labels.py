"""Which words are written on the map, and where: no two on one another, the important first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

MOST_LABELS = 40

_GAP = 4.0
_AIR = {True: 2.0, False: 5.0}
_CELL = 48.0
_RINGS = 26
_RING_STEP = 14.0


class Weight(IntEnum):
    """How much a label matters; a smaller number is placed first."""

    HIGHLIGHTED = 0
    ARROW = 1
    WATCHED = 2
    FREQUENT = 3


@dataclass(frozen=True)
class Wish:
    """A label of width x height pixels beside the point ``row`` at (x, y) whose disc has ``radius``."""

    row: int
    weight: Weight
    x: float
    y: float
    width: float
    height: float
    radius: float


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


class _Taken:
    """Rooms that are taken, found by the cells of a grid they reach into."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Rect]] = {}

    @staticmethod
    def _cells_of(rect: Rect, air: float) -> Iterable[tuple[int, int]]:
        left, right = int((rect.left - air) // _CELL), int((rect.left + rect.width + air) // _CELL)
        top, bottom = int((rect.top - air) // _CELL), int((rect.top + rect.height + air) // _CELL)
        return ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))

    def add(self, rect: Rect) -> None:
        for cell in self._cells_of(rect, 0):
            self._cells.setdefault(cell, []).append(rect)

    def is_free(self, rect: Rect, air: float) -> bool:
        return not any(
            rect.touches(other, air)
            for cell in self._cells_of(rect, air)
            for other in self._cells.get(cell, ())
        )


def _beside(wish: Wish) -> list[Rect]:
    """The eight rooms around a point: right, left, above, below, then the corners."""
    away, w, h = wish.radius + _GAP, wish.width, wish.height
    near = wish.radius * 0.7 + _GAP / 2
    corners = [
        (wish.x + away, wish.y - h / 2),
        (wish.x - away - w, wish.y - h / 2),
        (wish.x - w / 2, wish.y - away - h),
        (wish.x - w / 2, wish.y + away),
        (wish.x + near, wish.y - near - h),
        (wish.x + near, wish.y + near),
        (wish.x - near - w, wish.y - near - h),
        (wish.x - near - w, wish.y + near),
    ]
    return [Rect(left, top, w, h) for left, top in corners]


def _further_off(wish: Wish) -> Iterable[Rect]:
    """Rooms in growing distance around a point."""
    for ring in range(1, _RINGS):
        reach = ring * _RING_STEP
        for step in range(-ring, ring + 1):
            along = step * _RING_STEP
            for x, y in ((reach, along), (-reach, along), (along, -reach), (along, reach)):
                yield Rect(
                    wish.x + x * 2 - wish.width / 2, wish.y + y - wish.height / 2, wish.width, wish.height
                )


class _Placing:
    def __init__(self, screen: Rect, obstacles: Sequence[Rect]) -> None:
        self._screen = screen
        self._taken = _Taken()
        for obstacle in obstacles:
            self._taken.add(obstacle)
        self.placed: list[Placed] = []

    def _fits(self, rect: Rect, air: float) -> bool:
        screen = self._screen
        is_inside = (
            rect.left >= screen.left
            and rect.top >= screen.top
            and rect.left + rect.width <= screen.left + screen.width
            and rect.top + rect.height <= screen.top + screen.height
        )
        return is_inside and self._taken.is_free(rect, air)

    def _take(self, placed: Placed) -> None:
        self.placed.append(placed)
        self._taken.add(placed.rect)

    def add(self, wish: Wish, side: int | None) -> bool:
        """Place a label, at the side it had if it had one; False when there is no room for it."""
        air = _AIR[wish.weight < Weight.FREQUENT]
        rooms = _beside(wish)
        sides = list(range(len(rooms)))
        if side is not None:
            sides.remove(side)
            sides.insert(0, side)
        for number in sides:
            if self._fits(rooms[number], air):
                self._take(Placed(wish, rooms[number], number))
                return True
        if wish.weight == Weight.HIGHLIGHTED:
            for room in _further_off(wish):
                if self._fits(room, 1.0):
                    self._take(Placed(wish, room, 0, has_leader=True))
                    return True
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
    never collides anew. A highlighted word that finds no room at its point gets one further off, with a line to it.
    """
    before = before or {}
    placing = _Placing(Rect(0, 0, width, height), obstacles)
    order = sorted(wishes, key=lambda wish: (wish.weight, wish.row not in before))
    for wish in order:
        if len(placing.placed) >= most:
            break
        placing.add(wish, before.get(wish.row))
    return placing.placed
