"""Bars whose edges a person can read, and numbers that are lengths of texts that are there."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ptft_gui.data.examples.lengths import MOST_BARS, LengthCounts, histogram, share_longer

LENGTHS = st.lists(st.integers(0, 50) | st.integers(0, 10**6), min_size=1, max_size=200)


def facts_of(lengths: list[int]) -> dict[str, object]:
    counts = LengthCounts()
    counts.add(np.array(lengths, np.int64))
    return counts.facts("words")


@given(LENGTHS)
def test_every_text_is_in_one_bar(lengths: list[int]) -> None:
    facts = facts_of(lengths)
    edges, counts = facts["edges"], facts["counts"]
    assert len(edges) == len(counts) + 1  # type: ignore[arg-type]
    assert np.all(np.diff(edges) > 0)  # type: ignore[arg-type]
    assert counts == np.histogram(lengths, edges)[0].tolist()  # type: ignore[arg-type]
    assert sum(counts) == len(lengths)  # type: ignore[call-overload]
    assert len(counts) <= MOST_BARS + 2  # type: ignore[arg-type]


@given(LENGTHS)
def test_the_key_numbers_are_lengths_that_occur(lengths: list[int]) -> None:
    facts = facts_of(lengths)
    ordered = sorted(lengths)
    assert facts["longest"] == ordered[-1]
    assert facts["median"] == ordered[(len(ordered) + 1) // 2 - 1]
    assert facts["p95"] == np.percentile(ordered, 95, method="inverted_cdf")
    assert facts["mean"] == pytest.approx(np.mean(lengths))


def test_one_endless_text_does_not_press_the_others_together() -> None:
    edges, counts = histogram({**dict.fromkeys(range(5, 60), 10), 90_000: 1})
    assert edges[:3] == [4, 8, 12] or edges[:3] == [5, 10, 15]
    assert edges[-1] == 90_001
    assert counts[-1] == 1


@pytest.mark.parametrize(
    ("lengths", "edges"),
    [
        ({7: 3}, [7, 8]),
        ({0: 1, 1: 1}, [0, 1, 2]),
        ({100: 5, 480: 5}, [100, 150, 200, 250, 300, 350, 400, 450, 500]),
        ({}, []),
    ],
)
def test_edges_are_round_numbers(lengths: dict[int, int], edges: list[int]) -> None:
    assert histogram(lengths)[0] == edges


def test_no_text_has_no_length() -> None:
    facts = LengthCounts().facts("words")
    assert (facts["edges"], facts["counts"], facts["median"], facts["longest"]) == ([], [], 0, 0)


@given(LENGTHS, st.integers(0, 10**6))
def test_the_share_of_longer_texts(lengths: list[int], limit: int) -> None:
    share = share_longer(facts_of(lengths)["quantiles"], limit)  # type: ignore[arg-type]
    true = sum(length > limit for length in lengths) / len(lengths)
    assert share == pytest.approx(true, abs=0.011)
    assert (share > 0) == (true > 0)
