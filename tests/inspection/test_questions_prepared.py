"""What a person types is cut as the text of the model was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ptft_gui.core.errors import ModelError, UnknownWordError
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.words import rows_of
from tests.inspection.conftest import make_vectors

WORDS = "King Paris paris 0000 mp0 , ? 北京 大学 王熙凤笑 清华大学 new_york new york".split()


def model_with(preparation: Any) -> OpenedModel:
    vectors = make_vectors(WORDS)
    return OpenedModel(Path("x"), replace(vectors, config={"preparation": preparation, "min_count": 5}))


def asked(text: str, **switches: str) -> list[str]:
    model = model_with({"name": "words", **switches})
    return [model.vectors.words[row] for row in rows_of(model, text)]


def test_capitals_are_kept_apart_where_the_model_kept_them() -> None:
    assert asked("Paris", case="keep") == ["Paris"]
    assert asked("paris", case="keep") == ["paris"]
    with pytest.raises(UnknownWordError, match='"PARIS" is not among'):
        asked("PARIS", case="keep")
    with pytest.raises(UnknownWordError, match='"king" is not among'):
        asked("king", case="keep")
    assert asked("PARIS") == ["paris"]


def test_numbers_are_written_as_in_the_text() -> None:
    assert asked("1999 mp3", digits="zero") == ["0000", "mp0"]


def test_a_typed_chinese_phrase_is_cut_into_words() -> None:
    assert asked("清华大学北京", chinese="words") == ["清华大学", "北京"]
    assert asked("清华大学，北京", chinese="words") == ["清华大学", "北京"]


def test_a_chinese_word_of_the_model_is_taken_whole_even_beside_others() -> None:
    assert asked("王熙凤笑 北京", chinese="words") == ["王熙凤笑", "北京"]


def test_a_mark_typed_beside_a_word_is_not_asked_about() -> None:
    assert asked("paris?", punctuation="keep") == ["paris"]
    assert asked("?", punctuation="keep") == ["?"]


def test_a_model_of_an_earlier_version_still_answers() -> None:
    model = model_with("words")
    assert [model.vectors.words[row] for row in rows_of(model, "PARIS, new york!")] == ["paris", "new_york"]
    assert model_with({"name": "words", "tones": "keep"}).preparation is None


@pytest.mark.parametrize(
    ("text", "switches", "detail"),
    [
        ("the of", {"stop_words": "drop", "language": "en"}, "Stop words were left out"),
        ("1999", {"digits": "drop"}, "Numbers were left out"),
        ("...", {}, "Only letters and digits make words."),
    ],
)
def test_what_was_left_out_of_the_text_is_told(text: str, switches: dict[str, str], detail: str) -> None:
    with pytest.raises(ModelError) as told:
        asked(text, **switches)
    assert told.value.detail.startswith(detail)
