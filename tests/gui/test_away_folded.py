"""The card *While you were away* takes little of a low window: two runs, and the others at a press."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.away import reports_since
from ptft_gui.gui.away_card import AwayCard
from ptft_gui.gui.theme import Theme
from tests.gui.fixtures_runs import make_run


def card_of(qtbot: QtBot, runs: Path, *states: str) -> AwayCard:
    for state in states:
        make_run(runs, state)
    card = AwayCard()
    qtbot.addWidget(card)
    card.show_reports(reports_since(runs, time.time() - 3600, time.time() + 60))
    card.resize(960, card.sizeHint().height())
    card.show()
    return card


def rows(card: AwayCard) -> int:
    return sum(row.isVisibleTo(card) for row in card.findChildren(QWidget, "awayRow"))


def more(card: AwayCard) -> QPushButton:
    button = card.findChild(QPushButton, "awayMore")
    assert isinstance(button, QPushButton)
    return button


def test_of_four_runs_two_are_listed_until_the_others_are_asked_for(
    qtbot: QtBot, tmp_path: Path, theme: Theme
) -> None:
    card = card_of(qtbot, tmp_path, "finished", "failed", "lost", "finished")
    assert (rows(card), more(card).text()) == (2, "2 more")
    layout = card.layout()
    assert layout is not None
    assert layout.heightForWidth(960) <= 150
    more(card).click()
    qtbot.waitUntil(lambda: rows(card) == 4)
    assert more(card).text() == "Show fewer"
    more(card).click()
    qtbot.waitUntil(lambda: rows(card) == 2)


def test_two_runs_need_no_more(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    card = card_of(qtbot, tmp_path, "finished", "lost")
    assert rows(card) == 2
    assert not more(card).isVisibleTo(card)


def test_very_many_runs_are_in_the_list_at_the_left(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    card = card_of(qtbot, tmp_path, *["finished"] * 11)
    more(card).click()
    qtbot.waitUntil(lambda: rows(card) == 8)
    said = [label.text() for label in card.findChildren(QLabel) if label.isVisibleTo(card)]
    assert "and 3 more, in the list at the left" in said
