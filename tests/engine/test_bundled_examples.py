"""What the program shows of its bundled datasets is true: each is trained as a person would and asked its questions."""

from __future__ import annotations

from typing import Any

import pytest

from ptft_gui.core.datasets import bundled_datasets
from ptft_gui.data.bundled import is_available
from ptft_gui.inspection.axes import Axis, place_on_axes
from ptft_gui.inspection.model import OpenedModel, open_model
from ptft_gui.inspection.similarity import analogy, most_similar
from tests.engine.conftest import Train

CARDS = bundled_datasets()


def answer_of(model: OpenedModel, question: dict[str, Any]) -> tuple[list[str], set[str]]:
    """What the model answers, and the words of which at least one has to be among it."""
    if question["kind"] == "analogy":
        found = analogy(model, question["text"], topn=1).neighbours
        return [neighbour.word for neighbour in found], {question["expect_first"]}
    found = most_similar(model, question["word"], topn=question["topn"]).neighbours
    return [neighbour.word for neighbour in found], set(question["expect_any"])


def check_axis(model: OpenedModel, question: dict[str, Any]) -> None:
    """Every word promised at one end stands on the other side of the middle from those at the other end."""
    low, _, high = question["text"].partition(" - ")
    words = [*question["expect_low"], *question["expect_high"]]
    placed = place_on_axes(model, [Axis(tuple(low.split()), tuple(high.split()))], words)
    values = {
        model.vectors.words[row]: float(v) for row, v in zip(placed.rows, placed.values[:, 0], strict=True)
    }
    assert max(values[word] for word in question["expect_low"]) < 0, values
    assert min(values[word] for word in question["expect_high"]) > 0, values


@pytest.mark.slow
@pytest.mark.parametrize("card", CARDS, ids=[card.id for card in CARDS])
def test_every_question_of_a_bundled_dataset_is_answered_as_promised(train_here: Train, card: Any) -> None:
    can_be_used, reason = is_available(card.id)
    if not can_be_used:
        pytest.skip(reason)
    done = train_here(card.id, preset="tiny", workers=2)

    assert done.outcome.metrics["val/loss"] < done.named("baseline")[0].value - 0.5
    model = open_model(done.run)
    assert set(card.watched_words) <= set(model.vectors.words)
    assert tuple(done.named("resolved")[0].values["watched_words"]) == card.watched_words
    assert card.questions
    for question in card.questions:
        if question["kind"] == "axis":
            check_axis(model, question)
            continue
        answers, expected = answer_of(model, question)
        assert expected & set(answers), f"{question} was answered with {answers}"
