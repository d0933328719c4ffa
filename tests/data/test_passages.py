"""However text arrives and wherever long lines are cut, the sentences are the same and no word is lost."""

import re
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.data.documents import Passage, Shape, read_passages, sniff_shape
from ptft_gui.data.preparation import Preparation, PreparationName
from ptft_gui.data.sentences import SentenceMaker, recut

PLAIN = st.text(alphabet="ab .!?,\nA。'-", max_size=200)


def documents_of(
    blocks: list[str], shape: Shape, preparation: Preparation, limit: int = 1000, longest: int = 1 << 20
) -> list[list[list[str]]]:
    """Prepared documents that hold at least one word."""
    maker = SentenceMaker(preparation, limit)
    found: list[list[list[str]]] = [[]]
    for passage in read_passages(blocks, shape, preparation.last_break, longest):
        found[-1] += maker.feed(passage)
        if passage.ends_document:
            found.append([])
    return [document for document in found if document]


@given(st.lists(st.text(min_size=1), max_size=30), st.integers(1, 7))
def test_recut_keeps_all_words_in_order(words: list[str], limit: int) -> None:
    pieces = recut(words, limit)
    assert list(chain.from_iterable(pieces)) == words
    assert all(len(piece) <= limit for piece in pieces)


@pytest.mark.parametrize("shape", ["whole", "lines", "paragraphs"])
@pytest.mark.parametrize("name", ["words", "none"])
@settings(deadline=None, max_examples=120)
@given(text=PLAIN, size=st.integers(1, 9), longest=st.integers(3, 12), limit=st.integers(1, 4))
def test_block_size_never_shows(
    shape: Shape, name: PreparationName, text: str, size: int, longest: int, limit: int
) -> None:
    preparation = Preparation(name)
    # A stretch without white space that is longer than the memory for a line is cut, and said; not so here.
    text = re.sub(" +", " ", re.sub(r"\S+", lambda word: word[0][: longest - 2], text))
    blocks = [text[start : start + size] for start in range(0, len(text), size)]
    whole = documents_of([text], shape, preparation, limit)
    assert documents_of(blocks, shape, preparation, limit, longest) == whole


def test_an_endless_line_is_cut_into_bounded_sentences() -> None:
    blocks = [f"w{number} " for number in range(2500)]
    maker = SentenceMaker(Preparation("none"))
    passages = read_passages(blocks, "whole", longest_line=50)
    sentences = list(chain.from_iterable(map(maker.feed, passages)))
    assert list(map(len, sentences)) == [1000, 1000, 500]
    assert sentences[2][-1] == "w2499"
    assert (maker.recut_sentences, maker.cut_stretches) == (1, 0)


def test_every_long_sentence_is_counted_once() -> None:
    maker = SentenceMaker(Preparation("none"), limit=3)
    sentences = maker.feed(Passage("a b c d\ne f\ng h i j k l m"))
    assert list(map(len, sentences)) == [3, 1, 2, 3, 3, 1]
    assert maker.recut_sentences == 2


def test_a_stretch_without_space_is_cut_and_counted() -> None:
    maker = SentenceMaker(Preparation("none"))
    passages = read_passages(["x" * 25, "y" * 3], "whole", longest_line=10)
    sentences = list(chain.from_iterable(map(maker.feed, passages)))
    assert "".join(chain.from_iterable(sentences)) == "x" * 25 + "yyy"
    assert maker.cut_stretches > 0


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("One review.\nAnother, longer review of a film.\nA third one.\n" * 4, "lines"),
        ("First paragraph.\nStill first.\n\nSecond.\n\nThird.\n\n", "paragraphs"),
        ("a single line without any end", "whole"),
        (
            "It was the best of times it was\nthe worst of times it was theage\nof wisdom it was the age offools\n"
            * 9,
            "whole",
        ),
    ],
)
def test_shape_of_a_file_is_seen(text: str, shape: str) -> None:
    assert sniff_shape(text) == shape


def test_documents_follow_the_shape() -> None:
    text = "A b.\nC d.\n\nE f.\n \nG h.\n"
    by_shape = {
        shape: documents_of([text], shape, Preparation()) for shape in ("whole", "lines", "paragraphs")
    }
    assert by_shape["whole"] == [[["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]]
    assert by_shape["paragraphs"] == [[["a", "b"], ["c", "d"]], [["e", "f"]], [["g", "h"]]]
    assert by_shape["lines"] == [[["a", "b"]], [["c", "d"]], [["e", "f"]], [["g", "h"]]]
