"""The program's icons: line drawings on a 24-pixel grid, tinted in a colour role when they are drawn."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ptft_gui.core.resources import resource_path
from ptft_gui.gui.theme import Role, Theme, current_theme

_SIZES = (16, 20, 24, 32, 48)
"""Qt takes the next larger one on screens with more than one pixel a point."""


@lru_cache(maxsize=64)
def read_icon(name: str) -> str:
    """The drawing ``name`` as SVG text; its colour is ``currentColor``. Raises :class:`OSError` if there is none."""
    return resource_path("icons", f"{name}.svg").read_text(encoding="utf-8")


def tint(svg: str, colour: str) -> str:
    """``svg`` drawn in ``colour`` (``#RRGGBB``)."""
    return svg.replace("currentColor", colour)


def icon_pixmap(name: str, colour: str, pixels: int) -> QPixmap:
    """The drawing ``name``, ``pixels`` wide and high; drawn once, and a copy given out."""
    return QPixmap(_kept_icons().pixmap(name, colour, pixels))


def _render(drawing: QSvgRenderer, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    drawing.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def make_icon(name: str, role: Role = Role.TEXT) -> QIcon:
    """The icon ``name`` in today's colour of ``role``, disabled in the colour of disabled text; drawn once and kept."""
    theme = current_theme()
    return _kept_icons().icon(name, theme.hex(role), theme.hex(Role.DISABLED_TEXT))


def _kept_icons() -> _KeptIcons:
    theme = current_theme()
    kept = theme.findChild(_KeptIcons, "keptIcons", Qt.FindChildOption.FindDirectChildrenOnly)
    return kept or _KeptIcons(theme)


class _KeptIcons(QObject):
    """The icons that were drawn already; it goes with the theme, before the application that pictures need."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self.setObjectName("keptIcons")
        self._drawn: dict[tuple[str, str, str], QIcon] = {}
        self._pixmaps: dict[tuple[str, str, int], QPixmap] = {}

    def icon(self, name: str, colour: str, disabled: str) -> QIcon:
        key = (name, colour, disabled)
        if key not in self._drawn:
            self._drawn[key] = _draw(*key)
        return self._drawn[key]

    def pixmap(self, name: str, colour: str, pixels: int) -> QPixmap:
        key = (name, colour, pixels)
        if key not in self._pixmaps:
            drawing = QSvgRenderer(QByteArray(tint(read_icon(name), colour).encode()))
            self._pixmaps[key] = _render(drawing, pixels)
        return self._pixmaps[key]


def _draw(name: str, normal: str, disabled: str) -> QIcon:
    icon = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, normal), (QIcon.Mode.Disabled, disabled)):
        drawing = QSvgRenderer(QByteArray(tint(read_icon(name), colour).encode()))
        for pixels in _SIZES:
            icon.addPixmap(_render(drawing, pixels), mode)
    return icon


class _HasIcon(Protocol):
    def setIcon(self, icon: QIcon, /) -> None: ...


class _IconKeeper(QObject):
    """Lives with a button or an action and draws its icon again when the theme changes."""

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.setObjectName("iconKeeper")
        self._name = ""
        self._role = Role.TEXT
        current_theme().theme_changed.connect(self._on_theme_changed)

    def keep(self, name: str, role: Role) -> None:
        self._name, self._role = name, role
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        owner: _HasIcon = self.parent()  # type: ignore[assignment]
        owner.setIcon(make_icon(self._name, self._role))


def set_icon(owner: QObject, name: str, role: Role = Role.TEXT) -> None:
    """Give a button or an action the icon ``name``, now and after every change of theme."""
    keeper = owner.findChild(_IconKeeper, "iconKeeper", Qt.FindChildOption.FindDirectChildrenOnly)
    (keeper or _IconKeeper(owner)).keep(name, role)
