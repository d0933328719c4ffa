"""Where training begins when it does not begin from nothing: the words and numbers of an earlier model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.vectors import Floats32


@dataclass(frozen=True)
class InitialVectors:
    """V0 words that are known already.

    ``counts``: int64, shape (V0,), how often each occurred in the text it was learned from, 0 where nobody knows;
    ``vectors``: float32, shape (V0, d), perhaps mapped and read-only; ``output``: the output layer of negative
    sampling, shape (V0, d), where the start is a Word2Vec run that still has it; ``source``: the run, folder or file.
    ``layers``: further arrays of the start's own family, by the names of its checkpoints, first axis V0.
    ``config``: what is known of how it was made, as in a model's ``config.json``.
    """

    words: list[str]
    counts: NDArray[np.int64]
    vectors: Floats32
    output: Floats32 | None
    source: str
    layers: Mapping[str, Floats32] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """d, how many numbers a word has."""
        return int(self.vectors.shape[1])
