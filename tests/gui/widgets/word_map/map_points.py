"""Points to try maps on, and what a map shows of them."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from ptft_gui.gui.widgets.word_map import MapPoints, WordMap


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


def paint(words: WordMap) -> QImage:
    QApplication.processEvents()
    return words.grab().toImage()


def colours_of(image: QImage) -> set[str]:
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(plain.constBits(), dtype=np.uint32) & 0xFFFFFF
    return {f"#{pixel:06X}" for pixel in np.unique(pixels)}


def written(words: WordMap) -> list[str]:
    return [words.scene.points.words[label.wish.row] for label in words.labels()]
