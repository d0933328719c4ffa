"""What pointer, wheel and keys do on the map."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from ptft_gui.gui.widgets.abstract import AbstractWidget
from ptft_gui.gui.widgets.word_map.lasso import inside, rectangle
from ptft_gui.gui.widgets.word_map.surface import MapSurface
from ptft_gui.gui.widgets.word_map.travel import Travel

_REACH = 12.0
_WHEEL_STEP = 1.0015
_KEY_ZOOM = 1.25
_KEY_PAN = 0.12
_REST_MS = 140
_LEAST_STEP = 2.0
_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
_ARROWS = {
    Qt.Key.Key_Left: (1.0, 0.0),
    Qt.Key.Key_Right: (-1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}


class Gestures(MapSurface, metaclass=AbstractWidget):
    """A surface that answers the hand."""

    word_activated: Signal
    word_hovered: Signal
    selection_changed: Signal
    _travel: Travel

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_lasso = False
        self._pressed: QPointF | None = None
        self._last = QPointF()
        self._is_dragging = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._on_rest)

    # moving and rest

    def _move_on(self) -> None:
        """The view moves: draw quickly until it rests."""
        self._is_moving = True
        self._rest.start()

    @Slot()
    def _on_rest(self) -> None:
        self._is_moving = False
        self.update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        self._travel.finish()
        self._is_moving = False

    def _pan(self, dx: float, dy: float) -> None:
        self._move_on()
        self._set_view(self.view.panned(dx, dy))

    def _turn(self, dx: float, dy: float) -> None:
        self._move_on()
        self.scene.turn_by(dx, dy)
        self.update()

    def _zoom(self, factor: float, x: float, y: float) -> None:
        self._move_on()
        self._set_view(self.view.zoomed(factor, x, y, self._whole_view()))

    def _centre_on_row(self, row: int) -> None:
        x, y = self.on_screen()[row].tolist()
        self._pan(self.width() / 2 - x, self.height() / 2 - y)

    # what is under the pointer

    def row_at(self, x: float, y: float) -> int | None:
        """The point whose label or disc is under a pixel, or the nearest within a finger's width."""
        for label in self._labels:
            if label.rect.holds(x, y):
                return label.wish.row
        if len(self.scene.points) == 0:
            return None
        away = self.on_screen() - np.array((x, y), np.float32)
        distance = np.einsum("ij,ij->i", away, away)
        nearest = int(np.argmin(distance))
        return nearest if float(distance[nearest]) <= _REACH**2 else None

    def _hover(self, row: int | None) -> None:
        if row != self._hovered:
            self._hovered = row
            self.word_hovered.emit("" if row is None else self.scene.points.words[row])
            self.update()

    def _isolate(self, group: int | None) -> None:
        if group != self.scene.isolated:
            self.scene.isolate(group)
            self._sides = {}
            self.update()

    # the pointer

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            event.ignore()
            return
        self._pressed = self._last = event.position()
        self._is_dragging = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position()
        if self._pressed is None or not event.buttons():
            self._point_at(at)
            return
        if not self._is_dragging:
            far = (at - self._pressed).manhattanLength() >= QApplication.startDragDistance() / 2
            if not far:
                return
            self._is_dragging = True
            self._hover(None)
        self._drag(at, event)
        self._last = at

    def _point_at(self, at: QPointF) -> None:
        legend = self.legend() if len(self.scene.points) else None
        if legend is not None and legend.rect.holds(at.x(), at.y()):
            self._hover(None)
            self._isolate(legend.group_at(at.x(), at.y()))
            return
        self._isolate(None)
        self._hover(self.row_at(at.x(), at.y()))

    def _drag(self, at: QPointF, event: QMouseEvent) -> None:
        assert self._pressed is not None
        dx, dy = at.x() - self._last.x(), at.y() - self._last.y()
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._is_lasso and event.buttons() & Qt.MouseButton.LeftButton:
            self._draw_outline(at, is_shifted)
        elif self.scene.is_3d and not is_shifted and event.buttons() & Qt.MouseButton.LeftButton:
            self._turn(dx, dy)
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._pan(dx, dy)

    def _draw_outline(self, at: QPointF, is_rectangle: bool) -> None:
        assert self._pressed is not None
        here = (at.x(), at.y())
        if is_rectangle:
            self._outline = rectangle((self._pressed.x(), self._pressed.y()), here)
        elif self._outline is None:
            self._outline = np.array([(self._pressed.x(), self._pressed.y()), here], np.float64)
        elif np.abs(self._outline[-1] - here).sum() >= _LEAST_STEP:
            self._outline = np.vstack([self._outline, here])
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_dragging, self._is_dragging = self._is_dragging, False
        if self._pressed is None:
            return
        self._pressed = None
        if self._is_lasso:
            self._close_outline(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
            return
        self.setCursor(Qt.CursorShape.ArrowCursor)
        if not was_dragging and event.button() == Qt.MouseButton.LeftButton:
            row = self.row_at(event.position().x(), event.position().y())
            if row is not None:
                self.word_activated.emit(self.scene.points.words[row])

    def _close_outline(self, is_adding: bool) -> None:
        outline, self._outline = self._outline, None
        if outline is None:
            return
        found = np.flatnonzero(inside(self.on_screen(), outline))
        self._select(np.union1d(self.scene.selected, found) if is_adding else found)

    def _select(self, rows: NDArray[np.int64]) -> None:
        self.scene.select(rows)
        self._sides = {}
        self.selection_changed.emit(self.selection())
        self._describe()
        self.update()

    @abstractmethod
    def selection(self) -> list[str]:
        """The chosen words."""

    @abstractmethod
    def _describe(self) -> None:
        """Say for a screen reader what is chosen."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pressed = None
        row = self.row_at(event.position().x(), event.position().y())
        if row is not None and not self._is_lasso:
            self._centre_on_row(row)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)
        self._isolate(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if len(self.scene.points) == 0 or not turned:
            event.ignore()
            return
        self._zoom(_WHEEL_STEP**turned, event.position().x(), event.position().y())
        event.accept()

    # keys

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._has_focus_ring = event.reason() in _KEYBOARD
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._answers(event):
            event.ignore()

    def _answers(self, event: QKeyEvent) -> bool:
        key, middle = Qt.Key(event.key()), (self.width() / 2, self.height() / 2)
        if key in _ARROWS:
            self._push(_ARROWS[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._zoom(_KEY_ZOOM, *middle)
        elif key == Qt.Key.Key_Minus:
            self._zoom(1 / _KEY_ZOOM, *middle)
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._walk(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._hovered is not None:
            self.word_activated.emit(self.scene.points.words[self._hovered])
        elif key == Qt.Key.Key_Escape:
            return self._leave()
        else:
            return False
        return True

    def _push(self, direction: tuple[float, float], is_shifted: bool) -> None:
        step = _KEY_PAN * min(self.width(), self.height())
        dx, dy = direction[0] * step, direction[1] * step
        if self.scene.is_3d and not is_shifted:
            self._turn(-dx * 0.5, -dy * 0.5)
        else:
            self._pan(dx, dy)

    def _walk(self, step: int) -> None:
        """Point at the next of the written words."""
        rows = [label.wish.row for label in self._labels]
        if rows:
            at = rows.index(self._hovered) + step if self._hovered in rows else (0 if step > 0 else -1)
            self._hover(rows[at % len(rows)])

    def _leave(self) -> bool:
        """Esc: first the line that is being drawn, then the lasso, then the selection."""
        if self._outline is not None:
            self._outline = self._pressed = None
            self.update()
        elif self._is_lasso:
            self.set_lasso(False)
        elif len(self.scene.selected):
            self._select(np.empty(0, np.int64))
        else:
            return False
        return True

    @abstractmethod
    def set_lasso(self, is_on: bool) -> None:
        """Let the next drag draw an outline, or no longer."""

    @abstractmethod
    def show_all(self) -> None:
        """Look at the whole map."""
