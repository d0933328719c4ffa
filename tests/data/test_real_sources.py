"""Collections as people share them; they are read where PTFT_REAL_DATA points to one."""

import os
import shutil
from pathlib import Path

import pytest

from ptft_gui.data.corpus import PreparedCorpus, prepare_corpus
from ptft_gui.data.encoding import scan_file
from ptft_gui.data.preview import inspect_text
from ptft_gui.data.request import CorpusRequest
from ptft_gui.data.sources import find_files

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif("PTFT_REAL_DATA" not in os.environ, reason="PTFT_REAL_DATA is not set"),
]


def real(name: str) -> Path:
    return Path(os.environ["PTFT_REAL_DATA"], name)


def prepare(name: str, cache: Path) -> PreparedCorpus:
    return prepare_corpus(CorpusRequest(str(real(name))), cache)


@pytest.mark.parametrize(
    ("name", "kind", "counts"),
    [
        ("mr", "classes", (2, 0, 0)),
        ("20newsgroups/raw_folder", "classes", (123, 0, 0)),
        ("wikitext-2", "text", (1, 1, 1)),
        ("stsb", "table", (1, 1, 1)),
        ("mrpc", "text", (1, 0, 1)),
        ("thucnews", "text", (1, 1, 1)),
        ("ag_news", "table", (1, 0, 1)),
        ("imdb", "table", (1, 0, 1)),
        ("wnut17", "tags", (1, 1, 1)),
        ("weibo_ner", "tags", (1, 1, 1)),
        ("chinese_classics", "text", (3, 0, 0)),
        ("enwiki_dump_sample", "wikipedia", (1, 0, 0)),
        ("lee_background/lee_background.cor", "text", (1, 0, 0)),
    ],
)
def test_what_folders_hold_is_told_by_names(name: str, kind: str, counts: tuple[int, int, int]) -> None:
    found = find_files(real(name))
    assert (found.kind, (len(found.train), len(found.val), len(found.test))) == (kind, counts)


def test_the_labels_of_class_folders_and_class_files() -> None:
    assert find_files(real("mr")).labels == ("neg", "pos")
    assert len(find_files(real("20newsgroups/raw_folder")).labels) == 20


def test_three_messages_of_20newsgroups_are_not_utf8() -> None:
    files = [scan_file(source) for source in find_files(real("20newsgroups/raw_folder")).train]
    assert {file.name: file.encoding for file in files if file.encoding != "utf-8"} == {
        "54164": "cp1252",
        "38568": "cp1252",
        "60498": "cp1252",
    }


def test_reviews_keep_their_ellipses() -> None:
    file = scan_file(real("mr/rt-polarity.pos"))
    assert (file.encoding, file.bad_signs) == ("cp1252", 0)
    assert inspect_text(str(real("mr")))["encoding"] == "Windows-1252"


def test_a_packed_corpus_with_its_parts(tmp_path: Path) -> None:
    facts = prepare("wikitext-2", tmp_path).facts
    assert facts["split"]["kind"] == "given"
    assert facts["files"][0]["name"] == "wiki.train.tokens.gz"
    assert facts["val"]["tokens"] > 150_000


def test_the_sample_of_wikipedia_becomes_readable(tmp_path: Path) -> None:
    corpus = prepare("enwiki_dump_sample", tmp_path)
    assert corpus.facts["documents"] == 106
    assert corpus.word_counts()["anarchism"] > 100
    assert not {word for word in corpus.word_counts() if "{{" in word or "[[" in word}


def test_reviews_in_a_packed_table(tmp_path: Path) -> None:
    facts = prepare("imdb/imdb_test.csv.gz", tmp_path).facts
    assert facts["documents"] == 5000
    assert facts["decisions"][1]["sentence"] == "5,000 rows = 5,000 with text + 0 without."


@pytest.mark.parametrize("kind", ["zip", "gztar"])
def test_a_collection_in_an_archive_is_what_its_folder_is(tmp_path: Path, kind: str) -> None:
    path = Path(shutil.make_archive(str(tmp_path / "all"), kind, real("20newsgroups"), "raw_folder"))
    found, folder = find_files(path), find_files(real("20newsgroups/raw_folder"))
    assert (found.kind, set(found.labels), len(found.files)) == ("classes", set(folder.labels), 123)
    one, other = (
        prepare_corpus(CorpusRequest(str(place)), tmp_path / "cache").facts
        for place in (path, real("20newsgroups/raw_folder"))
    )
    assert (one["tokens"], one["documents"]) == (other["tokens"], other["documents"])
