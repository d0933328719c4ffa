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


LOOKS = (
    Look(1280, 800, "light"),
    Look(1280, 800, "dark"),
    Look(1920, 1080, "light"),
    Look(1920, 1080, "dark"),
    Look(1024, 700, "light"),
    Look(1024, 700, "dark"),
)
ENLARGED_LOOKS = (Look(1280, 800, "light"), Look(1024, 700, "dark"))
"""What is looked at on a screen with more than one pixel a point, where each picture is larger."""
