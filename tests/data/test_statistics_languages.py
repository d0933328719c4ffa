"""The language of a column is told from a sample, short texts and mixtures included."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from ptft_gui.data.examples.copies import text_hashes
from ptft_gui.data.examples.language import (
    TextSample,
    join_languages,
    languages_facts,
    languages_of,
    languages_sentence,
    needs_word_cutting,
)

GERMAN = ["Der Akku hält lange.", "Sehr gut", "Nicht zufrieden", "Lieferung schnell, gerne wieder"]
ENGLISH = ["The battery lasts long.", "Very good", "Not happy at all", "Quick delivery, would buy again"]
FRENCH = ["Très bon produit", "Je recommande vivement", "Déçu par la qualité", "Livraison rapide"]
CHINESE = ["电池很耐用，非常满意", "质量太差了", "物流很快，下次还会再来", "不推荐购买"]
JAPANESE = ["まあまあです", "とても良いと思います", "買ってよかった"]
TAGGED = ["我 们 今 天 去 北 京 大 学", "他 在 上 海 工 作 了 三 年"]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        (GERMAN, "The texts look German."),
        (ENGLISH, "The texts look English."),
        (FRENCH, "The texts look French."),
        (CHINESE, "The texts look Chinese."),
        (JAPANESE, "The texts look Japanese."),
        (TAGGED, "The texts look Chinese."),
        ([text.upper() for text in GERMAN], "The texts look German."),
        (["Привет, как дела сегодня?", "Хорошо, спасибо"], "The texts look Russian."),
        (["今天天气 good", "iPhone 7 发布会"], "The texts look Chinese."),
        ([], "The texts are too short to tell their language."),
        (["12", "3.5", "!!!", ""], "The texts are too short to tell their language."),
        (["Anna", "Olivia", "Quin", "Zeb"], "The texts are too short to tell their language."),
    ],
)
def test_languages_in_a_sentence(texts: list[str], sentence: str) -> None:
    assert languages_sentence(languages_of(texts)) == sentence


def test_a_mixture_is_told_with_its_shares() -> None:
    languages = languages_of([*ENGLISH] * 7 + [*CHINESE] * 3)
    assert [language.name for language in languages] == ["English", "Chinese"]
    assert languages[0].share == pytest.approx(0.7, abs=0.06)
    assert languages_sentence(languages).startswith("The texts are mixed: English ")


def test_words_must_be_cut_where_no_spaces_are() -> None:
    assert needs_word_cutting(languages_of(CHINESE))
    assert needs_word_cutting(languages_of(JAPANESE))
    assert needs_word_cutting(languages_of([*ENGLISH, *CHINESE]))
    assert not needs_word_cutting(languages_of(GERMAN))
    assert not needs_word_cutting(())


def test_groups_count_by_their_rows() -> None:
    joined = join_languages([(languages_of(ENGLISH), 900), (languages_of(CHINESE), 100), ((), 500)])
    assert languages_sentence(joined) == "The texts look English."
    assert joined[0].share == pytest.approx(0.9)
    facts = languages_facts(joined)
    assert facts["languages"][0] == {"code": "en", "name": "English", "share": 0.9}
    assert facts["needs_word_cutting"]


def test_a_sample_is_bounded_and_spread_over_the_whole_column() -> None:
    texts = pl.Series([f"text number {number}" + " and more" * 100 for number in range(5000)])
    hashes = text_hashes(texts)
    whole, pieces = TextSample(100), TextSample(100)
    whole.add(hashes, texts)
    for start in range(0, 5000, 700):
        pieces.add(hashes[start : start + 700], texts[start : start + 700])
        pieces.add(hashes[start : start + 9], texts[start : start + 9])
    assert whole.texts() == pieces.texts()
    assert len(whole.texts()) == 100
    assert max(map(len, whole.texts())) == 400
    places = [int(text.split()[2]) for text in whole.texts()]
    assert np.histogram(places, 5, (0, 5000))[0].min() >= 8


def test_the_language_is_found_again_when_the_sample_has_changed() -> None:
    sample = TextSample()
    first = pl.Series(ENGLISH)
    sample.add(text_hashes(first), first)
    assert sample.languages()[0].name == "English"
    second = pl.Series(CHINESE * 1)
    sample.add(text_hashes(second), second)
    assert {language.name for language in sample.languages()} == {"English", "Chinese"}
