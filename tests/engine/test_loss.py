"""The honest curve: the measured loss is the formula's, and the examples are those of training."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from ptft_gui.engine.word2vec.loss import _stretches, draw_probe, minus_log_sigmoid
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec, build_model

SENTENCES = [["a", "b", "c", "d"], ["b", "c", "a"], ["d", "a", "b", "c", "b"]] * 20


def some_model(sentences: list[list[str]] = SENTENCES, **changes: Any) -> BatchFedWord2Vec:
    values: dict[str, Any] = {
        "vector_size": 6, "window": 2, "min_count": 1, "max_final_vocab": None, "sample": 0.0, "seed": 1,
        "objective": "skip_gram", "hs": False, "negative": 4, "ns_exponent": 0.75, "cbow_mean": True,
        "shrink_windows": True, "learning_rate": 0.025, "min_learning_rate": 0.0001, "batch_words": 1000, "workers": 1,
    }  # fmt: skip
    counts = Counter(word for sentence in sentences for word in sentence)
    model = build_model({**values, **changes}, counts, len(sentences))
    rng = np.random.default_rng(5)
    for layer in model.layers().values():
        layer[:] = rng.normal(size=layer.shape)
    return model


def sigmoid(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


def loss_by_hand(model: BatchFedWord2Vec, probe: Any) -> float:
    """The formula of the paper, one prediction after the other."""
    total = 0.0
    ends = [*probe.starts[1:].tolist(), len(probe.inputs)]
    for number, (start, end) in enumerate(zip(probe.starts.tolist(), ends, strict=True)):
        hidden = model.vectors[probe.inputs[start:end]].astype(np.float64).sum(axis=0)
        hidden = hidden / (end - start) if model.cbow_mean else hidden
        word = int(probe.outputs[number])
        if model.negative:
            total -= math.log(sigmoid(float(hidden @ model.syn1neg[word])))
            for negative in probe.negatives[number].tolist():
                if negative >= 0:
                    total -= math.log(sigmoid(-float(hidden @ model.syn1neg[negative])))
        if model.hs:
            for node, code in zip(
                model.wv.expandos["point"][word], model.wv.expandos["code"][word], strict=True
            ):
                total -= math.log(sigmoid((1 - 2 * int(code)) * float(hidden @ model.syn1[node])))
    return total / len(probe)


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
@pytest.mark.parametrize(("hs", "negative"), [(False, 4), (True, 0), (True, 3)])
@pytest.mark.parametrize("cbow_mean", [True, False])
def test_the_loss_is_that_of_the_formula(objective: str, hs: bool, negative: int, cbow_mean: bool) -> None:
    model = some_model(objective=objective, hs=hs, negative=negative, cbow_mean=cbow_mean)
    probe = draw_probe(model, SENTENCES, np.random.default_rng(0), size=80)
    assert probe is not None
    assert probe.loss(model) == pytest.approx(loss_by_hand(model, probe), rel=1e-5)


@pytest.mark.parametrize(("hs", "negative"), [(False, 5), (True, 0)])
def test_an_untrained_model_guesses(hs: bool, negative: int) -> None:
    model = some_model(hs=hs, negative=negative)
    for name, layer in model.layers().items():
        if name != "vectors":
            layer[:] = 0.0
    probe = draw_probe(model, SENTENCES, np.random.default_rng(0))
    assert probe is not None
    tosses = 2.0 if hs else float(1 + (probe.negatives >= 0).sum(axis=1).mean())
    assert probe.loss(model) == pytest.approx(tosses * math.log(2), rel=1e-6)


def test_pairs_come_from_within_the_window() -> None:
    model = some_model(window=1, shrink_windows=False)
    probe = draw_probe(model, SENTENCES, np.random.default_rng(0), size=10_000)
    assert probe is not None
    words = model.words
    drawn = Counter((words[i], words[o]) for i, o in zip(probe.inputs, probe.outputs, strict=True))
    beside: Counter[tuple[str, str]] = Counter()
    for sentence in SENTENCES:
        for left, right in pairwise(sentence):
            beside[left, right] += 1
            beside[right, left] += 1
    assert drawn == beside


def test_shrinking_windows_prefer_near_words() -> None:
    lines = [["a", "b", "c", "d", "e"]] * 4000
    model = some_model(lines, window=4)
    probe = draw_probe(model, lines, np.random.default_rng(0), size=50_000)
    assert probe is not None
    index = model.wv.key_to_index
    from_a = Counter(
        model.words[int(row)]
        for row, out in zip(probe.inputs, probe.outputs, strict=True)
        if out == index["a"]
    )
    shares = [from_a[word] / from_a["b"] for word in "bcde"]
    assert shares == pytest.approx([1.0, 0.75, 0.5, 0.25], abs=0.05)


def test_a_text_without_full_stops_is_judged_by_stretches_of_it() -> None:
    """Or its examples alone would take half a minute and a gigabyte before training."""
    rng = np.random.default_rng(3)
    alphabet = [f"w{number}" for number in range(50)]
    long = [[alphabet[i] for i in rng.integers(50, size=1_000)] for _ in range(200)]
    model, seen = some_model(long, window=2), []
    pairs = {pair for words in long for pair in pairwise(words)} | {
        pair for words in long for pair in zip(words, words[2:], strict=False)
    }
    probe = draw_probe(model, long, rng)
    assert probe is not None
    assert len(probe) == 4_000
    for source, target in zip(probe.inputs.tolist(), probe.outputs.tolist(), strict=True):
        seen.append((model.words[source], model.words[target]))
    assert all(pair in pairs or pair[::-1] in pairs for pair in seen)
    assert len({word for word, _ in seen}) == 50
    assert sum(map(len, _stretches(long, 250, rng))) == 200 * 250
    assert _stretches(long[:3], 2_000, rng) == long[:3]


def test_negatives_are_drawn_by_their_counts() -> None:
    model = some_model(negative=100, ns_exponent=1.0)
    probe = draw_probe(model, SENTENCES, np.random.default_rng(0), size=200)
    assert probe is not None
    drawn = np.bincount(probe.negatives[probe.negatives >= 0], minlength=4).astype(float)
    expected = model.counts / model.counts.sum()
    # a word is never its own negative, which takes the same share of draws from each
    expected = expected * (1 - np.bincount(probe.outputs, minlength=4) / len(probe))
    assert drawn / drawn.sum() == pytest.approx(expected / expected.sum(), abs=0.02)


def test_thinned_words_are_rarer_in_the_examples() -> None:
    common = [["the", "cat", "the", "dog", "the", "bird", "the", "fish"]] * 500
    shares = []
    for sample in (0.0, 0.01):
        model = some_model(common, sample=sample)
        probe = draw_probe(model, common, np.random.default_rng(0), size=2000)
        assert probe is not None
        shares.append(float((probe.outputs == model.wv.key_to_index["the"]).mean()))
    assert shares[0] == pytest.approx(0.5, abs=0.1)
    assert shares[1] < shares[0] - 0.1


def test_a_diverged_model_has_no_finite_loss_and_large_scores_do_not_overflow() -> None:
    model = some_model()
    probe = draw_probe(model, SENTENCES, np.random.default_rng(0))
    assert probe is not None
    assert minus_log_sigmoid(np.array([-1000.0, 1000.0])).tolist() == [1000.0, 0.0]
    model.vectors[:] = np.nan
    assert not math.isfinite(probe.loss(model))
