"""Where the words that pushed an answer stand in a person's own text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ptft_gui.engine.classifier.head import ClassifierHead, write_head
from ptft_gui.engine.vectors import WordVectors, save_word_vectors
from ptft_gui.inspection.classify import classify
from ptft_gui.inspection.model import OpenedModel, open_model


@pytest.fixture
def model(tmp_path: Path) -> OpenedModel:
    """Five words in two classes."""
    words = ["sea", "ship", "forest", "tree", "new_york"]
    vectors = np.array([[2, 0], [1, 0], [0, 2], [0, 1], [1, 0]], dtype=np.float32)
    config = {"labels": ["water", "land"], "preparation": {"name": "words"}, "phrase_delimiter": "_"}
    head = ClassifierHead(np.eye(2, dtype=np.float32), np.zeros(2, dtype=np.float32), ("water", "land"))
    whole = WordVectors(words, np.arange(5, 0, -1), vectors, config)
    save_word_vectors(tmp_path / "model", whole, write_more=lambda folder: write_head(folder, head))
    return open_model(tmp_path / "model")


def test_each_word_is_found_where_it_stands(model: OpenedModel) -> None:
    text = "The SEA, a ship; no ships. \U0001f600 Tree"
    found = classify(model, text)
    marked = {text[start:end]: push for start, end, push in found.spans}
    assert marked["SEA"] == pytest.approx(2 * marked["ship"])
    assert marked["Tree"] is not None
    assert marked["Tree"] < 0 < marked["ship"]
    assert marked["ships"] is marked["a"] is None
    assert [text[start:end] for start, end, _ in found.spans][:4] == ["The", "SEA", "a", "ship"]


def test_both_words_of_a_phrase_carry_its_push(model: OpenedModel) -> None:
    text = "New York"
    assert [(text[start:end], push) for start, end, push in classify(model, text).spans] == [
        ("New", 0.5),
        ("York", 0.5),
    ]
