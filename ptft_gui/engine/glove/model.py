"""A GloVe model: two vectors and two biases a word, with the accumulators of AdaGrad.

Going on from a GloVe run that still has its checkpoint takes over everything: W, W~, the biases and the accumulators,
so that words that were corrected often go on with small steps; the biases are shifted by what the length of the new
text adds to the logarithm of every count. From finished vectors only W + W~ is known. Half of it becomes W and half
W~, the accumulators begin anew, and the biases begin at what they would be if words met by chance.

A frozen word's accumulators stand at :data:`~ptft_gui.engine.glove.kernel.FROZEN_SQUARES`, which no word reaches by
learning and by which the routines know it. Its biases stay free, as they are no part of its vector.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.engine.glove.kernel import (
    CONTEXT,
    CONTEXT_SQUARES,
    FROZEN_SQUARES,
    W_SQUARES,
    Biases,
    Block,
    W,
)
from ptft_gui.engine.initial import InitialVectors, JointVocabulary, is_frozen, join_vocabularies
from ptft_gui.engine.lanes import LANES, empty_rows
from ptft_gui.engine.vectors import Floats32
from ptft_gui.engine.vocabulary import check_vocabulary

_BYTES_A_NUMBER = 4
_ARRAYS = 4
_SHARE_OF_MEMORY = 0.9


@dataclass(frozen=True)
class GloveModel:
    """V words with vectors of d numbers.

    ``lanes``: float32, shape (V, 4, d filled up to a multiple of 16), each row at a multiple of 64 bytes: of each word
    ``w``, its accumulators, ``w~`` (the same word as a neighbour), its accumulators. ``biases``: float32, shape (V, 4),
    in the same order. Training changes both in place; what fills the rows up stays as it is.
    """

    words: list[str]
    counts: NDArray[np.int64]
    lanes: Block
    size: int
    biases: Biases
    joint: JointVocabulary | None = None
    """Where its words came from; None when training began from nothing."""

    @property
    def block(self) -> Block:
        """``lanes`` without what fills the rows up, shape (V, 4, d): the same memory."""
        return self.lanes[:, :, : self.size]

    @property
    def vectors(self) -> Floats32:
        """W + W~, shape (V, d): the word vectors (section 4.2 of the paper), a copy."""
        return summed(self.block)

    def layers(self) -> dict[str, Floats32]:
        """Every array that training changes."""
        return {"block": self.block, "biases": self.biases}


def summed(block: Block) -> Floats32:
    """W + W~ out of a block, shape (V, 4, d) to (V, d)."""
    vectors: Floats32 = block[:, W] + block[:, CONTEXT]
    return vectors


def build_model(
    values: Mapping[str, Any], counts: Mapping[str, int], initial: InitialVectors | None = None
) -> GloveModel:
    """A model over the words that occur often enough, untrained or with what ``initial`` has learned.

    ``values``: resolved options. ``counts``: of all words, in order of first appearance (ties in frequency are
    ordered by it). As in the reference program vectors and biases start evenly spread over (-0.5, 0.5) / d and all
    accumulators at 1. Raises DataError for fewer than two words, PtftError for a model beyond the memory.
    """
    size = int(values["vector_size"])
    if initial is not None:
        joint = join_vocabularies(initial, counts, values["min_count"])
        _check_memory(len(joint), size)
        lanes, biases = _fresh_arrays(len(joint), size, int(values["seed"]))
        _take_over(initial, joint, values, lanes[:, :, :size], biases)
        return GloveModel(joint.words, joint.counts, lanes, size, biases, joint)
    check_vocabulary(counts, values["min_count"])
    kept = sorted(
        ((word, count) for word, count in counts.items() if count >= values["min_count"]),
        key=lambda pair: -pair[1],
    )
    _check_memory(len(kept), size)
    counted = np.array([count for _, count in kept], dtype=np.int64)
    lanes, biases = _fresh_arrays(len(kept), size, values["seed"])
    return GloveModel([word for word, _ in kept], counted, lanes, size, biases)


def _fresh_arrays(words: int, size: int, seed: int) -> tuple[Block, Biases]:
    rng = np.random.default_rng([seed, 0x610])
    lanes = empty_rows(words * _ARRAYS, size).reshape(words, _ARRAYS, -1)
    lanes[:, [W_SQUARES, CONTEXT_SQUARES]] = 1
    biases = np.ones((words, _ARRAYS), dtype=np.float32)
    for place in (W, CONTEXT):
        lanes[:, place, :size] = (rng.random((words, size), dtype=np.float32) - 0.5) / size
        biases[:, place] = (rng.random(words, dtype=np.float32) - 0.5) / size
    return lanes, biases


def _take_over(
    initial: InitialVectors, joint: JointVocabulary, values: Mapping[str, Any], block: Block, biases: Biases
) -> None:
    """Put what the start has learned in its place; see the module."""
    old = np.flatnonzero(joint.are_old)
    known = initial.layers
    if {"block", "biases"} <= known.keys():
        joint.spread(known["block"], block)
        joint.spread(known["biases"], biases)
        longer = values["total_words"] / max(int(initial.config.get("total_words") or 0), 1)
        shift = math.log(longer) / 2 if initial.config.get("total_words") else 0.0
        for place in (W, CONTEXT):
            biases[old, place] += np.float32(shift)
    else:
        half = np.asarray(initial.vectors, dtype=np.float32) / 2
        joint.spread(half, block[:, W])
        joint.spread(half, block[:, CONTEXT])
        biases[:, [W, CONTEXT]] = _chance(joint, int(values["window"]), bool(values["symmetric"]))[:, None]
    for place in (W_SQUARES, CONTEXT_SQUARES):
        if is_frozen(values):
            block[old, place] = FROZEN_SQUARES
        else:  # words that were frozen before begin anew
            squares = block[old, place]
            block[old, place] = np.where(squares < FROZEN_SQUARES, squares, np.float32(1))


def _chance(joint: JointVocabulary, window: int, is_symmetric: bool) -> Biases:
    """Biases with which two words meet as often as chance lets them: ``log(c_i c_j m / N)`` in two halves; shape (V,).

    ``m`` is the weight of all neighbours of one word, twice (or once) the sum of 1 / distance.
    """
    total = max(int(joint.text_counts.sum()), 1)
    reach = (2 if is_symmetric else 1) * sum(1 / distance for distance in range(1, window + 1))
    halves = np.log(np.maximum(joint.text_counts, 1)) + (math.log(reach) - math.log(total)) / 2
    return halves.astype(np.float32)


def _check_memory(words: int, size: int) -> None:
    needed = words * -(-size // LANES) * LANES * _BYTES_A_NUMBER * _ARRAYS
    available = psutil.virtual_memory().available
    if needed <= available * _SHARE_OF_MEMORY:
        return
    smaller = max(1, int(size * available * 0.5 / needed))
    raise PtftError(
        "This model does not fit in this computer's memory.",
        f"{words:,} words with four times {size:,} numbers each need {needed / 1e9:.1f} GB; "
        f"{available / 1e9:.1f} GB are free.",
        "Use a smaller vector size, or raise the minimum count.",
        (Remedy("new_run_with", f"Use vector size {smaller}", {"vector_size": smaller}),),
    )
