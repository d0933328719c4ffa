"""A look at a text before the start."""

import json
from pathlib import Path

import pytest

from ptft_gui.core.errors import DataError
from ptft_gui.data.bundled import bundled_ids
from ptft_gui.data.corpus import prepare_corpus
from ptft_gui.data.preview import inspect_text
from ptft_gui.data.request import CorpusRequest


def test_a_small_file_is_told_exactly(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The cat sat. The dog ran.\nA bird flew.\n", encoding="utf-8")
    seen = inspect_text(str(path))
    assert seen["sentences"] == [["the", "cat", "sat"], ["the", "dog", "ran"], ["a", "bird", "flew"]]
    assert seen["raw_lines"] == ["The cat sat. The dog ran.", "A bird flew."]
    assert (seen["words"], seen["is_estimate"], seen["encoding"]) == (9, False, "UTF-8")
    assert seen["types_reaching"][1] == 8
    json.dumps(seen)


def test_a_large_file_is_estimated_from_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The cat sat on the mat, naïvely.\n" * 150_000, encoding="utf-8")
    seen = inspect_text(str(path))
    assert seen["is_estimate"]
    assert seen["words"] == pytest.approx(150_000 * 7, rel=0.01)
    assert seen["notices"] == []


def test_facts_are_exact_once_the_corpus_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("The cat sat on the mat.\n" * 100_000, encoding="utf-8")
    corpus = prepare_corpus(CorpusRequest(str(path)), tmp_path / "cache")
    seen = inspect_text(str(path), cache_dir=tmp_path / "cache")
    assert seen["facts"] == corpus.facts
    assert (seen["words"], seen["is_estimate"]) == (600_000, False)


@pytest.mark.parametrize("dataset", bundled_ids())
def test_bundled_datasets_show_sentences_before_they_are_prepared(dataset: str, tmp_path: Path) -> None:
    seen = inspect_text(dataset, cache_dir=tmp_path)
    assert len(seen["sentences"]) == 8
    assert seen["words"] > 50_000
    assert list(tmp_path.iterdir()) == []


def test_a_folder_says_how_many_files_were_looked_at(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text("One text. " * 10, encoding="utf-8")
    seen = inspect_text(str(tmp_path), max_seconds=0)
    assert seen["number_of_files"] == 30
    assert seen["notices"] == ["This preview looked at 1 of 30 files."]


@pytest.mark.parametrize(("name", "data"), [("empty.txt", b""), ("binary.txt", b"\0\1\2")])
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(DataError, match=name):
        inspect_text(str(tmp_path / name))
