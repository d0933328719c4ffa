"""Counting how often words meet: by hand, within a budget, without anything left over."""

from __future__ import annotations

import os
import random
import resource
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.engine.glove import counting as counting_module
from ptft_gui.engine.glove.counting import PairCounts, Window, count_pairs
from ptft_gui.engine.glove.kernel import PAIR, Pairs
from ptft_gui.engine.glove.pairs import EpochOrder, gather_pairs

Counted = dict[tuple[str, str], float]
WORDS = ["the", "cat", "sat", "mat"]
INDEX = {word: row for row, word in enumerate(WORDS)}
# 20 words; "on", "a", "red" and "big" are not in the vocabulary and take up no distance
TEXT = [
    "the cat sat on the mat".split(),
    "a red cat sat".split(),
    "the the big mat".split(),
    "sat".split(),
    "cat on a mat the".split(),
]
PLENTY = 1 << 30


def counted(counts: PairCounts | None, words: list[str] = WORDS) -> Counted:
    assert counts is not None
    found: Counted = {}
    for rows, columns, weights in counts.pieces():
        for row, column, weight in zip(rows, columns, weights, strict=True):
            pair = (words[row], words[column])
            assert pair not in found
            found[pair] = float(weight)
    return found


def test_both_sides_by_hand(tmp_path: Path) -> None:
    """Window 2. Sentence 1 is the(1) cat(2) sat(3) the(4) mat(5) once "on" is left out."""
    by_hand = {
        # 1: cat 1 beside the; the 4 two behind cat; 3: none; 5: the two behind cat
        ("the", "cat"): 1 + 1 / 2 + 1 / 2,
        # 1: sat two behind the 1, the 4 beside sat
        ("the", "sat"): 1 / 2 + 1,
        # 1: mat beside the 4; 3: mat beside the second the, two behind the first; 5: the beside mat
        ("the", "mat"): 1 + (1 + 1 / 2) + 1,
        # 3: beside itself, which counts on both sides
        ("the", "the"): 2.0,
        # 1 and 2
        ("cat", "sat"): 1 + 1,
        # 5: cat and mat stand together once "on a" is left out
        ("cat", "mat"): 1.0,
        # 1: mat two behind sat
        ("sat", "mat"): 1 / 2,
    }
    assert sum(map(len, TEXT)) == 20
    assert counted(count_pairs(TEXT, INDEX, Window(2, True), PLENTY, tmp_path)) == by_hand


def test_only_before_by_hand(tmp_path: Path) -> None:
    """(word before, word): the word that stands to the left is the row."""
    by_hand = {
        ("the", "cat"): 1.0,
        ("the", "sat"): 1 / 2,
        ("cat", "sat"): 1 + 1,
        ("cat", "the"): 1 / 2 + 1 / 2,
        ("sat", "the"): 1.0,
        ("sat", "mat"): 1 / 2,
        ("the", "mat"): 1 + 1 + 1 / 2,
        ("the", "the"): 1.0,
        ("cat", "mat"): 1.0,
        ("mat", "the"): 1.0,
    }
    assert counted(count_pairs(TEXT, INDEX, Window(2, False), PLENTY, tmp_path)) == by_hand


def random_text(sentences: int, types: int, seed: int = 0) -> tuple[list[list[str]], dict[str, int]]:
    rng = random.Random(seed)
    words = [f"w{number}" for number in range(types)]
    text = [
        [words[int(types * rng.random() ** 3)] for _ in range(rng.randint(1, 30))] for _ in range(sentences)
    ]
    return text, {word: row for row, word in enumerate(words)}


def counted_plainly(
    text: list[list[str]], index: dict[str, int], window: int
) -> dict[tuple[int, int], float]:
    found: defaultdict[tuple[int, int], float] = defaultdict(float)
    for sentence in text:
        for place, word in enumerate(sentence):
            for distance in range(1, min(window, place) + 1):
                pair = (index[sentence[place - distance]], index[word])
                found[pair] += 1.0 / distance
                found[pair[1], pair[0]] += 1.0 / distance
    return dict(found)


@pytest.mark.parametrize("threads", [1, 3])
def test_counts_are_those_of_a_plain_loop_exactly(tmp_path: Path, threads: int) -> None:
    text, index = random_text(400, 300)
    plain = counted_plainly(text, index, 5)
    counts = count_pairs(text, index, Window(5, True), PLENTY, tmp_path, threads)
    assert counts is not None
    stored = {
        (int(row), int(column)): float(weight)
        for rows, columns, weights in counts.pieces()
        for row, column, weight in zip(rows, columns, weights, strict=True)
    }
    assert stored == {pair: weight for pair, weight in plain.items() if pair[0] <= pair[1]}


@pytest.mark.parametrize("threads", [1, 2])
def test_what_went_to_the_disk_adds_up_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threads: int
) -> None:
    text, index = random_text(6_000, 4_000)
    words = list(index)
    inside = count_pairs(text, index, Window(8, True), PLENTY, tmp_path, threads)
    assert inside is not None
    assert not inside.is_spilled
    monkeypatch.setattr(counting_module, "FEWEST_BYTES", 1 << 18)
    monkeypatch.setattr(counting_module, "_CHUNK_TOKENS", 20_000)
    spilled = count_pairs(text, index, Window(8, True), 1 << 20, tmp_path, threads)
    assert spilled is not None
    assert spilled.is_spilled
    assert not list(tmp_path.iterdir())
    first, second = counted(inside, words), counted(spilled, words)
    assert first.keys() == second.keys()
    assert np.allclose(list(first.values()), [second[pair] for pair in first], rtol=1e-13, atol=0)


def test_pairs_that_do_not_fit_are_shuffled_on_the_disk(tmp_path: Path) -> None:
    text, index = random_text(3_000, 2_000)

    def gather(budget: int) -> np.ndarray:
        counts = count_pairs(text, index, Window(5, True), PLENTY, tmp_path)
        assert counts is not None
        pairs = gather_pairs(counts, 3, budget, tmp_path, lambda: None)
        assert pairs.is_on_disk == (budget < PLENTY)
        differ = np.count_nonzero(pairs.records["row"] != pairs.records["column"])
        assert pairs.directed == len(pairs) + differ
        return np.array(pairs.records)

    inside, outside = gather(PLENTY), gather(300_000)
    assert not list(tmp_path.iterdir())
    assert not np.array_equal(inside, outside)
    assert np.array_equal(np.sort(inside, order=["row", "column"]), np.sort(outside, order=["row", "column"]))
    assert abs(np.corrcoef(outside["row"], np.arange(len(outside)))[0, 1]) < 0.05


def test_the_reference_takes_both_directions_as_pairs_of_their_own(tmp_path: Path) -> None:
    counts = count_pairs(TEXT, INDEX, Window(2, True), PLENTY, tmp_path)
    assert counts is not None
    pairs = gather_pairs(counts, 1, PLENTY, tmp_path, lambda: None, is_reference=True)
    assert not pairs.are_mirrored
    assert len(pairs) == pairs.directed == 2 * 6 + 1
    directions = {(int(pair["row"]), int(pair["column"])): float(pair["log"]) for pair in pairs.records}
    assert all(directions[column, row] == log for (row, column), log in directions.items())


@pytest.mark.parametrize("length", [1, 2, 3, 4, 97, 100, 4096])
def test_an_epoch_comes_to_every_pair_once(length: int) -> None:
    order = EpochOrder(seed=5, epoch=3, batches=7, is_kept=False)
    assert sorted(order.numbers()) == list(range(7))
    pairs = some_pairs(length)
    trained = order.within(2, pairs)
    assert sorted(trained.tolist()) == sorted(pairs.tolist())


def test_pairs_of_the_same_rare_word_are_trained_together_in_an_order_of_the_epoch(tmp_path: Path) -> None:
    pairs = some_pairs(2000)
    orders = []
    for epoch in (0, 1, 0):
        trained = EpochOrder(5, epoch, 10, False).within(3, pairs)
        rarer = np.maximum(trained["row"], trained["column"])
        changes = int(np.count_nonzero(np.diff(rarer)))
        assert changes < 2 * len(np.unique(rarer))  # a few words share a group
        orders.append(rarer.tolist())
    assert orders[0] == orders[2] != orders[1]


def some_pairs(count: int) -> Pairs:
    """Pairs of fifty words."""
    rng = np.random.default_rng(3)
    pairs = np.zeros(count, PAIR)
    pairs["row"], pairs["column"], pairs["log"] = (rng.integers(50, size=count) for _ in range(3))
    return pairs


def test_epochs_differ_and_repeat() -> None:
    orders = [EpochOrder(5, epoch, 100, False).numbers() for epoch in (0, 1, 0)]
    assert orders[0] == orders[2] != orders[1]
    assert EpochOrder(5, 4, 100, True).numbers() == list(range(100))
    pairs = some_pairs(50)
    assert EpochOrder(5, 4, 100, True).within(3, pairs).tolist() == pairs.tolist()


def test_a_budget_that_holds_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(PtftError) as caught:
        count_pairs(TEXT, INDEX, Window(2, True), 1 << 20, tmp_path)
    assert caught.value.message == "Counting may take too little memory."
    assert "8 MB" in caught.value.hint


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file may grow beyond ``size`` bytes: what a full disk feels like."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


def test_a_full_disk_is_told_and_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, index = random_text(6_000, 4_000)
    monkeypatch.setattr(counting_module, "FEWEST_BYTES", 1 << 18)
    open_files = len(os.listdir("/proc/self/fd"))
    with small_files(10_000), pytest.raises(PtftError) as caught:
        count_pairs(text, index, Window(8, True), 1 << 20, tmp_path)
    assert caught.value.message == "The counts of word pairs do not fit on the disk."
    assert str(tmp_path) in caught.value.detail
    assert not list(tmp_path.iterdir())
    assert len(os.listdir("/proc/self/fd")) <= open_files


def test_counting_stops_when_asked(tmp_path: Path) -> None:
    assert count_pairs(TEXT, INDEX, Window(2, True), PLENTY, tmp_path, progress=lambda _words: True) is None


def test_a_text_without_known_words_has_no_pairs(tmp_path: Path) -> None:
    counts = count_pairs([["x", "y"]], INDEX, Window(2, True), PLENTY, tmp_path)
    assert counts is not None
    pairs = gather_pairs(counts, 1, PLENTY, tmp_path, lambda: None)
    assert len(pairs) == 0
    assert pairs.records.dtype == PAIR
