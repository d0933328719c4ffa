"""Going on from vector files that others made, each in its own form."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.engine.conftest import Train

REAL_DATA = os.environ.get("PTFT_REAL_DATA", "")

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not REAL_DATA, reason="PTFT_REAL_DATA is not set"),
]


@pytest.mark.parametrize("family", ["word2vec", "glove"])
@pytest.mark.parametrize(
    ("name", "words", "size"),
    [
        ("glove.6B.100d.sample.txt.gz", 100, 100),
        ("test_glove.txt", 76, 50),
        ("pang_lee_polarity_fasttext.vec", 1694, 100),
        ("euclidean_vectors.bin", 2747, 10),
    ],
)
def test_every_form_can_be_a_start(train_here: Train, name: str, words: int, size: int, family: str) -> None:
    file = Path(REAL_DATA, "word_vectors", name)
    done = train_here("news", init=file, family=family, epochs=1, initial_words="frozen")
    facts = done.named("resolved")[0].values["initial"]
    assert facts["words"] == words
    assert done.vectors.vectors.shape == (words + facts["new"], size)
    told = [notice.message for notice in done.named("notice")]
    assert f"{name} does not say how its text was cut into words." in told
