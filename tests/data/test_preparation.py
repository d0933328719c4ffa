"""Text becomes words in one way, for training and for questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.data.preparation import Preparation, propose_preparation

WORDS, NONE = Preparation("words"), Preparation("none")


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("The cat sat. The dog ran!", [["the", "cat", "sat"], ["the", "dog", "ran"]]),
        ("Dr. Smith met J. R. Jones in the U.S. Army.", ["dr smith met j r jones in the u s army".split()]),
        ("It cost 3.14 or 1,000.5 (e.g. less).", [["it", "cost", "3.14", "or", "1,000.5", "e", "g", "less"]]),
        ("Don’t drop don't.", [["don't", "drop", "don't"]]),
        (
            "a well‐known new_york _italic_ -x- rock'n'roll",
            [["a", "well-known", "new_york", "italic", "x", "rock'n'roll"]],
        ),
        ("he said . no , fine", [["he", "said"], ["no", "fine"]]),
        ("one\ntwo\r\nthree", [["one"], ["two"], ["three"]]),
        ("word--word end.Next", [["word", "word", "end", "next"]]),
        ("Is it? “Yes.” He left.", [["is", "it"], ["yes"], ["he", "left"]]),
        ("我爱北京。天安门!", [["我", "爱", "北", "京"], ["天", "安", "门"]]),
        ("हिन्दी में लिखा है। दूसरा वाक्य।", [["हिन्दी", "में", "लिखा", "है"], ["दूसरा", "वाक्य"]]),
        ("co\u00adoperate \ufeffCafe\u0301 CAFÉ", [["cooperate", "café", "café"]]),
        ("... -- !!! \n\n", []),
        ("", []),
    ],
)
def test_words_are_cut_at_word_boundaries(text: str, sentences: list[list[str]]) -> None:
    assert WORDS.apply(text) == sentences


def test_none_changes_nothing_but_splits_at_white_space() -> None:
    text = "The  King's\tmen. <unk> , x\n\n _ £3.50"
    assert NONE.apply(text) == [["The", "King's", "men.", "<unk>", ",", "x"], ["_", "£3.50"]]


@given(st.text())
def test_preparing_prepared_text_changes_nothing(text: str) -> None:
    once = WORDS.apply(text)
    assert [WORDS.apply(" ".join(words)) for words in once] == [[words] for words in once]


@given(st.text())
def test_words_hold_no_space_and_no_capital(text: str) -> None:
    for word in (word for sentence in WORDS.apply(text) for word in sentence):
        assert word == word.lower()
        assert word.split() == [word]


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Z", "C"]), min_size=1), min_size=1))
def test_none_keeps_every_token(tokens: list[str]) -> None:
    assert [word for sentence in NONE.apply(" ".join(tokens)) for word in sentence] == " ".join(
        tokens
    ).split()


@given(st.text(alphabet="ab.!? \n。A"))
def test_cutting_into_sentences_loses_no_character(text: str) -> None:
    assert "".join(WORDS.cut_sentences(text)).replace("\n", "") == text.replace("\n", "")


@pytest.mark.parametrize(
    ("sample", "value"),
    [
        ("The quick brown fox jumps over the lazy dog. It is quick. " * 5, "words"),
        ("the quick brown fox jumps over the lazy dog " * 5, "none"),
        ("the film is , well , a film . it 's fine . " * 5, "none"),
        ("the film is, well, a film. it's fine. " * 5, "words"),
        ("红楼梦 曹雪芹 著 " * 20, "words"),
        ("short text", "words"),
    ],
)
def test_proposal_recognises_text_that_is_already_cut(sample: str, value: str) -> None:
    proposal = propose_preparation(sample)
    assert proposal.value == value
    assert proposal.reason.endswith(".")
