"""The picture of all points, drawn anew only when they or the view change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from math import floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.widgets.word_map.colouring import ink_of
from ptft_gui.gui.widgets.word_map.scene import BANDS, Scene
from ptft_gui.gui.widgets.word_map.splat import (
    MOST_LEVEL,
    Box,
    Dots,
    Plate,
    Splat,
    box_of,
    crowding,
    paint,
    tones,
)
from ptft_gui.gui.widgets.word_map.view import MapView

MOST_RINGED = 2_000
"""So many points on the screen are drawn one by one, each with a rim of its own."""

_MANY, _FEW = 20_000, 3_000
_ZOOMING_RATIO = 0.625
_SIZE_BY_BAND = (0.72, 0.9, 1.1, 1.32)
_LEAST_RADIUS, _MOST_RADIUS = 1.15, 5.5


def disc_radius(shown: int, width: float, height: float, scale: float = 1.0) -> float:
    """Radius in pixels of a point where ``shown`` of them share a screen: the fewer, the larger."""
    area = max(width * height, 1.0) / max(shown, 1)
    return float(min(max(0.74 * area**0.25, _LEAST_RADIUS), _MOST_RADIUS)) * scale


def single_tone(shown: int) -> float:
    """How opaque a point is on its own: paler where there are tens of thousands."""
    return float(np.interp(np.log10(max(shown, 1)), (3.0, 5.0), (0.85, 0.42)))


class Ground:
    """Paints the points of a scene; keeps the last picture."""

    def __init__(self) -> None:
        self._key: object = None
        self._scale: tuple[float, float] | None = None
        self._pixels: NDArray[np.uint32] = np.empty((0, 0), np.uint32)
        self._image = QImage()
        self._plate, self._stamps = Plate(), Stamps()
        self._ink: tuple[object, NDArray[np.uint32]] | None = None
        self.pictures_made = 0

    def image(
        self,
        scene: Scene,
        view: MapView,
        screen: NDArray[np.float32],
        theme: Theme,
        ratio: float,
        is_moving: bool,
    ) -> QImage:
        """The points on the theme's surface, ``ratio`` pixels of the device a pixel. While it is moving, very many
        points are drawn a little less finely, and with fewer pixels as long as they grow or shrink: nobody sees a
        point sharply then, and every frame needs a new picture of all."""
        is_coarse = is_moving and len(scene.points) > _MANY
        is_zooming = is_coarse and self._scale not in (None, view.scale)
        self._scale = view.scale
        ratio = _ZOOMING_RATIO if is_zooming else 1.0 if is_coarse else ratio
        has_sizes = scene.is_3d and not is_coarse
        is_hasty = is_moving and len(scene.points) > _FEW
        key = (scene.version, scene.look, view, theme.scheme, theme.is_presenting, ratio, has_sizes, is_hasty)
        if key != self._key:
            self._draw(scene, view, screen, theme, ratio, has_sizes, is_hasty)
            self._key = key
        return self._image

    def _draw(
        self,
        scene: Scene,
        view: MapView,
        screen: NDArray[np.float32],
        theme: Theme,
        ratio: float,
        has_sizes: bool,
        is_hasty: bool,
    ) -> None:
        self.pictures_made += 1
        w, h = max(round(view.size[0] * ratio), 1), max(round(view.size[1] * ratio), 1)
        screen = screen if ratio == 1 else screen * np.float32(ratio)
        dots = dots_of(scene, screen, theme).within(Box(0, 0, w, h), 12 * ratio)
        radius = shown_radius(len(dots), view, theme) * ratio
        if len(dots) <= MOST_RINGED:
            self._image = QImage(w, h, QImage.Format.Format_RGB32)
            self._image.fill(theme.colour(Role.SURFACE))
            painter = QPainter(self._image)
            self._stamps.draw(painter, dots, scene, theme, radius)
            painter.end()
        else:
            self._image = QImage()  # it looks into the memory that is filled now
            if self._pixels.shape != (h, w):
                self._pixels = np.empty((h, w), np.uint32)
            self._splat(dots, scene, theme, radius, has_sizes, is_hasty)
            self._image = QImage(self._pixels.data, w, h, 4 * w, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)

    def _splat(
        self, dots: Dots, scene: Scene, theme: Theme, radius: float, has_sizes: bool, is_hasty: bool
    ) -> None:
        h, w = self._pixels.shape
        largest = radius * (_SIZE_BY_BAND[-1] if has_sizes else 1)
        box = box_of(dots, largest, w, h)
        step = len(scene.shades(theme).colours)
        draw = partial(self._banded, step=step) if has_sizes else self._plate.splat
        whole = draw(dots, radius, box, is_moving=is_hasty)
        tone = tones(crowding(whole.levels), single_tone(len(dots)))
        _fill_around(self._pixels, box, np.uint32(int(theme.hex(Role.SURFACE)[1:], 16) | 0xFF000000))
        paint(whole, tone, self._ink_of(scene, theme), self._pixels[box.part])

    def _banded(self, dots: Dots, radius: float, box: Box, step: int, is_moving: bool) -> Splat:
        """Points in space, the near ones larger and over the far ones."""
        shape = (box.height, box.width)
        levels, classes = np.zeros(shape, np.uint16), np.zeros(shape, np.uint16)
        bands = dots.classes // np.uint8(step) % np.uint8(BANDS)
        for band, size in enumerate(_SIZE_BY_BAND):
            part = dots.at(np.flatnonzero(bands == band))
            if len(part):
                layer = self._plate.splat(part, radius * size, box, is_moving)
                levels += layer.levels
                np.copyto(classes, layer.classes, where=layer.levels > 0)
        np.minimum(levels, MOST_LEVEL, out=levels)
        return Splat(levels, classes)

    def _ink_of(self, scene: Scene, theme: Theme) -> NDArray[np.uint32]:
        key = (scene.look, theme.scheme, scene.colours(theme))
        if self._ink is None or self._ink[0] != key:
            self._ink = (key, ink_of(key[2], theme.hex(Role.SURFACE)))
        return self._ink[1]


def _fill_around(pixels: NDArray[np.uint32], box: Box, colour: np.uint32) -> None:
    """Give every pixel but those of ``box`` a colour."""
    rows, columns = box.part
    pixels[: rows.start] = colour
    pixels[rows.stop :] = colour
    pixels[rows, : columns.start] = colour
    pixels[rows, columns.stop :] = colour


def dots_of(scene: Scene, screen: NDArray[np.float32], theme: Theme) -> Dots:
    """The points of a scene with their colours, at ``screen``."""
    return Dots(screen, *scene.classes_and_keys(theme))


def shown_radius(shown: int, view: MapView, theme: Theme) -> float:
    """Radius of a point in pixels on this view."""
    return disc_radius(shown, *view.size, scale=1.25 if theme.is_presenting else 1.0)


def draw_ringed(painter: QPainter, dots: Dots, scene: Scene, theme: Theme, radius: float) -> None:
    """Each point a disc with a thin rim in the colour of the ground, so that two that touch stay two."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colours, step = scene.colours(theme), len(scene.shades(theme).colours)
    for x, y, number in _in_order(dots):
        size = radius * _SIZE_BY_BAND[number // step % BANDS] if scene.is_3d else radius
        _draw_disc(painter, QPointF(x, y), size, colours[number], theme)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _in_order(dots: Dots) -> Iterator[tuple[float, float, int]]:
    """Place and class of each point, those beneath first."""
    order = np.argsort(dots.keys, kind="stable")
    columns = (dots.screen[order, 0], dots.screen[order, 1], dots.classes[order])
    return zip(*(column.tolist() for column in columns), strict=True)


def _draw_disc(painter: QPainter, at: QPointF, size: float, colour: str, theme: Theme) -> None:
    painter.setPen(QPen(theme.colour(Role.SURFACE), max(size * 0.22, 0.7)))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(at, size, size)


class Stamps:
    """Ringed discs as small pictures, one for each class and quarter of a pixel: a thousand of them are drawn in the
    time of a few hundred ellipses."""

    def __init__(self) -> None:
        self._key: object = None
        self._pictures: dict[tuple[int, int, int], QImage] = {}

    def draw(self, painter: QPainter, dots: Dots, scene: Scene, theme: Theme, radius: float) -> None:
        """The same as :func:`draw_ringed`, to a quarter of a pixel."""
        colours, step = scene.colours(theme), len(scene.shades(theme).colours)
        if self._key != (key := (colours, radius, scene.is_3d)):
            self._key = key
            self._pictures.clear()
        reach = int(radius * _SIZE_BY_BAND[-1] * 1.2) + 2
        for x, y, number in _in_order(dots):
            left, top = floor(x), floor(y)
            phase = (number, int((x - left) * 4), int((y - top) * 4))
            picture = self._pictures.get(phase)
            if picture is None:
                size = radius * _SIZE_BY_BAND[number // step % BANDS] if scene.is_3d else radius
                picture = self._pictures[phase] = _stamp(phase, reach, size, colours[number], theme)
            painter.drawImage(left - reach, top - reach, picture)


def _stamp(phase: tuple[int, int, int], reach: int, size: float, colour: str, theme: Theme) -> QImage:
    picture = QImage(2 * reach + 1, 2 * reach + 1, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    at = QPointF(reach + (phase[1] + 0.5) / 4, reach + (phase[2] + 0.5) / 4)
    _draw_disc(painter, at, size, colour, theme)
    painter.end()
    return picture
