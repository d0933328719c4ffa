"""How lines and symbols of a chart are drawn: in the theme's colours, as wide as the place they are drawn for asks."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from ptft_gui.gui.theme import Role, Theme


@dataclass(frozen=True)
class Look:
    """Pens keep their width at every zoom; that width is in the pixels of the device, so a fine screen or a picture
    with twice the pixels needs ``line_scale`` and ``symbol_scale``."""

    theme: Theme
    line_scale: float = 1.0
    symbol_scale: float = 1.0

    def pen(self, role: Role, width: float = 1, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        """A pen in the colour of ``role``, ``width`` device-independent pixels wide."""
        return self.pen_of(self.theme.colour(role), width, style)

    def pen_of(self, colour: QColor, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
        pen = QPen(colour, width * self.line_scale, style)
        pen.setCosmetic(True)
        return pen
