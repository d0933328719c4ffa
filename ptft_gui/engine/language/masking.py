"""Which tokens a masked model must guess: drawn anew in every epoch, as a pure function of seed, epoch and example.

As in BERT (Devlin et al. 2019) a chosen token becomes [MASK] in 80 of 100 cases, any other token in 10, and stays as it
is in 10. An example is masked in the same way whenever it is read in the same epoch, in whatever batch it stands: so a
resumed run sees what the undisturbed one would have seen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.language.batches import Numbers

HELD_OUT_EPOCH = 1 << 31
"""The epoch of examples that are never learned from: their masks are fixed."""


@dataclass(frozen=True)
class Masked:
    """Masked examples: ``inputs`` (n, B); ``places``: flat places of the m tokens to guess; ``targets`` (m,)."""

    inputs: NDArray[np.int64]
    places: NDArray[np.int64]
    targets: NDArray[np.int64]


@dataclass(frozen=True)
class Masking:
    """How tokens are chosen. ``ordinary``: ids that are text; ``is_special`` and ``begins_word``: (V,) bool."""

    probability: float
    is_whole_word: bool
    mask_id: int
    ordinary: NDArray[np.int64]
    is_special: NDArray[np.bool_]
    begins_word: NDArray[np.bool_]
    seed: int

    def apply(self, blocks: NDArray[np.int64], numbers: Numbers, epoch: int) -> Masked:
        """``blocks`` (n, B) with their ``numbers``; at least one token of each is chosen where one is text."""
        inputs = blocks.copy()
        chosen = np.zeros(blocks.shape, bool)
        for row, number in enumerate(numbers):
            draw = np.random.default_rng([self.seed, epoch, int(number), 2])
            chosen[row] = self._choose(blocks[row], draw)
            self._disguise(inputs[row], chosen[row], draw)
        places = np.flatnonzero(chosen)
        return Masked(inputs, places, blocks.reshape(-1)[places])

    def _choose(self, block: NDArray[np.int64], draw: np.random.Generator) -> NDArray[np.bool_]:
        is_text = ~self.is_special[block]
        if not is_text.any():
            return is_text
        if self.is_whole_word:
            starts = self.begins_word[block] | ~is_text
            word = np.cumsum(starts) - (1 if starts[0] else 0)
            drawn = draw.random(int(word[-1]) + 1)[word]
        else:
            drawn = draw.random(len(block))
        drawn = np.where(is_text, drawn, 2.0)
        chosen: NDArray[np.bool_] = (drawn < self.probability) & is_text
        return chosen if chosen.any() else drawn == drawn.min()

    def _disguise(
        self, block: NDArray[np.int64], chosen: NDArray[np.bool_], draw: np.random.Generator
    ) -> None:
        """Change the chosen tokens of one block in place."""
        fate = draw.random(len(block))
        others = self.ordinary[draw.integers(len(self.ordinary), size=len(block))]
        block[chosen & (fate < 0.8)] = self.mask_id
        is_other = chosen & (fate >= 0.8) & (fate < 0.9)
        block[is_other] = others[is_other]
