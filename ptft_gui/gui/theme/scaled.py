"""Sizes that grow with the type, for what would otherwise be too narrow or too low for large text."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.gui.theme.theme import current_theme


def scaled(pixels: int) -> int:
    """``pixels`` beside type of the usual size, more beside larger type, never less."""
    return round(pixels * max(1.0, current_theme().text_scale))


class _Follower(QObject):
    def __init__(self, widget: QWidget, setter: Callable[[int], object], pixels: int) -> None:
        super().__init__(widget)
        self._setter, self._pixels = setter, pixels
        current_theme().theme_changed.connect(self._apply)
        self._apply()

    @Slot()
    def _apply(self) -> None:
        self._setter(scaled(self._pixels))


def scale_with_type(widget: QWidget, setter: Callable[[int], object], pixels: int) -> None:
    """Call ``setter``, a method of ``widget`` such as ``widget.setFixedWidth``, now and whenever the type changes."""
    _Follower(widget, setter, pixels)
