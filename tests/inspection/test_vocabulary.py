"""Type-ahead and close words."""

from __future__ import annotations

import difflib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.inspection.vocabulary import Vocabulary

_WORDS = ["the", "Music", "man", "music", "musical", "museum", "war", "Wars", "zebra", "\u00e9t\u00e9"]


def test_completions_are_the_most_frequent_that_begin_so() -> None:
    vocabulary = Vocabulary(_WORDS)
    found = [_WORDS[row] for row in vocabulary.complete("mus", 3)]
    assert found == ["Music", "music", "musical"]
    assert [_WORDS[row] for row in vocabulary.complete("WAR")] == ["war", "Wars"]
    assert vocabulary.complete("q") == []
    assert len(vocabulary.complete("", 4)) == 4


@given(
    st.lists(st.text("abcA", min_size=0, max_size=4), unique=True, max_size=60), st.text("abA", max_size=3)
)
def test_completions_miss_no_word(words: list[str], prefix: str) -> None:
    expected = [row for row, word in enumerate(words) if word.casefold().startswith(prefix.casefold())]
    assert Vocabulary(words).complete(prefix, 5) == expected[:5]


def test_close_words_are_the_likest() -> None:
    vocabulary = Vocabulary(_WORDS)
    assert _WORDS[vocabulary.close("musci")[0]].lower() == "music"
    assert [_WORDS[row] for row in vocabulary.close("zebre")] == ["zebra"]
    assert vocabulary.close("qqqqqq") == []
    assert vocabulary.close("") == []
    assert Vocabulary([]).close("a") == []


@pytest.fixture(scope="module")
def many_words() -> list[str]:
    rng = np.random.default_rng(3)
    letters = list("etaoinshrdlucmfw")
    return list({"".join(rng.choice(letters, rng.integers(3, 11))) for _ in range(20_000)})


@pytest.mark.parametrize("seed", range(5))
def test_the_narrowing_loses_no_close_word_of_a_large_vocabulary(many_words: list[str], seed: int) -> None:
    vocabulary = Vocabulary(many_words)
    rng = np.random.default_rng(seed)
    word = many_words[rng.integers(len(many_words))]
    place = int(rng.integers(len(word)))
    for misspelt in (word[:place] + word[place + 1 :], word[:place] + "e" + word[place:]):
        found = many_words[vocabulary.close(misspelt)[0]]
        assert _likeness(misspelt, found) == max(_likeness(misspelt, other) for other in many_words)


def _likeness(first: str, second: str) -> float:
    return difflib.SequenceMatcher(None, second, first, autojunk=False).ratio()
