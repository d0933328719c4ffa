"""Word vectors on disk: what is written comes back, and a damaged folder is met with a sentence."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.errors import ModelError
from ptft_gui.engine.vectors import WordVectors, load_word_vectors, save_word_vectors


def some_vectors(words: list[str], size: int = 4) -> WordVectors:
    numbers = np.random.default_rng(0).normal(size=(len(words), size)).astype(np.float32)
    return WordVectors(words, np.arange(len(words), 0, -1), numbers, {"family": "word2vec"})


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    before = some_vectors(["king", "naïve", "東京", 'quo"te'])
    save_word_vectors(tmp_path / "model", before, {"seldom": 1, "rare": 3})

    after = load_word_vectors(tmp_path / "model")

    assert after.words == before.words
    assert np.array_equal(after.counts, before.counts)
    assert np.array_equal(after.vectors, before.vectors)
    assert after.config["family"] == "word2vec"
    assert after.index["東京"] == 2
    assert list(after.rare_counts.items()) == [("rare", 3), ("seldom", 1)]
    assert isinstance(after.vectors, np.memmap)


def test_saving_again_replaces_the_folder_and_leaves_nothing_behind(tmp_path: Path) -> None:
    save_word_vectors(tmp_path / "model", some_vectors(["a", "b", "c"]))
    save_word_vectors(tmp_path / "model", some_vectors(["d"]))

    assert load_word_vectors(tmp_path / "model").words == ["d"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_folder_that_cannot_be_written_raises_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(NotADirectoryError):
        save_word_vectors(tmp_path / "file" / "model", some_vectors(["a"]))


def _cut_vectors(folder: Path) -> None:
    path = folder / "vectors.safetensors"
    path.write_bytes(path.read_bytes()[:-4])


def _put_nan(folder: Path) -> None:
    path = folder / "vectors.safetensors"
    path.write_bytes(path.read_bytes()[:-4] + struct.pack("<f", float("nan")))


def _claim_a_huge_shape(folder: Path) -> None:
    header = json.dumps(
        {"vectors": {"dtype": "F32", "shape": [10**9, 300], "data_offsets": [0, 1200 * 10**9]}}
    )
    (folder / "vectors.safetensors").write_bytes(struct.pack("<Q", len(header)) + header.encode())


def _lose_a_word(folder: Path) -> None:
    lines = (folder / "vocab.jsonl").read_text().splitlines(keepends=True)
    (folder / "vocab.jsonl").write_text("".join(lines[:-1]))


def _double_a_word(folder: Path) -> None:
    lines = (folder / "vocab.jsonl").read_text().splitlines(keepends=True)
    (folder / "vocab.jsonl").write_text(lines[0] * len(lines))


def _from_the_future(folder: Path) -> None:
    (folder / "config.json").write_text('{"format_version": 99}')


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (_cut_vectors, "shorter than its header says"),
        (_put_nan, "not finite"),
        (_claim_a_huge_shape, "shorter than its header says"),
        (_lose_a_word, "vocabulary of 2 words"),
        (_double_a_word, "twice"),
        (_from_the_future, "newer"),
        (lambda folder: (folder / "vocab.jsonl").unlink(), "vocab.jsonl"),
        (lambda folder: (folder / "config.json").unlink(), "no word vectors"),
        (lambda folder: (folder / "vocab.jsonl").write_bytes(b"\xff\xfe\x00"), "Line 1"),
        (lambda folder: (folder / "vectors.safetensors").write_bytes(b"junk"), "cannot be used"),
    ],
)
def test_a_damaged_folder_is_refused_with_the_reason(
    tmp_path: Path, damage: Callable[[Path], None], words: str
) -> None:
    folder = tmp_path / "model"
    save_word_vectors(folder, some_vectors(["a", "b", "c"]))
    damage(folder)

    with pytest.raises(ModelError) as caught:
        load_word_vectors(folder)
    assert words in caught.value.as_sentence()
