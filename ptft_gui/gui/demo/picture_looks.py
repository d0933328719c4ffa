"""In which sizes and themes each screen is seen."""

from __future__ import annotations

from dataclasses import dataclass

from ptft_gui.gui.theme import Preference


@dataclass(frozen=True)
class Look:
    """How the window is seen: its size in points, and its theme."""

    width: int
    height: int
    theme: Preference

    @property
    def name(self) -> str:
        return f"{self.width}x{self.height}-{self.theme}"


_SIZES = ((1280, 800), (1920, 1080), (1024, 700))
_THEMES: tuple[Preference, ...] = ("light", "dark")
LOOKS = tuple(Look(*size, theme) for theme in _THEMES for size in _SIZES)
"""One theme after the other: dressing the window anew takes longer than any change of its size."""

ENLARGED_LOOKS = (Look(1280, 800, "light"), Look(1024, 700, "dark"))
"""What is looked at on a screen with more than one pixel a point, where each picture is larger."""
