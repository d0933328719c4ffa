"""Two halves of a text that follow each other, or do not: what the first BERT guessed beside hidden tokens.

A block is cut in two; in half of the cases the second part is exchanged for that of another block. Which, is a pure
function of seed, epoch and number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.language.batches import Blocks, Numbers

FOLLOWS, IS_OTHER = 0, 1
"""As transformers numbers the answers (Devlin et al. 2019: IsNext and NotNext)."""


@dataclass(frozen=True)
class Pairs:
    """``first`` (n, a) and ``second`` (n, b) halves, and ``follows`` (n,): FOLLOWS or IS_OTHER."""

    first: NDArray[np.int64]
    second: NDArray[np.int64]
    follows: NDArray[np.int64]


def pair_halves(blocks: Blocks, numbers: Numbers, shift: int, seed: int, epoch: int) -> Pairs:
    """The blocks with these numbers as pairs of halves; a text of a single block has no other to exchange with."""
    whole = blocks.take(numbers, shift)
    cut = (blocks.length + 1) // 2
    others, follows = numbers.copy(), np.full(len(numbers), FOLLOWS, np.int64)
    for row, number in enumerate(numbers):
        draw = np.random.default_rng([seed, epoch, int(number), 3])
        if draw.random() < 0.5 and blocks.count > 1:
            others[row] = (int(number) + int(draw.integers(1, blocks.count))) % blocks.count
            follows[row] = IS_OTHER
    return Pairs(whole[:, :cut], blocks.take(others, shift)[:, cut:], follows)
