"""However a table comes in batches, its numbers are the same, and memory stays flat."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.data.examples import equal_hashes
from ptft_gui.data.examples.copies import example_hashes, input_roles
from ptft_gui.data.examples.copy_counts import CopyCounts
from ptft_gui.data.examples.counting import PARTS, DistinctCount, LabelCounts
from ptft_gui.data.examples.statistics import Statistics
from ptft_gui.data.tables.table import ROW


def frame(columns: Mapping[str, Sequence[Any]], first_row: int = 2) -> pl.DataFrame:
    size = len(next(iter(columns.values())))
    is_list = {name: any(isinstance(cell, list) for cell in cells) for name, cells in columns.items()}
    schema = {name: pl.List(pl.String) if is_list[name] else pl.String for name in columns}
    rows = pl.Series(ROW, range(first_row, first_row + size), dtype=pl.UInt64)
    return pl.DataFrame(dict(columns), schema=schema).with_columns(rows)


CELL = st.none() | st.text(
    st.one_of(
        st.sampled_from("aB 1.'-好か<>é\u00e2\u20ac\ufffd\x07"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=12,
)
TABLES = st.lists(
    st.tuples(st.sampled_from(["train", "val", "test"]), CELL, CELL, st.lists(CELL, max_size=3)), max_size=25
)


@settings(deadline=None, max_examples=60)
@given(TABLES, st.integers(1, 7), st.sampled_from(["pair-classification", "multilabel", "pair-similarity"]))
def test_batches_give_the_same_as_one_piece(
    table: list[tuple[str, str | None, str | None, list[str | None]]], size: int, task: str
) -> None:
    """And asking in between changes nothing."""
    roles = {"text": "a", "text_pair": "b", "label": "l", "score": "b"}
    whole, pieces = Statistics(roles, task), Statistics(roles, task)
    rows = sorted(table, key=lambda row: ["train", "val", "test"].index(row[0]))
    for part in ("train", "val", "test"):
        own = [row for row in rows if row[0] == part]
        columns = frame(
            {"a": [row[1] for row in own], "b": [row[2] for row in own], "l": [row[3] or [None] for row in own]}
        ) if own else pl.DataFrame()  # fmt: skip
        whole.add(part, columns)
        for start in range(0, len(own), size):
            piece = columns[start : start + size]
            pieces.add(part, piece, example_hashes([piece[roles[role]] for role in input_roles(task)]))
            pieces.result()
    result = whole.result()
    assert pieces.result() == result
    assert json.loads(json.dumps(result, allow_nan=False)) == result


LIST = st.none() | st.lists(
    st.none() | st.sampled_from(["a", "b", "", "O", "B-x", "I-x", "E_y", "0", "1", "-7", "x 1"])
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(CELL, LIST, LIST), min_size=1, max_size=12), st.integers(1, 5))
def test_batches_of_lists_give_the_same_as_one_piece(
    table: list[tuple[str | None, list[str | None] | None, list[str | None] | None]], size: int
) -> None:
    """Words with tags, and questions with answers, however they lack cells or differ in length."""
    cells = pl.DataFrame(
        {
            "text": [row[0] for row in table],
            "one": [row[1] for row in table],
            "other": [row[2] for row in table],
        },
        schema={"text": pl.String, "one": pl.List(pl.String), "other": pl.List(pl.String)},
    )
    for task, roles in (
        ("tagging", {"tokens": "one", "tags": "other"}),
        (
            "question-answering",
            {"question": "text", "context": "text", "answer": "one", "answer_start": "other"},
        ),
        ("multilabel", {"text": "text", "label": "one"}),
    ):
        whole, pieces = Statistics(roles, task), Statistics(roles, task)
        whole.add("train", cells)
        for start in range(0, len(cells), size):
            pieces.add("train", cells[start : start + size])
        result = whole.result()
        assert pieces.result() == result
        assert json.loads(json.dumps(result, allow_nan=False)) == result
        if "answers" in result:
            answers = result["answers"]
            assert answers["absent"] <= answers["misplaced"] <= answers["answers"]
            assert answers["questions"] == len(cells)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=40), max_size=6), st.integers(4, 60))
def test_different_things_are_counted_exactly_up_to_a_bound(batches: list[list[int]], bound: int) -> None:
    distinct = DistinctCount(bound)
    for batch in batches:
        distinct.add(np.array(batch, np.uint64))
    expected = len({value for batch in batches for value in batch})
    facts = distinct.facts()
    assert facts["is_exact"] == (expected <= bound)
    if facts["is_exact"]:
        assert facts["count"] == expected


def test_beyond_the_bound_different_things_are_estimated() -> None:
    hashes = np.random.default_rng(1).integers(0, 2**64, 300_000, np.uint64)
    one, many = DistinctCount(4096), DistinctCount(4096)
    one.add(hashes)
    for batch in np.array_split(hashes, 31):
        many.add(batch)
        many.add(batch)
    assert one.facts() == many.facts()
    assert one.facts()["count"] == pytest.approx(300_000, rel=0.05)
    assert not one.facts()["is_exact"]


def test_copies_are_counted_exactly_share_by_share(monkeypatch: pytest.MonkeyPatch) -> None:
    """However few rows are looked at at a time, and where one text fills most of them."""
    monkeypatch.setattr(equal_hashes, "SHARE_ROWS", 500)
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 2**64, 6_000, np.uint64)
    drawn = np.concatenate([hashes[rng.integers(0, 6_000, 9_000)], np.repeat(hashes[:1], 7_000), hashes[:10]])
    parts = rng.integers(0, 3, len(drawn))
    copies = CopyCounts()
    for at in range(0, len(drawn), 700):
        for index, part in enumerate(PARTS):
            places = np.arange(at, min(at + 700, len(drawn)))[parts[at : at + 700] == index]
            copies.add(part, drawn[places], places.astype(np.uint64))
    facts = copies.facts()

    own = [Counter(drawn[parts == index].tolist()) for index in range(3)]
    for index, part in enumerate(PARTS):
        assert facts["repeated"][part]["count"] == (parts == index).sum() - len(own[index])
    leaks = {(each["part"], each["other"]): each["count"] for each in facts["shared"]}
    for index, other in ((1, 0), (2, 0), (2, 1)):
        expected = sum(count for value, count in own[index].items() if value in own[other])
        assert leaks[PARTS[index], PARTS[other]] == expected
    for found in (*facts["repeated"].values(), *facts["shared"]):
        assert len(found["rows"]) == 20
        assert len(set(found["rows"])) == 20


def test_labels_beyond_the_bound_are_counted_together() -> None:
    labels = LabelCounts(bound=2)
    labels.add([("a", 1), ("b", 2), ("c", 3), ("a", 1)])
    assert labels.facts() == [["a", 2], ["b", 2]]
    assert labels.others == 3
