"""The method itself: weighted least squares on the logarithms of counts, with AdaGrad.

Pennington et al. 2014, equation 8: the cost of all pairs is ``sum f(X_ij) (w_i.w~_j + b_i + b~_j - log X_ij)^2``
with, equation 9, ``f(x) = (x / x_max)^alpha`` below ``x_max`` and 1 above. As the reference program prints it, the cost
of one pair is half of that: ``0.5 f diff^2``.

Decided on purpose:

* Learning rates. The reference program adds the square of the gradient *times eta* to the accumulators of vectors,
  which start at 1; so it is done here. Its biases are corrected without eta (a rate of 1). Here they use eta like
  everything else, and a bias rate of 1 brings the reference program's way back.
* Both directions of a symmetric pair are trained one after the other: their counts are equal, so a pair is stored
  once, and the four vectors of two words are in the fast memory already.
* Gradients of vectors are cut off at 100, as in the reference program.
* A frozen word (see ``model.py``) is known by its accumulators and has a learning rate of 0 for its vectors.

Vectors of all kinds stand side by side, ``block[word] = (w, accumulators of w, w~, accumulators of w~)``: one trip to
memory a word.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.compiled import compiled_fast

PAIR = np.dtype([("row", np.int32), ("column", np.int32), ("log", np.float32)])
"""A stored pair: rows of its two words and the natural logarithm of its count."""

W, W_SQUARES, CONTEXT, CONTEXT_SQUARES = 0, 1, 2, 3
"""Places in ``block[word]``; in ``biases[word]`` the biases and their accumulators stand in the same order."""

FROZEN_SQUARES = np.float32(1e37)
"""Accumulators of a word whose vectors must not change."""

CLIP = 100.0

Pairs = NDArray[Any]
Block = NDArray[np.float32]
Biases = NDArray[np.float32]


@compiled_fast
def _train_direction(
    block: Block, biases: Biases, i: Any, j: Any, log_count: Any, weight: Any, eta: Any, bias_rate: Any
) -> Any:
    """Correct ``w_i`` towards ``w~_j`` and the other way round; returns the cost before."""
    w, squares = block[i, 0], block[i, 1]
    context, context_squares = block[j, 2], block[j, 3]
    size = len(w)
    dot = np.float32(0.0)
    for k in range(size):
        dot += w[k] * context[k]
    diff = dot + biases[i, 0] + biases[j, 2] - log_count
    slope = weight * diff
    cost = np.float32(0.5) * slope * diff
    low, high = np.float32(-CLIP), np.float32(CLIP)
    one = np.float32(1.0)
    w_eta = eta if squares[0] < FROZEN_SQUARES else np.float32(0.0)
    context_eta = eta if context_squares[0] < FROZEN_SQUARES else np.float32(0.0)
    for k in range(size):
        step = min(max(slope * context[k], low), high) * w_eta
        context_step = min(max(slope * w[k], low), high) * context_eta
        w[k] -= step * (one / np.sqrt(squares[k]))
        context[k] -= context_step * (one / np.sqrt(context_squares[k]))
        squares[k] += step * step
        context_squares[k] += context_step * context_step
    bias_step = slope * bias_rate
    biases[i, 0] -= bias_step / np.sqrt(biases[i, 1])
    biases[j, 2] -= bias_step / np.sqrt(biases[j, 3])
    biases[i, 1] += bias_step * bias_step
    biases[j, 3] += bias_step * bias_step
    return cost


@compiled_fast
def train_pairs(
    pairs: Pairs,
    order: tuple[int, int],
    are_mirrored: bool,
    block: Block,
    biases: Biases,
    weighting: tuple[float, float],
    rates: tuple[float, float],
) -> tuple[float, int]:
    """Train on some pairs; returns (their summed cost before each correction, pairs trained).

    ``pairs``: :data:`PAIR`, n of them; ``order``: (stride, first): the k-th to be trained is
    ``(first + k * stride) % n``, and ``stride`` has no divisor in common with n. ``are_mirrored``: each pair stands for
    both directions, but one of a word with itself. ``block``: shape (V, 4, d); ``biases``: shape (V, 4).
    ``weighting``: (log x_max, alpha); ``rates``: (eta, rate of the biases).
    """
    log_limit, alpha = np.float32(weighting[0]), np.float32(weighting[1])
    eta, bias_rate = np.float32(rates[0]), np.float32(rates[1])
    stride, place = order
    total, trained = 0.0, 0
    for _ in range(len(pairs)):
        pair = pairs[place]
        place += stride
        if place >= len(pairs):
            place -= len(pairs)
        i, j, log_count = np.int64(pair.row), np.int64(pair.column), pair.log
        weight = np.float32(1.0)
        if log_count < log_limit:
            weight = np.float32(math.exp(alpha * (log_count - log_limit)))
        total += _train_direction(block, biases, i, j, log_count, weight, eta, bias_rate)
        trained += 1
        if are_mirrored and i != j:
            total += _train_direction(block, biases, j, i, log_count, weight, eta, bias_rate)
            trained += 1
    return total, trained


@compiled_fast
def mean_cost(
    pairs: Pairs,
    are_mirrored: bool,
    block: Block,
    biases: Biases,
    weighting: tuple[float, float],
    shift: float,
) -> float:
    """The mean cost of some pairs as the vectors are, in float64; arguments as in :func:`train_pairs`.

    ``shift`` is added to the logarithm of each count that is to be explained, but not to that which gives the weight.
    0 for no pairs; not finite once the numbers have exploded.
    """
    total, counted = 0.0, 0
    for pair in pairs:
        for direction in range(2 if are_mirrored and pair.row != pair.column else 1):
            i, j = np.int64(pair.row), np.int64(pair.column)
            if direction == 1:
                i, j = j, i
            w, context = block[i, 0], block[j, 2]
            diff = float(biases[i, 0]) + float(biases[j, 2]) - float(pair.log) - shift
            for k in range(len(w)):
                diff += float(w[k]) * float(context[k])
            weight = math.exp(min(0.0, weighting[1] * (float(pair.log) - weighting[0])))
            total += 0.5 * weight * diff * diff
            counted += 1
    return total / max(counted, 1)
