"""A chosen mistake stands whole below the table, which cuts long texts: prompts, pairs and texts with their labels."""

from __future__ import annotations

from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.run.evaluate.task_mistakes import MistakesCard
from ptft_gui.gui.panels.run.row_corrections import RowCorrections

LONG = "word " * 60


@pytest.mark.parametrize(
    ("task", "mistake", "title", "text"),
    [
        ("reply", {"prompt": f"Say {LONG}", "reply": "No.", "nats": 7.0}, f"Say {LONG}", "No."),
        (
            "pair-similarity",
            {"text": "A cat.", "text_pair": LONG, "label": 1.0, "predicted": 4.0},
            "A cat.",
            LONG,
        ),
        (
            "multilabel",
            {"text": LONG, "labels": ["price", "service"], "predicted": [], "missed": ["price"], "wrong": []},
            "Right: price, service. Answered: no label.",
            LONG,
        ),
    ],
)
def test_the_chosen_mistake_stands_whole(
    qtbot: QtBot, task: str, mistake: dict[str, Any], title: str, text: str
) -> None:
    card = MistakesCard(RowCorrections())
    qtbot.addWidget(card)
    card.show_mistakes(task, [mistake])
    assert (card.title.text(), card.text.text()) == (title, text)
    assert card.text.isVisibleTo(card)
    assert not card.legend.isVisibleTo(card)
