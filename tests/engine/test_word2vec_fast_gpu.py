"""The arithmetic of the graphics card, looked at on the processor: torch is told to compute there."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.device import has_graphics_card
from ptft_gui.engine.word2vec.fast import gpu as gpu_module
from ptft_gui.engine.word2vec.fast.encoded import encode
from ptft_gui.engine.word2vec.fast.gpu import TorchTrainer
from ptft_gui.engine.word2vec.fast.negatives import alias_table, drawn_shares
from ptft_gui.engine.word2vec.fast.trainer import FastTrainer
from ptft_gui.engine.word2vec.model import BatchFedWord2Vec, build_model
from ptft_gui.engine.word2vec.threads import Batch
from tests.engine.conftest import TOPICS, Train, write_text

PAIR = [["a", "b"]]


def some_model(sentences: list[list[str]], **changes: Any) -> BatchFedWord2Vec:
    values: dict[str, Any] = {
        "vector_size": 16, "window": 1, "min_count": 1, "max_final_vocab": None, "sample": 0.0, "seed": 1,
        "objective": "skip_gram", "hs": False, "negative": 1, "ns_exponent": 0.75, "cbow_mean": True,
        "shrink_windows": True, "learning_rate": 0.025, "min_learning_rate": 0.0001, "batch_words": 1000, "workers": 1,
    }  # fmt: skip
    counts = Counter(word for sentence in sentences for word in sentence)
    model = build_model({**values, **changes}, counts, len(sentences))
    rng = np.random.default_rng(5)
    for layer in (model.vectors, model.syn1neg):
        layer[:] = rng.normal(scale=0.3, size=layer.shape)
    return model


def train_all(trainer: Any, rate: float) -> None:
    for batch in trainer.batches(0, 0):
        assert trainer.train(batch, rate, trainer.working_memory()) == len(batch.sentences)
    trainer.bring_home()


def both(
    sentences: list[list[str]], rate: float, **settings: Any
) -> tuple[BatchFedWord2Vec, BatchFedWord2Vec]:
    """A model trained for an epoch by torch, and one by the loops of the processor."""
    on_card, on_processor = some_model(sentences, **settings), some_model(sentences, **settings)
    encoded = encode(sentences, on_card.wv.key_to_index, None)
    train_all(TorchTrainer(on_card, encoded, 1000, "cpu"), rate)
    train_all(FastTrainer(on_processor, encoded, 1000), rate)
    return on_card, on_processor


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
@pytest.mark.parametrize("cbow_mean", [True, False])
@pytest.mark.parametrize("shrink_windows", [True, False])
def test_small_steps_are_those_of_the_processor(
    objective: str, cbow_mean: bool, shrink_windows: bool
) -> None:
    """With steps so small that their order does not matter, the sums of many agree but for what chance adds."""
    sentences = [["a", "b", "c", "d", "e", "f"], ["c", "a", "f"], ["b", "e"]] * 400
    settings = {"objective": objective, "cbow_mean": cbow_mean, "shrink_windows": shrink_windows, "window": 3}
    rate = 1e-5
    start = some_model(sentences, negative=3, **settings)
    on_card, on_processor = _without_limit(sentences, rate, negative=3, **settings)
    for name, before in start.layers().items():
        card, processor = on_card.layers()[name] - before, on_processor.layers()[name] - before
        assert np.abs(processor).max() > 1e-3
        assert np.linalg.norm(card - processor) < 0.12 * np.linalg.norm(processor), name


def _without_limit(sentences: list[list[str]], rate: float, **settings: Any) -> Any:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gpu_module, "MOST_VOICES", 1e9)
        return both(sentences, rate, **settings)


def test_many_voices_for_one_word_do_not_leap_over_the_goal() -> None:
    """Two words beside each other a thousand times, in one correction: without a limit the first step is a leap."""
    crowd = PAIR * 1000
    model = some_model(crowd, negative=5)
    trainer = TorchTrainer(model, encode(crowd, model.wv.key_to_index, None), 10_000, "cpu")
    train_all(trainer, 0.025)
    assert np.abs(model.vectors).max() < 0.3 * 5 + gpu_module.MOST_VOICES * 0.025


def test_random_words_are_drawn_by_their_counts() -> None:
    text = [["a"] * 40 + ["b"] * 20 + ["c"] * 10 + ["d"] * 5, ["x", "y"] * 3]
    model = some_model(text, negative=5)
    model.vectors[:], model.syn1neg[:] = 0.0, 0.0
    model.vectors[:, 0] = 1.0
    encoded = encode([["x", "y"]] * 4000, model.wv.key_to_index, None)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gpu_module, "MOST_VOICES", 1e9)
        train_all(TorchTrainer(model, encoded, 10_000, "cpu"), 1e-6)
    shares = drawn_shares(alias_table(model.counts, 0.75))
    index = model.wv.key_to_index
    pushed = np.array([-model.syn1neg[index[word], 0] for word in "abcd"])
    expected = np.array([shares[index[word]] for word in "abcd"])
    assert np.allclose(pushed / pushed.sum(), expected / expected.sum(), atol=0.01)


def test_frozen_words_never_move() -> None:
    sentences = [["a", "b", "c", "d"]] * 50
    model = some_model(sentences, negative=3)
    model.wv.vectors_lockf = np.array([0.0, 1.0, 0.0, 1.0], dtype=np.float32)
    before = model.vectors.copy()
    train_all(TorchTrainer(model, encode(sentences, model.wv.key_to_index, None), 100, "cpu"), 0.025)
    moved = np.abs(model.vectors - before).max(axis=1) > 0
    assert moved.tolist() == [False, True, False, True]


@pytest.mark.parametrize("most", [1, 3])
def test_a_batch_may_be_taken_in_several_corrections(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    sentences = [["a", "b", "c", "d"], ["d", "a"]] * 5
    model = some_model(sentences, window=2)
    before = model.vectors.copy()
    monkeypatch.setattr(gpu_module, "_NUMBERS_AT_ONCE", most * 4 * 16)
    train_all(TorchTrainer(model, encode(sentences, model.wv.key_to_index, None), 100, "cpu"), 0.1)
    assert (np.abs(model.vectors - before).max(axis=1) > 1e-3).all()


def test_words_that_are_unknown_or_alone_are_no_trouble() -> None:
    model = some_model(PAIR * 5)
    before = model.vectors.copy()
    for sentences in ([["zzz", "zzz"]], [["a"], ["b"]], [["zzz", "a"]]):
        encoded = encode(sentences, model.wv.key_to_index, None)
        train_all(TorchTrainer(model, encoded, 100, "cpu"), 0.1)
    assert np.array_equal(model.vectors, before)
    trainer = TorchTrainer(model, encoded, 100, "cpu")
    assert trainer.train(Batch(0, 0, encoded[0:0], 0), 0.1, None) == 0


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
def test_a_run_learns_is_kept_and_goes_on(
    train_here: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, objective: str
) -> None:
    """The whole run as with a card: the arrays leave the model and come home for looks and checkpoints."""
    text = write_text(tmp_path / "topics.txt", sentences=1500)
    monkeypatch.setattr("ptft_gui.engine.device.has_graphics_card", lambda: True)
    monkeypatch.setattr(
        gpu_module, "TorchTrainer", lambda model, encoded, words: TorchTrainer(model, encoded, words, "cpu")
    )
    settings: dict[str, Any] = {"vector_size": 20, "batch_words": 500, "sample": 0.0, "objective": objective}
    done = train_here(text, epochs=12, device="cuda", watched=("ship",), **settings)
    resolved = done.named("resolved")[0]
    assert (resolved.values["trainer"], resolved.values["device"]) == ("fast", "cuda")
    assert resolved.values["versions"]["torch"]
    probes = [probe.answer for probe in done.named("probe") if probe.name == "ship"]
    assert {word for word, _ in probes[-1][:5]} <= set(TOPICS["sea"])
    checkpoint = newest_whole(done.run.checkpoints)
    assert checkpoint is not None

    request = {
        "checkpoint": checkpoint,
        "resolved": resolved.values,
        "changes": {"length_factor": 1.25},
    }
    position = json.loads((checkpoint.path / "state.json").read_text())["position"]
    longer = train_here(text, run=done.run, request=request)
    assert longer.outcome.metrics["train/loss"] < done.outcome.metrics["train/loss"] * 1.02
    assert position["epoch"] == 12
    assert longer.outcome.step == pytest.approx(position["step"] * 1.25, abs=2)


@pytest.mark.skipif(not has_graphics_card(), reason="there is no graphics card")
def test_a_card_computes_as_the_processor_does() -> None:
    sentences = [["a", "b", "c", "d", "e", "f"], ["c", "a", "f"]] * 200
    start = some_model(sentences)
    on_card, on_processor = some_model(sentences), some_model(sentences)
    encoded = encode(sentences, start.wv.key_to_index, None)
    train_all(TorchTrainer(on_card, encoded, 1000, "cuda"), 1e-6)
    train_all(TorchTrainer(on_processor, encoded, 1000, "cpu"), 1e-6)
    card, processor = on_card.vectors - start.vectors, on_processor.vectors - start.vectors
    assert np.linalg.norm(card - processor) < 0.2 * np.linalg.norm(processor)
