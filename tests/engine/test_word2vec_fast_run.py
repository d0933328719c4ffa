"""A run of the fast trainer: who is chosen and why, what it learns, how it is stopped, gone on with and repeated."""

from __future__ import annotations

import json
import threading
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.errors import PtftError
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.word2vec import resolve as resolve_module
from ptft_gui.engine.word2vec import trainers as trainers_module
from ptft_gui.engine.word2vec.fast.trainer import FastTrainer
from ptft_gui.engine.word2vec.threads import Batch
from tests.engine.conftest import TOPICS, FinishedRun, Train, write_text


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "topics.txt", sentences=1500)


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
@pytest.mark.parametrize("workers", [1, 3])
def test_words_of_a_topic_come_together(train_here: Train, text: Path, objective: str, workers: int) -> None:
    settings: dict[str, Any] = {
        "epochs": 12,
        "vector_size": 20,
        "batch_words": 500,
        "sample": 0.0,
        "workers": workers,
    }
    done = train_here(text, objective=objective, watched=("ship", "cow"), **settings)
    resolved = done.named("resolved")[0]
    assert resolved.values["trainer"] == "fast"
    assert resolved.values["versions"]["numba"]
    assert "fraction of the time" in resolved.reasons["trainer"]
    probes = {probe.name: [word for word, _ in probe.answer] for probe in done.named("probe")}
    assert set(probes["ship"][:5]) <= set(TOPICS["sea"])
    assert set(probes["cow"][:5]) <= set(TOPICS["farm"])
    names = [phase.name for phase in done.named("phase")]
    assert names.index("encoding") < names.index("compiling") < names.index("training")
    assert not [path for path in done.run.path.iterdir() if path.name.startswith("tmp")]


def test_queen_is_nearest_to_king(train_here: Train) -> None:
    done = train_here("little-kingdom", preset="tiny")
    probes = [probe for probe in done.named("probe") if probe.name == "king"]
    assert probes[-1].answer[0][0] == "queen"


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
def test_what_is_learned_costs_what_it_costs_with_gensim(
    train_here: Train, text: Path, objective: str
) -> None:
    settings: dict[str, Any] = {"epochs": 6, "vector_size": 16, "batch_words": 500, "objective": objective}
    ours = train_here(text, trainer="fast", **settings).outcome.metrics["val/loss"]
    theirs = train_here(text, trainer="gensim", **settings).outcome.metrics["val/loss"]
    assert ours == pytest.approx(theirs, rel=0.03)


def test_one_thread_repeats_itself(train_here: Train, text: Path) -> None:
    settings: dict[str, Any] = {"epochs": 3, "vector_size": 16, "batch_words": 500}
    first, again = train_here(text, **settings), train_here(text, **settings)
    other = train_here(text, seed=2, **settings)
    assert np.array_equal(first.vectors.vectors, again.vectors.vectors)
    assert not np.array_equal(first.vectors.vectors, other.vectors.vectors)


def test_vectors_of_a_size_that_fills_no_block_are_saved_whole(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=2, vector_size=7, batch_words=500)
    assert done.vectors.vectors.shape == (24, 7)
    checkpoint = newest_whole(done.run.checkpoints)
    assert checkpoint is not None
    request = {"checkpoint": checkpoint, "resolved": done.named("resolved")[-1].values}
    again = train_here(text, run=done.run, request=request)
    assert np.array_equal(np.array(again.vectors.vectors), np.array(done.vectors.vectors))


def test_a_stop_in_the_middle_of_a_long_batch_is_heard_between_two_sentences(
    train_here: Train, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The position says what was trained: going on neither repeats nor leaves out a sentence."""
    text = write_text(tmp_path / "topics.txt", sentences=12_000)
    slow: dict[str, Any] = {
        "trainer": "fast",
        "vector_size": 512,
        "window": 50,
        "negative": 100,
        "sample": 0.0,
        "epochs": 1,
    }
    reporters: list[Reporter] = []
    train_batch = FastTrainer.train

    def stopping_soon(trainer: FastTrainer, batch: Batch, rate: float, memory: Any) -> int:
        if batch.words:
            threading.Timer(0.05, reporters[-1].control.stop).start()
        return train_batch(trainer, batch, rate, memory)

    monkeypatch.setattr(FastTrainer, "train", stopping_soon)
    ends = list(accumulate(len(line.split()) for line in text.read_text().splitlines()))
    settings = {"on_start": reporters.append, "val_fraction": 0.0, "preparation": "none", **slow}
    done = train_here(text, **settings)
    first = _position(done)
    assert 0 < first["sentence"] < len(ends)
    assert first["words"] == ends[first["sentence"] - 1]

    resolved = done.named("resolved")[-1].values
    request = {"checkpoint": newest_whole(done.run.checkpoints), "resolved": resolved}
    second = _position(train_here(text, run=done.run, request=request, on_start=reporters.append))
    assert first["sentence"] < second["sentence"] < len(ends)
    assert second["words"] == ends[second["sentence"] - 1]


def _position(done: FinishedRun) -> dict[str, Any]:
    """Where training stood in the newest checkpoint."""
    checkpoint = newest_whole(done.run.checkpoints)
    assert checkpoint is not None
    found: dict[str, Any] = json.loads((checkpoint.path / "state.json").read_text())["position"]
    return found


@pytest.mark.parametrize(
    ("settings", "trainer", "reason"),
    [
        ({}, "fast", "fraction of the time"),
        ({"trainer": "fast"}, "fast", None),
        ({"trainer": "gensim"}, "gensim", None),
        ({"hs": True}, "gensim", "hierarchical softmax"),
        ({"hs": True, "negative": 0, "trainer": "fast", "device": "cuda"}, "gensim", "hierarchical softmax"),
    ],
)
def test_who_trains_is_decided_and_told(settings: dict[str, Any], trainer: str, reason: str | None) -> None:
    decided, reasons = resolve_module.choose_trainer(settings)
    assert decided == {"trainer": trainer, "device": "cpu"}
    assert (reason is None) == ("trainer" not in reasons)
    assert reason is None or reason in reasons["trainer"]


def test_a_graphics_card_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ptft_gui.engine.device.has_graphics_card", lambda: False)
    with pytest.raises(PtftError, match="no graphics card") as caught:
        resolve_module.choose_trainer({"device": "cuda"})
    assert caught.value.remedies[0].argument == {"device": "cpu"}


def test_hierarchical_softmax_is_trained_by_gensim_with_the_reason_in_the_log(
    train_here: Train, text: Path
) -> None:
    done = train_here(text, hs=True, negative=0, epochs=2, batch_words=500)
    resolved = done.named("resolved")[0]
    assert resolved.values["trainer"] == "gensim"
    assert "numba" not in resolved.values["versions"]
    assert "hierarchical softmax" in resolved.reasons["trainer"]
    assert "compiling" not in [phase.name for phase in done.named("phase")]


def test_a_run_of_an_earlier_version_goes_on_with_gensim(train_here: Train, text: Path) -> None:
    settings: dict[str, Any] = {"trainer": "gensim", "epochs": 4, "vector_size": 12, "batch_words": 500}
    whole = train_here(text, **settings)

    def stop(reporter: Reporter) -> None:
        report = reporter.step

        def reporting(number: int, **values: float | None) -> None:
            report(number, **values)
            if number == 25:
                reporter.control.stop()

        reporter.step = reporting  # type: ignore[method-assign]

    cut = train_here(text, on_start=stop, **settings)
    old = {key: value for key, value in cut.named("resolved")[-1].values.items() if key != "trainer"}
    request = {"checkpoint": newest_whole(cut.run.checkpoints), "resolved": old}
    record = json.loads(cut.run.spec_file.read_text())
    for key in ("trainer", "device"):
        del record["options"][key]
    cut.run.spec_file.write_text(json.dumps(record))
    after = train_here(text, run=cut.run, request=request)
    assert np.array_equal(after.vectors.vectors, whole.vectors.vectors)


def test_a_disk_without_room_for_the_numbers_is_told(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ptft_gui.engine.word2vec import train as train_module
    from ptft_gui.engine.word2vec.fast import encoded as encoded_module

    monkeypatch.setattr(train_module, "_IN_MEMORY_TOKENS", 100)

    def no_room(*_arguments: Any, **_named: Any) -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(encoded_module.tempfile, "TemporaryFile", no_room)
    with pytest.raises(PtftError) as caught:
        train_here(text, epochs=2)
    assert caught.value.message == "The text as numbers does not fit on the disk."
    assert "No space left" in caught.value.detail


def test_a_stop_is_heard_while_words_become_numbers(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporters: list[Reporter] = []
    monkeypatch.setattr("ptft_gui.engine.word2vec.fast.encoded._WORDS_AT_ONCE", 10)

    def stopping(*arguments: Any) -> Any:
        reporters[0].control.stop()
        return made(*arguments)

    made = trainers_module.make_trainer
    monkeypatch.setattr("ptft_gui.engine.word2vec.train.make_trainer", stopping)
    done = train_here(text, on_start=reporters.append)
    assert done.outcome.reason == "stopped"
    assert [phase.name for phase in done.named("phase")][-1] == "encoding"


def test_a_stop_is_heard_while_the_loops_are_compiled(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That takes seconds the first time on a computer."""
    reporters: list[Reporter] = []
    is_over = threading.Event()

    def compiling(_trainer: FastTrainer) -> None:
        reporters[0].control.stop()
        assert is_over.wait(60)

    monkeypatch.setattr(FastTrainer, "_compile", compiling)
    done = train_here(text, on_start=reporters.append)
    is_over.set()
    assert done.outcome.reason == "stopped"
    assert [phase.name for phase in done.named("phase")][-1] == "compiling"
