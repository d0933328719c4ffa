"""A GloVe run seen through its log and its folder."""

from __future__ import annotations

import random
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ptft_gui.core.errors import DataError, PtftError
from ptft_gui.core.rundir import list_runs
from ptft_gui.core.summary import RunSummary
from ptft_gui.engine.checkpoint import find_checkpoints, newest_whole
from ptft_gui.engine.control import StopRequest
from ptft_gui.engine.glove import resolve as resolve_module
from ptft_gui.engine.reporter import Reporter
from ptft_gui.engine.snapshots import read_snapshot
from ptft_gui.engine.vectors import load_word_vectors
from tests.engine.conftest import TOPICS, FinishedRun, Train, write_text

GLOVE: dict[str, Any] = {"family": "glove", "vector_size": 12, "symmetric": True, "x_max": 10.0}


@pytest.fixture
def text(tmp_path: Path) -> Path:
    return write_text(tmp_path / "topics.txt", sentences=1500)


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pairs of a small text in many steps an epoch."""
    monkeypatch.setattr(resolve_module, "_FEWEST_PAIRS_A_STEP", 40)


def summary_of(done: FinishedRun) -> RunSummary:
    summary = RunSummary()
    summary.fold(done.events)
    return summary


def test_a_run_learns_and_tells_how(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=25, watched=("Ship", "shipp"), **GLOVE)

    summary = summary_of(done)
    guessing, last = summary.baselines["val/loss"].value, summary.last("val/loss")
    assert last is not None
    assert last < guessing / 5
    assert summary.last("train/loss") < summary.baselines["train/loss"].value / 5
    assert done.outcome.reason == "length"
    assert done.outcome.metrics["val/loss"] == last
    neighbours = [word for word, _ in summary.watched()["ship"].answer[:5]]
    assert set(neighbours) <= set(TOPICS["sea"])
    unknown = next(notice for notice in summary.notices if notice.key == "watched_word")
    assert "shipp" in unknown.message
    names = [phase.name for phase in done.named("phase")]
    assert names.index("compiling") < names.index("counting") < names.index("training")
    resolved = done.named("resolved")[0]
    assert resolved.values["vocabulary_size"] == 24
    assert summary.series["pairs"].values[-1] == 25 * resolved.values["pairs"]
    assert summary.speed() is not None
    config = done.vectors.config
    assert config["family"] == "glove"
    assert config["options"]["vector_size"] == 12


@pytest.mark.usefixtures("small_steps")
def test_a_number_of_steps_ends_the_run_within_an_epoch(train_here: Train, text: Path) -> None:
    done = train_here(text, max_steps=7, **GLOVE)
    assert done.outcome.step == 7
    assert done.named("evaluated")[-1].step == 7
    values = done.named("resolved")[0].values
    assert values["epochs"] == -(-7 * values["batch_pairs"] // values["pairs"]) >= 1


def test_minutes_end_the_run(train_here: Train, text: Path) -> None:
    done = train_here(text, max_minutes=0.05, **GLOVE)
    assert summary_of(done).series["progress"].values[-1] >= 0.99
    assert done.outcome.reason == "length"


def _stop_at_step(reporter: Reporter, step: int, request: StopRequest | None = None) -> None:
    """Ask to stop as soon as this step was reported."""
    _at_step(reporter, step, lambda: reporter.control.stop(request))


def _at_step(reporter: Reporter, step: int, act: Any) -> None:
    report = reporter.step

    def reporting(number: int, **values: float | None) -> None:
        report(number, **values)
        if number == step:
            act()

    reporter.step = reporting  # type: ignore[method-assign]


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize(
    "settings",
    [{}, {"reference": True}, {"symmetric": False}],
    ids=["usual", "reference", "left"],
)
def test_going_on_from_a_checkpoint_changes_no_number(
    train_here: Train, text: Path, settings: dict[str, Any]
) -> None:
    settings = {**GLOVE, "epochs": 5, **settings}
    whole = train_here(text, **settings)
    cut = train_here(text, on_start=lambda reporter: _stop_at_step(reporter, 17), **settings)
    assert cut.outcome.reason == "stopped"
    assert 17 <= cut.outcome.step < whole.outcome.step
    request = {
        "checkpoint": newest_whole(cut.run.checkpoints),
        "resolved": cut.named("resolved")[-1].values,
    }
    after = train_here(text, run=cut.run, request=request)

    assert after.outcome.step == whole.outcome.step
    assert after.vectors.words == whole.vectors.words
    assert np.array_equal(after.vectors.vectors, whole.vectors.vectors)


@pytest.mark.usefixtures("small_steps")
def test_a_saved_checkpoint_is_answered_and_changes_nothing(train_here: Train, text: Path) -> None:
    settings: dict[str, Any] = {**GLOVE, "epochs": 3}
    answers: list[tuple[bool, str]] = []

    def save_at_20(reporter: Reporter) -> None:
        _at_step(reporter, 8, lambda: reporter.control.save(lambda ok, why: answers.append((ok, why))))

    saved = train_here(text, on_start=save_at_20, **settings)
    plain = train_here(text, **settings)
    assert answers == [(True, "")]
    assert np.array_equal(saved.vectors.vectors, plain.vectors.vectors)
    assert 8 in {event.step for event in saved.named("checkpoint")}


@pytest.mark.usefixtures("small_steps")
def test_a_pause_holds_still_and_goes_on(train_here: Train, text: Path) -> None:
    seen: dict[str, int] = {}

    def pause_for_a_moment(reporter: Reporter) -> None:
        def let_go() -> None:
            time.sleep(0.3)
            seen["before"] = reporter.last_step
            time.sleep(0.4)
            seen["after"] = reporter.last_step
            reporter.control.resume()

        def pause() -> None:
            reporter.control.pause()
            threading.Thread(target=let_go).start()

        _at_step(reporter, 9, pause)

    done = train_here(text, on_start=pause_for_a_moment, epochs=4, **GLOVE)
    assert seen["before"] == seen["after"] == 9
    names = [event.event for event in done.events]
    assert names.index("paused") < names.index("running")
    assert done.outcome.reason == "length"


def test_discarding_saves_nothing(train_here: Train, text: Path) -> None:
    done = train_here(
        text,
        epochs=500,
        on_start=lambda reporter: _stop_at_step(reporter, 3, StopRequest(discard=True)),
        **GLOVE,
    )
    assert done.outcome.reason == "discarded"
    assert not done.run.model.exists()


def test_stopping_before_anything_was_learned_says_so(train_here: Train, text: Path) -> None:
    done = train_here(text, on_start=lambda reporter: reporter.control.stop(), **GLOVE)
    assert done.outcome.reason == "stopped"
    assert any(notice.key == "nothing_learned" for notice in done.named("notice"))
    assert not done.run.model.exists()


def test_numbers_that_explode_are_told_and_the_last_good_state_is_kept(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ptft_gui.engine.glove import train as train_module

    models = []
    build = train_module.build_model
    monkeypatch.setattr(
        train_module, "build_model", lambda *arguments: models.append(build(*arguments)) or models[-1]
    )

    def poison(reporter: Reporter) -> None:
        report = reporter.checkpoint

        def reporting(*arguments: Any) -> None:
            report(*arguments)
            models[0].block[0, 0, 0] = np.nan

        reporter.checkpoint = reporting  # type: ignore[method-assign]

    with pytest.raises(PtftError) as caught:
        train_here(text, epochs=500, on_start=poison, **GLOVE)
    assert "exploded at step" in caught.value.message
    assert caught.value.remedies[0].argument == {"learning_rate": 0.025}
    (run,) = list_runs(text.parent / "runs")
    assert not run.model.exists()
    assert newest_whole(run.checkpoints) is not None
    assert "diverged" in run.events_file.read_text()


def test_the_vectors_of_the_best_moment_can_be_kept(train_here: Train, tmp_path: Path) -> None:
    rng = random.Random(3)
    words = [f"w{number}" for number in range(200)]
    noise = tmp_path / "noise.txt"  # nothing in it can be learned that holds for its held-out part
    noise.write_text("\n".join(" ".join(rng.choices(words, k=8)) for _ in range(800)))

    done = train_here(noise, epochs=90, early_stopping=2, **{**GLOVE, "vector_size": 50})

    assert done.outcome.reason == "early_stopping"
    checks = {event.step: event.metrics["val/loss"] for event in done.named("evaluated")}
    assert done.outcome.step < max(checks)
    assert done.outcome.metrics["val/loss"] == checks[done.outcome.step] < checks[max(checks)]
    assert done.vectors.config["step"] == done.outcome.step


def test_snapshots_look_back_at_every_epoch(train_here: Train, text: Path) -> None:
    done = train_here(text, epochs=4, **GLOVE)
    told = done.named("snapshot")
    assert told[0].step == 0
    snapshot = read_snapshot(done.run.path / told[-1].path)
    rows = [done.vectors.index[word] for word in snapshot.words]
    assert np.allclose(snapshot.vectors, done.vectors.vectors[rows], atol=2e-3)


def test_training_longer_goes_on_from_the_end(train_here: Train, text: Path) -> None:
    first = train_here(text, epochs=4, **GLOVE)
    request = {
        "checkpoint": newest_whole(first.run.checkpoints),
        "resolved": first.named("resolved")[-1].values,
        "changes": {"length_factor": 1.5, "learning_rate_factor": 0.5},
    }
    longer = train_here(text, run=first.run, request=request)
    resolved = longer.named("resolved")[-1]
    assert resolved.values["epochs"] == 6
    assert resolved.values["learning_rate"] == pytest.approx(0.025)
    assert longer.outcome.step == first.outcome.step * 3 / 2
    assert 1 <= len(find_checkpoints(first.run.checkpoints)) <= 3


def test_a_changed_text_is_noticed_when_a_run_goes_on(train_here: Train, text: Path) -> None:
    cut = train_here(text, epochs=5, **GLOVE)
    write_text(text, sentences=1500, seed=9)
    request = {
        "checkpoint": newest_whole(cut.run.checkpoints),
        "resolved": cut.named("resolved")[-1].values,
    }
    with pytest.raises(PtftError, match="text has changed"):
        train_here(text, run=cut.run, request=request)


def test_a_text_smaller_than_the_window_is_told(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "short.txt"
    text.write_text("one two three two one\n")
    with pytest.raises(DataError) as caught:
        train_here(text, **{**GLOVE, "min_count": 1, "window": 10, "val_fraction": 0.0})
    assert caught.value.message == "The text is smaller than the window."
    assert caught.value.remedies[0].argument == {"window": 2}


def test_words_without_neighbours_cannot_be_learned(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "lonely.txt"
    text.write_text("alpha\nbeta\ngamma\n" * 100)
    with pytest.raises(DataError, match="neighbour"):
        train_here(text, **GLOVE)


def test_no_word_often_enough(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "rare.txt"
    text.write_text("one two three four five six seven\neight nine ten eleven twelve thirteen\n")
    with pytest.raises(DataError, match="No word occurs often enough"):
        train_here(text, **{**GLOVE, "min_count": 5, "val_fraction": 0.0})


def test_too_little_memory_and_no_card_are_told(train_here: Train, text: Path) -> None:
    with pytest.raises(PtftError, match="too little memory"):
        train_here(text, memory_mb=2, **GLOVE)


def test_a_card_that_is_not_there_is_told(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ptft_gui.engine.device.has_graphics_card", lambda: False)
    with pytest.raises(PtftError, match="no graphics card") as caught:
        train_here(text, device="cuda", **GLOVE)
    assert caught.value.remedies[0].argument == {"device": "cpu"}


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_the_kingdoms_analogy_holds_with_every_seed(train_here: Train, seed: int) -> None:
    done = train_here("little-kingdom", family="glove", seed=seed)
    vectors = done.vectors
    unit = vectors.vectors / np.linalg.norm(vectors.vectors, axis=1, keepdims=True)
    row = vectors.index
    scores = unit @ (unit[row["king"]] - unit[row["man"]] + unit[row["woman"]])
    scores[[row["king"], row["man"], row["woman"]]] = -np.inf
    assert vectors.words[int(scores.argmax())] == "queen"


def test_the_neighbours_of_music_make_sense(train_here: Train) -> None:
    done = train_here("wikipedia", family="glove", watched=("music",), epochs=40, workers=2)
    near = {word for word, _ in summary_of(done).watched()["music"].answer}
    related = set("folk poetry dance dances musical songs classical art festivals love literature".split())
    assert len(near & related) >= 3, near


def test_a_short_text_is_learned_on_the_processor_also_where_a_card_is(
    train_here: Train, text: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resolve_module, "has_graphics_card", lambda: True)
    resolved = train_here(text, epochs=1, **GLOVE).named("resolved")[0]
    assert resolved.values["device"] == "cpu"
    assert "before the graphics card would be ready" in resolved.reasons["device"]


def test_phrases_are_joined_where_a_person_wants_that(train_here: Train, tmp_path: Path) -> None:
    text = tmp_path / "cities.txt"
    text.write_text(
        "we flew to new york and back home\nthey live in new york by the sea\n" * 60, encoding="utf-8"
    )
    alone = train_here(text, epochs=2, min_count=5, **GLOVE)
    joined = train_here(text, epochs=2, min_count=5, phrases=True, phrase_threshold=0.1, **GLOVE)
    assert "the_sea" not in load_word_vectors(alone.run.model).words
    vectors = load_word_vectors(joined.run.model)
    assert "the_sea" in vectors.words
    assert vectors.config["phrase_delimiter"] == "_"
    assert "phrases" in [event.name for event in joined.named("phase")]
