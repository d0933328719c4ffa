"""Training, validation and test: shares, copies on one side, given parts, few rows."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.core.data_request import SplitRequest
from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.decisions import decide
from ptft_gui.data.examples.fields import Fields
from ptft_gui.data.examples.group_deal import GroupDeal, group_keys
from ptft_gui.data.examples.number_files import NumberFile
from ptft_gui.data.examples.row_groups import numbered
from ptft_gui.data.examples.splits import Division, divide
from ptft_gui.data.examples.survey import Survey, take_survey
from tests.data.memory_table import Cells, MemoryTable

_KEEP_ALL = {"tiny_classes": "join", "conflicts": "keep", "leaks": "keep", "repeated_lines": "keep"}


def _divide(
    cells: Cells, task: str = "classification", split: SplitRequest | None = None, **parts: Cells
) -> tuple[Survey, Division]:
    table = MemoryTable(cells, val=parts.get("val"), test=parts.get("test"), step=1000)
    roles = {column.name: column.name for column in table.columns}
    survey = take_survey(table, Fields(task, roles, table.columns))
    return survey, divide(survey, decide(survey, _KEEP_ALL), split or SplitRequest())


def _labelled(rows: int, labels: str = "ab") -> Cells:
    return {
        "text": [f"text number {n}" for n in range(rows)],
        "label": [labels[n % len(labels)] for n in range(rows)],
    }


def test_the_split_is_stated_in_one_sentence() -> None:
    _, division = _divide(_labelled(3105, "abcde"))
    assert division.sentence == (
        "3,105 rows: 2,174 to learn from, 466 to choose the best moment, 465 for the final score."
    )
    assert division.notices == []


def test_every_class_has_its_share_in_every_part() -> None:
    labels = ["often"] * 700 + ["seldom"] * 100 + ["rare"] * 5
    survey, division = _divide({"text": [f"t {n}" for n in range(805)], "label": labels})
    shares = {}
    for place, part in enumerate(("train", "val", "test")):
        codes = survey.label[division.part == place]
        shares[part] = Counter(survey.labels[code] for code in codes.tolist())
    assert shares["test"] == {"often": 105, "seldom": 15, "rare": 1}
    assert shares["train"]["rare"] == 3
    assert abs(shares["val"]["seldom"] - 15) <= 1


def test_fractions_and_seed_may_be_chosen() -> None:
    cells = _labelled(200)
    _, half = _divide(cells, split=SplitRequest(val_fraction=0.25, test_fraction=0.25))
    assert half.counts() == {"train": 100, "val": 50, "test": 50, "unlabelled": 0}
    _, no_test = _divide(cells, split=SplitRequest(test_fraction=0))
    assert no_test.counts()["test"] == 0
    assert no_test.sentence == "200 rows: 170 to learn from, 30 to choose the best moment."
    first, again, other = (_divide(cells, split=SplitRequest(seed=seed))[1].part for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    with pytest.raises(DataError, match=r"between 0 and 0\.9"):
        _divide(cells, split=SplitRequest(val_fraction=-0.1))


def test_questions_about_one_context_stay_together() -> None:
    contexts = [f"In the year {n // 5} the river rose." for n in range(300)]
    cells: Cells = {
        "question": [f"What happened, {n}?" for n in range(300)],
        "context": contexts,
        "answer": ["the river"] * 300,
    }
    _, division = _divide(cells, "question-answering")
    part_of: dict[str, set[int]] = {}
    for context, part in zip(contexts, division.part.tolist(), strict=True):
        part_of.setdefault(context, set()).add(part)
    assert all(len(parts) == 1 for parts in part_of.values())
    assert division.counts() == {"train": 210, "val": 45, "test": 45, "unlabelled": 0}


def _asked(documents: list[str]) -> Cells:
    """A question to each, three to a context."""
    count = len(documents)
    return {
        "title": documents,
        "question": [f"What happened, {n}?" for n in range(count)],
        "context": [f"In the year {n // 3} the river rose." for n in range(count)],
        "answer": ["the river"] * count,
    }


_ASKED_ROLES = {role: role for role in ("question", "context", "answer")}


def _divide_asked(cells: Cells) -> Division:
    table = MemoryTable(cells, step=100)
    survey = take_survey(table, Fields("question-answering", _ASKED_ROLES, table.columns))
    return divide(survey, decide(survey, _KEEP_ALL), SplitRequest())


def _parts_of(names: list[str], division: Division) -> list[set[int]]:
    found: dict[str, set[int]] = {}
    for name, part in zip(names, division.part.tolist(), strict=True):
        found.setdefault(name, set()).add(part)
    return list(found.values())


def test_questions_about_one_document_stay_together_and_the_facts_say_so() -> None:
    titles = [f"Article {n // 12}" for n in range(600)]
    division = _divide_asked(_asked(titles))
    assert all(len(parts) == 1 for parts in _parts_of(titles, division))
    counts = division.counts()
    assert abs(counts["test"] - 90) <= 12
    assert abs(counts["val"] - 90) <= 12
    assert division.sentence.endswith(" All questions about one document stand in the same part.")


def test_contexts_without_a_document_of_their_own_are_not_taken_for_one_document() -> None:
    division = _divide_asked(_asked([""] * 300))
    assert division.counts() == {"train": 210, "val": 45, "test": 45, "unlabelled": 0}


def test_documents_too_large_to_be_held_out_are_divided_between_their_contexts() -> None:
    cells = _asked([f"Book {n // 99}" for n in range(297)])
    division = _divide_asked(cells)
    assert division.counts() == {"train": 207, "val": 45, "test": 45, "unlabelled": 0}
    assert all(len(parts) == 1 for parts in _parts_of(cells["context"], division))
    assert "too few and too large" in division.notices[0]
    assert division.sentence.endswith(" All questions about one text stand in the same part.")


def test_pairs_that_share_a_text_stay_together() -> None:
    first = [f"sentence {n // 2}" for n in range(200)]
    second = [f"other {(n + 1) // 2}" for n in range(200)]
    second[1::2] = [f"alone {n}" for n in range(100)]
    cells: Cells = {"text": first, "text_pair": second, "score": [str(n / 10) for n in range(200)]}
    _, division = _divide(cells, "pair-similarity")
    part_of: dict[str, set[int]] = {}
    for one, two, part in zip(first, second, division.part.tolist(), strict=True):
        part_of.setdefault(one, set()).add(part)
        part_of.setdefault(two, set()).add(part)
    assert all(len(parts) == 1 for parts in part_of.values())
    assert division.counts()["test"] == 30


def test_sentences_that_are_in_every_pair_are_said_to_be_on_both_sides() -> None:
    cells: Cells = {
        "text": ["the same for all"] * 60,
        "text_pair": [f"other {n}" for n in range(60)],
        "score": [str(n % 7) for n in range(60)],
    }
    _, division = _divide(cells, "pair-similarity")
    assert "only equal pairs stay on one side" in division.notices[0]
    assert division.counts()["test"] == 9


def test_given_parts_win_and_only_what_is_missing_is_cut() -> None:
    _, with_test = _divide(_labelled(100), test=_labelled(30))
    assert with_test.counts() == {"train": 85, "val": 15, "test": 30, "unlabelled": 0}
    _, with_both = _divide(_labelled(100), val=_labelled(20), test=_labelled(30))
    assert with_both.counts() == {"train": 100, "val": 20, "test": 30, "unlabelled": 0}
    assert with_both.sentence.endswith(
        "20 to choose the best moment (as you gave them), 30 for the final score (as you gave them)."
    )


def test_few_rows_are_all_learned_from() -> None:
    _, division = _divide(_labelled(8))
    assert division.notices == ["8 rows are too few to hold some out: the model learns from all."]
    assert division.sentence.startswith("8 rows, all to learn from: nothing is held out")
    _, more = _divide(_labelled(40))
    assert more.notices == ["With only 6 rows for the final score, the score is rough."]


def test_plain_text_has_no_test_part_and_a_bounded_validation_part() -> None:
    _, division = _divide({"text": [f"a text of its own {n}" for n in range(60_000)]}, "plain-text")
    assert division.counts() == {"train": 55_000, "val": 5_000, "test": 0, "unlabelled": 0}


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(0, 60), st.sampled_from("aabbbc")), min_size=1, max_size=250),
    val=st.sampled_from([None, 0.0, 0.1, 0.3]),
    test=st.sampled_from([None, 0.0, 0.2]),
    seed=st.integers(0, 5),
)
def test_equal_texts_are_never_divided(
    rows: list[tuple[int, str]], val: float | None, test: float | None, seed: int
) -> None:
    texts = [f"text {number}" for number, _ in rows]
    cells: Cells = {"text": texts, "label": [label for _, label in rows]}
    _, division = _divide(cells, split=SplitRequest(val_fraction=val, test_fraction=test, seed=seed))
    part_of: dict[str, set[int]] = {}
    for text, part in zip(texts, division.part.tolist(), strict=True):
        part_of.setdefault(text, set()).add(part)
    assert all(len(parts) == 1 for parts in part_of.values())
    counts = division.counts()
    assert sum(counts.values()) == len(rows)
    assert counts["train"] > 0
    if len(set(texts)) > 40:
        wanted = (0.15 if test is None else test) * len(rows)
        assert abs(counts["test"] - wanted) <= 0.1 * len(rows) + 3


@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(st.integers(0, 40), min_size=1, max_size=120),
    others=st.lists(st.integers(30, 80), min_size=120, max_size=120),
    strata=st.lists(st.integers(0, 3), min_size=120, max_size=120),
    used=st.lists(st.booleans() | st.just(True), min_size=120, max_size=120),
    wanted=st.tuples(st.integers(0, 12), st.integers(0, 12)),
    pairs=st.booleans(),
)
def test_groups_are_dealt_piece_by_piece_as_all_at_once(
    texts: list[int],
    others: list[int],
    strata: list[int],
    used: list[bool],
    wanted: tuple[int, int],
    pairs: bool,
) -> None:
    size = len(texts)
    rows, stratum = np.array(used[:size], np.bool_), np.array(strata[:size], np.int32)
    columns = [NumberFile(np.uint64) for _ in range(1 + pairs)]
    for column, values in zip(columns, (texts, others[:size]), strict=False):
        column.add(np.array(values, np.uint64) * np.uint64(0x9E3779B97F4A7C15))
    with pytest.MonkeyPatch.context() as patch:
        for module in ("number_files", "row_groups", "group_deal"):
            patch.setattr(f"ptft_gui.data.examples.{module}.PIECE_ROWS", 7)
        keys = group_keys(numbered(columns, ["a", "b"][: 1 + pairs], None), rows)
        deal = GroupDeal(keys, rows, lambda piece: stratum[piece], 4)
        deal.shuffle(np.random.default_rng(3))
        for part in (2, 1):
            deal.hold_out(part, [wanted[part - 1]] * 4)
        found = [deal.part_of_group[keys.of(slice(at, at + 1))[0]] for at in np.flatnonzero(rows)]
    groups = _joined([texts, others[:size]][: 1 + pairs], rows)
    assert [int(part) for part in found] == _dealt(groups, stratum[rows].tolist(), wanted)


def _joined(columns: list[list[int]], rows: np.ndarray) -> list[int]:  # type: ignore[type-arg]
    """The group of each of ``rows``: the least number of the texts that pairs connect, counted as they appear."""
    number = {
        text: at for at, text in enumerate(dict.fromkeys(text for column in columns for text in column))
    }
    own = [[number[column[at]] for column in columns] for at in np.flatnonzero(rows)]
    group = list(range(len(number)))
    for _ in number:
        for texts in own:
            least = min(group[text] for text in texts)
            for text in texts:
                group[text] = least
    return [group[texts[0]] for texts in own]


def _dealt(groups: list[int], strata: list[int], wanted: tuple[int, int]) -> list[int]:
    """The parts of rows: groups in the order of a permutation, stratum by stratum."""
    names = sorted(set(groups))
    part = dict.fromkeys(names, 0)
    drawn = np.random.default_rng(3).permutation(np.array(names, np.int64)).tolist() if names else []
    for stratum in range(4):
        own = [name for name in drawn if strata[groups.index(name)] == stratum]
        rows = sum(groups.count(name) for name in own)
        fitting = [name for name in own if groups.count(name) <= max(1, 0.1 * rows)]
        for place in (2, 1):
            goal, reached = wanted[place - 1], 0
            while fitting and reached < goal:
                size = groups.count(fitting[0])
                if reached and reached + size >= goal and reached + size - goal > goal - reached:
                    break
                part[fitting.pop(0)] = place
                reached += size
    return [part[group] for group in groups]
