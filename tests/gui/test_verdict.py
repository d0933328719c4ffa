"""Evaluate says what a score means: better than what needs no learning, not better, or maybe by chance."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.run.evaluate.score_card import ScoreCard
from ptft_gui.gui.panels.run.evaluate.task_numbers import NumbersCard


def classes(accuracy: float, low: float, **more: float) -> dict[str, Any]:
    interval = {"accuracy_interval": [low, min(1.0, 2 * accuracy - low)]}
    return {"rows": 45, "accuracy": accuracy, **interval, "majority": 0.7, "majority_label": "same", **more}


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        (
            classes(0.68, 0.6),
            'It is not better than always answering "same": so far it has learned little. '
            "Train longer, or give it more rows.",
        ),
        (
            classes(0.75, 0.65),
            'It is better than always answering "same", but with so few rows that may still be chance.',
        ),
        (classes(0.9, 0.82), 'It is clearly better than always answering "same".'),
        (
            classes(0.9, 0.82, bag_of_vectors=0.9),
            'It is clearly better than always answering "same". Word vectors alone do as well, so for these rows a '
            "smaller, faster model would be enough.",
        ),
        (
            classes(0.9, 0.82, bag_of_vectors=0.8),
            'It is clearly better than always answering "same".',
        ),
        ({"rows": 45, "accuracy": 0.9}, ""),
    ],
)
def test_a_share_answered_right_is_held_against_the_commonest_class(
    qtbot: QtBot, scores: dict[str, Any], told: str
) -> None:
    card = ScoreCard()
    qtbot.addWidget(card)
    card.show_report({"test": scores}, "")
    assert card.verdict.text() == told
    assert card.verdict.isVisibleTo(card) == bool(told)
    assert told in card.text()


def numbers(qtbot: QtBot, task: str, scores: dict[str, Any], guessing: float | None = None) -> NumbersCard:
    card = NumbersCard()
    qtbot.addWidget(card)
    card.show_report(task, {"rows": 60, **scores}, True, guessing)
    return card


def test_likeness_is_held_against_the_mean_and_against_no_order(qtbot: QtBot) -> None:
    scores = {
        "spearman": 0.3,
        "spearman_interval": [0.06, 0.54],
        "pearson": 0.35,
        "mean_error": 1.1,
        "always_mean": 1.2,
    }
    card = numbers(qtbot, "pair-similarity", scores)
    assert card.verdict.text() == (
        "It is better than always answering the mean score; its order of the pairs agrees weakly with yours."
    )
    card = numbers(qtbot, "pair-similarity", {**scores, "spearman": 0.8})
    assert card.verdict.text().endswith("agrees well with yours.")
    card = numbers(qtbot, "pair-similarity", {**scores, "spearman_interval": [-0.1, 0.54]})
    assert "may still be chance" in card.verdict.text()
    card = numbers(qtbot, "pair-similarity", {**scores, "mean_error": 1.3})
    assert card.verdict.text().startswith("It is not better than always answering the mean score")


def test_several_labels_are_held_against_the_commonest_alone(qtbot: QtBot) -> None:
    scores = {"micro_f1": 0.8, "micro_f1_interval": [0.7, 0.9], "majority": 0.4, "majority_label": "price"}
    card = numbers(qtbot, "multilabel", scores)
    assert card.verdict.text() == 'It is clearly better than giving every text "price" alone.'


def test_every_number_of_replies_and_answers_has_a_heading(qtbot: QtBot) -> None:
    card = numbers(qtbot, "reply", {"loss": 7.0, "perplexity": 1137.6, "accuracy": 0.05, "tokens": 1040})
    assert [title.text() for title, _, _ in card._cells] == [
        "Perplexity of the true replies",
        "First guess right",
        "How good the replies are",
    ]
    assert card._cells[2][2].text() == "No number can tell, only people can: read some in Try it."
    assert "How good the replies are" not in card.sentence()
    note = card.findChild(QLabel, "taskScoreNote")
    assert note is not None
    assert "chose blindly among so many tokens" in note.text()
    share = {"rows": 60, "exact_match": 0.5, "f1": 0.5}
    answers = {
        **share,
        "exact_match_interval": None,
        "f1_interval": [0.4, 0.6],
        "answered": share,
        "always_none": 0.0,
    }
    card = numbers(qtbot, "question-answering", answers)
    assert [cell.text() for cell in card._cells[2]][:2] == ["Questions without an answer", "0"]
    assert card.verdict.text() == ""


@pytest.mark.parametrize(
    ("guessing", "told"),
    [
        (5.9, "It is not better than guessing by how"),
        (7.1, "may still be chance"),
        (7.3, "It is clearly better than"),
    ],
)
def test_replies_are_held_against_guessing(qtbot: QtBot, guessing: float, told: str) -> None:
    scores = {
        "loss": 7.0,
        "loss_interval": [6.9, 7.2],
        "perplexity": 1096.6,
        "accuracy": 0.05,
        "tokens": 1040,
    }
    assert told in numbers(qtbot, "reply", scores, guessing).verdict.text()


def test_names_are_counted_in_a_sentence(qtbot: QtBot) -> None:
    scores = {
        "entity_precision": 0.02, "entity_recall": 0.14, "entity_f1": 0.03, "entity_f1_interval": [0.0, 0.07],
        "macro_f1": 0.02, "token_accuracy": 0.56, "right": 3, "entities": 21, "found": 171,
    }  # fmt: skip
    told = "It found 3 of 21 names, and 168 of the 171 that it marked are wrong."
    little = "So far it has learned little: train longer, or give it more rows."
    assert numbers(qtbot, "tagging", scores).verdict.text() == f"{told} {little}"
    assert numbers(qtbot, "tagging", {**scores, "entity_f1": 0.6}).verdict.text() == told
