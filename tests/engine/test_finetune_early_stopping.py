"""When a run that learns a task ends by itself: not while the loss of held-out rows still falls."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from ptft_gui.core.events import Metrics
from ptft_gui.core.rundir import create_run
from ptft_gui.engine.checkpoint import newest_whole
from ptft_gui.engine.finetune.watch import TaskWatch, distance_from_best
from ptft_gui.engine.language.state import Position
from ptft_gui.engine.position import decode_position
from ptft_gui.engine.vector_run import Checks
from tests.engine.conftest import FinishedRun, Train
from tests.engine.test_finetune_run import WORDS, _stop_at_step, sentence, spec_of, tune, write_rows
from tests.inspection.language_models import save_tiny_bert


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTFT_HOME", str(tmp_path / "home"))


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert") / "tiny", steps=1)


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """200 texts of two topics of which some bear the wrong name, so that accuracy goes up and down at first."""
    rng, rows = random.Random(5), []
    for _ in range(200):
        topic = rng.choice(list(WORDS))
        text = sentence(rng, topic)
        rows.append([text, rng.choice(list(WORDS)) if rng.random() < 0.3 else topic])
    return write_rows(tmp_path / "doubtful.csv", ["text", "topic"], rows)


def held_out(done: FinishedRun) -> list[Metrics]:
    """What was measured at each check after the start."""
    return [event.metrics for event in done.named("evaluated") if event.step and "val/loss" in event.metrics]


def ends_by_score_alone(metrics: list[Metrics]) -> int | None:
    """The first check that is no better than the best before, if only what chooses the best moment counts."""
    best = None
    for number, each in enumerate(metrics):
        distance = distance_from_best(each, "val/loss", "accuracy")
        if best is not None and distance is not None and distance >= best:
            return number
        best = distance
    return None


def test_a_run_goes_on_while_only_the_loss_falls_and_keeps_the_best_score(
    train_here: Train, tmp_path: Path, bert: Path, doubtful: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The losses are measured; the score is told, so that it stands still on every computer."""
    scores, measure = iter((0.5, 0.5, 0.8, 0.7, 0.7, 0.7, 0.7, 0.7)), TaskWatch._measure
    monkeypatch.setattr(
        TaskWatch, "_measure", lambda watch, step: {**measure(watch, step), "val/accuracy": next(scores)}
    )
    spec = spec_of(
        doubtful, bert, epochs=7, learning_rate=0.0001, schedule="constant", early_stopping=1, seed=1
    )
    done = tune(train_here, tmp_path, spec)

    measured = held_out(done)
    losses = [each["val/loss"] or 0 for each in measured]
    assert losses == sorted(losses, reverse=True), "the loss falls at every check"
    assert ends_by_score_alone(measured) == 2
    assert (len(measured), done.outcome.reason) == (7, "length")
    assert done.outcome.metrics["val/accuracy"] == 0.8
    assert done.outcome.metrics["val/loss"] == losses[1]


def test_a_run_that_was_cut_remembers_the_lowest_loss(
    train_here: Train, tmp_path: Path, bert: Path, doubtful: Path
) -> None:
    spec = spec_of(
        doubtful, bert, epochs=14, learning_rate=0.0006, schedule="constant", early_stopping=2, seed=1
    )
    whole = tune(train_here, tmp_path, spec)
    cut = train_here(
        "",
        run=create_run(tmp_path / "runs", spec),
        on_start=lambda reporter: _stop_at_step(reporter, 22),
    )
    newest = newest_whole(cut.run.checkpoints)
    assert newest is not None
    kept = json.loads((newest.path / "state.json").read_text())["position"]
    assert kept["best_loss"] == held_out(whole)[1]["val/loss"], "of two whole epochs of nine steps"
    request = {"checkpoint": newest, "resolved": cut.named("resolved")[-1].values}
    after = train_here("", run=cut.run, request=request)
    assert (after.outcome.reason, after.outcome.step) == (whole.outcome.reason, whole.outcome.step)
    assert after.outcome.metrics == whole.outcome.metrics


def test_an_earlier_checkpoint_knows_no_lowest_loss_and_is_read() -> None:
    told = {"position": {"epoch": 1, "step": 9, "best": 0.2, "stale_checks": 1, "batch": 0, "tokens": 144}}
    assert decode_position(Position, told).best_loss is None


def test_a_check_is_stale_when_neither_score_nor_loss_is_better() -> None:
    checks = Checks()
    told = [(0.50, 4.0), (0.52, 3.0), (0.51, 3.0), (0.49, 3.2), (0.49, 2.99), (0.50, 2.9)]
    noted = [(checks.note(score, loss, 0.0), checks.stale_checks) for score, loss in told]
    assert noted == [(True, 0), (False, 0), (False, 1), (True, 0), (False, 1), (False, 0)]
    assert (checks.best, checks.best_loss) == (0.49, 2.9)
    assert Checks(0.5, 2).note(0.51) is False, "of a family without such a score"
