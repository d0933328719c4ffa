"""Word vectors made ready for pictures: of unit length, without what all of them share, with fewer dimensions.

The vectors of trained words share a large common part; taking the mean away lets differences of meaning show
(Mu and Viswanath 2018, "All-but-the-Top"). The main directions of what remains are found exactly, from the d x d
matrix of covariances, which is summed block by block: a mapped table of 400,000 x 300 is never copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]

_BLOCK_ROWS = 1 << 14
_NO_VARIANCE = 1e-10
"""What rounding leaves of the variance of equal unit vectors."""


@dataclass(frozen=True)
class MainDirections:
    """``axes``: float64, shape (d, k), the direction of most variance first; ``shares``: of all variance, shape (k,).

    ``mean``: float64, shape (d,), of the unit vectors.
    """

    mean: NDArray[np.float64]
    axes: NDArray[np.float64]
    shares: NDArray[np.float64]


def unit_rows(model: OpenedModel, rows: Rows | list[int]) -> Floats:
    """The vectors of ``rows`` scaled to length 1, shape (n, d); a vector of zeros stays one."""
    table: Floats = model.vectors.vectors[rows] / model.lengths[rows, None]
    return table


def main_directions(
    model: OpenedModel,
    rows: Rows,
    count: int,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> MainDirections:
    """The ``count`` directions in which the unit vectors of ``rows`` differ most (principal components).

    With fewer than ``count`` dimensions there are as many directions as dimensions. The sign of a direction is fixed:
    its largest number is positive. Raises :class:`StoppedByPerson`.
    """
    dimensions = model.vectors.vectors.shape[1]
    total, products = np.zeros(dimensions), np.zeros((dimensions, dimensions))
    for block in _blocks(model, rows, progress, should_stop):
        total += block.sum(axis=0, dtype=np.float64)
        products += block.T @ block
    mean = total / max(len(rows), 1)
    covariance = products / max(len(rows), 1) - np.outer(mean, mean)
    values, vectors = np.linalg.eigh((covariance + covariance.T) / 2)
    values, axes = np.maximum(values[::-1], 0.0), vectors[:, ::-1]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(dimensions)])
    whole = float(values.sum())
    shares = values / whole if whole > _NO_VARIANCE else np.zeros_like(values)
    return MainDirections(mean, axes[:, :count], shares[:count])


def seen_along(
    model: OpenedModel, rows: Rows, directions: MainDirections, should_stop: ShouldStop = never_stop
) -> Floats:
    """Coordinates of the centred unit vectors along the directions, shape (n, k). Raises :class:`StoppedByPerson`."""
    axes = directions.axes.astype(np.float32)
    shift = (directions.mean @ directions.axes).astype(np.float32)
    seen = np.empty((len(rows), axes.shape[1]), np.float32)
    start = 0
    for block in _blocks(model, rows, no_progress, should_stop):
        seen[start : start + len(block)] = block @ axes - shift
        start += len(block)
    return seen


def to_unit_length(points: Floats) -> Floats:
    """Each row scaled to length 1; rows of zeros stay zeros."""
    lengths = np.linalg.norm(points, axis=1, keepdims=True)
    scaled: Floats = (points / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)
    return scaled


def _blocks(model: OpenedModel, rows: Rows, progress: Progress, should_stop: ShouldStop) -> Iterator[Floats]:
    for start in range(0, len(rows), _BLOCK_ROWS):
        if should_stop():
            raise StoppedByPerson
        progress("Finding the main directions", start / len(rows))
        yield unit_rows(model, rows[start : start + _BLOCK_ROWS])
