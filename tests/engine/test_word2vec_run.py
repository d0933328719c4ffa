"""A Word2Vec run seen through its log and its folder."""

from __future__ import annotations

import math
import random
import shutil
import threading
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.errors import DataError, PtftError
from ptft_gui.core.events import Metrics
from ptft_gui.core.rundir import list_runs
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.checkpoint import find_checkpoints, newest_whole
from ptft_gui.engine.control import StopRequest
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.snapshots import read_snapshot
from ptft_gui.engine.word2vec import train as train_module
from tests.engine.conftest import TOPICS, FinishedRun, Train, write_text


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "topics.txt", sentences=1500)


def test_a_run_learns_and_tells_how(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=8, vector_size=16, batch_words=500, sample=0.0, watched=("Ship", "shipp"))

    summary = RunSummary()
    summary.fold(done.events)
    guessing, last = summary.baselines["val/loss"].value, summary.last("val/loss")
    assert guessing == pytest.approx(6 * math.log(2), rel=0.05)
    assert last is not None
    assert last < guessing - 1
    assert done.outcome.reason == "length"
    assert done.outcome.metrics["val/loss"] == last
    neighbours = [word for word, _ in summary.watched()["ship"].answer[:5]]
    assert set(neighbours) <= set(TOPICS["sea"])
    unknown = next(notice for notice in summary.notices if notice.key == "watched_word")
    assert "shipp" in unknown.message
    assert "ship" in unknown.hint


def test_steps_are_whole_rising_and_end_the_schedule(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=3, batch_words=500, learning_rate=0.05, min_learning_rate=0.001)

    summary = RunSummary()
    summary.fold(done.events)
    steps = summary.series["lr"].steps
    assert list(steps) == list(range(1, summary.step + 1))
    rates = summary.series["lr"].values
    assert rates[0] == pytest.approx(0.05)
    assert all(later <= earlier for earlier, later in pairwise(rates))
    assert rates[-1] < 0.05 * 0.02 + 0.001
    assert summary.series["progress"].values[-1] == 1.0
    words = done.named("resolved")[0].values["train_words"]
    assert summary.series["words"].values[-1] == 3 * words


def test_a_number_of_steps_ends_the_run_within_an_epoch(train_here: Train, text: Path) -> None:
    done = train_here(text, max_steps=7, batch_words=500)
    assert done.outcome.step == 7
    assert done.named("evaluated")[-1].step == 7
    assert done.named("resolved")[0].values["epochs"] == 1


def test_minutes_end_the_run(train_here: Train, text: Path) -> None:
    done = train_here(text, max_minutes=0.05, batch_words=500)
    summary = RunSummary()
    summary.fold(done.events)
    assert summary.series["progress"].values[-1] >= 0.99
    assert summary.series["lr"].values[-1] < 0.001
    assert done.outcome.reason == "length"
    assert len(done.named("evaluated")) < 400


def test_the_held_out_part_is_not_trained_on_but_can_be_asked(train_here: Train, tmp_path: Path) -> None:
    text = write_text(tmp_path / "topics.txt", sentences=800)
    rng = random.Random(5)
    ending = [" ".join(["penguin", *rng.choices(TOPICS["sea"], k=5)]) for _ in range(90)]
    text.write_text(text.read_text() + "\n".join(ending) + "\n")

    done = train_here(text, split="tail", val_fraction=0.2, epochs=2)

    vectors = done.vectors
    untouched = vectors.vectors[vectors.index["penguin"]]
    assert vectors.counts[vectors.index["penguin"]] == 90
    assert np.abs(untouched).max() <= 1.0 / vectors.vectors.shape[1] + 1e-6
    assert np.abs(vectors.vectors[vectors.index["ship"]]).max() > 1.0 / vectors.vectors.shape[1]


@pytest.mark.parametrize("objective", ["skip_gram", "cbow"])
def test_going_on_from_a_checkpoint_changes_no_number(
    train_here: Train, text: Path, tmp_path: Path, objective: str
) -> None:
    settings = {"objective": objective, "epochs": 5, "vector_size": 12, "batch_words": 500}
    whole = train_here(text, **settings)

    cut = train_here(text, on_start=lambda reporter: _stop_at_step(reporter, 25), **settings)
    assert cut.outcome.reason == "stopped"
    assert 25 <= cut.outcome.step < whole.outcome.step
    checkpoint = newest_whole(cut.run.checkpoints)
    assert checkpoint is not None
    values = cut.named("resolved")[-1].values
    after = train_here(text, run=cut.run, request={"checkpoint": checkpoint, "resolved": values})

    assert after.outcome.step == whole.outcome.step
    assert after.vectors.words == whole.vectors.words
    assert np.array_equal(after.vectors.vectors, whole.vectors.vectors)


def _stop_at_step(reporter: Reporter, step: int, request: StopRequest | None = None) -> None:
    """Ask to stop as soon as this step was reported."""
    report = reporter.step

    def reporting(number: int, **values: float | None) -> None:
        report(number, **values)
        if number == step:
            reporter.control.stop(request)

    reporter.step = reporting  # type: ignore[method-assign]


@pytest.mark.parametrize("phrases", [False, True])
def test_a_text_too_large_for_memory_is_learned_alike(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch, phrases: bool
) -> None:
    settings: dict[str, Any] = {"epochs": 3, "vector_size": 12, "batch_words": 500, "phrases": phrases}
    held = train_here(text, **settings)
    monkeypatch.setattr(train_module, "_IN_MEMORY_TOKENS", 100)
    read = train_here(text, on_start=lambda reporter: _stop_at_step(reporter, 25), **settings)
    request = {
        "checkpoint": newest_whole(read.run.checkpoints),
        "resolved": read.named("resolved")[-1].values,
    }
    read = train_here(text, run=read.run, request=request)

    assert not read.named("resolved")[0].values["is_text_in_memory"]
    assert np.array_equal(held.vectors.vectors, read.vectors.vectors)


def test_several_threads_run_on_from_epoch_to_epoch(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=12, workers=3, batch_words=300, sample=0.0)
    resolved = done.named("resolved")[0].values
    summary = RunSummary()
    summary.fold(done.events)
    assert summary.series["words"].values[-1] == 12 * resolved["train_words"]
    epochs = [event.epoch for event in done.named("evaluated")]
    assert set(range(13)) <= {int(epoch) for epoch in epochs if epoch == int(epoch)}
    assert len(summary.checks()) == 12


def test_the_vectors_of_the_best_moment_can_be_kept(train_here: Train, tmp_path: Path) -> None:
    rng = random.Random(3)
    words = [f"w{number}" for number in range(200)]
    noise = tmp_path / "noise.txt"  # nothing in it can be learned that holds for its held-out part
    noise.write_text("\n".join(" ".join(rng.choices(words, k=8)) for _ in range(800)))

    done = train_here(
        noise, epochs=60, early_stopping=2, learning_rate=0.1, vector_size=40, sample=0.0, batch_words=200
    )

    assert done.outcome.reason == "early_stopping"
    checks = {event.step: event.metrics["val/loss"] for event in done.named("evaluated")}
    assert done.outcome.step < max(checks)
    assert done.outcome.metrics["val/loss"] == checks[done.outcome.step] < checks[max(checks)]
    assert done.vectors.config["step"] == done.outcome.step
    assert done.named("stopping")[0].reason == "early_stopping"


def test_a_saved_checkpoint_is_answered_and_changes_nothing(train_here: Train, text: Path) -> None:
    settings: dict[str, Any] = {"epochs": 3, "vector_size": 12, "batch_words": 500}
    answers: list[tuple[bool, str]] = []

    def save_at_20(reporter: Reporter) -> None:
        report = reporter.step

        def reporting(number: int, **values: float | None) -> None:
            report(number, **values)
            if number == 20:
                assert reporter.control.save(lambda ok, why: answers.append((ok, why)))

        reporter.step = reporting  # type: ignore[method-assign]

    saved = train_here(text, on_start=save_at_20, **settings)
    plain = train_here(text, **settings)
    assert answers == [(True, "")]
    assert np.array_equal(saved.vectors.vectors, plain.vectors.vectors)
    steps = {event.step for event in saved.named("checkpoint")}
    assert any(20 <= step < saved.outcome.step for step in steps)


def test_a_pause_holds_still_and_goes_on(train_here: Train, text: Path) -> None:
    seen: dict[str, int] = {}

    def pause_for_a_moment(reporter: Reporter) -> None:
        report = reporter.step

        def let_go() -> None:
            time.sleep(0.3)
            seen["before"] = reporter.last_step
            time.sleep(0.4)
            seen["after"] = reporter.last_step
            reporter.control.resume()

        def reporting(number: int, **values: float | None) -> None:
            report(number, **values)
            if number == 10:
                reporter.control.pause()
                threading.Thread(target=let_go).start()

        reporter.step = reporting  # type: ignore[method-assign]

    done = train_here(text, on_start=pause_for_a_moment, epochs=4, batch_words=500)
    assert seen["before"] == seen["after"]
    names = [event.event for event in done.events]
    assert names.index("paused") < names.index("running")
    assert done.outcome.reason == "length"
    assert done.named("evaluated")[-1].step == done.outcome.step


def test_discarding_saves_nothing(train_here: Train, text: Path) -> None:
    done = train_here(
        text,
        epochs=50,
        on_start=lambda reporter: _stop_at_step(reporter, 3, StopRequest(discard=True)),
        batch_words=500,
    )
    assert done.outcome.reason == "discarded"
    assert not done.run.model.exists()


def test_stopping_before_anything_was_learned_says_so(train_here: Train, text: Path) -> None:
    done = train_here(text, on_start=lambda reporter: reporter.control.stop())
    assert done.outcome.reason == "stopped"
    assert any(notice.key == "nothing_learned" for notice in done.named("notice"))
    assert not done.run.model.exists()


@pytest.mark.parametrize("after", ["text", "model", "probes"])
def test_a_stop_is_heard_between_the_pieces_of_preparation(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch, after: str
) -> None:
    """Each of them takes seconds on a large text."""
    reporters: list[Reporter] = []
    name = {"text": "prepare_text", "model": "build_model", "probes": "draw_probes"}[after]
    done_by = getattr(train_module, name)

    def then_stop(*arguments: Any) -> Any:
        result = done_by(*arguments)
        reporters[0].control.stop()
        return result

    monkeypatch.setattr(train_module, name, then_stop)
    done = train_here(text, on_start=reporters.append)
    assert done.outcome.reason == "stopped"
    assert "training" not in [phase.name for phase in done.named("phase")]
    assert not done.named("evaluated")


def test_no_word_often_enough(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "rare.txt"
    text.write_text("one two three\nfour five six\n")
    with pytest.raises(DataError) as caught:
        train_here(text, min_count=5)
    assert caught.value.message == "No word occurs often enough."
    assert caught.value.detail == "The text has 6 words; none occurs 5 times."
    assert caught.value.remedies[0].argument == {"min_count": 1}


def test_a_single_word_cannot_be_learned(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "same.txt"
    text.write_text("word word word word\n" * 300)
    with pytest.raises(DataError, match="only one word"):
        train_here(text)


def test_words_without_neighbours_cannot_be_learned(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "lonely.txt"
    text.write_text("alpha\nbeta\ngamma\n" * 100)
    with pytest.raises(DataError, match="neighbour"):
        train_here(text)


def test_numbers_that_explode_are_told_and_nothing_of_them_is_kept(train_here: Train, text: Path) -> None:
    def poison(reporter: Reporter) -> None:
        report = reporter.evaluated

        def reporting(step: int, epoch: float, metrics: Metrics, seconds: float) -> None:
            report(step, epoch, metrics, seconds)
            if step and epoch.is_integer():  # no thread trains at this moment
                reporter.live_model().vectors[0] = np.nan

        reporter.evaluated = reporting  # type: ignore[method-assign]

    with pytest.raises(PtftError) as caught:
        train_here(text, epochs=5, batch_words=500, on_start=poison)
    assert "exploded at step" in caught.value.message
    assert caught.value.remedies[0].argument == {"learning_rate": 0.0125}
    (run,) = list_runs(text.parent / "runs")
    assert not run.model.exists()
    assert not find_checkpoints(run.checkpoints)
    assert "diverged" in run.events_file.read_text()


def test_snapshots_look_back_at_every_epoch(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=4, vector_size=12, batch_words=500)
    told = done.named("snapshot")
    assert told[0].step == 0
    snapshot = read_snapshot(done.run.path / told[-1].path)
    assert snapshot.vectors.dtype == np.float16
    rows = [done.vectors.index[word] for word in snapshot.words]
    assert np.allclose(snapshot.vectors, done.vectors.vectors[rows], atol=2e-3)


def test_at_most_the_newest_two_and_the_best_checkpoint_are_kept(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=12, batch_words=500, early_stopping=12)
    assert 1 <= len(find_checkpoints(done.run.checkpoints)) <= 3
    assert not list(done.run.checkpoints.glob("*.tmp-*"))


def test_a_changed_text_is_noticed_when_a_run_goes_on(train_here: Train, text: Path) -> None:
    cut = train_here(text, epochs=5, batch_words=500, on_start=lambda reporter: _stop_at_step(reporter, 10))
    write_text(text, sentences=1500, seed=9)
    checkpoint = newest_whole(cut.run.checkpoints)
    values = cut.named("resolved")[-1].values
    with pytest.raises(PtftError, match="text has changed"):
        train_here(text, run=cut.run, request={"checkpoint": checkpoint, "resolved": values})


def test_training_longer_goes_on_from_the_end(train_here: Train, text: Path) -> None:
    first = train_here(text, epochs=3, batch_words=500)
    request = {
        "checkpoint": newest_whole(first.run.checkpoints),
        "resolved": first.named("resolved")[-1].values,
        "changes": {"length_factor": 1.5, "learning_rate_factor": 0.5},
    }
    longer = train_here(text, run=first.run, request=request)
    resolved = longer.named("resolved")[-1]
    assert resolved.values["epochs"] == 5
    assert resolved.values["learning_rate"] == pytest.approx(0.0125)
    assert "learning rate x 0.5" in resolved.why
    assert longer.outcome.step == pytest.approx(first.outcome.step * 5 / 3, abs=2)


def test_a_full_disk_costs_a_checkpoint_and_not_the_run(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(text)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=1000))
    done = train_here(text, epochs=2, batch_words=500)
    failures = done.named("checkpoint_failed")
    assert failures
    assert "1,000 bytes are free" in failures[0].detail
    assert done.outcome.reason == "length"
    assert isinstance(done, FinishedRun)
    assert done.vectors.words


def test_a_text_smaller_than_the_window_is_told(train_here, tmp_path):
    text = tmp_path / "small.txt"
    text.write_text("a b\nb a\na b\nb a\n", encoding="utf-8")
    told = train_here(text, min_count=1, window=50, epochs=1).named("notice")
    assert any(notice.message == "The text is smaller than the window." for notice in told)
    told = train_here(text, min_count=1, window=2, epochs=1).named("notice")
    assert not any("window" in notice.message for notice in told)
