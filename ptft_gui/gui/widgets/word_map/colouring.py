"""What colour a point has, and the legend that says so in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.wording import three_digits
from ptft_gui.gui.theme import Role, Theme
from ptft_gui.gui.theme.roles import blend
from ptft_gui.gui.widgets.word_map.points import Colouring, PlacedPoints

_GROUP_ROLES = (
    Role.GROUP_1,
    Role.GROUP_2,
    Role.GROUP_3,
    Role.GROUP_4,
    Role.GROUP_5,
    Role.GROUP_6,
    Role.GROUP_7,
    Role.GROUP_8,
)
MOST_GROUPS = 24
"""More groups than this share the last colour, which the legend calls the others."""

RAMP_STEPS = 14
_RAMP = (Role.RAMP_LOW, Role.RAMP_MIDDLE, Role.RAMP_HIGH)
_TONES = 256


@dataclass(frozen=True)
class Shades:
    """``classes`` (n) uint8 number the ``colours`` (``#RRGGBB``). ``names`` are the legend of groups, ``ends`` that
    of a ramp; both are empty where nothing is to be said."""

    classes: NDArray[np.uint8]
    colours: tuple[str, ...]
    names: tuple[str, ...] = ()
    ends: tuple[str, str] | None = None
    title: str = ""


def group_colour(theme: Theme, number: int) -> str:
    """The colour of a group; from the ninth on the same colours come again, paler or deeper."""
    colour = theme.hex(_GROUP_ROLES[number % len(_GROUP_ROLES)])
    turn = number // len(_GROUP_ROLES)
    if turn == 0:
        return colour
    return blend(theme.hex(Role.TEXT if turn == 1 else Role.SURFACE), colour, 0.45)


def ramp_colour(theme: Theme, share: float) -> str:
    """The colour of the place ``share`` (0 to 1) on the ramp."""
    low, middle, high = (theme.hex(role) for role in _RAMP)
    return blend(middle, low, share * 2) if share <= 0.5 else blend(high, middle, share * 2 - 1)


def _groups(points: PlacedPoints, theme: Theme) -> Shades:
    assert points.groups is not None
    groups = points.groups.astype(np.int64)
    known = int(groups.max(initial=-1)) + 1
    count = min(max(known, 0), MOST_GROUPS)
    numbers = np.where((groups >= 0) & (groups < count), groups, count)
    colours = [group_colour(theme, number) for number in range(count)]
    names = [points.group_names[n] if n < len(points.group_names) else str(n + 1) for n in range(count)]
    if known > count or (groups < 0).any():
        names.append("")  # the legend has a word for it
    return Shades(
        numbers.astype(np.uint8), (*colours, theme.hex(Role.CONTROL_BORDER)), tuple(names), title=""
    )


def _ramp(values: NDArray[np.float64], texts: tuple[str, str], theme: Theme, title: str) -> Shades:
    """Finite values to steps of the ramp; the last colour is for those that have none."""
    finite = np.isfinite(values)
    steps = np.full(len(values), RAMP_STEPS, np.uint8)
    if finite.any():
        low, high = float(values[finite].min()), float(values[finite].max())
        share = (values[finite] - low) / (high - low) if high > low else np.full(int(finite.sum()), 0.5)
        steps[finite] = np.minimum(share * RAMP_STEPS, RAMP_STEPS - 1).astype(np.uint8)
    colours = [ramp_colour(theme, step / (RAMP_STEPS - 1)) for step in range(RAMP_STEPS)]
    ends = texts if finite.any() else None
    return Shades(steps, (*colours, theme.hex(Role.CONTROL_BORDER)), (), ends, title)


def _values(points: PlacedPoints, theme: Theme) -> Shades:
    assert points.values is not None
    values = points.values.astype(np.float64)
    finite = values[np.isfinite(values)]
    low, high = np.percentile(finite, (1, 99)) if len(finite) else (0.0, 0.0)
    clipped = np.where(np.isfinite(values), np.clip(values, low, high), np.nan)
    return _ramp(clipped, (three_digits(float(low)), three_digits(float(high))), theme, points.value_name)


def _frequency(points: PlacedPoints, theme: Theme) -> Shades:
    assert points.counts is not None
    counts = points.counts.astype(np.float64)
    logs = np.log(counts, out=np.full(len(counts), np.nan), where=counts > 0)
    known = counts[counts > 0]
    ends = (f"{int(known.min()):,}", f"{int(known.max()):,}") if len(known) else ("", "")
    return _ramp(logs, ends, theme, "")


def shades_of(points: PlacedPoints, colouring: Colouring, theme: Theme) -> Shades:
    """The colours of ``points``; what they cannot be coloured by leaves them in one colour."""
    if colouring == "group" and points.groups is not None:
        return _groups(points, theme)
    if colouring == "value" and points.values is not None:
        return _values(points, theme)
    if colouring == "frequency" and points.counts is not None:
        return _frequency(points, theme)
    return Shades(np.zeros(len(points), np.uint8), (theme.hex(Role.POINT),))


def _rgb(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], np.float64)


def ink_of(colours: tuple[str, ...], ground: str) -> NDArray[np.uint32]:
    """What each colour looks like on ``ground`` at each of 256 opacities, ``0xffRRGGBB``; shape (colours, 256)."""
    share = (np.arange(_TONES) / (_TONES - 1))[None, :, None]
    over = np.array([_rgb(colour) for colour in colours])[:, None, :]
    mixed = np.rint(over * share + _rgb(ground)[None, None, :] * (1 - share)).astype(np.uint32)
    ink = np.uint32(0xFF000000) | (mixed[..., 0] << 16) | (mixed[..., 1] << 8) | mixed[..., 2]
    return ink.astype(np.uint32)
