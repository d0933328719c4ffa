"""The colours of the window as named roles, light and dark; the only file in which a colour is written down.

A line or a filled shape may use every role. Text uses the roles of :data:`TEXT_PAIRS`, whose contrast is at least
4.5:1 (WCAG 2.2, success criterion 1.4.3); where a colour of a curve or a state is too pale for text on white, a
``..._TEXT`` role stands beside it.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a colour is for. The value is the name of its placeholder in the style sheet."""

    WINDOW = "window"
    SURFACE = "surface"
    HOVER = "hover"  # a row or a quiet control under the pointer, the trough of a bar
    SELECTED = "selected"  # a chosen row or card
    BORDER = "border"  # around cards, between rows
    CONTROL_BORDER = "control_border"  # around what can be used: at least 3:1
    TEXT = "text"
    QUIET_TEXT = "quiet_text"
    DISABLED_TEXT = "disabled_text"
    ACCENT = "accent"
    ACCENT_HOVER = "accent_hover"
    ACCENT_PRESSED = "accent_pressed"
    ON_ACCENT = "on_accent"
    TOOLTIP = "tooltip"
    ON_TOOLTIP = "on_tooltip"
    TRAINING = "training"
    HELD_OUT = "held_out"
    HELD_OUT_TEXT = "held_out_text"
    GOOD = "good"
    GOOD_TEXT = "good_text"
    WARNING = "warning"
    WARNING_TEXT = "warning_text"
    BAD = "bad"
    BAD_TEXT = "bad_text"
    # further series after Okabe and Ito (2008), "Color universal design"; the second line deepened for text
    SERIES_1 = "series_1"
    SERIES_2 = "series_2"
    SERIES_3 = "series_3"
    SERIES_4 = "series_4"
    SERIES_5 = "series_5"
    POINT = "point"  # of a map in one colour: quiet, so that what is searched stands out
    # points of a map: eight groups after Okabe and Ito, each as pale or deep as the ground asks
    GROUP_1 = "group_1"
    GROUP_2 = "group_2"
    GROUP_3 = "group_3"
    GROUP_4 = "group_4"
    GROUP_5 = "group_5"
    GROUP_6 = "group_6"
    GROUP_7 = "group_7"
    GROUP_8 = "group_8"
    # a number as a colour: away from the ground the more there is of it, so that it reads in black and white too
    RAMP_LOW = "ramp_low"
    RAMP_MIDDLE = "ramp_middle"
    RAMP_HIGH = "ramp_high"


LIGHT: dict[Role, str] = {
    Role.WINDOW: "#F6F7F9",
    Role.SURFACE: "#FFFFFF",
    Role.HOVER: "#EEF0F4",
    Role.SELECTED: "#EDF1FE",
    Role.BORDER: "#DFE3E9",
    Role.CONTROL_BORDER: "#8C95A3",
    Role.TEXT: "#1B1F27",
    Role.QUIET_TEXT: "#566070",
    Role.DISABLED_TEXT: "#646E7C",
    Role.ACCENT: "#3B5BDB",
    Role.ACCENT_HOVER: "#324DBE",
    Role.ACCENT_PRESSED: "#2A41A3",
    Role.ON_ACCENT: "#FFFFFF",
    Role.TOOLTIP: "#1B1F27",
    Role.ON_TOOLTIP: "#F6F7F9",
    Role.TRAINING: "#3B5BDB",
    Role.HELD_OUT: "#D9480F",
    Role.HELD_OUT_TEXT: "#BB3E0C",
    Role.GOOD: "#2B8A3E",
    Role.GOOD_TEXT: "#237433",
    Role.WARNING: "#B35C00",
    Role.WARNING_TEXT: "#9C5000",
    Role.BAD: "#C92A2A",
    Role.BAD_TEXT: "#C12626",
    Role.SERIES_1: "#0072B2",
    Role.SERIES_2: "#007A5A",
    Role.SERIES_3: "#A04A7D",
    Role.SERIES_4: "#8A5A00",
    Role.SERIES_5: "#B3480A",
    Role.POINT: "#71829F",
    Role.GROUP_1: "#0072B2",
    Role.GROUP_2: "#E08A00",
    Role.GROUP_3: "#009E73",
    Role.GROUP_4: "#C25B9A",
    Role.GROUP_5: "#4BA7E0",
    Role.GROUP_6: "#C8430A",
    Role.GROUP_7: "#B5A100",
    Role.GROUP_8: "#5B6577",
    Role.RAMP_LOW: "#F0B040",
    Role.RAMP_MIDDLE: "#D1495B",
    Role.RAMP_HIGH: "#3B1F6B",
}

DARK: dict[Role, str] = {
    Role.WINDOW: "#14171C",
    Role.SURFACE: "#1D2128",
    Role.HOVER: "#272C35",
    Role.SELECTED: "#262D42",
    Role.BORDER: "#303743",
    Role.CONTROL_BORDER: "#6C7686",
    Role.TEXT: "#E8EAED",
    Role.QUIET_TEXT: "#A3ADBB",
    Role.DISABLED_TEXT: "#949EAD",
    Role.ACCENT: "#748FFC",
    Role.ACCENT_HOVER: "#8DA3FF",
    Role.ACCENT_PRESSED: "#6B86F2",
    Role.ON_ACCENT: "#10131A",
    Role.TOOLTIP: "#343C49",
    Role.ON_TOOLTIP: "#F1F3F5",
    Role.TRAINING: "#91A7FF",
    Role.HELD_OUT: "#FFA94D",
    Role.HELD_OUT_TEXT: "#FFA94D",
    Role.GOOD: "#69DB7C",
    Role.GOOD_TEXT: "#69DB7C",
    Role.WARNING: "#FFC078",
    Role.WARNING_TEXT: "#FFC078",
    Role.BAD: "#FF8787",
    Role.BAD_TEXT: "#FF8787",
    Role.SERIES_1: "#56B4E9",
    Role.SERIES_2: "#3CC79F",
    Role.SERIES_3: "#E39BC5",
    Role.SERIES_4: "#F0C04A",
    Role.SERIES_5: "#FF9B66",
    Role.POINT: "#8494B0",
    Role.GROUP_1: "#4C9BE8",
    Role.GROUP_2: "#E69F00",
    Role.GROUP_3: "#2CC295",
    Role.GROUP_4: "#E08BC0",
    Role.GROUP_5: "#8AD4FF",
    Role.GROUP_6: "#FF7A45",
    Role.GROUP_7: "#F0E442",
    Role.GROUP_8: "#AAB4C3",
    Role.RAMP_LOW: "#5A4FB0",
    Role.RAMP_MIDDLE: "#E2607C",
    Role.RAMP_HIGH: "#FFE38A",
}

SCHEMES: dict[str, dict[Role, str]] = {"light": LIGHT, "dark": DARK}

_GROUNDS = (Role.WINDOW, Role.SURFACE, Role.HOVER, Role.SELECTED)
_INKS = (
    Role.TEXT,
    Role.QUIET_TEXT,
    Role.DISABLED_TEXT,
    Role.ACCENT,
    Role.TRAINING,
    Role.HELD_OUT_TEXT,
    Role.GOOD_TEXT,
    Role.WARNING_TEXT,
    Role.BAD_TEXT,
    Role.SERIES_1,
    Role.SERIES_2,
    Role.SERIES_3,
    Role.SERIES_4,
    Role.SERIES_5,
)

TEXT_PAIRS: tuple[tuple[Role, Role], ...] = (
    *((ink, ground) for ink in _INKS for ground in _GROUNDS),
    (Role.ON_ACCENT, Role.ACCENT),
    (Role.ON_ACCENT, Role.ACCENT_HOVER),
    (Role.ON_ACCENT, Role.ACCENT_PRESSED),
    (Role.ON_TOOLTIP, Role.TOOLTIP),
)
"""Every (text, ground) pair that occurs in the window."""

_TEXT_FOR = {
    Role.HELD_OUT: Role.HELD_OUT_TEXT,
    Role.GOOD: Role.GOOD_TEXT,
    Role.WARNING: Role.WARNING_TEXT,
    Role.BAD: Role.BAD_TEXT,
}


def text_role(role: Role) -> Role:
    """The role to write text in that belongs to something drawn in ``role``."""
    return _TEXT_FOR.get(role, role)


def relative_luminance(colour: str) -> float:
    """Relative luminance of ``#RRGGBB``, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(first: str, second: str) -> float:
    """Contrast of two ``#RRGGBB`` colours, 1 (equal) to 21 (black on white), as WCAG 2.2 defines it."""
    lighter, darker = sorted((relative_luminance(first), relative_luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def blend(over: str, under: str, share: float) -> str:
    """The opaque colour of ``over`` laid on ``under`` with opacity ``share`` (0 to 1)."""
    pairs = ((int(over[i : i + 2], 16), int(under[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)
