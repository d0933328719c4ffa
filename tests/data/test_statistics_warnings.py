"""Each warning: when it is given, in which words, and when it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pytest

from ptft_gui.data.examples.findings import KINDS
from ptft_gui.data.examples.statistics import Statistics
from ptft_gui.data.examples.warnings import DataWarning, find_warnings
from ptft_gui.data.tables.table import ROW

WORDS = "tea cup leaf pot milk sugar water spoon morning market price taste smell green black red".split()


def texts(count: int, start: int = 0) -> list[str]:
    """Different sentences of a few words."""
    return [
        f"The {WORDS[n % 16]} with {WORDS[n // 16 % 16]} was the {n}th that I had"
        for n in range(start, start + count)
    ]


def warn(
    task: str, parts: Mapping[str, Mapping[str, Sequence[Any]]], max_tokens: int | None = None
) -> dict[str, DataWarning]:
    roles = {name: name for columns in parts.values() for name in columns}
    statistics = Statistics(roles, task)
    for part, columns in parts.items():
        frame = pl.DataFrame({name: pl.Series(cells) for name, cells in columns.items()})
        statistics.add(part, frame.with_columns(pl.int_range(2, len(frame) + 2, dtype=pl.UInt64).alias(ROW)))
    warnings = find_warnings(statistics.result(), max_tokens)
    assert all(warning.hint.endswith(".") and warning.sentence.endswith((".", "?")) for warning in warnings)
    assert all(warning.finding in KINDS for warning in warnings if warning.finding)
    assert not any("!" in warning.sentence + warning.hint for warning in warnings)
    return {warning.key: warning for warning in warnings}


def labelled(count: int, labels: Sequence[str], start: int = 0) -> dict[str, list[str]]:
    return {"text": texts(count, start), "label": [labels[n % len(labels)] for n in range(count)]}


def test_good_data_is_not_warned_of() -> None:
    parts = {"train": labelled(300, "abc"), "val": labelled(60, "abc", 400), "test": labelled(60, "abc", 600)}
    assert warn("classification", parts, max_tokens=128) == {}


def test_nothing_read_is_not_warned_of() -> None:
    assert find_warnings(Statistics({"text": "text"}, "plain-text").result(), 10) == ()


def test_a_leak() -> None:
    parts = {"train": labelled(300, "abc"), "test": labelled(100, "abc", 299)}
    warning = warn("classification", parts)["leak"]
    assert warning.sentence == (
        "1 row of the test part (1 %) stands in the training part too, so the score would be too good."
    )
    assert warning.finding == "leaks"


def test_copies_in_both_held_out_parts() -> None:
    parts = {"train": labelled(300, "abc"), "val": labelled(60, "abc", 400), "test": labelled(60, "abc", 457)}
    warning = warn("classification", parts)["leak_held_out"]
    assert warning.sentence == (
        "3 rows of the test part (5 %) stand in the validation part too, which chooses the best moment, so the score "
        "would be a little too good."
    )


def test_plain_text_has_headings_and_long_passages() -> None:
    long = " ".join(f"word{n}" for n in range(20_000))
    train = {"text": ["= History ="] * 50 + ["", long]}
    assert warn("plain-text", {"train": train, "val": {"text": ["= History ="] * 50}}, max_tokens=64) == {}
    assert set(warn("plain-text", {"train": train, "val": {"text": [long]}})) == {"leak"}


def test_one_class_dominates() -> None:
    parts = {"train": labelled(300, ["satisfied"] * 9 + ["not"])}
    warning = warn("classification", parts)["dominant_class"]
    assert warning.sentence.startswith("90 % of the labels are “satisfied”:")
    assert "dominant_class" not in warn("classification", {"train": labelled(300, "aaaab")})


def test_a_single_class() -> None:
    warnings = warn("classification", {"train": labelled(300, ["yes"])})
    assert warnings["one_class"].sentence == (
        "All 300 labels are “yes”. A model needs at least two classes to tell apart."
    )
    assert "dominant_class" not in warnings


def test_classes_missing_in_a_part() -> None:
    parts = {"train": labelled(300, ["a", "b", "long " * 20]), "test": labelled(100, "abz", 400)}
    warnings = warn("classification", parts)
    assert warnings["class_not_in_training"].sentence == (
        "The class “z” of the test part never occurs in training, so the model cannot learn to answer so."
    )
    assert warnings["class_not_in_test"].sentence.startswith(
        "The class “long long long long long long long long…"
    )
    many = {"train": labelled(300, "abcdefg"), "test": labelled(100, "ab", 400)}
    assert warn("classification", many)["class_not_in_test"].sentence.startswith(
        "The classes “c”, “d”, “e” and 2 more never occur in the test part"
    )


def test_a_test_part_without_labels_misses_no_class() -> None:
    parts = {"train": labelled(300, "ab"), "test": {"text": texts(50, 400), "label": [None] * 50}}
    assert warn("classification", parts) == {}


def test_texts_that_would_be_cut_off() -> None:
    columns = labelled(300, "ab")
    columns["text"] = [text if n % 4 else text + " and so on" * 40 for n, text in enumerate(columns["text"])]
    warning = warn("classification", {"train": columns}, max_tokens=64)["cut_off"]
    assert warning.sentence == (
        "About 25 % of the texts are longer than the 64 tokens that the model reads at once; the rest of them would be "
        "cut off."
    )
    assert "cut_off" not in warn("classification", {"train": columns}, max_tokens=512)
    assert "cut_off" not in warn("classification", {"train": columns})


def test_a_chinese_character_is_a_token() -> None:
    columns = {
        "text": ["今天我们去了北京的一家茶馆喝茶聊天" + str(n) for n in range(200)],
        "label": ["a", "b"] * 100,
    }
    assert "cut_off" not in warn("classification", {"train": columns}, max_tokens=18)
    assert "cut_off" in warn("classification", {"train": columns}, max_tokens=16)


def test_few_rows_and_little_text() -> None:
    assert warn("classification", {"train": labelled(40, "ab")})["few_rows"].sentence == (
        "There are only 40 rows to learn from."
    )
    assert warn("plain-text", {"train": {"text": ["a line", "two"]}})["few_words"].sentence == (
        "There are only 3 words to learn from."
    )
    assert warn("plain-text", {"train": {"text": ["\n".join(texts(1000))]}}) == {}


def test_very_short_texts() -> None:
    columns = {"text": [f"item {n}" for n in range(200)], "label": ["a", "b"] * 100}
    assert warn("classification", {"train": columns})["short_texts"].sentence == (
        "Half of the texts have no more than 2 words."
    )


def test_languages_that_differ() -> None:
    chinese = ["今天我们去了北京的一家茶馆", "质量太差了，不推荐", "物流很快，下次还会再来"] * 20
    parts = {"train": labelled(300, "ab"), "test": {"text": chinese, "label": ["a", "b"] * 30}}
    assert warn("classification", parts)["languages_differ"].sentence == (
        "The parts are written in different languages: training English, test Chinese."
    )


def test_many_suspicious_rows() -> None:
    columns = labelled(300, "ab")
    columns["text"][:30] = [f"caf\u00c3\u00a9 number {n} is open" for n in range(30)]
    columns["text"][-40:] = [f"<br />line {n} of the letter" for n in range(40)]
    columns["text"][50] = "7"
    warnings = warn("classification", {"train": columns})
    assert warnings["suspicious_mojibake"].sentence == (
        "30 rows (10 %): the text looks as if it was read in a wrong encoding once (“Ã©” for “é”)."
    )
    assert "encoding" in warnings["suspicious_mojibake"].hint
    assert warnings["suspicious_html"].sentence == "40 rows (13 %): the text holds HTML tags or entities."
    assert "suspicious_no_letters" not in warnings


def test_everything_in_capitals() -> None:
    columns = labelled(300, "ab")
    columns["text"] = [text.upper() for text in columns["text"]]
    assert "upper_case" in warn("classification", {"train": columns})
    chinese = {"text": [f"今天我们去了北京 {n}" for n in range(200)], "label": ["a", "b"] * 100}
    assert "upper_case" not in warn("classification", {"train": chinese})


def test_labels_that_name_each_row() -> None:
    columns = {"text": texts(300), "label": [f"R{n:04}" for n in range(300)]}
    warnings = warn(
        "classification", {"train": columns, "test": {"text": texts(99, 400), "label": ["x"] * 99}}
    )
    assert warnings["label_is_id"].sentence.startswith(
        "The label column holds 301 different values in 399 rows"
    )
    assert not set(warnings) & {"class_not_in_training", "class_not_in_test", "dominant_class"}


@pytest.mark.parametrize(
    ("labels", "is_score"),
    [
        (["1", "2", "3", "4", "5"], False),
        (["0.5", "1.0", "3,2"], True),
        ([str(number) for number in range(30)], True),
        (["0", "1"], False),
        (["1.5", "n/a"], False),
    ],
)
def test_numbers_that_look_like_a_score(labels: list[str], is_score: bool) -> None:
    assert ("label_is_score" in warn("classification", {"train": labelled(300, labels)})) == is_score


def test_many_copies() -> None:
    columns = {"text": texts(200) + texts(50), "label": ["a", "b"] * 125}
    assert warn("classification", {"train": columns})["many_copies"].sentence == (
        "50 rows (20 %) repeat an earlier row word for word."
    )


def test_scores_that_are_no_numbers() -> None:
    columns = {"text": texts(200), "text_pair": texts(200, 300), "score": ["3.5"] * 199 + ["high"]}
    assert (
        warn("pair-similarity", {"train": columns})["scores_unreadable"].sentence == "1 score is no number."
    )


def test_answers_that_stand_nowhere_or_elsewhere() -> None:
    context = "The tea came from the north in spring"
    columns = {
        "question": texts(200),
        "context": [context] * 200,
        "answer": [["the north"]] * 190 + [["coffee"]] * 10,
        "answer_start": [["18"]] * 150 + [["0"]] * 50,
    }
    warnings = warn("question-answering", {"train": columns})
    assert warnings["answers_absent"].sentence == "10 of 200 answers do not stand in the context."
    assert warnings["answers_misplaced"].sentence == (
        "40 of 200 answers stand elsewhere in the context than the file says."
    )
    unanswered = columns | {"answer": [[""]] * 180 + [["the north"]] * 20, "answer_start": [["18"]] * 200}
    assert warn("question-answering", {"train": unanswered})["few_answers"].sentence == (
        "90 % of the questions have no answer."
    )


def test_no_word_is_marked() -> None:
    columns = {"tokens": [text.split() for text in texts(200)], "tags": [["O"] * 11] * 200}
    assert "no_entities" in warn("tagging", {"train": columns})
