"""The order in which examples are learned from, and the share of them that is."""

from __future__ import annotations

import numpy as np

from ptft_gui.engine.finetune.examples import batches_by_length, order_by_length, some_rows


def test_an_epoch_holds_every_example_once_in_batches_of_like_length() -> None:
    lengths = np.random.default_rng(1).integers(5, 60, 1003)
    order = order_by_length(lengths, 32, seed=3, epoch=0)
    assert sorted(order) == list(range(1003))
    spread = [np.ptp(lengths[order[start : start + 32]]) for start in range(0, 992, 32)]
    assert np.mean(spread) < 6
    assert not np.array_equal(order, order_by_length(lengths, 32, seed=3, epoch=1))
    assert np.array_equal(order, order_by_length(lengths, 32, seed=3, epoch=0))
    first = [lengths[order[start]] for start in range(0, 992, 32)]
    assert first != sorted(first)


def test_looking_goes_through_all_examples_within_the_memory_it_may_use() -> None:
    lengths = np.array([3, 50, 7, 120, 8, 9, 2, 300])
    batches = list(batches_by_length(lengths, most_tokens=128, most_examples=3))
    assert sorted(np.concatenate(batches)) == list(range(8))
    assert all(len(each) == 1 or len(each) * lengths[each].max() <= 128 for each in batches)
    assert max(map(len, batches)) == 3


def test_a_larger_share_of_the_rows_holds_the_smaller_one() -> None:
    rows = [{"key": n, "label": "rare" if n % 50 == 0 else "usual"} for n in range(300)]
    few, more = (some_rows(rows, {"train_share": share, "seed": 4}) for share in (0.1, 0.5))
    assert (len(few), len(more)) == (30, 150)
    assert {row["key"] for row in few} < {row["key"] for row in more}
    assert sum(row["label"] == "rare" for row in few) == 1
    assert some_rows(rows, {"train_share": 1.0}) is rows
