"""What the narrator and the headline say of a run that learns a language."""

from __future__ import annotations

from typing import Any

import pytest

from ptft_gui.core import events as ev
from ptft_gui.core.spec import new_spec
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline import next_steps
from ptft_gui.core.telling.narrator import narrate
from ptft_gui.core.telling.narrator_language import hover_note

GUESSING = 3.3


def run_of(family: str = "gpt", values: dict[str, Any] | None = None) -> RunSummary:
    summary = RunSummary(spec=new_spec(family, "text.txt"))
    resolved = {"tokenizer": "characters", "epochs": 1, **(values or {})}
    summary.fold(
        [
            ev.Started(attempt=1, time=1.0),
            ev.Resolved(values=resolved),
            ev.Baseline(metric="val/loss", value=GUESSING),
        ]
    )
    return summary


def check(summary: RunSummary, step: int, progress: float, loss: float) -> None:
    summary.fold(
        [
            ev.Steps(step=[step], columns={"progress": [progress]}),
            ev.Evaluated(step=step, epoch=progress, metrics={"train/loss": loss, "val/loss": loss}),
        ]
    )


def test_the_curve_that_goes_below_guessing_is_worth_a_sentence() -> None:
    summary = run_of()
    check(summary, 0, 0.0, 4.9)
    check(summary, 25, 0.08, 2.7)
    said = narrate(summary, "running")
    assert said.sentence == (
        "At step 25 the curve went below guessing: it no longer only knows which characters are common, it uses what "
        "stands before."
    )
    check(summary, 50, 0.16, 2.5)
    assert narrate(summary, "running").rule == 12


def test_a_run_that_begins_below_guessing_dives_nowhere() -> None:
    summary = run_of()
    check(summary, 0, 0.0, 3.0)
    check(summary, 25, 0.1, 2.7)
    assert narrate(summary, "running").rule == 12


def test_a_blank_is_filled_from_both_sides() -> None:
    summary = run_of("bert", {"tokenizer": "wordpiece"})
    check(summary, 0, 0.0, 7.0)
    check(summary, 90, 0.3, 3.2)
    assert (
        "pieces of words are common, it uses what stands on both sides"
        in narrate(summary, "running").sentence
    )


@pytest.mark.parametrize(
    ("family", "progress", "words", "buttons"),
    [
        ("bert", 0.2, "A small BERT often stays here for a while", 0),
        ("bert", 0.7, "no better than guessing by how common a token is", 2),
        ("gpt", 0.2, "no better than guessing by how common a token is", 2),
    ],
)
def test_no_better_than_guessing(family: str, progress: float, words: str, buttons: int) -> None:
    summary = run_of(family)
    check(summary, 0, 0.0, 4.9)
    check(summary, 25, progress, 3.31)
    said = narrate(summary, "running")
    assert said.rule == 7
    assert words in said.sentence
    assert len(said.actions) == buttons


@pytest.mark.parametrize(
    ("tokenizer", "words"),
    [("characters", "which characters are common"), ("bpe", "words and pieces are common")],
)
def test_the_first_gains(tokenizer: str, words: str) -> None:
    summary = run_of(values={"tokenizer": tokenizer})
    check(summary, 0, 0.0, 4.9)
    check(summary, 5, 0.02, 4.4)
    said = narrate(summary, "running")
    assert said.rule == 11
    assert words in said.sentence


def test_the_best_moment_of_a_part_of_an_epoch_is_a_step() -> None:
    summary = run_of(values={"early_stopping": 3})
    for step, loss in ((0, 4.0), (20, 3.0), (40, 3.1)):
        check(summary, step, step / 100, loss)
    summary.fold([ev.Finished(reason="early_stopping", step=40)])
    assert narrate(summary, "finished").sentence.endswith("The best moment (step 20) is kept.")


def test_what_an_ended_run_is_good_for() -> None:
    summary = run_of()
    check(summary, 20, 1.0, 2.0)
    summary.fold([ev.Finished(step=20)])
    keys = [action.key for action in next_steps(summary, "finished")]
    assert keys[0] == "try_it"
    assert keys[-1] == "train_longer"
    summary.fold([ev.Checkpoint(step=20, path="checkpoints/step-00000020")])
    assert next_steps(summary, "stopped")[-1].label == "Go on from step 20"


def test_why_the_training_curve_may_lie_above() -> None:
    assert "parts are switched off" in hover_note(run_of(values={"dropout": 0.1}))
    assert "ever new blanks" in hover_note(run_of("bert"))
    assert hover_note(run_of()) == ""
