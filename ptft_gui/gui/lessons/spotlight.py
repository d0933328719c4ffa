"""A frame around what the lesson speaks of; it lies over the window and takes no clicks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.theme import Role, current_theme
from ptft_gui.gui.theme.sizes import CARD_RADIUS

_LOOK_MS = 200
_AROUND = 4


class Spotlight(QWidget):
    """Marks the visible controls of some names inside ``area``, wherever they move."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.setObjectName("lessonSpotlight")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._area = area
        self._names: tuple[str, ...] = ()
        self._boxes: list[QRect] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def mark(self, names: Sequence[str]) -> None:
        """Mark these from now on; none takes the mark away."""
        self._names = tuple(names)
        self.look()
        self._timer.start() if names else self._timer.stop()

    def marked(self) -> list[QRect]:
        """The boxes that are marked now, in the window's place."""
        return self._boxes

    @Slot()
    def look(self) -> None:
        boxes = [box for name in self._names if (box := self._box_of(name)) is not None]
        if boxes == self._boxes and self.size() == self._area.size() and self.isVisible() == bool(boxes):
            return
        self._boxes = boxes
        self.setGeometry(self._area.rect())
        self.setVisible(bool(boxes))
        self.raise_()
        self.update()

    def _box_of(self, name: str) -> QRect | None:
        for widget in self._area.findChildren(QWidget, name):
            if widget.isVisible():
                corner = widget.mapTo(self._area, widget.rect().topLeft())
                box = QRect(corner, widget.size()).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
                return box.intersected(self._area.rect().adjusted(1, 1, -1, -1))
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(current_theme().colour(Role.WARNING), 3))
        for box in self._boxes:
            painter.drawRoundedRect(QRectF(box), CARD_RADIUS, CARD_RADIUS)
        painter.end()
