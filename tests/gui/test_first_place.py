"""The window at its first start on screens that are hardly as large as it is."""

from __future__ import annotations

from typing import Any, cast

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.first_place import leave_room_for_frame

_TITLE_BAR = 24


class FramedWindow:
    """A window of 1280 x 800 in the frame of a desktop, on a screen of any size."""

    def __init__(self, screen: QRect, state: Qt.WindowState = Qt.WindowState.WindowNoState) -> None:
        self._screen, self._state = screen, state
        self.size, self.place = (1280, 800), (0, 0)

    def screen(self) -> FramedWindow:
        return self

    def availableGeometry(self) -> QRect:
        return self._screen

    def frameGeometry(self) -> QRect:
        return QRect(*self.place, self.size[0], self.size[1] + _TITLE_BAR)

    def windowState(self) -> Qt.WindowState:
        return self._state

    def width(self) -> int:
        return self.size[0]

    def height(self) -> int:
        return self.size[1]

    def resize(self, *size: int) -> None:
        self.size = size  # type: ignore[assignment]

    def move(self, *place: int) -> None:
        self.place = place  # type: ignore[assignment]


@pytest.mark.parametrize(
    ("screen", "size", "place"),
    [
        (QRect(0, 0, 1280, 800), (1280, 776), (0, 0)),
        (QRect(0, 30, 1366, 738), (1280, 714), (0, 30)),
        (QRect(0, 0, 1920, 1080), (1280, 800), (0, 0)),
        (QRect(0, 0, 800, 800), (1280, 800), (0, 0)),
    ],
)
def test_the_foot_of_the_first_window_is_on_the_screen(
    screen: QRect, size: tuple[int, int], place: tuple[int, int]
) -> None:
    window: Any = FramedWindow(screen)
    leave_room_for_frame(cast(QWidget, window))
    assert window.size == size
    assert window.place == place


def test_a_window_that_fills_its_screen_is_left_alone() -> None:
    window: Any = FramedWindow(QRect(0, 0, 1280, 800), Qt.WindowState.WindowMaximized)
    leave_room_for_frame(cast(QWidget, window))
    assert window.size == (1280, 800)
