"""The head of a run's page has room for the longest sentences of tasks, beside the steps that may follow."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import State
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.headline_tasks import SCORES
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run import header
from tests.gui.run_pages import open_run

_PAGES = ((968, 596), (1040, 696))
"""The page in windows of 1024 x 700 and 1280 x 800."""
_LONGER = 0.4
"""So much longer are the words of some languages."""
_STEPS = ("Try it", "Mark names in a file", "Score to report", "Duplicate as new run")
_MORE = " et encore un peu plus de mots qui ne disent rien de neuf" * 4


def _longer(words: str) -> str:
    return words + _MORE[: round(len(words) * _LONGER)].rstrip()


@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("task", SCORES)
def test_no_line_of_the_headline_is_cut(
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    task: str,
    page: tuple[int, int],
) -> None:
    sentence = SCORES[task][1].format(score="0.974", rows="held-out")
    told = _longer(f"{sentence} Stopped at 45 %, the model is kept.")

    def headline(_summary: RunSummary, _state: State) -> str:
        return told

    def next_steps(_summary: RunSummary, _state: State) -> tuple[Action, ...]:
        return tuple(Action("try_it", _longer(label)) for label in _STEPS)

    monkeypatch.setattr(header, "headline", headline)
    monkeypatch.setattr(header, "next_steps", next_steps)
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.resize(*page)
    label = opened.find(QLabel, "runHeadline")
    qtbot.waitUntil(lambda: opened.page.header.width() == opened.page.width())
    assert label.text() == told
    assert label.heightForWidth(label.width()) <= label.height(), (label.size(), told)
    assert label.geometry().bottom() <= opened.page.header.height()
    assert opened.page.header.minimumSizeHint().width() <= opened.page.width()
