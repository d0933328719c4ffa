"""The picture of an analogy: the plane on which its words lie, drawn without distortion.

With one word taken away and two added, "king - man + woman", the three words and the point that the sum leads to are
the corners of a parallelogram, and a parallelogram lies in one plane: the plane through the three words holds all four
corners exactly, with true lengths and angles. Every other sum is drawn on the plane that fits its words and its
result best (least squares, by singular value decomposition). Further words are seen at the foot of their perpendicular
on that plane; ``share`` says how much of the distances among all words shown lies in it.

Coordinates are in units of the vectors, all of which have length 1; the middle of the asked words is the origin, and
the first arrow points to the right.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError
from ptft_gui.core.wording import percent_text
from ptft_gui.inspection.centred import unit_rows
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.neighbours import mean_direction, nearest_rows
from ptft_gui.inspection.similarity import analogy, parse_analogy
from ptft_gui.inspection.words import known_rows, rows_of

Role = Literal["asked", "answer", "near"]
Floats = NDArray[np.float64]

MOST_WORDS = 100
_NEAR = 6


@dataclass(frozen=True)
class PlaneOfWords:
    """``points``: [word, x, y, role]; ``target``: where the sum leads, None for plain words; ``arrows``: from point to
    point by their place in ``points``; ``share``: of the squared distances from the middle, 0 to 1."""

    points: list[tuple[str, float, float, Role]]
    target: tuple[float, float] | None
    arrows: list[tuple[int, int]]
    share: float
    unknown: list[str]
    sentence: str


def plane_of_sum(model: OpenedModel, text: str) -> PlaneOfWords:
    """The plane of a sum such as ``"king - man + woman"``, with its answer and the words near that.

    Raises :class:`ModelError` for text that is no sum, :class:`~ptft_gui.core.errors.UnknownWordError`.
    """
    asked = parse_analogy(text)
    plus = list(dict.fromkeys(row for term in asked.positive for row in rows_of(model, term)))
    minus = list(dict.fromkeys(row for term in asked.negative for row in rows_of(model, term)))
    if len({*plus, *minus}) < 2:
        raise ModelError(
            "One word alone makes no picture of an analogy.",
            hint="Write it as king - man + woman, with a space on both sides of each sign.",
        )
    found = analogy(model, text, _NEAR).neighbours
    near = [model.vectors.index[neighbour.word] for neighbour in found]
    vectors = unit_rows(model, [*plus, *minus]).astype(np.float64)
    target = _target(vectors[: len(plus)], vectors[len(plus) :])
    rows = list(dict.fromkeys([*plus, *minus]))
    arrows = _parallel_sides(rows, plus, minus, near)
    return _drawn(model, rows, near, target, arrows, [])


def plane_of_words(model: OpenedModel, words: list[str]) -> PlaneOfWords:
    """The plane that fits some words best, with the words nearest to their mean.

    Words that the model does not know are left out and told. Raises :class:`ModelError` for fewer than two.
    """
    if len(words) > MOST_WORDS:
        raise ModelError(f"{len(words):,} words are too many for this picture.", hint="Use the map for that.")
    rows, unknown = known_rows(model, words)
    if unknown and not rows:
        rows_of(model, unknown[0])
    if len(rows) < 2:
        raise ModelError("One word alone makes no picture.", hint="Give two words or more.")
    table, lengths = model.vectors.vectors, model.lengths
    found = nearest_rows(table, lengths, mean_direction(table, lengths, rows, []), _NEAR, rows)
    near = [row for row, _ in found]
    return _drawn(model, rows, near, None, [], unknown)


def _target(plus: Floats, minus: Floats) -> Floats:
    """Where the sum leads; shape (d,).

    One word more added than taken away: the sum itself, a corner of the parallelogram. Else only its direction means
    something, and it is drawn at length 1 as all words are.
    """
    total: Floats = plus.sum(axis=0) - minus.sum(axis=0)
    if len(plus) - len(minus) == 1:
        return total
    length = float(np.linalg.norm(total))
    return total / length if length else total


def _parallel_sides(
    rows: list[int], plus: list[int], minus: list[int], near: list[int]
) -> list[tuple[int, int]]:
    """For "b - a + c": from a to b, and from c to the answer, which is the first word that comes after the asked."""
    if len(plus) != 2 or len(minus) != 1 or not near or len(rows) != 3:
        return []
    return [(rows.index(minus[0]), rows.index(plus[0])), (rows.index(plus[1]), len(rows))]


def _drawn(
    model: OpenedModel,
    asked: list[int],
    near: list[int],
    target: Floats | None,
    arrows: list[tuple[int, int]],
    unknown: list[str],
) -> PlaneOfWords:
    vectors = unit_rows(model, [*asked, *near]).astype(np.float64)
    fitted = vectors[: len(asked)] if target is None else np.vstack([vectors[: len(asked)], target])
    middle = vectors[: len(asked)].mean(axis=0)
    axes = _turned(_main_plane(fitted - middle), vectors - middle, arrows)
    seen = (vectors - middle) @ axes
    whole = float(((vectors - middle) ** 2).sum())
    share = float((seen**2).sum()) / whole if whole > 0 else 1.0
    roles: list[Role] = ["asked"] * len(asked)
    roles += ["near"] * len(near)
    if target is not None and near:
        roles[len(asked)] = "answer"
    points = [
        (model.vectors.words[row], round(float(x), 5), round(float(y), 5), role)
        for row, (x, y), role in zip([*asked, *near], seen.tolist(), roles, strict=True)
    ]
    end = None if target is None else tuple(round(float(value), 5) for value in (target - middle) @ axes)
    sentence = f"This plane holds {percent_text(share)} of the distances among these words."
    return PlaneOfWords(points, end, arrows, min(1.0, share), unknown, sentence)  # type: ignore[arg-type]


def _main_plane(points: Floats) -> Floats:
    """Two orthogonal directions that hold most of the points' distance from the origin; shape (d, 2).

    Where there are fewer than two, the missing ones are zeros.
    """
    _, lengths, directions = np.linalg.svd(points, full_matrices=False)
    axes = np.zeros((points.shape[1], 2))
    held = [direction for length, direction in zip(lengths, directions, strict=True) if length > 1e-9][:2]
    for place, direction in enumerate(held):
        axes[:, place] = direction
    return axes


def _turned(axes: Floats, vectors: Floats, arrows: list[tuple[int, int]]) -> Floats:
    """The same plane, turned so that the first arrow points to the right and the second lies above it."""
    if not arrows:
        signs = np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
        return axes * np.where(signs == 0, 1.0, signs)
    seen = vectors @ axes
    (start, end), (other, _) = arrows
    along = seen[end] - seen[start]
    length = float(np.linalg.norm(along))
    if length == 0:
        return axes
    cosine, sine = along / length
    turned: Floats = axes @ np.array([[cosine, -sine], [sine, cosine]])
    if float(((vectors[other] - vectors[start]) @ turned)[1]) < 0:
        turned[:, 1] *= -1
    return turned
