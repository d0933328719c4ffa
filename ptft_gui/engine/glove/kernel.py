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

from ptft_gui.engine.compiled import compiled_fast, compiled_part
from ptft_gui.engine.glove.lanes import adagrad_within
from ptft_gui.engine.lanes import LANES, dots_1, fetch_row

PAIR = np.dtype([("row", np.int32), ("column", np.int32), ("log", np.float32)])
"""A stored pair: rows of its two words and the natural logarithm of its count."""

W, W_SQUARES, CONTEXT, CONTEXT_SQUARES = 0, 1, 2, 3
"""Places in ``block[word]``; in ``biases[word]`` the biases and their accumulators stand in the same order."""

FROZEN_SQUARES = np.float32(1e37)
"""Accumulators of a word whose vectors must not change."""

CLIP = 100.0
_GROUPS = 1024

Pairs = NDArray[Any]
Block = NDArray[np.float32]
Biases = NDArray[np.float32]


_correct = adagrad_within(CLIP)


@compiled_part
def _train_direction(
    w: Any, context: Any, biases: Biases, i: Any, j: Any, log_count: Any, weight: Any, rates: Any, blocks: Any
) -> Any:
    """Correct ``w_i`` towards ``w~_j`` and the other way round, found at the addresses ``w`` and ``context``; returns
    the cost before. ``rates``: of ``w``, of ``w~``, of the biases."""
    diff = dots_1(w, (context,), blocks)[0] + biases[i, 0] + biases[j, 2] - log_count
    slope = weight * diff
    _correct(w, context, slope, rates[0], rates[1], blocks)
    bias_step = slope * rates[2]
    biases[i, 0] -= bias_step / np.sqrt(biases[i, 1])
    biases[j, 2] -= bias_step / np.sqrt(biases[j, 3])
    biases[i, 1] += bias_step * bias_step
    biases[j, 3] += bias_step * bias_step
    return np.float32(0.5) * slope * diff


@compiled_fast
def grouped(pairs: Pairs, factor: int) -> Pairs:
    """The pairs in another order: those whose rarer word is the same stand together, the groups in no order.

    Most of training is waiting for the vectors of rare words to come from memory; so each comes once for all of its
    pairs. ``factor``: an odd number below 2^31; another one brings the groups into another order. Two words may share
    a group.
    """
    ends = np.zeros(_GROUPS + 1, np.int64)
    for pair in pairs:
        ends[_group_of(pair, factor) + 1] += 1
    for group in range(_GROUPS):
        ends[group + 1] += ends[group]
    ordered = np.empty_like(pairs)
    for pair in pairs:
        group = _group_of(pair, factor)
        ordered[ends[group]] = pair
        ends[group] += 1
    return ordered


@compiled_part
def _group_of(pair: Any, factor: Any) -> Any:
    """Words are numbered by falling frequency. The upper bits of a product with an odd number scatter it."""
    return ((np.int64(max(pair.row, pair.column)) * np.int64(factor)) & 0x7FFFFFFF) // (0x80000000 // _GROUPS)


@compiled_fast
def train_pairs(
    pairs: Pairs,
    are_mirrored: bool,
    block: Block,
    biases: Biases,
    weighting: tuple[float, float],
    rates: tuple[float, float],
) -> tuple[float, int]:
    """Train on some pairs, in their order; returns (their summed cost before each correction, pairs trained).

    ``pairs``: :data:`PAIR`. ``are_mirrored``: each pair stands for both directions, but one of a word with itself.
    ``block``: shape (V, 4, d filled up to whole lanes), aligned (see ``model.py``); ``biases``: shape (V, 4).
    ``weighting``: (log x_max, alpha); ``rates``: (eta, rate of the biases).
    """
    log_limit, alpha = np.float32(weighting[0]), np.float32(weighting[1])
    eta, bias_rate, none = np.float32(rates[0]), np.float32(rates[1]), np.float32(0.0)
    base, blocks = block.ctypes.data, block.shape[2] // LANES
    word, context = (
        4 * blocks * LANES * 4,
        2 * blocks * LANES * 4,
    )  # bytes from word to word, and from w to w~
    last = len(pairs) - 1
    total, trained = 0.0, 0
    for place in range(len(pairs)):
        pair, coming = pairs[place], pairs[min(place + 1, last)]
        fetch_row(base + coming.row * word, 4 * blocks)
        fetch_row(base + coming.column * word, 4 * blocks)
        i, j, log_count = np.int64(pair.row), np.int64(pair.column), pair.log
        weight = np.float32(1.0)
        if log_count < log_limit:
            weight = np.float32(math.exp(alpha * (log_count - log_limit)))
        of_i = eta if block[i, 1, 0] < FROZEN_SQUARES else none
        of_j = eta if block[j, 1, 0] < FROZEN_SQUARES else none
        row, column = base + i * word, base + j * word
        at = (row, column + context, biases, i, j, log_count, weight, (of_i, of_j, bias_rate), blocks)
        total += _train_direction(*at)
        trained += 1
        if are_mirrored and i != j:
            at = (column, row + context, biases, j, i, log_count, weight, (of_j, of_i, bias_rate), blocks)
            total += _train_direction(*at)
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
