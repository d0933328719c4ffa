"""Texts that say the same have one hash, here and everywhere."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import numpy as np
import polars as pl
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.data.examples.copies import (
    EMPTY,
    LONG_TEXT,
    _hash_folded,
    example_hashes,
    fold_text,
    input_roles,
    text_hashes,
)

ANY_TEXT = st.text(
    st.one_of(st.sampled_from(" \t\n\x0b\x1c\x85\xa0\u3000ABc"), st.characters(exclude_categories=["Cs"]))
)


@given(st.lists(st.none() | ANY_TEXT))
def test_many_texts_are_hashed_as_each_one_alone(texts: list[str | None]) -> None:
    hashes = text_hashes(pl.Series(texts, dtype=pl.String))
    expected = [xxhash.xxh3_64_intdigest(fold_text(text or "").encode()) for text in texts]
    assert hashes.dtype == np.uint64
    assert hashes.tolist() == expected


@given(ANY_TEXT, st.integers(1, 5))
def test_a_long_text_has_the_same_hash_in_pieces(text: str, piece: int) -> None:
    """Signs that are composed from two are the exception where no white space is near."""
    text = "".join(sign for sign in unicodedata.normalize("NFC", text) if not unicodedata.combining(sign))
    folded = fold_text(text)
    if unicodedata.normalize("NFD", folded) == folded:
        assert _hash_folded(text, piece) == xxhash.xxh3_64_intdigest(folded.encode())


def test_a_text_of_megabytes_is_hashed_like_a_short_one() -> None:
    text = "Élan  vital\t" * 300_000
    folded = fold_text(text)
    assert text_hashes(pl.Series([text]))[0] == xxhash.xxh3_64_intdigest(folded.encode())
    assert len(text) > LONG_TEXT


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Good  day", "good day"),
        ("good\tday\r\n", " good day "),
        ("ÉTÉ", "e\u0301te\u0301"),
        ("Straße", "STRASSE"),
        ("新闻\u3000标题", "新闻 标题"),
        ("a\u00a0b", "A b"),
    ],
)
def test_case_space_and_composition_make_no_difference(one: str, other: str) -> None:
    first, second = text_hashes(pl.Series([one, other]))
    assert first == second


def test_other_texts_have_other_hashes() -> None:
    texts = ["good day", "goodday", "good, day", "día", "dia", "新闻", "新聞", ""]
    assert len(set(text_hashes(pl.Series(texts)).tolist())) == len(texts)


def test_hashes_never_change() -> None:
    """They are compared with those of earlier days and other machines."""
    program = (
        "import polars as pl; from ptft_gui.data.examples.copies import *;"
        "print(*text_hashes(pl.Series(['Good  day', '新闻', None])),"
        " example_hashes([pl.Series(['a']), pl.Series(['b'])])[0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [
        "16248889495970753323",
        "12814719214561149316",
        "3244421341483603138",
        "13038210568795753816",
    ]


def test_lists_count_as_their_words_joined() -> None:
    words = pl.Series([["EU", "rejects"], [], None, [None, "x"]], dtype=pl.List(pl.String))
    texts = pl.Series(["eu rejects", "", None, "x"])
    assert text_hashes(words).tolist() == text_hashes(texts).tolist()


def test_an_example_is_all_its_columns_in_order() -> None:
    one, two = pl.Series(["a", "b", "a", "", None]), pl.Series(["b", "a", "b", "", ""])
    hashes = example_hashes([one, two])
    assert hashes[0] == hashes[2] != hashes[1]
    assert hashes[3] == hashes[4] == EMPTY
    assert example_hashes([one]).tolist() == text_hashes(one).tolist()
    shifted = example_hashes([pl.Series(["ab", "a", ""]), pl.Series(["", "b", "ab"])])
    assert len(set(shifted.tolist())) == 3


def test_mixing_spreads_over_all_bits() -> None:
    numbers = pl.Series([str(number) for number in range(20_000)])
    hashes = example_hashes([numbers, numbers])
    assert len(np.unique(hashes)) == 20_000
    bits = np.unpackbits(hashes.view(np.uint8).reshape(-1, 8), axis=1).mean(axis=0)
    assert np.all(np.abs(bits - 0.5) < 0.02)


def test_what_the_model_shall_answer_is_no_input() -> None:
    assert input_roles("classification") == ("text",)
    assert input_roles("pair-similarity") == ("text", "text_pair")
    assert input_roles("question-answering") == ("question", "context")
    assert input_roles("tagging") == ("tokens",)
    assert input_roles("reply") == ("prompt", "reply")
