"""The loops of the fast trainer against the method as it is written down, number for number."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.engine.lanes import LANES, empty_rows, laid_out
from ptft_gui.engine.word2vec.fast import encoded as encoded_module
from ptft_gui.engine.word2vec.fast.encoded import EncodedSentences, encode
from ptft_gui.engine.word2vec.fast.kernel import mixed_seed
from ptft_gui.engine.word2vec.fast.negatives import alias_table, drawn_shares
from ptft_gui.engine.word2vec.fast.trainer import FastTrainer, cut_encoded
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec, build_model
from ptft_gui.engine.word2vec.threads import Batch, cut_batches

SENTENCES = [["a", "b", "c", "d", "e"], ["b", "c", "f", "a"], ["d", "a", "b", "zzz", "c", "b", "f"]] * 4


def some_model(sentences: list[list[str]] = SENTENCES, **changes: Any) -> BatchFedWord2Vec:
    """A model whose numbers are of ordinary size, with an output layer that is not zero."""
    values: dict[str, Any] = {
        "vector_size": 20, "window": 2, "min_count": 5, "max_final_vocab": None, "sample": 0.0, "seed": 1,
        "objective": "skip_gram", "hs": False, "negative": 0, "ns_exponent": 0.75, "cbow_mean": True,
        "shrink_windows": False, "learning_rate": 0.025, "min_learning_rate": 0.0001, "batch_words": 1000, "workers": 1,
    }  # fmt: skip
    counts = Counter(word for sentence in sentences for word in sentence)
    model = build_model(
        {**values, **changes, "negative": max(changes.get("negative", 0), 1)}, counts, len(sentences)
    )
    model.negative = changes.get("negative", 0)
    rng = np.random.default_rng(5)
    for layer in (model.vectors, model.syn1neg):
        layer[:] = rng.normal(scale=0.3, size=layer.shape)
    return model


def trained(
    model: BatchFedWord2Vec, sentences: list[list[str]] = SENTENCES, rate: float = 0.1
) -> FastTrainer:
    """The trainer after it went through all sentences once."""
    trainer = FastTrainer(model, encode(sentences, model.wv.key_to_index, None), 10_000)
    for batch in trainer.batches(0, 0):
        assert trainer.train(batch, rate, trainer.working_memory()) == len(batch.sentences)
    return trainer


def by_hand(model: BatchFedWord2Vec, sentences: list[list[str]], rate: float) -> tuple[Any, Any]:
    """What one pass without chance should make of the arrays, in float64: full windows, no negatives, no thinning."""
    vectors, layer = model.vectors.astype(np.float64), model.syn1neg.astype(np.float64)
    index = model.wv.key_to_index
    for sentence in sentences:
        rows = [index[word] for word in sentence if word in index]
        for place, word in enumerate(rows):
            reached = range(max(0, place - model.window), min(len(rows), place + model.window + 1))
            near = [rows[other] for other in reached if other != place]
            if model.sg:
                for row in near:
                    slope = rate * (1.0 - sigmoid(vectors[row] @ layer[word]))
                    step = slope * layer[word]
                    layer[word] += slope * vectors[row]
                    vectors[row] += step
            elif near:
                hidden = sum(vectors[row] for row in near) / (len(near) if model.cbow_mean else 1)
                slope = rate * (1.0 - sigmoid(hidden @ layer[word]))
                step = slope * layer[word] / (1 if model.cbow_mean else len(near))
                layer[word] += slope * hidden
                for row in near:
                    vectors[row] += step
    return vectors, layer


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
@pytest.mark.parametrize("cbow_mean", [True, False])
@pytest.mark.parametrize("vector_size", [1, 16, 20])
def test_a_pass_without_chance_is_that_of_the_formulas(
    objective: str, cbow_mean: bool, vector_size: int
) -> None:
    settings = {"objective": objective, "cbow_mean": cbow_mean, "vector_size": vector_size, "window": 2}
    vectors, layer = by_hand(some_model(**settings), SENTENCES, 0.1)
    model = some_model(**settings)
    trained(model)
    assert np.allclose(model.vectors, vectors, atol=3e-3)
    assert np.allclose(model.syn1neg, layer, atol=3e-3)
    assert np.abs(model.vectors - some_model(**settings).vectors).max() > 0.05


@pytest.mark.parametrize("negative", [1, 2, 3, 4, 5, 6, 7, 100])
def test_a_correction_with_negatives_goes_down_the_slope_of_the_loss(negative: int) -> None:
    """One word with one neighbour: what it costs is pulled towards the neighbour and pushed from the drawn words."""
    before = some_model([["a", "b"]] * 10, min_count=1, window=1, negative=negative)
    after = some_model([["a", "b"]] * 10, min_count=1, window=1, negative=negative)
    index, rate = before.wv.key_to_index, 0.01 / negative
    trained(after, [["a", "b"]], rate)
    a, b = index["a"], index["b"]
    vectors, layer = before.vectors.astype(np.float64), before.syn1neg.astype(np.float64)
    # "a" is predicted from "b", then "b" from "a"; of two words the random ones that are not left out are the other
    for word, near, drawn in ((a, b, b), (b, a, a)):
        known = negatives_drawn(after, layer, vectors, word, near, drawn, rate, negative)
        vectors[near], layer = known
    assert np.allclose(after.vectors, vectors, atol=1e-5)
    assert np.allclose(after.syn1neg, layer, atol=1e-5)


def negatives_drawn(
    after: BatchFedWord2Vec,
    layer: Any,
    vectors: Any,
    word: int,
    near: int,
    drawn: int,
    rate: float,
    most: int,
) -> tuple[Any, Any]:
    """The numbers after one correction with as many draws of ``drawn`` as explain what it became best."""
    best: tuple[float, Any, Any] = (math.inf, None, None)
    for times in range(most + 1):
        hidden, now = vectors[near].copy(), layer.copy()
        slope = rate * (1.0 - sigmoid(hidden @ layer[word]))
        push = -rate * sigmoid(hidden @ layer[drawn])
        step = slope * layer[word] + times * push * layer[drawn]
        now[word] += slope * hidden
        now[drawn] += times * push * hidden
        distance = float(np.abs(hidden + step - after.vectors[near]).max())
        if distance < best[0]:
            best = (distance, hidden + step, now)
    return best[1], best[2]


def test_random_words_are_drawn_by_their_counts() -> None:
    counts = np.array([1000, 300, 50, 7, 7, 1, 0], dtype=np.int64)
    for exponent in (0.75, 1.0, 0.0, -0.5):
        weights = np.where(counts > 0, np.maximum(counts, 1).astype(float) ** exponent, 0.0)
        assert np.allclose(drawn_shares(alias_table(counts, exponent)), weights / weights.sum(), atol=1e-8)


def test_the_loops_draw_random_words_as_the_table_says() -> None:
    """A word that never occurs in what is trained is changed in the output layer by being drawn alone."""
    text = [["a"] * 40 + ["b"] * 20 + ["c"] * 10 + ["d"] * 5, ["x", "y"] * 3]
    model = some_model(text, vector_size=16, min_count=1, negative=5, window=1)
    model.vectors[:], model.syn1neg[:] = 0.0, 0.0
    model.vectors[:, 0] = 1.0  # every draw takes rate / 2 off the first number of the drawn word
    trainer = FastTrainer(model, encode([["x", "y"]] * 4000, model.wv.key_to_index, None), 10_000)
    for batch in trainer.batches(0, 0):
        trainer.train(batch, 1e-6, trainer.working_memory())
    shares = drawn_shares(alias_table(model.counts, 0.75))
    index = model.wv.key_to_index
    pushed = np.array([-model.syn1neg[index[word], 0] for word in "abcd"])
    expected = np.array([shares[index[word]] for word in "abcd"])
    assert np.allclose(pushed / pushed.sum(), expected / expected.sum(), atol=0.01)
    assert pushed.sum() == pytest.approx(8000 * 5 * 0.5e-6 * expected.sum(), rel=0.03)


def test_frequent_words_are_thinned_out() -> None:
    """Of a word that is nearly all of the text few are left, and only those are predicted."""
    rng = np.random.default_rng(3)
    text = [[("the" if rng.random() < 0.9 else str(n)) for n in rng.integers(0, 50, 20)] for _ in range(300)]

    def pull(sample: float) -> float:
        model = some_model(text, min_count=1, sample=sample, window=1)
        before = model.syn1neg.copy()
        trained(model, text, rate=1e-4)
        row = model.wv.key_to_index["the"]
        return float(np.abs(model.syn1neg[row] - before[row]).max())

    kept = float(some_model(text, min_count=1, sample=0.01).wv.expandos["sample_int"][0]) / 2**32
    assert kept < 0.2
    assert pull(0.01) < 2.5 * kept * pull(0.0)


@pytest.mark.parametrize("shrinks", [True, False])
def test_no_word_is_learned_from_beyond_the_window(shrinks: bool) -> None:
    text = [["a", "b", "c", "d", "e", "f", "g"]] * 10
    model = some_model(text, min_count=1, window=2, shrink_windows=shrinks)
    before, rows = model.vectors.copy(), [model.wv.key_to_index[word] for word in text[0]]
    model.syn1neg[:] = 0.0
    model.syn1neg[rows[0]] = 1.0  # only who predicts "a" is moved
    trained(model, text[:1], rate=1e-3)
    moved = np.abs(model.vectors - before).max(axis=1) > 1e-4
    reached = [bool(moved[row]) for row in rows]
    assert not any(reached[3:])
    assert reached[1]
    assert shrinks or reached[2]


def test_a_window_shrinks_to_every_size_alike() -> None:
    text = [["a", "b", "c", "d", "e"]] * 10
    reached = np.zeros(5)
    for seed in range(200):
        model = some_model(text, min_count=1, window=4, shrink_windows=True, seed=seed)
        rows = [model.wv.key_to_index[word] for word in text[0]]
        model.syn1neg[:] = 0.0
        model.syn1neg[rows[0]] = 1.0
        before = model.vectors.copy()
        trained(model, text[:1], rate=1e-3)
        reached += np.abs(model.vectors[rows] - before[rows]).max(axis=1) > 1e-4
    assert reached[1] == 200
    assert np.all(np.abs(reached[2:] - 200 * np.array([0.75, 0.5, 0.25])) < 30)


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
def test_frozen_words_never_move_and_others_learn_beside_them(objective: str) -> None:
    model = some_model(objective=objective, negative=3)
    frozen = np.array([row % 2 == 0 for row in range(len(model.words))])
    model.wv.vectors_lockf = np.where(frozen, 0.0, 1.0).astype(np.float32)
    before = model.vectors.copy()
    trained(model)
    assert np.array_equal(model.vectors[frozen], before[frozen])
    assert (np.abs(model.vectors[~frozen] - before[~frozen]).max(axis=1) > 1e-3).all()


def test_chance_does_not_depend_on_how_batches_are_cut() -> None:
    whole, cut = some_model(negative=5, sample=0.1), some_model(negative=5, sample=0.1)
    trained(whole)
    trainer = FastTrainer(cut, encode(SENTENCES, cut.wv.key_to_index, None), 7)
    batches = list(trainer.batches(0, 0))
    assert len(batches) > 4
    for batch in batches:
        trainer.train(batch, 0.1, trainer.working_memory())
    assert np.array_equal(whole.vectors, cut.vectors)
    assert np.array_equal(whole.syn1neg, cut.syn1neg)


def test_epochs_and_seeds_have_chances_of_their_own() -> None:
    assert len({int(mixed_seed(seed, epoch)) for seed in range(50) for epoch in range(50)}) == 2500


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_numbers_that_are_none_stay_none(bad: float) -> None:
    """They are found by the next look; an index made of one would be anywhere."""
    model = some_model(negative=5)
    model.vectors[0, 3] = bad
    trained(model)
    assert not np.isfinite(model.vectors).all()


def test_scores_beyond_the_table_are_certain() -> None:
    model = some_model([["a", "b"]] * 5, window=1, vector_size=16)
    model.vectors[:], model.syn1neg[:] = 2.0, 2.0  # a score of 64: nothing is left to learn
    trained(model, [["a", "b"]])
    assert np.array_equal(model.vectors, np.full_like(model.vectors, 2.0))
    model = some_model([["a", "b"]] * 5, window=1, vector_size=16)
    model.vectors[:], model.syn1neg[:] = 2.0, -2.0  # as wrong as can be: the whole rate is applied
    trained(model, [["a", "b"]], rate=0.1)
    assert np.allclose(model.vectors, 1.8)


def test_rows_are_filled_up_and_begin_where_the_processor_likes_it() -> None:
    array = np.arange(60, dtype=np.float32).reshape(3, 20)
    rows = laid_out(array)
    assert rows.shape == (3, 2 * LANES)
    assert np.array_equal(rows[:, :20], array)
    assert not rows[:, 20:].any()
    assert all(rows[row].ctypes.data % 64 == 0 for row in range(3))
    assert empty_rows(2, 16).shape == (2, 16)


def test_a_halt_leaves_the_batch_between_two_sentences() -> None:
    model = some_model()
    trainer = FastTrainer(model, encode(SENTENCES, model.wv.key_to_index, None), 10_000)
    (batch,) = trainer.batches(0, 0)
    before = model.vectors.copy()
    trainer.hurry()
    assert trainer.train(batch, 0.1, trainer.working_memory()) == 0
    assert np.array_equal(model.vectors, before)


def test_text_becomes_numbers_in_memory_and_in_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = {"a": 0, "b": 1, "c": 2}
    told: list[int] = []
    monkeypatch.setattr(encoded_module, "_WORDS_AT_ONCE", 50)
    held = encode(SENTENCES, index, None, told.append)
    mapped = encode(iter(SENTENCES), index, tmp_path)
    assert len(told) == 2
    assert told[-1] == held.words == sum(map(len, SENTENCES))
    for text in (held, mapped):
        ends = [0, *text.ends.tolist()]
        assert [text.ids[a:b].tolist() for a, b in pairwise(ends)] == [
            [index.get(word, -1) for word in sentence] for sentence in SENTENCES
        ]
    assert isinstance(mapped.ids, np.memmap)
    assert not list(tmp_path.iterdir())
    assert len(encode([], index, tmp_path)) == len(encode([], index, None)) == 0


def test_batches_of_numbers_are_cut_where_those_of_words_are() -> None:
    sentences = [["a"] * length for length in (2, 3, 4, 4, 9, 1, 12, 5, 5, 1)]
    words = [batch for batch in cut_batches(sentences, 10) if batch.words]
    numbers = list(cut_encoded(encode(sentences, {"a": 0}, None), 10))
    assert [(b.first, b.end, b.words) for b in numbers] == [(b.first, b.end, b.words) for b in words]
    assert [b.first for b in cut_encoded(encode(sentences, {"a": 0}, None), 10, first=3)] == [3, 4, 6, 7, 9]


def test_a_part_of_a_text_counts_from_its_own_beginning() -> None:
    text = EncodedSentences(np.arange(9, dtype=np.int32), np.array([2, 5, 9]))
    part = text[1:3]
    assert (part.ids.tolist(), part.ends.tolist(), part.words) == ([2, 3, 4, 5, 6, 7, 8], [3, 7], 7)
    assert text[0:0].words == 0
    assert Batch(0, 1, part, part.words).end == 3
