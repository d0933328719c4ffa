"""What is found in a person's rows, how it is dealt with, and that no row is lost on the way."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import SplitRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.decided import Decided
from ptft_gui.data.examples.decisions import decide
from ptft_gui.data.examples.fields import Fields
from ptft_gui.data.examples.findings import KINDS
from ptft_gui.data.examples.splits import divide
from ptft_gui.data.examples.survey import Survey, take_survey
from tests.data.memory_table import Cells, MemoryTable


def _survey(cells: Cells, task: str = "classification", **more: object) -> Survey:
    table = MemoryTable(cells, **more)  # type: ignore[arg-type]
    roles = {column.name: column.name for column in table.columns}
    return take_survey(table, Fields(task, roles, table.columns))


def _found(decided: Decided) -> dict[str, tuple[int, str, str]]:
    return {each.key: (each.count, each.sentence, each.chosen) for each in decided.findings}


def _labelled(labels: list[str | None]) -> Survey:
    return _survey({"text": [f"text number {n}" for n in range(len(labels))], "label": labels})


def test_rows_without_text_or_label_are_named_and_counted() -> None:
    survey = _survey(
        {"text": ["a a", None, "  ", "b b", "c c", "d d"], "label": ["x", "y", None, None, "y", "x"]}
    )
    decided = decide(survey, {"tiny_classes": "join"})
    assert _found(decided)["empty_text"] == (2, "2 rows have no text.", "leave_out")
    assert _found(decided)["empty_label"] == (1, "1 row without label.", "set_aside")
    assert (
        decided.sum_sentence()
        == "6 rows = 3 used + 1 without label, set aside + 2 with empty text, left out."
    )


def test_several_labels_in_a_cell_must_be_decided() -> None:
    survey = _labelled(["economy"] * 12 + ["health"] * 12 + ["economy; health"] * 3)
    waiting = decide(survey, {})
    finding = next(each for each in waiting.findings if each.key == "many_labels")
    assert finding.must_ask
    assert finding.chosen == ""
    assert finding.sentence == "3 cells hold several labels, for example “economy; health”."
    assert waiting.waits_for == ["many_labels"]
    assert waiting.sum_sentence() == "27 rows = 24 used + 3 with several labels, waiting for your choice."

    first = decide(survey, {"many_labels": "first"})
    assert dict(first.classes) == {"economy": 15, "health": 12}
    several = decide(survey, {"many_labels": "several"})
    assert several.task == "multilabel"
    assert dict(several.classes) == {"economy": 15, "health": 15}
    assert decide(survey, {"many_labels": "leave_out"}).sums()[0]["count"] == 24


def test_a_slash_inside_a_name_is_no_second_label() -> None:
    decided = decide(_labelled(["Sci/Tech"] * 12 + ["Arts, crafts"] * 12 + ["World"] * 12), {})
    assert "many_labels" not in _found(decided)
    assert len(decided.classes) == 3


def test_spellings_are_joined_and_may_be_kept_apart() -> None:
    survey = _labelled(["Health"] * 30 + ["health "] * 2 + ["HEALTH"] + ["Helath"] + ["economy"] * 12)
    decided = decide(survey, {})
    assert _found(decided)["label_case"][:2] == (
        3,
        "3 labels differ only in case or spaces, for example “Health”, “health”: 3 rows with the rarer spelling.",
    )
    assert _found(decided)["label_spelling"][0] == 1
    assert dict(decided.classes) == {"Health": 34, "economy": 12}
    apart = decide(survey, {"label_case": "keep", "label_spelling": "keep", "tiny_classes": "join"})
    assert dict(apart.classes) == {"Health": 30, "economy": 12, "other": 4}


def test_labels_that_only_look_alike_stay_apart() -> None:
    decided = decide(_labelled(["class_a"] * 90 + ["class_b"] * 4 + ["typical"] * 90 + ["atypical"] * 4), {})
    assert "label_spelling" not in _found(decided)
    assert len(decided.classes) == 4


def test_copies_stay_and_copies_that_disagree_are_left_out() -> None:
    texts = ["same words", "Same  words ", "other words", "other words", "alone here"] + [
        f"t {n}" for n in range(30)
    ]
    survey = _survey({"text": texts, "label": ["a", "a", "a", "b", "b"] + ["a", "b"] * 15})
    decided = decide(survey, {})
    assert _found(decided)["conflicts"][:2] == (2, "1 text comes with different labels, in 2 rows.")
    assert _found(decided)["equal_texts"][:2] == (1, "1 row is a copy of an earlier one.")
    assert decided.sum_sentence() == (
        "35 rows = 33 used + 2 that are equal texts with different labels, left out. "
        "Of the rows used, 1 is a copy; equal texts stay on one side."
    )
    assert decide(survey, {"equal_texts": "keep_one"}).sums()[-1]["words"] == "that are copies, left out"
    assert decide(survey, {"conflicts": "first"}).sums()[-1]["count"] == 1


def test_rare_classes_are_left_out_kept_or_joined() -> None:
    survey = _labelled(["a"] * 20 + ["b"] * 20 + ["c"] * 5 + ["refuse"] * 2)
    decided = decide(survey, {})
    assert _found(decided)["tiny_classes"][:2] == (2, "1 class has fewer than 3 rows: “refuse” (2).")
    assert _found(decided)["small_classes"][:2] == (5, "1 class has fewer than 10 rows: “c” (5).")
    assert dict(decided.classes) == {"a": 20, "b": 20, "c": 5}
    assert decided.sum_sentence() == (
        "47 rows = 45 used + 2 of classes with fewer than 3 rows (“refuse”), left out."
    )
    joined = decide(survey, {"tiny_classes": "join", "small_classes": "join"})
    assert dict(joined.classes) == {"a": 20, "b": 20, "other": 7}


def test_of_many_rare_classes_the_sum_names_three() -> None:
    rare = [f"class {number}" for number in range(200)]
    decided = decide(_labelled(["a"] * 20 + ["b"] * 20 + rare), {})
    assert decided.sum_sentence() == (
        "240 rows = 40 used + 200 of classes with fewer than 3 rows (“class 0”, “class 1”, “class 10” and 197 more), "
        "left out."
    )


def test_a_single_class_is_refused_in_a_sentence() -> None:
    problem = decide(_labelled(["yes"] * 30), {}).problem
    assert problem is not None
    assert problem.message == "The label column has only one class."
    assert (
        problem.detail
        == "All 30 labels in this table are “yes”. A model needs at least two classes to tell apart."
    )


def test_a_given_test_part_is_never_touched() -> None:
    train: Cells = {"text": [f"t {n}" for n in range(40)] + ["held text"], "label": ["a", "b"] * 20 + ["a"]}
    test: Cells = {"text": ["held text", "held text", "other"], "label": ["a", "b", "never seen"]}
    survey = _survey(train, test=test)
    decided = decide(
        survey, {"conflicts": "leave_out", "equal_texts": "keep_one", "small_classes": "leave_out"}
    )
    assert _found(decided)["leaks"][:2] == (1, "1 row stands in one of your held-out parts too.")
    assert _found(decided)["unseen_labels"][2] == "keep"
    division = divide(survey, decided, SplitRequest())
    assert division.counts()["test"] == 3
    assert division.sentence == (
        "43 rows: 34 to learn from, 6 to choose the best moment, 3 for the final score (as you gave them)."
    )


def test_repeated_lines_of_plain_text_are_kept_once() -> None:
    texts = [
        f"A sentence of its own, number {n}.\nThis mail is confidential and must not be read."
        for n in range(9)
    ]
    survey = _survey({"text": [*texts, "This mail is confidential and must not be read."]}, "plain-text")
    decided = decide(survey, {})
    count, sentence, chosen = _found(decided)["repeated_lines"]
    assert (count, chosen) == (9, "keep_one")
    assert sentence.startswith("Repeated lines: 55% of the text, 9 lines that came before.")
    assert decided.sum_sentence() == "10 rows = 9 used + 1 of nothing but repeated lines, left out."


@pytest.mark.parametrize(
    ("cells", "task", "key", "count"),
    [
        (
            {"text": ["a b"] * 3, "text_pair": ["c", "d", "e"], "score": ["1", "x", "2,5"]},
            "pair-similarity", "bad_scores", 1,
        ),
        ({"tokens": [["a", "b"], ["c"]], "tags": [["O", "O"], ["O", "O"]]}, "tagging", "unequal_tags", 1),
        (
            {"question": ["q1", "q2", "q3"], "context": ["the red house"] * 3, "answer": ["red", "blue", "house"],
             "answer_start": ["4", "4", "2"]},
            "question-answering", "missing_answers", 1,
        ),
        (
            {"question": ["q1", "q2"], "context": ["the red house"] * 2, "answer": ["red", "house"],
             "answer_start": ["4", "2"]},
            "question-answering", "misplaced_answers", 1,
        ),
        ({"prompt": ["p", "q"], "reply": ["r", None]}, "reply", "empty_label", 1),
        ({"text": ["x"] * 3, "label": ["a"] * 3, "split": ["train", "test", "?"]}, "classification", "no_part", 1),
    ],
)  # fmt: skip
def test_each_task_has_its_findings(cells: Cells, task: str, key: str, count: int) -> None:
    assert _found(decide(_survey(cells, task), {}))[key][0] == count


def test_unknown_decisions_are_refused() -> None:
    survey = _labelled(["a", "b"] * 10)
    with pytest.raises(DataError, match="no finding called emty_text"):
        decide(survey, {"emty_text": "keep"})
    with pytest.raises(DataError, match="empty_text cannot be decided by maybe"):
        decide(survey, {"empty_text": "maybe"})


def test_stopping_at_unreadable_rows_is_a_problem_with_the_row() -> None:
    survey = _survey({"text": ["a", "b"], "label": ["x", "y"]}, unreadable=2)
    assert (
        decide(survey, {"tiny_classes": "join"}).sum_sentence()
        == "4 rows = 2 used + 2 that could not be read."
    )
    problem = decide(survey, {"bad_rows": "stop"}).problem
    assert problem is not None
    assert problem.message == "2 rows could not be read. The first: It has 9 columns."


_TEXTS = st.sampled_from(
    [None, "", " ", "one text", "One  text", "two texts", "three", "four\nfour lines here"]
)
_LABELS = st.sampled_from([None, " ", "a", "A", "a ", "b", "a; b", "b;c", "rare", "class one", "clas one"])
_SPLITS = st.sampled_from([None, "train", "dev", "test", "later"])
_ROWS = st.lists(st.tuples(_TEXTS, _LABELS, _SPLITS), min_size=1, max_size=60)
_DECISIONS = st.fixed_dictionaries(
    {},
    optional={kind.key: st.sampled_from([choice.key for choice in kind.choices]) for kind in KINDS.values()},
)


@settings(max_examples=300, deadline=None)
@given(
    train=_ROWS,
    test=st.lists(st.tuples(_TEXTS, _LABELS, _SPLITS), max_size=12),
    decisions=_DECISIONS,
    with_split=st.booleans(),
    unreadable=st.integers(0, 3),
    task=st.sampled_from(["classification", "multilabel", "plain-text"]),
)
def test_counts_always_add_up_and_no_row_is_lost(
    train: list[tuple[str | None, ...]],
    test: list[tuple[str | None, ...]],
    decisions: dict[str, str],
    with_split: bool,
    unreadable: int,
    task: str,
) -> None:
    names = ("text", "label", "split")[: 3 if with_split else 2]
    cells = [{name: [row[at] for row in rows] for at, name in enumerate(names)} for rows in (train, test)]
    table = MemoryTable(cells[0], test=cells[1] if test else None, unreadable=unreadable)
    roles = {name: name for name in names}
    survey = take_survey(table, Fields(task, roles, table.columns))
    decided = decide(survey, decisions)
    division = divide(survey, decided, SplitRequest())

    total = len(train) + len(test) + unreadable
    sentence = decided.sum_sentence().split(". ")[0].replace(",", "")
    rows, sums = sentence.split(" = ")
    assert int(re.findall(r"^\d+", rows)[0]) == total
    assert sum(int(re.findall(r"^\d+", part)[0]) for part in sums.split(" + ")) == total

    counts = division.counts()
    assert counts["train"] + counts["val"] + counts["test"] == int(decided.used.sum())
    assert counts["unlabelled"] == int(decided.set_aside.sum())
    given_test = survey.given_test & decided.used
    assert np.array_equal(division.part == 2, given_test) or not given_test.any()
    if decided.task == "classification":
        assert sum(count for _, count in decided.classes) == int(decided.used.sum())
    for finding in decided.findings:
        assert finding.count > 0
        assert finding.chosen in {"", *(choice.key for choice in finding.choices)}
