"""One sentence says how a start fits the labelled texts: language, length, capitals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ptft_gui.core.language_starts import LanguageStart
from ptft_gui.core.start_fit import ExampleTexts, fit_to_texts, reads_capitals


@pytest.fixture
def start(tmp_path: Path) -> LanguageStart:
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"do_lower_case": True}), encoding="utf-8")
    return LanguageStart(tmp_path, tmp_path, "folder", "Mini", "bert", 512, 6, 384, 12, 30_522)


def test_another_language_is_warned_of(start: LanguageStart) -> None:
    fits, sentence = fit_to_texts(start, ["English"], ExampleTexts("classification", "Chinese"))
    assert not fits
    assert sentence.startswith(
        "This model read English; your texts look Chinese. Expect a weak result; better:"
    )


def test_the_same_language_fits(start: LanguageStart) -> None:
    texts = ExampleTexts("classification", "English", "words", 40)
    assert fit_to_texts(start, ["English"], texts) == (
        True,
        "Fits: English, 6 layers, up to 512 tokens at once.",
    )
    assert fit_to_texts(start, [], texts) == (True, "Fits: 6 layers, up to 512 tokens at once.")


def test_texts_that_are_cut_off_are_told(start: LanguageStart) -> None:
    fits, sentence = fit_to_texts(start, [], ExampleTexts("classification", "", "words", 400))
    assert not fits
    assert "longer than the 512 tokens" in sentence


def test_names_need_capitals(start: LanguageStart, tmp_path: Path) -> None:
    fits, sentence = fit_to_texts(start, [], ExampleTexts("tagging", "English", "words", 20))
    assert not fits
    assert "does not tell capitals" in sentence
    assert reads_capitals(tmp_path / "nowhere") is None


@pytest.mark.parametrize("told", ["[1]", "{", json.dumps({"do_lower_case": "yes"})])
def test_settings_that_say_nothing_say_nothing(tmp_path: Path, told: str) -> None:
    (tmp_path / "tokenizer_config.json").write_text(told, encoding="utf-8")
    assert reads_capitals(tmp_path) is None
