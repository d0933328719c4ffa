"""The datasets that are ready to use are what their cards say."""

import bz2
import re
from collections import Counter
from pathlib import Path

import pytest

from ptft_gui.core.errors import DataError
from ptft_gui.data import bundled, little_kingdom
from ptft_gui.data.bundled import bundled_documents, bundled_ids, bundled_path, dataset_card, is_available
from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.mediawiki import read_pages
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.wikitext import readable_lines


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module", params=bundled_ids())
def prepared(request: pytest.FixtureRequest, cache: Path) -> tuple[str, PreparedCorpus]:
    return request.param, prepare_corpus(CorpusRequest(request.param), cache)


def test_the_card_tells_the_truth(prepared: tuple[str, PreparedCorpus]) -> None:
    dataset, corpus = prepared
    card, facts = dataset_card(dataset), corpus.facts
    assert card["id"] == dataset
    assert (card["documents"], card["words"]) == (facts["documents"], facts["tokens"])
    assert card["types_reaching"] == facts["types_reaching"]
    assert facts["split"]["kind"] == "documents"
    assert 0.05 < facts["val"]["tokens"] / facts["tokens"] <= 0.1


def test_watched_words_and_questions_use_words_that_are_there(prepared: tuple[str, PreparedCorpus]) -> None:
    dataset, corpus = prepared
    card, counts = dataset_card(dataset), corpus.word_counts()
    asked = list(card["watched_words"])
    for question in card["questions"]:
        asked += [question["word"]] if "word" in question else re.findall(r"\w+", question["text"])
        asked += [question[key] for key in ("expect_first", "expect_not") if question.get(key)]
        asked += question.get("expect_any", ())
    assert len(card["watched_words"]) <= 10
    assert {word: counts[word] for word in asked if counts[word] < 5} == {}


def test_wikipedia_is_readable(cache: Path) -> None:
    folder = bundled_path("wikipedia", cache)
    lines = [line for path in folder.glob("*.txt") for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(lines) > 5000
    left_over = re.compile(
        r"\{\{|\}\}|\[\[|\]\]|<ref|&[a-z]+;|'''|\bthumb\||^[|!*#=]|\(\)|  |\u00a0|__NOTOC__"
    )
    assert [line for line in lines if left_over.search(line)] == []
    assert any(line.startswith("Autism is a neurodevelopmental disorder characterized by") for line in lines)


def test_a_missing_text_is_said_with_the_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(bundled, "gensim_texts", lambda: tmp_path)
    assert is_available("little-kingdom") == (True, "")
    can_be_used, reason = is_available("wikipedia")
    assert not can_be_used
    assert "comes without it" in reason
    with pytest.raises(DataError, match="The dataset Wikipedia extract is not available here"):
        prepare_corpus(CorpusRequest("wikipedia"), tmp_path / "cache")
    with pytest.raises(DataError):
        bundled_documents("news")


MARKUP = """{{Infobox|name=x}}<!-- hidden -->
'''Rome''' is the [[capital city|capital]] of [[Italy]].<ref>{{cite|x}}</ref> It has 2.8&nbsp;million people\
 ({{IPA|x}}).
[[File:Rome.jpg|thumb|A [[picture]] of Rome.]]
== History ==
{| class="wikitable"
| a || b
|}
* The first item of a list is here.
* {{lang|la|Roma}} lies {{convert|24|km|mi}} from the sea.
:<math>x^2</math>
See [https://example.org the official page of Rome] and [https://example.org].
== References ==
<references/>
Some book that nobody reads at all.
=== Notes on notes ===
More notes that nobody reads at all.
== Culture ==
The city has many museums &mdash; most are old.
[[Category:Capitals]] [[fr:Rome]]
"""


def test_markup_becomes_sentences() -> None:
    assert readable_lines(MARKUP) == [
        "Rome is the capital of Italy. It has 2.8 million people.",
        "The first item of a list is here.",
        "Roma lies 24 km from the sea.",
        "See the official page of Rome and.",
        "The city has many museums — most are old.",
    ]


def test_an_export_with_entities_of_its_own_is_refused(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><mediawiki>&b;</mediawiki>'
    path = tmp_path / "bomb.bz2"
    path.write_bytes(bz2.compress(bomb))
    with pytest.raises(DataError, match=r"bomb\.bz2 cannot be read as an export of Wikipedia"):
        list(read_pages(path))
    path.write_bytes(b"not bzip2 at all")
    with pytest.raises(DataError):
        list(read_pages(path))


def test_little_kingdom_is_always_the_same_and_readable() -> None:
    sentences = list(little_kingdom.sentences())
    assert sentences == list(little_kingdom.sentences())
    assert len(sentences) == 8_000
    assert all(re.fullmatch(r"[A-Z][a-zA-Z',: ]+\.", sentence) for sentence in sentences)


def test_little_kingdom_never_names_two_people_at_once() -> None:
    words = {person.word for person in little_kingdom.PEOPLE}
    named = Counter(
        len(words & set(re.findall(r"\w+", sentence.lower()))) for sentence in little_kingdom.sentences()
    )
    assert set(named) == {0, 1}
    assert 0.57 < named[1] / 8_000 < 0.63
