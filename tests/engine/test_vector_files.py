"""Vector files of other programs are read as gensim reads them; damaged and dangerous ones are met with a sentence."""

from __future__ import annotations

import gzip
import pickle  # noqa: TID251 - to make a file that must be refused
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
import pytest
from gensim.models import KeyedVectors
from gensim.test.utils import datapath
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.engine.vector_files.opening import read_vector_file
from ptft_gui.inspection.model import open_model

_WORDS = ["the", "of", "king", "\u4e2d\u6587", "caf\u00e9", "don't", "3.14"]


# gensim notes that it stores no counts, and leaves files without a header open.
_IGNORE_OPEN_FILE = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(autouse=True)
def _gensim_may_speak(allow_log: Callable[[str], None]) -> None:
    allow_log("attribute count not present")


def _native(words: list[str] | None = None, dimensions: int = 4) -> KeyedVectors:
    names = words or _WORDS
    native = KeyedVectors(dimensions)
    numbers = np.random.default_rng(1).standard_normal((len(names), dimensions)).astype(np.float32)
    native.add_vectors(names, numbers)
    return native


@pytest.mark.parametrize("is_binary", [False, True])
@pytest.mark.parametrize("is_gzip", [False, True])
def test_word2vec_files_are_read_as_gensim_reads_them(tmp_path: Path, is_binary: bool, is_gzip: bool) -> None:
    path = tmp_path / ("v.bin" if is_binary else "v.txt")
    _native().save_word2vec_format(str(path), binary=is_binary)
    expected = KeyedVectors.load_word2vec_format(str(path), binary=is_binary)
    if is_gzip:
        path = path.with_name(path.name + ".gz")
        path.write_bytes(gzip.compress(path.with_suffix("").read_bytes()))
    vectors, notices = read_vector_file(path)
    assert list(vectors.words) == expected.index_to_key
    np.testing.assert_array_equal(vectors.vectors, expected.vectors)
    assert vectors.config["format"] == ("word2vec-binary" if is_binary else "word2vec-text")
    assert notices == ()


def test_a_binary_file_of_the_original_tool_is_read() -> None:
    path = datapath("euclidean_vectors.bin")
    vectors, _ = read_vector_file(Path(path))
    expected = KeyedVectors.load_word2vec_format(path, binary=True)
    assert list(vectors.words) == expected.index_to_key
    np.testing.assert_array_equal(vectors.vectors, expected.vectors)


@_IGNORE_OPEN_FILE
def test_glove_text_needs_no_header() -> None:
    path = datapath("test_glove.txt")
    vectors, _ = read_vector_file(Path(path))
    expected = KeyedVectors.load_word2vec_format(path, binary=False, no_header=True)
    assert list(vectors.words) == expected.index_to_key
    np.testing.assert_array_equal(vectors.vectors, expected.vectors)


def test_a_glove_word_may_hold_spaces_or_be_a_number(tmp_path: Path) -> None:
    path = tmp_path / "g.txt"
    path.write_text("1990 0.5 1\n. . . 2 3\nat name@domain.com 4 5\n", encoding="utf-8")
    vectors, _ = read_vector_file(path)
    assert list(vectors.words) == ["1990", ". . .", "at name@domain.com"]
    assert vectors.vectors.tolist() == [[0.5, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize("opened", ["vectors.tsv", "metadata.tsv"])
@pytest.mark.parametrize("has_titles", [False, True])
def test_a_projector_pair_is_opened_by_either_half(tmp_path: Path, opened: str, has_titles: bool) -> None:
    (tmp_path / "vectors.tsv").write_text("1\t2\n3\t4\n", encoding="utf-8")
    words = "word\tcount\nking\t5\nnew york\t3\n" if has_titles else "king\nnew york\n"
    (tmp_path / "metadata.tsv").write_text(words, encoding="utf-8")
    vectors, _ = read_vector_file(tmp_path / opened)
    assert list(vectors.words) == ["king", "new york"]
    assert vectors.vectors.tolist() == [[1, 2], [3, 4]]


def test_half_a_projector_pair_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "vectors.tsv").write_text("1\t2\n3\t4\n", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_vector_file(tmp_path / "vectors.tsv")
    assert "metadata.tsv" in caught.value.hint
    (tmp_path / "metadata.tsv").write_text("a\nb\nc\n", encoding="utf-8")
    with pytest.raises(ModelError, match="is not whole"):
        read_vector_file(tmp_path / "vectors.tsv")
    (tmp_path / "metadata.tsv").write_text("a\n", encoding="utf-8")
    with pytest.raises(ModelError, match="holds no word vectors"):
        read_vector_file(tmp_path / "vectors.tsv")


@pytest.mark.parametrize(
    "content",
    [
        b"1000000000 300\nthe 0.1 0.2\n",
        b"1000000000 300\n\x00\x01\x02\x03",
        b"2 99999999999\nthe 0.1\n",
        b"99999999999 1\nthe 0.1\n",
        b"1000000000000 300\nthe 0.1 0.2\n",
        b"1000000000000000000000000 2\nthe 0.1 0.2\n",
        b"3 1000000000000\nthe 0.1 0.2\n",
        b"0 0\n",
    ],
)
def test_a_header_is_not_believed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "v.bin"
    path.write_bytes(content)
    before = psutil.Process().memory_info().rss
    with pytest.raises(ModelError):
        read_vector_file(path)
    zipped = tmp_path / "v.gz"
    zipped.write_bytes(gzip.compress(content))
    with pytest.raises(ModelError):
        read_vector_file(zipped)
    assert psutil.Process().memory_info().rss - before < 100e6


@pytest.mark.parametrize("kept", [0.3, 0.9])
@pytest.mark.parametrize("is_binary", [False, True])
def test_a_broken_off_file_is_not_taken_for_whole(tmp_path: Path, is_binary: bool, kept: float) -> None:
    whole, path = tmp_path / "whole", tmp_path / "part"
    _native([f"word{n}" for n in range(200)]).save_word2vec_format(str(whole), binary=is_binary)
    data = whole.read_bytes()
    path.write_bytes(data[: int(len(data) * kept)])
    with pytest.raises(ModelError):
        read_vector_file(path)
    zipped = tmp_path / "part.gz"
    zipped.write_bytes(gzip.compress(data)[: int(len(gzip.compress(data)) * kept)])
    with pytest.raises(ModelError, match="is not whole"):
        read_vector_file(zipped)


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e99"])
def test_numbers_that_are_not_finite_are_refused_by_name(tmp_path: Path, number: str) -> None:
    path = tmp_path / "v.txt"
    path.write_text(f"2 2\nking 1 2\nqueen 3 {number}\n", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_vector_file(path)
    assert '"queen"' in caught.value.detail


def test_doubles_and_damaged_signs_are_stated(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_bytes(b"4 2\nking 1 2\nqueen 3 4\nking 5 6\ncaf\xe9 7 8\n")
    vectors, notices = read_vector_file(path)
    assert list(vectors.words) == ["king", "queen", "caf\ufffd"]
    assert vectors.vectors[0].tolist() == [1, 2]
    assert len(notices) == 2
    assert "more than once" in notices[0]


def test_lines_after_the_promised_ones_are_stated(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("1 2\nking 1 2\nqueen 3 4\n", encoding="utf-8")
    vectors, notices = read_vector_file(path)
    assert list(vectors.words) == ["king"]
    assert "left out" in notices[0]


def test_a_row_of_another_length_is_named(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    path.write_text("king 1 2\nqueen 3\n", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_vector_file(path)
    assert caught.value.detail == 'Line 2 ("queen") holds 1 number; the others hold 2.'


@pytest.mark.parametrize(
    ("numbers", "said"),
    [("0.5 0.25 0.125", "holds 3 numbers"), ("0.5", "holds 1 number"), ("0.5 x", "holds 0")],
)
def test_a_wrong_dimension_far_down_is_named_by_its_line(tmp_path: Path, numbers: str, said: str) -> None:
    path = tmp_path / "v.txt"
    lines = [f"w{number} 0.5 -0.25" for number in range(100_000)]
    lines[99_998] = f"odd {numbers}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_vector_file(path)
    assert 'Line 99,999 ("odd")' in caught.value.detail
    assert said in caught.value.detail


@pytest.mark.parametrize("has_header", [False, True])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r", None])
def test_all_line_ends_are_read_also_mixed(tmp_path: Path, has_header: bool, end: bytes | None) -> None:
    ends = [end] * 5 if end else [b"\r\n", b"\n", b"\r", b"\r\n", b"\n"]
    lines = [b"king 1 2", b"new york 3 4", b"\xe4\xb8\xad 5 6.5"]
    lines = [b"3 2", *lines] if has_header else lines
    path = tmp_path / "v.txt"
    path.write_bytes(b"".join(line + end for line, end in zip(lines, ends, strict=False)))
    vectors, notices = read_vector_file(path)
    assert list(vectors.words) == ["king", "new york", "\u4e2d"]
    assert vectors.vectors.tolist() == [[1, 2], [3, 4], [5, 6.5]]
    assert notices == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("m.model", pickle.dumps({"a": 1}), "pickle"),
        ("disguised.txt", pickle.dumps({"a": 1}), "pickle"),
        ("m.kv", b"anything", "hidden programs"),
        ("m.pt", b"PK\x03\x04", "hidden programs"),
        ("m.npy", np.zeros(3).tobytes(), "hidden programs"),
        ("ft.bin", (793712314).to_bytes(4, "little") + bytes(50), "fastText"),
        ("v.safetensors", bytes(20), "without their words"),
        ("novel.txt", b"It was a dark and stormy night.\n", "holds no word vectors"),
        ("empty.txt", b"", "is empty"),
        ("line.txt", b"x" * (5 << 20), "holds no word vectors"),
        ("token.txt", b"x" * (70 << 10) + b" 1 2\n", "holds no word vectors"),
        ("token.bin", b"1 2\n" + b"x" * (70 << 10), "holds no word vectors"),
        ("zeros.bin", bytes(1000), "holds no word vectors"),
    ],
)
def test_what_is_no_vector_file_is_refused_in_words(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ModelError) as caught:
        open_model(path)
    assert said in caught.value.as_sentence()


def test_a_gzip_bomb_is_stopped(tmp_path: Path) -> None:
    path = tmp_path / "bomb.txt.gz"
    path.write_bytes(gzip.compress(b"8000000 2\n" + b"aaaaaaaaaaaaaaaaaaaaaa 0 0\n" * 1_000_000))
    with pytest.raises(ModelError, match="holds no word vectors"):
        read_vector_file(path)


def test_reading_can_be_stopped_and_watched(tmp_path: Path) -> None:
    path = tmp_path / "v.txt"
    _native([f"word{n}" for n in range(60_000)], 8).save_word2vec_format(str(path))
    told: list[float | None] = []
    read_vector_file(path, lambda _text, fraction: told.append(fraction))
    assert len(told) > 2
    assert told == sorted(told, key=lambda f: f or 0)
    with pytest.raises(StoppedByPerson):
        read_vector_file(path, should_stop=lambda: True)


_token = st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=8)
_number = st.floats(width=32, allow_nan=False, allow_infinity=False)


@settings(max_examples=60)
@given(st.dictionaries(_token, st.lists(_number, min_size=3, max_size=3), min_size=1, max_size=20))
def test_what_is_written_in_a_known_form_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, table: dict[str, list[float]]
) -> None:
    path = tmp_path_factory.mktemp("hypothesis") / "v.txt"
    lines = [f"{len(table)} 3"] + [f"{word} {' '.join(map(repr, row))}" for word, row in table.items()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    vectors, _ = read_vector_file(path)
    assert list(vectors.words) == list(table)
    np.testing.assert_allclose(vectors.vectors, np.array(list(table.values()), np.float32))


@settings(max_examples=200)
@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda tail: b"3 2\na 1 2\n" + tail))
def test_any_bytes_are_vectors_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("hypothesis") / "v.bin"
    path.write_bytes(content)
    try:
        vectors, _ = read_vector_file(path)
    except ModelError:
        return
    assert len(vectors.words) == len(vectors.vectors) > 0
    assert np.isfinite(vectors.vectors).all()
