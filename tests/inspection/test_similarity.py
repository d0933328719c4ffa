"""Neighbours and analogies are exactly gensim's, and unknown words are met with help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core.errors import ModelError, UnknownWordError
from ptft_gui.engine.vectors import save_word_vectors
from ptft_gui.inspection.model import OpenedModel, open_model
from ptft_gui.inspection.neighbours import nearest_rows, row_lengths
from ptft_gui.inspection.similarity import analogy, compare_words, most_similar, parse_analogy

from .conftest import WORDS, make_vectors


@pytest.fixture
def gensim_vectors(model: OpenedModel) -> KeyedVectors:
    native = KeyedVectors(model.vectors.vectors.shape[1])
    native.add_vectors(list(model.vectors.words), np.array(model.vectors.vectors))
    return native


def _same(ours: list, theirs: list[tuple[str, float]]) -> None:
    assert [n.word for n in ours] == [word for word, _ in theirs]
    np.testing.assert_allclose([n.similarity for n in ours], [s for _, s in theirs], atol=1e-6)


@pytest.mark.parametrize("word", ["king", "music", "the"])
def test_neighbours_are_those_of_gensim(model: OpenedModel, gensim_vectors: KeyedVectors, word: str) -> None:
    _same(most_similar(model, word, 7).neighbours, gensim_vectors.most_similar(word, topn=7))


def test_several_words_ask_for_their_mean(model: OpenedModel, gensim_vectors: KeyedVectors) -> None:
    answer = most_similar(model, "folk music", 5)
    assert answer.positive == ("folk", "music")
    _same(answer.neighbours, gensim_vectors.most_similar(["folk", "music"], topn=5))


def test_analogies_are_those_of_gensim(model: OpenedModel, gensim_vectors: KeyedVectors) -> None:
    answer = analogy(model, "king - man + woman", 6)
    assert (answer.positive, answer.negative) == (("king", "woman"), ("man",))
    expected = gensim_vectors.most_similar(positive=["king", "woman"], negative=["man"], topn=6)
    _same(answer.neighbours, expected)


def test_a_neighbour_carries_its_count(model: OpenedModel) -> None:
    for neighbour in most_similar(model, "king").neighbours:
        assert neighbour.count == 5 * (len(WORDS) - WORDS.index(neighbour.word))


def test_all_neighbours_are_given_when_more_are_asked_for_than_there_are(model: OpenedModel) -> None:
    found = [n.word for n in most_similar(model, "king", 1000).neighbours]
    assert sorted(found) == sorted(set(WORDS) - {"king"})


@given(st.integers(1, 3000), st.integers(1, 30), st.integers(0, 2**31))
def test_the_quick_choice_of_the_best_is_exact(rows: int, topn: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    # Whole numbers make many ties and some rows of zeros.
    vectors = rng.integers(-2, 3, (rows, 3)).astype(np.float32)
    direction = np.array([1, 0, 0], np.float32)
    lengths = row_lengths(vectors)
    left_out = {int(rng.integers(rows))}
    scores = vectors @ direction / lengths
    order = [row for row in np.lexsort((np.arange(rows), -scores)) if row not in left_out][:topn]
    found = nearest_rows(vectors, lengths, direction, topn, left_out)
    assert [row for row, _ in found] == order


def test_a_question_is_prepared_like_the_text(model: OpenedModel) -> None:
    for asked, understood in (
        ("King", ("king",)),
        ("  KING! ", ("king",)),
        ("New York", ("new_york",)),
        ("cafe\u0301", ("caf\u00e9",)),
        ("don\u2019t", ("don't",)),
        ("Well-Known music", ("well-known", "music")),
        ("king king", ("king",)),
    ):
        assert most_similar(model, asked).positive == understood


def test_a_word_stands_as_it_is_where_text_was_not_prepared(model: OpenedModel) -> None:
    vectors = make_vectors(["King", "king", "U.S.", "queen", "a", "b"])
    plain = OpenedModel(Path("x"), replace(vectors, config={"preparation": "none", "min_count": 1}))
    assert most_similar(plain, "King").positive == ("King",)
    assert most_similar(plain, "U.S.").positive == ("U.S.",)
    assert most_similar(plain, "QUEEN").positive == ("queen",)


def test_an_unknown_word_is_met_with_close_ones(model: OpenedModel) -> None:
    with pytest.raises(UnknownWordError) as caught:
        most_similar(model, "kingg")
    problem = caught.value
    assert problem.message == f'"kingg" is not among the {len(WORDS)} words this model knows.'
    assert problem.suggestions == ("king", "kings", "kingdom")
    assert problem.detail == "It never occurs in the text. Close: king, kings, kingdom."


def test_a_rare_word_is_told_its_count_and_the_remedy(tmp_path: Path) -> None:
    save_word_vectors(tmp_path / "m", make_vectors(WORDS), {"zither": 3, "lute": 1})
    known = open_model(tmp_path / "m")
    with pytest.raises(UnknownWordError) as caught:
        most_similar(known, "Zither")
    assert caught.value.detail == "It occurs 3 times; the limit was 5. Close: the."
    assert caught.value.remedies[0].argument == {"min_count": 3}
    with pytest.raises(UnknownWordError) as caught:
        most_similar(known, "lute")
    assert caught.value.detail.startswith("It occurs once; the limit was 5.")
    with pytest.raises(UnknownWordError) as caught:
        most_similar(known, "qqq")
    assert caught.value.detail == "It never occurs in the text."


@pytest.mark.parametrize("text", ["", "   ", "!?", "x" * 2000])
def test_what_is_no_word_is_met_with_a_sentence(model: OpenedModel, text: str) -> None:
    with pytest.raises(ModelError):
        most_similar(model, text)


@pytest.mark.parametrize("topn", [0, -1, 10**9])
def test_a_number_of_neighbours_that_cannot_be_is_refused(model: OpenedModel, topn: int) -> None:
    with pytest.raises(ModelError, match="cannot be listed"):
        most_similar(model, "king", topn)


@pytest.mark.parametrize(
    ("text", "positive", "negative"),
    [
        ("king - man + woman", ("king", "woman"), ("man",)),
        ("king -man +woman = ?", ("king", "woman"), ("man",)),
        ("king-man+woman", ("king", "woman"), ("man",)),
        ("- man + king", ("king",), ("man",)),
        ("well-known - new york + film", ("well-known", "film"), ("new york",)),
        ("well-known", ("well-known",), ()),
        ("paris \u2212 france + italy", ("paris", "italy"), ("france",)),
    ],
)
def test_sums_of_words_are_understood(
    text: str, positive: tuple[str, ...], negative: tuple[str, ...]
) -> None:
    asked = parse_analogy(text)
    assert (asked.positive, asked.negative) == (positive, negative)


@pytest.mark.parametrize("text", ["", "+", "king -", "king - + woman", "-", " = ?"])
def test_a_sum_that_lacks_a_word_is_met_with_an_example(text: str) -> None:
    with pytest.raises(ModelError) as caught:
        parse_analogy(text)
    assert "king - man + woman" in caught.value.hint


_word = st.from_regex(r"[a-z]{1,5}(-[a-z]{1,5})?", fullmatch=True)


@given(st.lists(st.tuples(st.sampled_from("+-"), _word), min_size=1, max_size=6), st.sampled_from(["", " "]))
def test_every_sum_written_with_spaces_is_read_back(terms: list[tuple[str, str]], gap: str) -> None:
    text = " ".join(f"{sign}{gap}{word}" for sign, word in terms)
    asked = parse_analogy(text)
    assert list(asked.positive) == [word for sign, word in terms if sign == "+"]
    assert list(asked.negative) == [word for sign, word in terms if sign == "-"]


@given(st.text(max_size=40))
def test_any_text_is_a_sum_or_a_sentence(text: str) -> None:
    try:
        asked = parse_analogy(text)
    except ModelError:
        return
    assert asked.positive or asked.negative


def test_words_are_compared_pair_by_pair(model: OpenedModel, gensim_vectors: KeyedVectors) -> None:
    words, cosines = compare_words(model, ["king", "Queen", "music"])
    assert words == ["king", "queen", "music"]
    assert cosines[0, 1] == pytest.approx(gensim_vectors.similarity("king", "queen"), abs=1e-6)
    np.testing.assert_allclose(np.diag(cosines), 1.0, atol=1e-6)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no word vectors"):
        open_model(tmp_path)
    with pytest.raises(ModelError, match="There is no run, folder or file"):
        open_model(tmp_path / "absent")
