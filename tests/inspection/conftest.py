"""Small word vectors, saved as a run saves them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from ptft_gui.inspection.model import OpenedModel, open_model

WORDS = (
    "the of king queen man woman music folk dance film water war science paris france rome italy "
    "new_york well-known kings kingdom don't caf\u00e9 \u4e2d"
).split()


def make_vectors(words: list[str], dimensions: int = 20, seed: int = 1) -> WordVectors:
    """Random vectors, the counts falling."""
    numbers = np.random.default_rng(seed).standard_normal((len(words), dimensions)).astype(np.float32)
    counts = np.arange(len(words), 0, -1, dtype=np.int64) * 5
    config = {"name": "small", "family": "word2vec", "preparation": "words", "min_count": 5}
    return WordVectors(words, counts, numbers, config)


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    save_word_vectors(folder, make_vectors(WORDS))
    return folder


@pytest.fixture
def model(model_folder: Path) -> OpenedModel:
    return open_model(model_folder)
