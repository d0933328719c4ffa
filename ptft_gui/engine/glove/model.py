"""A GloVe model: two vectors and two biases a word, with the accumulators of AdaGrad."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import psutil
from numpy.typing import NDArray

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.engine.glove.kernel import CONTEXT, Biases, Block, W
from ptft_gui.engine.vectors import Floats32
from ptft_gui.engine.vocabulary import check_vocabulary

_BYTES_A_NUMBER = 4
_ARRAYS = 4
_SHARE_OF_MEMORY = 0.9


@dataclass(frozen=True)
class GloveModel:
    """V words with vectors of d numbers.

    ``block``: float32, shape (V, 4, d): of each word ``w``, its accumulators, ``w~`` (the same word as a neighbour),
    its accumulators; ``biases``: float32, shape (V, 4), in the same order. Training changes both in place.
    """

    words: list[str]
    counts: NDArray[np.int64]
    block: Block
    biases: Biases

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


def build_model(values: Mapping[str, Any], counts: Mapping[str, int]) -> GloveModel:
    """An untrained model over the words that occur often enough.

    ``values``: resolved options. ``counts``: of all words, in order of first appearance (ties in frequency are
    ordered by it). As in the reference program vectors and biases start evenly spread over (-0.5, 0.5) / d and all
    accumulators at 1. Raises DataError for fewer than two words, PtftError for a model beyond the memory.
    """
    check_vocabulary(counts, values["min_count"])
    kept = sorted(
        ((word, count) for word, count in counts.items() if count >= values["min_count"]),
        key=lambda pair: -pair[1],
    )
    size = int(values["vector_size"])
    _check_memory(len(kept), size)
    rng = np.random.default_rng([values["seed"], 0x610])
    block = np.ones((len(kept), _ARRAYS, size), dtype=np.float32)
    biases = np.ones((len(kept), _ARRAYS), dtype=np.float32)
    for place in (W, CONTEXT):
        block[:, place] = (rng.random((len(kept), size), dtype=np.float32) - 0.5) / size
        biases[:, place] = (rng.random(len(kept), dtype=np.float32) - 0.5) / size
    counted = np.array([count for _, count in kept], dtype=np.int64)
    return GloveModel([word for word, _ in kept], counted, block, biases)


def _check_memory(words: int, size: int) -> None:
    needed = words * size * _BYTES_A_NUMBER * _ARRAYS
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
