"""Which blocks of the text a step learns from: pure functions of seed, epoch and number, so that resuming is exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import DataError
from ptft_gui.engine.language.tokens import Ids

Numbers = NDArray[np.int64]
_BLOCKS_FOR_SHIFTS = 64
"""A text of at least so many blocks is cut at another place in each epoch, at the price of one block."""
_SMALLEST_BLOCK = 8
"""Tokens; what the option allows."""


@dataclass(frozen=True)
class Blocks:
    """A row of T tokens as blocks of ``length`` tokens that lie side by side; each brings ``ahead`` tokens more.

    With ``ahead=1`` a block holds what follows its last token too, which is what a causal model has to guess.
    """

    tokens: Ids
    length: int
    ahead: int = 0

    @property
    def is_shifted(self) -> bool:
        """Whether each epoch cuts the text at other places."""
        return len(self.tokens) - self.ahead >= _BLOCKS_FOR_SHIFTS * self.length

    @property
    def count(self) -> int:
        room = len(self.tokens) - self.ahead - (self.length - 1 if self.is_shifted else 0)
        return max(room // self.length, 0)

    def shift(self, seed: int, epoch: int) -> int:
        """Where the first block of an epoch begins."""
        if not self.is_shifted:
            return 0
        return int(np.random.default_rng([seed, epoch, 1]).integers(self.length))

    def take(self, numbers: Numbers, shift: int = 0) -> NDArray[np.int64]:
        """Blocks by number, shape (n, length + ahead)."""
        places = (shift + numbers * self.length)[:, None] + np.arange(self.length + self.ahead)
        taken: NDArray[np.int64] = self.tokens[places].astype(np.int64)
        return taken

    def spread(self, most: int) -> Numbers:
        """At most ``most`` numbers, spread evenly over the text: what is looked at again and again."""
        count = min(most, self.count)
        return (
            np.unique(np.linspace(0, self.count - 1, count).astype(np.int64))
            if count
            else np.zeros(0, np.int64)
        )


def order_of_epoch(count: int, seed: int, epoch: int) -> Numbers:
    """The order in which an epoch reads its blocks."""
    return np.random.default_rng([seed, epoch]).permutation(count)


def check_enough(blocks: Blocks, block_size: int, characters: int) -> None:
    """Raise DataError for a text that does not fill a single block."""
    if blocks.count >= 1:
        return
    count = len(blocks.tokens)
    smaller = f", or set the block size (block_size) to {max(_SMALLEST_BLOCK, count // 4):,} or less"
    raise DataError(
        f"The text is too short for blocks of {block_size:,} tokens.",
        f"It has {count:,} tokens ({characters:,} characters) to learn from.",
        f"Choose a longer text{smaller if count > _SMALLEST_BLOCK else ''}.",
    )
