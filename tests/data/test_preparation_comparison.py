"""What a person sees of a preparation: sentences before and after, and what each lost on the way."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given

from ptft_gui.data.preparation import Preparation, before_and_after
from tests.data.test_preparation_switches import preparations, texts


def changes(record: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(span["text"], span["word"] or span["kind"], span["why"]) for span in record["spans"]]


def test_a_sentence_stands_beside_its_words() -> None:
    first, second = before_and_after(["The King’s 3 ships.  Gone!"], Preparation())
    assert first["raw"] == "The King’s 3 ships."
    assert first["words"] == ["the", "king's", "3", "ships"]
    assert changes(first) == [
        ("The", "the", "case"),
        ("King’s", "king's", "spelling"),
        (".", "dropped", "punctuation"),
    ]
    assert (second["raw"], second["words"]) == ("Gone!", ["gone"])


@pytest.mark.parametrize(
    ("switches", "line", "told"),
    [
        ({"case": "keep"}, "The end", []),
        ({"digits": "drop"}, "in 1999 mp3", [("1999", "dropped", "number")]),
        ({"digits": "zero"}, "in 1999", [("1999", "0000", "number")]),
        ({"punctuation": "keep"}, "so, no", []),
        ({"stop_words": "drop", "language": "en"}, "the sea", [("the", "dropped", "stop word")]),
        ({"markup": "drop"}, "red<br /><br />", [("<br /><br />", "dropped", "markup")]),
        ({"markup": "drop"}, "<b>red</b> h<sub>2</sub>o", [
            ("<b>", "dropped", "markup"), ("</b>", "dropped", "markup"), ("h<sub>2</sub>o", "h2o", "markup"),
        ]),
        ({"markup": "drop", "punctuation": "keep"}, "r &amp; b", [("&amp;", "&", "markup")]),
        ({"markup": "drop"}, "a #39;s b", [("a #39;s", "a's", "markup")]),
        ({"chinese": "words"}, "来到北京。", [("。", "dropped", "punctuation")]),
    ],
)  # fmt: skip
def test_what_is_dropped_or_changed_is_marked(
    switches: dict[str, Any], line: str, told: list[tuple[str, str, str]]
) -> None:
    (record,) = before_and_after([line], Preparation(**switches))
    assert changes(record) == told


def test_marks_that_come_off_words_are_marked() -> None:
    (record,) = before_and_after(["«Oh, no» ..."], Preparation("none", punctuation="drop"))
    assert record["words"] == ["Oh", "no"]
    assert [span["text"] for span in record["spans"]] == ["«", ",", "»", "..."]


def test_a_copy_is_shown_as_left_out() -> None:
    line = "This message is confidential."
    first, second = before_and_after([line, line], Preparation(copies="drop"))
    assert first["words"]
    assert not second["words"]
    assert changes(second) == [(line, "dropped", "copy")]
    assert second["note"] == "This line is a copy of an earlier one."


def test_phrases_are_said_to_come_later() -> None:
    (record,) = before_and_after(["in new york"], Preparation(), phrases=True)
    assert record["note"].startswith("Phrases are joined once the whole text is counted")


def test_a_line_of_tags_alone_is_shown_too() -> None:
    (record,) = before_and_after(["<p><br/></p>"], Preparation(markup="drop"))
    assert record["words"] == []
    assert changes(record) == [("<p><br/></p>", "dropped", "markup")]


def test_no_more_is_shown_than_was_asked_for() -> None:
    lines = ["One. Two. Three.", "", "  ", "Four."]
    assert [record["raw"] for record in before_and_after(lines, Preparation(), 2)] == ["One.", "Two."]
    assert len(before_and_after(lines, Preparation())) == 4
    (long,) = before_and_after(["a" * 100_000], Preparation())
    assert len(long["raw"]) == 400


@given(preparations, texts)
def test_spans_are_in_order_apart_and_true(preparation: Preparation, text: str) -> None:
    for record in before_and_after(text.split("\n"), preparation):
        end = 0
        for span in record["spans"]:
            assert end <= span["start"] < span["end"] <= len(record["raw"])
            assert record["raw"][span["start"] : span["end"]] == span["text"]
            end = span["end"]
        assert json.loads(json.dumps(record)) == record


@given(preparations.filter(lambda p: p.copies == "keep"), texts)
def test_the_words_shown_are_the_words_of_training(preparation: Preparation, text: str) -> None:
    lines = [line[:400].rstrip("\n") for line in text.split("\n")]
    shown = before_and_after(lines, preparation, 10_000)
    trained = [words for line in lines for words in preparation.apply(line)]
    assert [record["words"] for record in shown if record["words"]] == trained


def test_eight_lines_take_a_moment_only() -> None:
    """The budget is 50 ms; ten times as much is allowed here, so that a busy machine fails nobody."""
    lines = ["The <b>Cat</b> sat, in 1999 &amp; didn’t move. " * 10] * 8
    preparation = Preparation(stop_words="drop", language="en", markup="drop", punctuation="keep")
    before_and_after(lines, preparation)
    begin = time.perf_counter()
    before_and_after(lines, preparation)
    assert time.perf_counter() - begin < 0.5
