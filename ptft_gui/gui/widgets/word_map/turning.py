"""Turning a cloud of points in space, so that the screen shows it from another side."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
RADIANS_A_PIXEL = 0.008


def about_x(angle: float) -> Matrix:
    """Turn by ``angle`` radians about the axis to the right: what is above comes forward."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]], np.float64)


def about_y(angle: float) -> Matrix:
    """Turn by ``angle`` radians about the upward axis: what is in front goes right."""
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]], np.float64)


def first_turn() -> Matrix:
    """From a little above and beside, so that depth shows at once."""
    return about_x(math.radians(18)) @ about_y(math.radians(-28))


def turned(turn: Matrix, dx: float, dy: float) -> Matrix:
    """``turn`` after the pointer dragged the front of the cloud by (dx, dy) pixels. What comes out is again a pure
    turn: rounding does not pile up."""
    matrix = about_x(dy * RADIANS_A_PIXEL) @ about_y(dx * RADIANS_A_PIXEL) @ turn
    left, _, right = np.linalg.svd(matrix)
    return np.asarray(left @ right, np.float64)


def seen(positions: NDArray[np.float32], turn: Matrix) -> NDArray[np.float32]:
    """Positions (n, 3) as the screen sees them: right, up and towards the eye, float32 of the same shape. Each column
    stands together in memory: a product of such thin matrices takes ten times as long."""
    columns = np.ascontiguousarray(positions.T)
    out = np.empty_like(columns)
    part = np.empty_like(columns[0])
    for row, weights in zip(out, turn.astype(np.float32), strict=True):
        np.multiply(columns[0], weights[0], out=row)
        for column, weight in zip(columns[1:], weights[1:], strict=True):
            np.multiply(column, weight, out=part)
            row += part
    return out.T


def nearness(depth: NDArray[np.float32], reach: float) -> NDArray[np.float32]:
    """0 (far) to 1 (near) of depths within ``reach`` of the middle."""
    near = depth * np.float32(0.5 / max(reach, 1e-30)) + np.float32(0.5)
    return np.clip(near, 0.0, 1.0, out=near)
