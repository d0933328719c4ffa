"""The place of the window at its first start, before it remembers one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

FRAMED_AFTER_MS = 300
"""The desktop puts its frame around a window some time after it is shown."""
_FILLS_SCREEN = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen


def leave_room_for_frame(window: QWidget) -> None:
    """Make a window lower where it is as high as its screen: the desktop's title bar would push its foot out of sight.

    A window is never made lower than it may be, and one on a screen that is too narrow for it is left alone.
    """
    room, frame = window.screen().availableGeometry(), window.frameGeometry()
    if window.windowState() & _FILLS_SCREEN or room.width() < window.width():
        return
    if frame.height() > room.height():
        window.resize(window.width(), room.height() - (frame.height() - window.height()))
        window.move(frame.left(), room.top())
