"""A frame around what the lesson speaks of; it lies over the window and takes no clicks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from ptft_gui.gui.theme import Role, current_theme
from ptft_gui.gui.theme.sizes import CARD_RADIUS

_LOOK_MS = 200
_AROUND = 4
_SEEKS = 5
"""So many looks long a page may still change while it opens."""


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
        self._seeks = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def mark(self, names: Sequence[str]) -> None:
        """Mark these from now on; none takes the mark away."""
        self._names = tuple(names)
        self._seeks = _SEEKS if names else 0
        self.look()
        self._timer.start() if names else self._timer.stop()

    def marked(self) -> list[QRect]:
        """The boxes that are marked now, in the window's place."""
        return self._boxes

    @Slot()
    def look(self) -> None:
        if self._seeks:
            self._bring_into_view()
        boxes = [box for name in self._names if (box := self._box_of(name)) is not None]
        if boxes == self._boxes and self.size() == self._area.size() and self.isVisible() == bool(boxes):
            return
        self._boxes = boxes
        self.setGeometry(self._area.rect())
        self.setVisible(bool(boxes))
        self.raise_()
        self.update()

    def _bring_into_view(self) -> None:
        """Scroll to what is marked, until the page has found its form; then a person scrolls as they like."""
        found = next((widget for name in self._names if (widget := self._seen(name)) is not None), None)
        if found is None:
            return
        self._seeks -= 1
        for area in _scroll_areas_around(found):
            area.ensureWidgetVisible(found, 0, _AROUND * 2)

    def _seen(self, name: str) -> QWidget | None:
        return next((w for w in self._area.findChildren(QWidget, name) if w.isVisible()), None)

    def _box_of(self, name: str) -> QRect | None:
        """What is seen of it; None where it is scrolled away."""
        widget = self._seen(name)
        if widget is None:
            return None
        box = self._place_of(widget).adjusted(-_AROUND, -_AROUND, _AROUND, _AROUND)
        box = box.intersected(self._area.rect().adjusted(1, 1, -1, -1))
        for area in _scroll_areas_around(widget):
            port = self._place_of(area.viewport())
            if not self._place_of(widget).intersects(port):
                return None
            box = box.intersected(port.adjusted(-_AROUND, -_AROUND, _room_at_the_right(area), _AROUND))
        return box

    def _place_of(self, widget: QWidget) -> QRect:
        return QRect(widget.mapTo(self._area, widget.rect().topLeft()), widget.size())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(current_theme().colour(Role.WARNING), 3))
        for box in self._boxes:
            painter.drawRoundedRect(QRectF(box), CARD_RADIUS, CARD_RADIUS)
        painter.end()


def _room_at_the_right(area: QScrollArea) -> int:
    """So much wider than what the area shows the frame may be: a scroll bar in use is not drawn over."""
    bar = area.verticalScrollBar()
    return 0 if bar.isVisible() and bar.isEnabled() else _AROUND


def _scroll_areas_around(widget: QWidget) -> list[QScrollArea]:
    """Those that it lies in, the innermost first."""
    found, parent = [], widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QScrollArea):
            found.append(parent)
        parent = parent.parentWidget()
    return found
