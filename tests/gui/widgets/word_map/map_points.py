"""Points to try maps on."""

from __future__ import annotations

import numpy as np

from ptft_gui.gui.widgets.word_map import MapPoints


def cloud(count: int, dimensions: int = 2, seed: int = 0) -> MapPoints:
    """``count`` words in a few clusters, the first the most frequent; w0, w1 ..."""
    random = np.random.default_rng(seed)
    middles = random.normal(size=(5, dimensions))
    groups = random.integers(0, 5, count)
    positions = (middles[groups] + random.normal(size=(count, dimensions)) * 0.2).astype(np.float32)
    return MapPoints(
        [f"w{number}" for number in range(count)],
        positions,
        (100_000 / np.arange(1, count + 1)).astype(np.int64) + 1,
        groups.astype(np.int32),
        tuple(f"group {number}" for number in range(5)),
        positions[:, 0].copy(),
        "how happy",
    )
