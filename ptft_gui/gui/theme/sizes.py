"""Distances and type sizes of the window, in device-independent pixels."""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Final


class Space(IntEnum):
    """The three gaps there are, on a grid of eight; ``HALF`` only inside a control."""

    HALF = 4
    SMALL = 8
    MEDIUM = 16
    LARGE = 24


class TextStyle(StrEnum):
    """What a text is; the value is the ``textStyle`` property the style sheet asks for."""

    CAPTION = "caption"
    BODY = "body"
    STRONG = "strong"
    TITLE = "title"
    HEADLINE = "headline"


CARD_RADIUS: Final = 8
CONTROL_RADIUS: Final = 6
CONTROL_HEIGHT: Final = 32

TEXT_SCALES: Final = (0.85, 1.0, 1.15, 1.3, 1.5, 1.75)
"""The steps of View > Larger and Smaller text."""

PRESENTATION_SCALE: Final = 1.5
SMALLEST_WHEN_PRESENTING: Final = 20
"""Pixels: what a room can read from five metres."""

_PIXELS = {
    TextStyle.CAPTION: 11,
    TextStyle.BODY: 13,
    TextStyle.STRONG: 13,
    TextStyle.TITLE: 18,
    TextStyle.HEADLINE: 24,
}


def text_pixels(style: TextStyle, scale: float = 1.0, is_presenting: bool = False) -> int:
    """Height of the type of ``style`` in pixels."""
    pixels = _PIXELS[style] * scale
    if is_presenting:
        pixels = max(pixels * PRESENTATION_SCALE, SMALLEST_WHEN_PRESENTING)
    return round(pixels)
