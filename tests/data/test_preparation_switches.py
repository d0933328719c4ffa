"""Every switch of the preparation does what its words say, in several languages and for whatever is typed."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from typing import Any

import pytest
import stopwordsiso
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.family.data_options import LANGUAGES, PREPARATION_OPTIONS
from ptft_gui.data.documents import Passage
from ptft_gui.data.preparation import Preparation, check_switches
from ptft_gui.data.sentences import SentenceMaker

MIXED = "Der Preis stieg 2024 um 3.14 %, sagte “Anna”!"


def words(text: str, name: Any = "words", **switches: Any) -> list[str]:
    return [word for sentence in Preparation(name, **switches).apply(text) for word in sentence]


@pytest.mark.parametrize(
    ("switches", "text", "found"),
    [
        ({}, MIXED, "der preis stieg 2024 um 3.14 sagte anna"),
        ({"case": "keep"}, MIXED, "Der Preis stieg 2024 um 3.14 sagte Anna"),
        ({"case": "keep"}, "Don’t CAFÉ İzmir", "Don't CAFÉ İzmir"),
        ({"digits": "drop"}, MIXED, "der preis stieg um sagte anna"),
        ({"digits": "drop"}, "mp3 covid-19 1,000 1999-2001 ٣٤", "mp3 covid-19"),
        ({"digits": "zero"}, MIXED, "der preis stieg 0000 um 0.00 sagte anna"),
        ({"digits": "zero"}, "mp3 ٣٤ 1,000", "mp0 00 0,000"),
        ({"punctuation": "keep"}, MIXED, "der preis stieg 2024 um 3.14 % , sagte “ anna ” !"),
        ({"punctuation": "keep"}, "well... (don't) -- ¿qué?", "well ... ( don't ) -- ¿ qué ?"),
        ({"punctuation": "keep"}, "tea ❤️ 👍🏽 👨\u200d👩\u200d👧", "tea ❤️ 👍🏽 👨\u200d👩\u200d👧"),
        ({"stop_words": "drop", "language": "en"}, "The king and the queen", "king queen"),
        ({"stop_words": "drop", "language": "en", "case": "keep"}, "The King isn’t AND", "King"),
        ({"stop_words": "drop", "language": "de"}, "Der König und die Königin", "könig königin"),
        ({"stop_words": "drop", "language": "ru"}, "Это река и собака", "река собака"),
        ({"stop_words": "drop", "language": "de", "punctuation": "keep"}, "Und Haus, Hof.", "haus , hof ."),
        ({"stop_words": "drop", "language": "zh", "chinese": "words", "punctuation": "keep"}, "我的北京。", "北京 。"),
        ({"stop_words": "drop"}, "no language is known", "no language is known"),
        ({"chinese": "words"}, "我来到北京清华大学", "我 来到 北京 清华大学"),
        ({"chinese": "words"}, "2024年Python课程，很好！", "2024 年 python 课程 很 好"),
        ({"chinese": "words"}, "ひらがなと漢字カタカナ", "ひ ら が な と 漢字 カ タ カ ナ"),
        ({"chinese": "characters"}, "我来到北京", "我 来 到 北 京"),
        ({"markup": "drop"}, "Good.<br /><br />Bad <b>day</b>", "good bad day"),
        ({"markup": "drop"}, "Bush #39;s AT&amp;T &quot;plan&quot; &#x41;", "bush's at t plan a"),
        ({"markup": "drop"}, "&lt;b&gt;bold&lt;/b&gt; a < b <unk> <3", "bold a b unk 3"),
        ({"markup": "drop"}, "x&notalk; R&D; caf&eacute;", "x notalk r d café"),
        ({"markup": "keep"}, "a<br />b &amp; c", "a br b amp c"),
    ],
)  # fmt: skip
def test_a_switch_does_what_it_says(switches: dict[str, Any], text: str, found: str) -> None:
    assert words(text, **switches) == found.split()


@pytest.mark.parametrize(
    ("switches", "found"),
    [
        ({}, "Der Preis stieg 2024 um 3.14 %, sagte “Anna”!"),
        ({"case": "lower"}, "der preis stieg 2024 um 3.14 %, sagte “anna”!"),
        ({"digits": "drop"}, "Der Preis stieg um %, sagte “Anna”!"),
        ({"digits": "zero"}, "Der Preis stieg 0000 um 0.00 %, sagte “Anna”!"),
        ({"punctuation": "drop"}, "Der Preis stieg 2024 um 3.14 sagte Anna"),
        ({"stop_words": "drop", "language": "de"}, "Preis stieg 2024 3.14 %, “Anna”!"),
    ],
)
def test_the_switches_work_on_text_that_is_cut_at_spaces_only(switches: dict[str, Any], found: str) -> None:
    assert words(MIXED, "none", **switches) == found.split()


def test_chinese_between_spaces_is_left_alone_unless_asked() -> None:
    assert words("北京大学 hello", "none") == ["北京大学", "hello"]
    assert words("北京大学 hello", "none", chinese="characters") == ["北", "京", "大", "学", "hello"]
    assert words("来到北京 hello", "none", chinese="words") == ["来到", "北京", "hello"]


def test_a_sentence_ends_where_it_is_told_to() -> None:
    text = "One two. Three four.\nFive <br/>six."
    assert len(Preparation().apply(text)) == 3
    assert len(Preparation(sentences="lines").apply(text)) == 2
    assert Preparation(markup="drop").apply("Five<br/>six") == [["five"], ["six"]]
    assert Preparation(markup="drop", sentences="lines").apply("Five<br/>six") == [["five", "six"]]
    assert len(Preparation("none", sentences="split").apply(text)) == 3


def test_an_invisible_mark_after_a_symbol_is_no_word() -> None:
    assert words("I ❤️ you") == ["i", "you"]


def test_the_program_is_quiet_and_keeps_its_own_digest_of_the_dictionary(
    capfd: pytest.CaptureFixture[str], home_of_its_own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ptft_gui.data.preparation import chinese

    chinese._tokenizer.cache_clear()
    monkeypatch.setenv("TMPDIR", str(home_of_its_own / "nowhere"))
    assert chinese.chinese_words("北京大学") == ["北京大学"]
    assert "".join(capfd.readouterr()) == ""
    assert [path.suffix for path in (home_of_its_own / "cache" / "jieba").iterdir()] == [".cache"]
    assert not logging.getLogger("jieba").handlers


def test_a_damaged_digest_is_made_anew(home_of_its_own: Path) -> None:
    from ptft_gui.data.preparation import chinese

    chinese._tokenizer.cache_clear()
    chinese.chinese_words("北京大学")
    (digest,) = (home_of_its_own / "cache" / "jieba").iterdir()
    digest.write_bytes(digest.read_bytes()[:100])
    chinese._tokenizer.cache_clear()
    assert chinese.chinese_words("北京大学") == ["北京大学"]
    assert digest.stat().st_size > 1000


def test_every_language_that_can_be_chosen_has_stop_words() -> None:
    assert set(LANGUAGES) == stopwordsiso.langs()


CHOICES = {option.key: tuple(dict(option.choices)) for option in PREPARATION_OPTIONS}
preparations = st.builds(
    lambda name, **switches: Preparation(name, **switches),
    name=st.sampled_from(CHOICES.pop("preparation")),
    **{key: st.none() | st.sampled_from(values) for key, values in CHOICES.items() if key != "language"},
    language=st.none() | st.sampled_from(("en", "de", "zh", "ja", "ru")),
)
texts = st.text() | st.text(alphabet="aB1 .,'-_\n我爱北京大学ひ。！<br/>&amp;#39;\u0301❤\ufe0f", max_size=40)


@given(preparations, texts)
def test_a_record_is_the_preparation_again(preparation: Preparation, text: str) -> None:
    again = Preparation.from_record(preparation.to_record())
    assert again == preparation
    assert again.apply(text) == preparation.apply(text)
    assert preparation.describe().endswith(".")


@given(preparations, texts)
def test_words_are_never_empty_and_hold_no_space(preparation: Preparation, text: str) -> None:
    for sentence in preparation.apply(text):
        assert sentence
        for word in sentence:
            assert word.split() == [word]


@given(preparations.filter(lambda p: p.chinese != "words" and p.markup == "keep"), texts)
def test_preparing_what_was_prepared_changes_nothing(preparation: Preparation, text: str) -> None:
    """Not promised of jieba, which looks at a whole sentence, nor of markup that hides markup."""
    once = [word for sentence in preparation.apply(text) for word in sentence]
    again = [word for sentence in preparation.apply(" ".join(once)) for word in sentence]
    assert again == once


@given(preparations, texts)
def test_a_sentence_is_cut_the_same_in_pieces_between_spaces(preparation: Preparation, text: str) -> None:
    whole = [word for sentence in preparation.apply(text) for word in sentence]
    chunks = [chunk for sentence in preparation.cut_sentences(text) for chunk in sentence.split()]
    assert [word for chunk in chunks for word in preparation.cut(chunk)] == whole


@given(preparations, texts)
def test_what_is_asked_is_cut_like_the_text_trained_on(preparation: Preparation, text: str) -> None:
    trained = [word for sentence in preparation.apply(text) for word in sentence]
    asked = preparation.words_asked(text)
    if any(any(map(str.isalnum, word)) for word in trained):
        trained = [word for word in trained if any(map(str.isalnum, word))]
    assert asked == trained
    for word in trained:
        assert preparation.words_asked(word, {word}) == [word] or preparation.markup == "drop"


@given(st.text(alphabet="我爱北京大学红楼梦贾宝玉林黛玉道笑", max_size=30))
def test_cutting_chinese_into_words_loses_no_sign(text: str) -> None:
    assert "".join(words(text, chinese="words")) == text


def test_models_of_earlier_versions_are_understood() -> None:
    assert Preparation.from_record("words") == Preparation("words", chinese="characters")
    assert Preparation.from_record("none") == Preparation("none")
    assert Preparation.from_settings({"preparation": "none", "epochs": 3}) == Preparation("none")
    settings = {"preparation": "words", "case": "keep", "stop_words": "keep", "window": 5, "digits": None}
    assert Preparation.from_settings(settings) == Preparation(case="keep")


@pytest.mark.parametrize(
    "record", [None, 3, "phonemes", {"name": "words", "case": "upper"}, {"tones": "keep"}, {"case": ["keep"]}]
)
def test_an_unknown_record_is_refused_in_words(record: Any) -> None:
    with pytest.raises(DataError, match="does not know how the text was prepared") as told:
        Preparation.from_record(record)
    assert "newer" in told.value.hint


def test_a_switch_that_does_not_exist_is_refused() -> None:
    check_switches({"case": "keep", "language": "de"})
    with pytest.raises(DataError):
        check_switches({"case": "upper"})


@pytest.mark.parametrize(
    ("preparation", "sentence"),
    [
        (Preparation("none"), "Text is cut at spaces only; nothing else is changed."),
        (
            Preparation(),
            "Text is cut into words; all in lower case; numbers are kept; punctuation is left out.",
        ),
        (
            Preparation(case="keep", digits="zero", stop_words="drop", language="de", chinese="words"),
            "Text is cut into words; capitals are kept; every digit is written as 0; punctuation is left out; German "
            "stop words are left out; Chinese is cut into words.",
        ),
        (Preparation("none", case="lower"), "Text is cut at spaces only; all in lower case."),
    ],
)
def test_a_preparation_is_told_in_plain_words(preparation: Preparation, sentence: str) -> None:
    assert preparation.describe() == sentence


def test_chinese_without_any_mark_is_cut_in_a_moment() -> None:
    """jieba by itself takes the square of the length: minutes for this text."""
    begin = time.process_time()
    found = words("我爱" * 10_000, chinese="words")
    assert "".join(found) == "我爱" * 10_000
    assert time.process_time() - begin < 10


def test_a_stop_is_heard_while_chinese_is_cut() -> None:
    heard: list[int] = []

    def heed() -> None:
        heard.append(1)
        if len(heard) == 3:
            raise StoppedByPerson

    with pytest.raises(StoppedByPerson):
        SentenceMaker(Preparation(chinese="words"), heed=heed).feed(Passage("我\n" * 100_000))
    SentenceMaker(Preparation(), heed=heed).feed(Passage("a\n" * 1000))
    assert len(heard) == 3


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Am 1. März kam er an. Er blieb bis zum 3. Oktober 1990. Dann ging er.", 3),
        ("Der 2. Weltkrieg endete 1945. Im 19. Jahrhundert war das anders.", 2),
        ("Friedrich II. von Preußen regierte. Der II. Weltkrieg war lang.", 2),
        ("Vgl. Abb. 3 und Kap. 4. Der Text z. B. ist u. a. gut, ca. 3 Mio. Euro wert.", 2),
        ("Prof. Dr. Müller, geb. Schmidt, wohnt in der Hauptstr. 5 in Berlin. Sie ist dort.", 2),
        ("Es begann am 24. Dez. 1914. Alle froren.", 2),
        ("He was 12. Then he left. It was in 1999. The end.", 4),
        ("I am 12. Then I left. I. Kant and V. Smith met.", 3),
    ],
)
def test_german_ordinals_and_abbreviations_end_no_sentence(text: str, sentences: int) -> None:
    assert len(Preparation().cut_sentences(text)) == sentences
