"""Everything a map shows, without a window: points, how they are turned, what is emphasised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.theme.roles import blend
from ptft_gui.gui.widgets.word_map import turning
from ptft_gui.gui.widgets.word_map.colouring import Shades, shades_of
from ptft_gui.gui.widgets.word_map.points import (
    NO_POINTS,
    Colouring,
    MapPoints,
    PlacedPoints,
    have_place,
    place,
)
from ptft_gui.gui.widgets.word_map.view import bounds

BANDS = 4
_PALER_BY_BAND = (0.55, 0.35, 0.17, 0.0)
_DIM_SHARE = 0.38
_VERSIONS = count(1)


@dataclass(frozen=True)
class Arrow:
    """From one point to another (rows), with a word beside it where ``label`` is not empty; ``is_dashed`` has no
    head."""

    start: int
    end: int
    label: str = ""
    is_dashed: bool = False


class Scene:
    """What is on the map. ``version`` is another number after each change that moves points, ``look`` after each that
    colours them anew."""

    def __init__(self) -> None:
        self.points: PlacedPoints = place(NO_POINTS)[0]
        self.positions: NDArray[np.float32] = np.empty((0, 2), np.float32)
        self.turn = turning.first_turn()
        self.colouring: Colouring = "none"
        self.highlighted: list[int] = []
        self.watched: list[int] = []
        self.selected: NDArray[np.int64] = np.empty(0, np.int64)
        self.isolated: int | None = None
        self.arrows: list[Arrow] = []
        self.trails: dict[int, NDArray[np.float32]] = {}
        self.x_names: tuple[str, str] | None = None
        self.y_names: tuple[str, str] | None = None
        self.version = self.look = 0
        self._shuffled: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._points_version = 0
        self._centred: tuple[object, NDArray[np.float32]] | None = None
        self._reach: tuple[object, float] | None = None
        self._room: tuple[object, NDArray[np.float64]] | None = None
        self._inks: tuple[object, tuple[str, ...]] | None = None
        self._seen: NDArray[np.float32] | None = None
        self._shades: tuple[object, Shades] | None = None
        self._dots: tuple[object, tuple[NDArray[np.uint8], NDArray[np.uint8]]] | None = None

    # what it is made of

    @property
    def is_3d(self) -> bool:
        return int(self.positions.shape[1]) == 3

    @property
    def has_axes(self) -> bool:
        return self.x_names is not None or self.y_names is not None

    def set_points(self, points: MapPoints) -> None:
        """Show other points; what was emphasised is taken up again by its words."""
        highlighted, watched = self._words(self.highlighted), self._words(self.watched)
        self.points, self.positions = place(points)
        self.highlighted, self.watched = self.rows(highlighted), self.rows(watched)
        self.selected = np.empty(0, np.int64)
        self.isolated = None
        self.arrows, self.trails = [], {}
        self._points_version = next(_VERSIONS)
        seed = np.random.default_rng(0)
        self._shuffled = seed.integers(0, 128, len(self.points), dtype=np.uint8)
        self.changed()

    def set_positions(self, positions: NDArray[np.float32]) -> None:
        """The same words at other places, (n, 2) or (n, 3) in the order of the map's own rows, all finite."""
        self.positions = positions
        self.changed()

    def changed(self) -> None:
        """Points move or take another colour."""
        self.version = next(_VERSIONS)
        self._seen = None

    def restyled(self) -> None:
        """Points take other colours where they are."""
        self.look = next(_VERSIONS)

    def colour_by(self, colouring: Colouring) -> None:
        self.colouring, self.isolated = colouring, None
        self.restyled()

    def isolate(self, group: int | None) -> None:
        """Let the points of all other groups stand back."""
        self.isolated = group
        self.restyled()

    def select(self, rows: NDArray[np.int64]) -> None:
        """Let all other points stand back; none is selected by no rows."""
        self.selected = rows
        self.restyled()

    def rows(self, words: Iterable[str]) -> list[int]:
        """The rows of those words that are on the map, each once."""
        known = self.points.row_of
        return list(dict.fromkeys(known[word] for word in words if word in known))

    def row(self, word: str | int) -> int | None:
        """The row of a word, or of a row of what was given."""
        if isinstance(word, str):
            return self.points.row_of.get(word)
        at = int(np.searchsorted(self.points.kept, word))
        return at if at < len(self.points) and self.points.kept[at] == word else None

    def _words(self, rows: Iterable[int]) -> list[str]:
        return [self.points.words[row] for row in rows]

    def set_arrows(self, arrows: Sequence[tuple[str | int, str | int, str]]) -> None:
        """Arrows between points that are on the map. Two of them are the parallel sides of an analogy: the other two
        sides are dashed."""
        found = [(self.row(start), self.row(end), label) for start, end, label in arrows]
        solid = [Arrow(s, e, label) for s, e, label in found if s is not None and e is not None and s != e]
        dashed = []
        if len(solid) == 2:
            first, second = solid
            pairs = ((first.start, second.start), (first.end, second.end))
            dashed = [Arrow(start, end, is_dashed=True) for start, end in pairs if start != end]
        self.arrows = [*dashed, *solid]

    def arrows_at(self, row: int) -> list[Arrow]:
        """Those that begin or end at a point."""
        return [arrow for arrow in self.arrows if row in (arrow.start, arrow.end)]

    def set_trails(self, trails: Mapping[str, NDArray[np.float32]]) -> None:
        """Where words were, oldest first: (k, dimensions) each; what is not finite is left out."""
        self.trails = {}
        for word, path in trails.items():
            row = self.points.row_of.get(word)
            places = np.asarray(path, np.float32)  # (k, dimensions)
            if row is not None and places.ndim == 2 and places.shape[1] == self.positions.shape[1]:
                self.trails[row] = places[have_place(places)]

    # as the screen sees it

    def _bounds(self) -> NDArray[np.float64]:
        if self._room is None or self._room[0] is not self.positions:
            self._room = (self.positions, bounds(self.positions))
        return self._room[1]

    def _radius(self) -> float:
        """How far from the middle a cloud in space reaches, but for a few of its points."""
        if self._reach is None or self._reach[0] is not self.positions:
            away = np.linalg.norm(self.positions - self._middle(), axis=1) if len(self.points) else np.ones(1)
            self._reach = (self.positions, float(np.percentile(away, 99.8)) or 1.0)
        return self._reach[1]

    def _middle(self) -> NDArray[np.float32]:
        return np.asarray(self._bounds().mean(axis=0), np.float32)

    def flat(self, positions: NDArray[np.float32]) -> NDArray[np.float32]:
        """Positions as the screen sees them: (n, 2), or turned (n, 3) with what is near last."""
        if not self.is_3d:
            return positions
        if positions is not self.positions:
            return turning.seen(positions - self._middle(), self.turn)
        if self._centred is None or self._centred[0] is not positions:
            self._centred = (positions, np.asfortranarray(positions - self._middle()))
        return turning.seen(self._centred[1], self.turn)

    def seen(self) -> NDArray[np.float32]:
        """All positions as the screen sees them."""
        if self._seen is None:
            self._seen = self.flat(self.positions)
        return self._seen

    def places(self) -> NDArray[np.float32]:
        """(n, 2): right and up."""
        return self.seen()[:, :2]

    def turn_by(self, dx: float, dy: float) -> None:
        """Turn the cloud as a drag by (dx, dy) pixels does."""
        self.turn = turning.turned(self.turn, dx, dy)
        self.changed()

    def nearness(self) -> NDArray[np.float32]:
        """0 (far) to 1 (near), (n); one half for points in a plane."""
        if not self.is_3d:
            return np.full(len(self.points), 0.5, np.float32)
        room = self._bounds()
        return turning.nearness(self.seen()[:, 2], float((room[1] - room[0]).max()) / 2)

    def room(self) -> NDArray[np.float64]:
        """Bounds that a first look should hold: of a cloud in space from every side; of axes around their zero."""
        if self.is_3d:
            half = self._radius()
            return np.array([[-half, -half], [half, half]])
        room = self._bounds()
        rows = [
            *self.highlighted,
            *self.watched,
            *(r for arrow in self.arrows for r in (arrow.start, arrow.end)),
        ]
        shown = [room, *(self.positions[row][None].astype(np.float64) for row in rows)]
        every = np.vstack(shown)
        return np.array([every.min(axis=0), every.max(axis=0)])

    # colours

    def shades(self, theme: Theme) -> Shades:
        """Which colour each point has."""
        key = (self._points_version, self.colouring, theme.scheme)
        if self._shades is None or self._shades[0] != key:
            self._shades = (key, shades_of(self.points, self.colouring, theme))
        return self._shades[1]

    def colours(self, theme: Theme) -> tuple[str, ...]:
        """The colours of all classes: those of the shades in four depths, then once more for what stands back."""
        key = (self.shades(theme).colours, theme.scheme)
        if self._inks is None or self._inks[0] != key:
            self._inks = (key, self._make_colours(theme))
        return self._inks[1]

    def _make_colours(self, theme: Theme) -> tuple[str, ...]:
        ground, dim = theme.hex(Role.SURFACE), theme.hex(Role.CONTROL_BORDER)
        own = self.shades(theme).colours
        bright = [blend(ground, colour, paler) for paler in _PALER_BY_BAND for colour in own]
        back = [blend(dim, blend(colour, ground, 0.5), 0.5) for colour in own]
        quiet = [blend(colour, ground, _DIM_SHARE * (1 - p)) for p in _PALER_BY_BAND for colour in back]
        return (*bright, *quiet)

    def bands(self) -> NDArray[np.uint8]:
        """Which of four depths each point is in, 3 is near; points in a plane are all near."""
        if not self.is_3d:
            return np.full(len(self.points), BANDS - 1, np.uint8)
        return np.minimum(self.nearness() * BANDS, BANDS - 1).astype(np.uint8)

    def dimmed(self, theme: Theme) -> NDArray[np.bool_]:
        """Which points stand back because others are selected."""
        if self.isolated is not None:
            return np.asarray(self.shades(theme).classes != self.isolated)
        back = np.zeros(len(self.points), bool)
        if len(self.selected):
            back[:] = True
            back[self.selected] = False
        return back

    def classes_and_keys(self, theme: Theme) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """For each point its class in :meth:`colours` and which of two is seen: what is near, else what is frequent
        where frequency is shown, else either; what stands back lies beneath."""
        key = (self.version, self.look, theme.scheme)
        if self._dots is None or self._dots[0] != key:
            self._dots = (key, self._make_classes_and_keys(theme))
        return self._dots[1]

    def _make_classes_and_keys(self, theme: Theme) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        shades, dimmed = self.shades(theme), self.dimmed(theme)
        step = len(shades.colours)
        classes = shades.classes + np.uint8(step) * self.bands() + np.uint8(step * BANDS) * dimmed
        if self.is_3d:
            keys = (self.nearness() * 127).astype(np.uint8)
        elif self.colouring == "frequency":
            keys = (shades.classes * np.uint8(8)).clip(0, 127)
        else:
            keys = self._shuffled
        return classes.astype(np.uint8), keys + np.uint8(128) * ~dimmed
