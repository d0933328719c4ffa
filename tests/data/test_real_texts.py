"""Texts as people bring them; they are read where PTFT_REAL_DATA points to a collection."""

import os
from pathlib import Path

import pytest

from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.request import CorpusRequest

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set"),
]


def prepare(name: str, cache: Path, **settings: object) -> PreparedCorpus:
    path = Path(os.environ["PTFT_REAL_DATA"], name)
    return prepare_corpus(CorpusRequest(str(path), **settings), cache)  # type: ignore[arg-type]


def test_a_single_endless_line_loses_no_word(tmp_path: Path) -> None:
    name = "text8/text8_prefix.txt"
    corpus = prepare(name, tmp_path)
    words = Path(os.environ["PTFT_REAL_DATA"], name).read_text().split()
    prepared = [word for sentence in corpus.train_sentences() for word in sentence]
    prepared += [word for sentence in corpus.val_sentences() for word in sentence]
    assert prepared == words
    assert max(map(len, corpus.train_sentences())) == 1000
    assert corpus.facts["val"]["tokens"] == pytest.approx(len(words) / 10, rel=0.02)


def test_reviews_in_windows_1252_are_read(tmp_path: Path) -> None:
    corpus = prepare("mr/rt-polarity.pos", tmp_path, preparation="words")
    assert corpus.facts["files"][0]["encoding"] == "Windows-1252"
    assert corpus.facts["documents"] == 5331
    assert {"café", "amélie"} & set(corpus.word_counts())


def test_verse_in_paragraphs_is_divided_by_speeches(tmp_path: Path) -> None:
    facts = prepare("tinyshakespeare/input.txt", tmp_path).facts
    assert facts["documents"] > 7000
    assert facts["split"]["kind"] == "documents"
    assert facts["preparation"]["value"] == "words"


def test_tail_is_the_last_tenth_of_the_characters(tmp_path: Path) -> None:
    name = "tinyshakespeare/input.txt"
    corpus = prepare(name, tmp_path, split="tail", preparation="none")
    text = Path(os.environ["PTFT_REAL_DATA"], name).read_text()
    tail = text[int(len(text) * 0.9) :].split()
    assert [word for sentence in corpus.val_sentences() for word in sentence] == tail


def test_chinese_novels_are_cut_into_characters(tmp_path: Path) -> None:
    facts = prepare("chinese_classics", tmp_path, switches={"chinese": "characters"}).facts
    assert facts["types_reaching"]["5"] > 3000
    assert facts["tokens"] > 1_500_000
