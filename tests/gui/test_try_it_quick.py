"""Try it: the bars of a text stand at once, and which words led to them follows without being waited for."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.try_it.sorting_tab import TryItTab
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult

CLASSES = [["good", 0.9], ["bad", 0.1]]


class KeptAsker:
    """Keeps each question; the test answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, object], OnResult, OnProblem]] = []
        self.progress: OnProgress | None = None
        self.cancelled: list[str] = []

    def ask(
        self,
        _kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        self.progress = on_progress
        self.asked.append((arguments, on_result, on_problem))
        return str(len(self.asked))

    def cancel(self, request_id: str) -> None:
        self.cancelled.append(request_id)


@pytest.fixture
def asker() -> KeptAsker:
    return KeptAsker()


@pytest.fixture
def tab(qtbot: QtBot, asker: KeptAsker, tmp_path: Path) -> TryItTab:
    tab = TryItTab(asker)
    qtbot.addWidget(tab)
    tab.show_folder(tmp_path, ["good", "bad"], compares=False)
    tab.show()
    return tab


def shown(tab: TryItTab) -> list[str]:
    return [label.text() for label in tab.answer.findChildren(QLabel) if label.isVisibleTo(tab)]


def test_the_bars_do_not_wait_for_the_words(tab: TryItTab, asker: KeptAsker) -> None:
    tab.ask("a fine film")
    arguments, answer, _ = asker.asked[-1]
    assert arguments["is_quick"] is True
    answer({"classes": CLASSES, "pushes": [], "spans": [], "has_more": True})
    assert tab.answer.headline.text() == "good"
    assert "Looking at which words led to it ..." in shown(tab)
    arguments, answer, _ = asker.asked[-1]
    assert "is_quick" not in arguments
    spans = [[0, 1, -0.1], [2, 6, 0.8], [7, 11, 0.1]]
    pushes = [["a", -0.1], ["fine", 0.8], ["film", 0.1]]
    answer({"classes": CLASSES, "pushes": pushes, "spans": spans, "has_more": False})
    assert "What in the text speaks for good" in shown(tab)
    assert "Looking at which words led to it ..." not in shown(tab)
    assert len(asker.asked) == 2


def test_typing_on_gives_up_the_words_of_the_text_before(tab: TryItTab, asker: KeptAsker) -> None:
    tab.ask("a fine film")
    asker.asked[-1][1]({"classes": CLASSES, "pushes": [], "spans": [], "has_more": True})
    late = asker.asked[-1][1]
    tab.ask("a fine film, but")
    assert asker.cancelled == ["2"]
    asker.asked[-1][1]({"classes": [["bad", 0.7], ["good", 0.3]], "has_more": True})
    late({"classes": CLASSES, "pushes": [["fine", 0.8]], "spans": [[2, 6, 0.8]], "has_more": False})
    assert tab.answer.headline.text() == "bad"


def test_words_that_cannot_be_told_leave_the_bars(tab: TryItTab, asker: KeptAsker) -> None:
    tab.ask("a fine film")
    asker.asked[-1][1]({"classes": CLASSES, "has_more": True})
    asker.asked[-1][2](PtftError("The model is gone."))
    assert tab.answer.headline.text() == "good"
    assert "Looking at which words led to it ..." not in shown(tab)


def test_a_model_that_is_opened_first_is_waited_for_in_words(tab: TryItTab, asker: KeptAsker) -> None:
    tab.ask("a fine film")
    assert asker.progress is not None
    asker.progress("Opening the model", None)
    assert "Opening the model ..." in shown(tab)
    asker.asked[-1][1]({"classes": CLASSES, "has_more": False})
    asker.progress("Opening the model", None)
    assert "Opening the model ..." not in shown(tab)
