"""What changed between two models: real trainings of small made-up texts, one word of which changed its company."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from gensim.models import Word2Vec

from ptft_gui.core.errors import ModelError, StoppedByPerson, UnknownWordError
from ptft_gui.engine.vectors import WordVectors
from ptft_gui.inspection.changes import beyond_usual, find_changes
from ptft_gui.inspection.comparison import compare_neighbours
from ptft_gui.inspection.model import OpenedModel

from .conftest import make_vectors

TOPICS = {topic: [f"{topic}{n}" for n in range(9)] for topic in "abcdefghij"}


def _sentences(shifted: str, topic: str, seed: int = 1) -> list[list[str]]:
    """Sentences of ten topics, each keeping to its own words; one word more lives among those of ``topic``."""
    rng = random.Random(seed)
    found = []
    for _ in range(6000):
        chosen = rng.choice(list(TOPICS))
        words = [*TOPICS[chosen], *([shifted] if chosen == topic else [])]
        found.append(rng.choices(words, k=7))
    return found


def _trained(sentences: list[list[str]], seed: int, **settings: int) -> OpenedModel:
    options = {"vector_size": 20, "epochs": 3, "min_count": 1, "sample": 0, "workers": 1, "sg": 1, **settings}
    model = Word2Vec(sentences, seed=seed, **options)
    words = list(model.wv.index_to_key)
    counts = np.array([model.wv.get_vecattr(word, "count") for word in words], np.int64)
    config = {"name": f"model {seed}"}
    return OpenedModel(Path("nowhere"), WordVectors(words, counts, model.wv.vectors, config))


@pytest.fixture(scope="module")
def before() -> OpenedModel:
    return _trained(_sentences("mouse", "a"), seed=1)


@pytest.fixture(scope="module")
def same_text(before: OpenedModel) -> OpenedModel:
    return _trained(_sentences("mouse", "a"), seed=2)


@pytest.fixture(scope="module")
def shifted() -> OpenedModel:
    return _trained(_sentences("mouse", "f", seed=5), seed=3)


def test_a_word_that_changed_its_company_stands_at_the_top(before: OpenedModel, shifted: OpenedModel) -> None:
    found = find_changes(shifted, before, topn=5)
    first, second = found.rows[:2]
    assert first.word == "mouse"
    assert first.change > 0.5
    assert first.change > second.change + 0.3
    assert {word[0] for word in first.before} == {"a"}
    assert {word[0] for word in first.after} == {"f"}
    assert first.count == shifted.vectors.counts[shifted.vectors.index["mouse"]]
    assert (found.common, found.only_before, found.only_after, found.is_turned) == (91, 0, 0, True)


def test_two_trainings_of_one_text_change_little(before: OpenedModel, same_text: OpenedModel) -> None:
    # the spaces themselves are turned: as they stand, words are nowhere near where they were
    index = before.vectors.index
    rows = [index[word] for word in same_text.vectors.words]
    cosines = np.einsum("ij,ij->i", before.vectors.vectors[rows], same_text.vectors.vectors)
    cosines /= before.lengths[rows] * same_text.lengths
    assert np.median(cosines) < 0.6
    found = find_changes(same_text, before, topn=91)
    changes = {row.word: row.change for row in found.rows}
    assert max(changes.values()) < 0.3
    assert changes["mouse"] < 0.2
    assert found.usual < 0.35


def test_a_model_is_no_different_from_itself_and_least_is_the_other_end(
    before: OpenedModel, shifted: OpenedModel
) -> None:
    same = find_changes(before, before, topn=10)
    assert [row.change for row in same.rows] == [0.0] * 10
    assert same.usual == pytest.approx(0, abs=1e-6)
    least = find_changes(shifted, before, topn=91, sort="least")
    assert least.rows[-1].word == "mouse"
    assert find_changes(shifted, before, topn=91).rows[0].word == "mouse"


def test_models_of_different_sizes_are_compared(before: OpenedModel) -> None:
    other = _trained(_sentences("mouse", "f", seed=5), seed=4, vector_size=12)
    assert find_changes(other, before, topn=1).rows[0].word == "mouse"
    assert find_changes(before, other, topn=1).rows[0].word == "mouse"


def test_rare_words_are_left_out_and_the_limit_is_stated(before: OpenedModel, shifted: OpenedModel) -> None:
    counts = shifted.vectors.counts.copy()
    counts[shifted.vectors.index["mouse"]] = 7
    vectors = shifted.vectors
    rare = OpenedModel(Path("nowhere"), WordVectors(vectors.words, counts, vectors.vectors, {"name": "rare"}))
    found = find_changes(rare, before, topn=100)
    assert "mouse" not in {row.word for row in found.rows}
    assert (found.common, found.judged, found.min_count) == (91, 90, 50)
    assert (
        found.sentence
        == "90 of 91 common words are compared, those that occur at least 50 times in both texts."
    )
    assert find_changes(rare, before, topn=1, min_count=5).rows[0].word == "mouse"


def test_words_of_one_model_only_are_counted(before: OpenedModel, shifted: OpenedModel) -> None:
    words = [f"new_{word}" if word[0] == "j" else word for word in shifted.vectors.words]
    other = OpenedModel(
        Path("nowhere"), WordVectors(words, shifted.vectors.counts, shifted.vectors.vectors, {})
    )
    found = find_changes(other, before)
    assert (found.common, found.only_after, found.only_before) == (82, 9, 9)
    assert {word[:5] for word in found.new_words} == {"new_j"}
    assert found.rows[0].word == "mouse"


def test_change_is_told_beyond_what_words_of_a_frequency_do() -> None:
    raw = np.concatenate([np.full(400, 0.2), np.full(400, 0.6)])
    raw[0], raw[100], raw[700], raw[-1] = 0.6, 0.6, 1.0, 0.8
    beyond = beyond_usual(raw)
    assert beyond[[0, 100, -1]] == pytest.approx(0.5)
    assert beyond[700] == pytest.approx(1.0)
    assert beyond[600] == pytest.approx(0.0)


def test_too_little_in_common_is_said(model: OpenedModel, before: OpenedModel) -> None:
    with pytest.raises(ModelError, match="too few words in common") as caught:
        find_changes(model, before)
    assert caught.value.detail == "They share 0 words; 20 are needed."
    with pytest.raises(StoppedByPerson):
        find_changes(before, before, should_stop=lambda: True)


def test_neighbours_stand_side_by_side(before: OpenedModel, shifted: OpenedModel) -> None:
    found = compare_neighbours(shifted, before, "mouse", topn=5)
    assert (found.shared, found.missing) == (0, None)
    assert {neighbour.word[0] for neighbour in found.here} == {"f"}
    assert {neighbour.word[0] for neighbour in found.there} == {"a"}
    same = compare_neighbours(before, before, "mouse", topn=5)
    assert same.shared == 5
    assert same.sentence == "5 of 5 neighbours are the same."


def test_a_word_of_one_model_only_is_shown_there(model: OpenedModel, before: OpenedModel) -> None:
    found = compare_neighbours(model, before, "king", topn=3)
    assert (len(found.here), found.there, found.missing) == (3, [], "there")
    assert found.sentence == "small knows king; model 1 does not."
    found = compare_neighbours(before, model, "king", topn=3)
    assert (found.here, len(found.there), found.missing) == ([], 3, "here")
    with pytest.raises(UnknownWordError, match="known to neither model"):
        compare_neighbours(before, model, "zzz")


def test_few_words_of_many_dimensions_are_judged_by_their_company() -> None:
    words = [f"w{n}" for n in range(30)]
    one, two = (make_vectors(words, 100, seed) for seed in (1, 2))
    counts = np.full(30, 100, np.int64)
    models = [OpenedModel(Path("x"), WordVectors(words, counts, v.vectors, {})) for v in (one, two)]
    assert not find_changes(*models).is_turned
