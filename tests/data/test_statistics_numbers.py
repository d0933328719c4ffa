"""What a person is told of a table before training: exact numbers, however the table comes in batches."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest

from ptft_gui.data.examples.statistics import Statistics
from ptft_gui.data.examples.study_numbers import study_numbers
from ptft_gui.data.tables.table import ROW

OPINIONS = {
    "text": [
        "Good tea, really good",
        "good  TEA, really good",
        "It wasn't 3.50",
        None,
        "  ",
        "<b>Bad</b> tea",
        "差评 12",
        "caf\u00c3\u00a9 au lait",
        "!?",
        "x",
    ],
    "label": ["yes", "yes", "no", "no", "", "no", "no", "Yes", None, "yes"],
}


def frame(columns: Mapping[str, Sequence[Any]], first_row: int = 2) -> pl.DataFrame:
    size = len(next(iter(columns.values())))
    is_list = {name: any(isinstance(cell, list) for cell in cells) for name, cells in columns.items()}
    schema = {name: pl.List(pl.String) if is_list[name] else pl.String for name in columns}
    rows = pl.Series(ROW, range(first_row, first_row + size), dtype=pl.UInt64)
    return pl.DataFrame(dict(columns), schema=schema).with_columns(rows)


def count(task: str, *parts: tuple[str, Mapping[str, Sequence[Any]]], **options: Any) -> dict[str, Any]:
    statistics = Statistics({name: name for name in parts[0][1]}, task, **options)
    for part, columns in parts:
        statistics.add(part, frame(columns))
    return statistics.result()


def test_the_numbers_of_a_small_table() -> None:
    result = count("classification", ("train", OPINIONS))
    assert result["rows"] == {"train": 10}
    assert result["tokens"] == {"train": 4 + 4 + 3 + 4 + 3 + 3 + 1 + 1 - 1}
    words = {"good", "tea", "really", "it", "wasn't", "3.50", "b", "bad", "差", "评", "12", "au", "lait", "x"}
    assert result["distinct_words"] == {"count": len(words) + 1, "is_exact": True}
    assert result["characters"] == sum(len(text or "") for text in OPINIONS["text"])
    assert result["classes"] == {"train": [["no", 4], ["yes", 3], ["Yes", 1]]}
    assert result["empty"]["text"] == {"count": 2, "parts": {"train": {"count": 2, "rows": [5, 6]}}}
    assert result["empty"]["label"] == {"count": 2, "parts": {"train": {"count": 2, "rows": [6, 10]}}}
    assert result["copies"] == {
        "repeated": {"train": {"count": 1, "rows": [3]}},
        "shared": [],
        "is_exact": True,
    }


def test_suspicious_texts_are_named_with_their_rows() -> None:
    found = count("classification", ("train", OPINIONS))["suspicious"]
    rows = {kind: facts["parts"]["train"]["rows"] for kind, facts in found.items()}
    assert rows == {"no_letters": [10], "single_sign": [11], "html": [7], "mojibake": [9]}


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("plain text, “quoted” – naïve café NÃO «São»", set()),
        ("An <unk> word and <s> and 3 < 4 & 5 > 2", set()),
        ("mail <someone@example.org>", set()),
        ("Tom &amp; Jerry", {"html"}),
        ("Sunday #39;s game", {"html"}),
        ('<A HREF="x">link</a>', {"html"}),
        ("bell \x07 sign", {"control"}),
        ("turned \u202e round", {"control"}),
        ("tab\tand\nline", set()),
        ("lost \ufffd sign", {"replacement"}),
        ("it\u00e2\u20ac\u2122s", {"mojibake"}),
        ("中文".encode().decode("cp1252"), {"mojibake"}),
        ("文件".encode().decode("latin-1"), {"mojibake", "control"}),
        ("ÑÐ°Ð·", {"mojibake"}),
        ("2023-01-01 12:00", {"no_letters"}),
        ("\U0001f600", {"no_letters", "single_sign"}),
        ("好", {"single_sign"}),
        ("a" * 100_001, {"very_long"}),
    ],
)
def test_each_suspicion(text: str, kinds: set[str]) -> None:
    assert set(count("classification", ("train", {"text": [text], "label": ["a"]}))["suspicious"]) == kinds


def test_a_reply_may_be_short() -> None:
    columns = {"prompt": ["How much is 6 times 7?", "7"], "reply": ["42", "A"]}
    assert count("reply", ("train", columns))["suspicious"] == {}


def test_lengths_are_of_whole_examples_and_of_each_text() -> None:
    columns = {"text": ["a b c", "a", ""], "text_pair": ["d e", "f", None], "label": ["0", "1", "1"]}
    result = count("pair-classification", ("train", columns))
    assert result["lengths"] | {"quantiles": None} == {
        "unit": "words",
        "edges": [2, 3, 4, 5, 6],
        "counts": [1, 0, 0, 1],
        "median": 2,
        "p95": 5,
        "longest": 5,
        "mean": 3.5,
        "quantiles": None,
    }
    assert result["role_lengths"]["text"]["longest"] == 3
    assert result["role_lengths"]["text_pair"]["median"] == 1


def test_copies_between_parts_are_found_by_what_the_model_reads() -> None:
    train = {"text": ["one", "two", "two", "three"], "label": ["a", "b", "a", "b"]}
    val = {"text": ["Two", "four", " two "], "label": ["a", "a", "b"]}
    test = {"text": ["four", "one", "five"], "label": ["a", "b", "b"]}
    copies = count("classification", ("train", train), ("val", val), ("test", test))["copies"]
    assert copies["repeated"] == {"train": {"count": 1, "rows": [4]}, "val": {"count": 1, "rows": [4]}}
    assert copies["shared"] == [
        {"part": "val", "other": "train", "count": 2, "rows": [2, 4]},
        {"part": "test", "other": "train", "count": 1, "rows": [3]},
        {"part": "test", "other": "val", "count": 1, "rows": [2]},
    ]


def test_a_pair_is_a_copy_only_when_both_texts_are() -> None:
    columns = {"text": ["a", "a", "b"], "text_pair": ["b", "c", "a"], "label": ["1", "1", "0"]}
    copies = count("pair-classification", ("train", columns), ("test", columns))["copies"]
    assert copies["repeated"] == {}
    assert [leak["count"] for leak in copies["shared"]] == [3]


def test_several_labels_in_a_cell_are_counted_apart_when_asked() -> None:
    columns = {"text": ["a", "b", "c"], "label": ["x; y", "x", ""]}
    assert count("classification", ("train", columns))["classes"] == {"train": [["x", 1], ["x; y", 1]]}
    apart = count("multilabel", ("train", columns), label_separator=";")
    assert apart["classes"] == {"train": [["x", 2], ["y", 1]]}
    lists = count("multilabel", ("train", {"text": ["a", "b"], "label": [["x", "y"], ["x"]]}))
    assert lists["classes"] == {"train": [["x", 2], ["y", 1]]}


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["B-PER", "I-PER", "O", "B-LOC", "B-LOC"], {"PER": 1, "LOC": 2}),
        (["I-PER", "I-PER", "O", "I-PER", "I-LOC"], {"PER": 2, "LOC": 1}),
        (["B-PER.NAM", "M-PER.NAM", "E-PER.NAM", "S-ORG"], {"PER.NAM": 1, "ORG": 1}),
        (["PER", "PER", "O", "creative-work"], {"PER": 1, "creative-work": 1}),
        (["O", "O"], {}),
    ],
)
def test_marked_names_are_counted(tags: list[str], expected: dict[str, int]) -> None:
    columns = {"tokens": [["w"] * len(tags), []], "tags": [tags, []]}
    result = count("tagging", ("train", columns))
    assert dict(result["entities"]["train"]) == expected
    assert result["lengths"]["longest"] == len(tags)
    assert result["empty"]["tokens"]["count"] == 1


def test_a_name_does_not_go_on_in_the_next_sentence() -> None:
    columns = {"tokens": [["w"], ["w"], None], "tags": [["I-PER"], ["I-PER"], None]}
    assert count("tagging", ("train", columns))["entities"] == {"train": [["PER", 2]]}


def test_scores_with_a_decimal_comma() -> None:
    columns = {
        "text": ["a"] * 6,
        "text_pair": ["b"] * 6,
        "score": ["0", "2,5", " 5.0 ", "many", "", "nan"],
    }
    scores = count("pair-similarity", ("train", columns))["scores"]
    assert (scores["min"], scores["max"], scores["mean"]) == (0.0, 5.0, 2.5)
    assert (scores["count"], scores["unreadable"], scores["different"]) == (3, 2, 3)
    assert sum(scores["counts"]) == 3
    assert scores["edges"][0] == 0.0
    assert scores["edges"][-1] == 5.0


def test_very_many_scores_are_held_in_few_numbers() -> None:
    statistics = Statistics({"score": "score"}, "pair-similarity")
    values = np.random.default_rng(1).uniform(-3, 7, 50_000)
    statistics.add("train", frame({"score": [str(value) for value in values]}))
    scores = statistics.result()["scores"]
    assert scores["different"] <= 20_000
    assert (scores["min"], scores["max"]) == (values.min(), values.max())
    assert scores["count"] == sum(scores["counts"]) == 50_000
    expected = np.histogram(values, scores["edges"])[0]
    assert scores["counts"] == pytest.approx(expected.tolist(), rel=0.02)


def test_answers_are_looked_for_where_they_are_said_to_stand() -> None:
    context = "The cat sat on the mat."
    columns = {
        "question": ["Who?", "Where?", "What?", "Why?", "When?"],
        "context": [context, context, "猫坐在垫子上", context, None],
        "answer": [["cat", "The cat"], ["mat"], ["垫子"], [], ["noon"]],
        "answer_start": [["4", "0"], ["5"], ["3"], [], ["0"]],
    }
    answers = count("question-answering", ("train", columns))["answers"]
    assert answers["questions"] == 5
    assert answers["unanswered"] == 1
    assert answers["answers"] == 5
    assert (answers["misplaced"], answers["absent"]) == (2, 1)
    assert answers["rows_misplaced"]["parts"]["train"]["rows"] == [3, 6]
    assert answers["rows_absent"]["parts"]["train"]["rows"] == [6]


@pytest.mark.parametrize("starts", [["x"], ["-1"], [None], [], ["0", "4"]])
def test_strange_starts_are_misplaced_and_nothing_breaks(starts: list[str | None]) -> None:
    columns = {
        "question": ["Who?", "?"],
        "context": ["The cat", "x"],
        "answer": [["cat"], []],
        "answer_start": [starts, []],
    }
    answers = count("question-answering", ("train", columns))["answers"]
    assert (answers["answers"], answers["misplaced"], answers["absent"]) == (1, 1, 0)


def test_a_single_answer_may_be_a_plain_cell() -> None:
    columns = {"question": ["Who?", "?"], "context": ["The cat", "x"], "answer": ["cat", None]}
    answers = count("question-answering", ("train", columns))["answers"]
    assert (answers["answers"], answers["unanswered"], answers["misplaced"]) == (1, 1, 0)


def test_a_column_that_a_part_lacks_counts_as_empty() -> None:
    statistics = Statistics({"text": "t", "label": "l"}, "classification")
    statistics.add("train", frame({"t": ["good tea"], "l": ["yes"]}))
    statistics.add("test", frame({"t": ["bad tea"]}))
    result = statistics.result()
    assert result["empty"]["label"]["parts"] == {"test": {"count": 1, "rows": [2]}}
    assert result["classes"] == {"train": [["yes", 1]], "test": []}


def test_a_column_may_say_which_part_a_row_belongs_to() -> None:
    columns = {
        "text": ["one", "two", "one", "four"],
        "label": ["a", "b", "a", "b"],
        "split": ["train", "Dev", "test", None],
    }
    result = count("classification", ("train", columns), ("test", columns))
    assert result["rows"] == {"train": 2, "val": 1, "test": 5}
    assert result["copies"]["shared"][0] == {
        "part": "test",
        "other": "train",
        "count": 4,
        "rows": [4, 2, 4, 5],
    }


def test_nothing_was_added_yet() -> None:
    for task, roles in (("classification", ("text", "label")), ("tagging", ("tokens", "tags"))):
        result = Statistics({role: role for role in roles}, task).result()
        assert result["rows"] == {}
        assert result["lengths"]["counts"] == []
        assert json.loads(json.dumps(result, allow_nan=False)) == result
        assert study_numbers(result)["tokens"] == 0


def test_the_window_gets_its_numbers() -> None:
    result = count("classification", ("train", OPINIONS), ("test", OPINIONS))
    numbers = study_numbers(result)
    assert numbers["rows"] == {"train": 10, "test": 10}
    assert numbers["tokens"] == 2 * result["tokens"]["train"]
    assert numbers["types"] == 15
    assert numbers["empty"] == 8
    assert numbers["suspicious"] == 8
    assert numbers["language"]["name"] == "English"
    assert set(numbers["length_histogram"]) >= {"unit", "edges", "counts", "median", "p95", "longest"}


def test_a_column_of_ten_thousand_different_labels_is_still_counted() -> None:
    columns = {"text": ["a"] * 10_100, "label": [f"name {number}" for number in range(10_100)]}
    labels = count("classification", ("train", columns))["labels"]
    assert labels["distinct"] == 10_100
    assert labels["uncounted"] == 100


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(ValueError, match="no part 'dev'"):
        Statistics({"text": "text"}, "plain-text").add("dev", frame({"text": ["a"]}))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="peak memory is read from /proc")
def test_one_endless_text_is_counted_in_little_memory() -> None:
    """A text of 22 MB takes some times its own size, though it has five million words."""
    program = """
import re
import polars as pl
from ptft_gui.data.examples.statistics import Statistics
text = "one two three four five 六 " * 800_000
statistics = Statistics({"text": "text"}, "plain-text")
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
before = peak()
frame = pl.DataFrame({"text": [text]})
statistics.add("train", frame)
grown = peak() - before
result = statistics.result()
print(result["tokens"]["train"], result["distinct_words"]["count"], grown // len(text.encode()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    words, different, times = map(int, done.stdout.split())
    assert words == 4_800_000
    assert 6 <= different <= 200
    assert times < 20


def test_the_window_is_sent_no_endless_list_of_classes() -> None:
    columns = {"text": ["a"] * 1000, "label": [f"{number:04}" * 60 for number in range(1000)]}
    numbers = study_numbers(count("classification", ("train", columns)))
    assert len(numbers["classes"]["train"]) == 200
    assert len(json.dumps(numbers)) < 200_000
