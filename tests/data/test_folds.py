"""Five runs, five parts: every row is tested once, equal texts stay together, classes are divided alike."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ptft_gui.core.data_request import FOLDS, SplitRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.spec import new_spec
from ptft_gui.data.examples.decisions import decide
from ptft_gui.data.examples.fields import Fields
from ptft_gui.data.examples.splits import Division, divide
from ptft_gui.data.examples.survey import TEST, VAL, Survey, take_survey
from tests.data.memory_table import Cells, MemoryTable

_KEEP_ALL = {"tiny_classes": "join", "conflicts": "keep", "leaks": "keep", "repeated_lines": "keep"}


def _folds(cells: Cells, **parts: Cells) -> tuple[Survey, list[Division]]:
    table = MemoryTable(cells, test=parts.get("test"), step=1000)
    survey = take_survey(table, Fields("classification", {"text": "text", "label": "label"}, table.columns))
    decided = decide(survey, _KEEP_ALL)
    return survey, [divide(survey, decided, SplitRequest(fold=fold)) for fold in range(1, FOLDS + 1)]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from("aaaab")), min_size=20, max_size=300),
)
def test_every_row_is_tested_once_and_copies_stay_together(rows: list[tuple[int, str]]) -> None:
    _, divisions = _folds(
        {"text": [f"text number {n}" for n, _ in rows], "label": [label for _, label in rows]}
    )
    tested = np.sum([division.part == TEST for division in divisions], axis=0)
    assert (tested == 1).all()
    texts = np.array([n for n, _ in rows])
    for division in divisions:
        for text in set(texts[division.part == TEST].tolist()):
            assert (division.part[texts == text] == TEST).all()


def test_parts_are_alike_in_size_and_classes() -> None:
    labels = ["often"] * 700 + ["seldom"] * 103 + ["rare"] * 5
    survey, divisions = _folds({"text": [f"t {n}" for n in range(808)], "label": labels})
    for division in divisions:
        codes = survey.label[division.part == TEST].tolist()
        counts = Counter(survey.labels[code] for code in codes)
        assert counts["often"] == 140
        assert counts["seldom"] in (20, 21)
        assert counts["rare"] == 1
        assert 100 <= int((division.part == VAL).sum()) <= 130
    assert divisions[1].sentence.endswith("The rows are divided into 5 parts; part 2 is tested.")
    assert (
        divisions[1].part == _folds({"text": [f"t {n}" for n in range(808)], "label": labels})[1][1].part
    ).all()


def test_a_test_part_that_was_brought_is_not_divided() -> None:
    cells: Cells = {"text": [f"t {n}" for n in range(40)], "label": ["a", "b"] * 20}
    with pytest.raises(DataError, match="bring their own test part"):
        _folds(cells, test={"text": ["x", "y"], "label": ["a", "b"]})


def test_a_handful_of_rows_is_refused() -> None:
    with pytest.raises(DataError, match="There are no 10 rows"):
        _folds({"text": ["a", "b", "c"], "label": ["x", "y", "x"]})


def test_a_fold_is_a_setting_of_runs_that_learn_from_labels() -> None:
    spec = new_spec(
        "word2vec", "survey.csv", settings={"fold": 3}, stage="finetune", task="classification", method="full"
    )
    assert spec.data.request("classification").split.fold == 3
    with pytest.raises(ValidationError):
        SplitRequest(fold=6)
