"""Axes of one's own: two words, or two lists of words, span a direction, and words are placed along it.

The direction leads from the mean of the unit vectors of one end to that of the other; a word stands where the cosine
of its vector with that direction says, as in SemAxis (An, Kwak and Ahn 2018). Two axes make a plane.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.centred import unit_rows
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.words import known_rows, rows_of

USUAL_WORDS = 300
MOST_AXES, MOST_END_WORDS, MOST_PLACED = 2, 200, 100_000
_SAME = 1e-6

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Axis:
    """The words at the two ends of an axis, as they were typed."""

    negative: tuple[str, ...]
    positive: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        """What stands at its ends."""
        return [", ".join(self.negative), ", ".join(self.positive)]


@dataclass(frozen=True)
class Placed:
    """``rows``: of the words; ``values``: float32 (n, axes), -1 to 1; ``ends``: where the ends stand.

    ``unknown``: typed words that the model does not know, of the ends and of the words to place.
    """

    rows: list[int]
    values: Floats
    ends: list[tuple[float, float]]
    unknown: list[str]
    sentence: str


def place_on_axes(
    model: OpenedModel, axes: Sequence[Axis], words: Sequence[str] | None, topn: int = USUAL_WORDS
) -> Placed:
    """Place words along one axis or two; without ``words`` the ``topn`` most frequent.

    The words of the ends are placed too. A word of an end that the model does not know is left out and told; raises
    :class:`~ptft_gui.core.errors.UnknownWordError` where none of an end is known, :class:`ModelError` for ends that
    are the same.
    """
    if not 1 <= len(axes) <= MOST_AXES:
        raise ModelError(f"{len(axes)} axes cannot be drawn.", hint="Give one axis, or two for a plane.")
    directions, ends, unknown = [], [], []
    for axis in axes:
        negative, left_out = _end_rows(model, axis.negative)
        positive, also = _end_rows(model, axis.positive)
        directions.append(_direction(model, axis, negative, positive))
        ends.append((negative, positive))
        unknown += left_out + also
    wished, strange = _rows_to_place(model, words, topn)
    ends_first = [row for pair in ends for end in pair for row in end]
    rows = list(dict.fromkeys([*ends_first, *wished]))
    across = np.stack(directions, axis=1)
    values = np.clip(unit_rows(model, rows) @ across, -1.0, 1.0).astype(np.float32)
    middles = [
        (_mean_along(model, pair[0], direction), _mean_along(model, pair[1], direction))
        for pair, direction in zip(ends, directions, strict=True)
    ]
    missing = list(dict.fromkeys([*unknown, *strange]))
    return Placed(rows, values, middles, missing, _sentence(len(rows), missing))


def _end_rows(model: OpenedModel, words: Sequence[str]) -> tuple[list[int], list[str]]:
    """Rows of the words at one end, and those left out."""
    asked = [word for word in words if word.strip()]
    if not asked:
        raise ModelError(
            "A word is missing at one end of the axis.", hint="Give one word or more for each end."
        )
    if len(asked) > MOST_END_WORDS:
        raise ModelError(
            f"{len(asked):,} words are too many for one end of an axis.",
            hint=f"Take {MOST_END_WORDS} at most.",
        )
    rows, unknown = known_rows(model, asked)
    if not rows:
        rows = rows_of(model, asked[0])  # says why it is unknown and which words are close
    return rows, unknown


def _direction(model: OpenedModel, axis: Axis, negative: list[int], positive: list[int]) -> Floats:
    difference = unit_rows(model, positive).mean(axis=0) - unit_rows(model, negative).mean(axis=0)
    length = float(np.linalg.norm(difference))
    if length < _SAME:
        raise ModelError(
            f"{axis.names[0]} and {axis.names[1]} are the same for this model.",
            "Both ends stand at the same point, so no line leads from one to the other.",
            "Choose words that differ.",
        )
    return np.asarray(difference / length, np.float32)


def _rows_to_place(model: OpenedModel, words: Sequence[str] | None, topn: int) -> tuple[list[int], list[str]]:
    asked = topn if words is None else len(words)
    if asked > MOST_PLACED:
        raise ModelError(f"{asked:,} words cannot be placed at once.", hint=f"Take {MOST_PLACED:,} at most.")
    if words is None:
        return list(range(min(topn, len(model.vectors)))), []
    return known_rows(model, words)


def _mean_along(model: OpenedModel, rows: list[int], direction: Floats) -> float:
    return float((unit_rows(model, rows) @ direction).mean())


def _sentence(placed: int, unknown: list[str]) -> str:
    known = f"{placed:,} words are placed"
    if not unknown:
        return f"{known}."
    named = ", ".join(unknown[:5]) + (" and more" if len(unknown) > 5 else "")
    return f"{known}; {len(unknown):,} not known to this model: {named}."
