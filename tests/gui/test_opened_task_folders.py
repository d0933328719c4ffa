"""Folders that no run made and that answer questions or mark names, tried in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.errors import PtftError
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.panels.run.explore.opened_model import OpenedModelPage
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.tagging_room import TaggingRoom
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from tests.gui.test_opened_folders import WholeAsker, with_head
from tests.inspection.language_models import SENTENCES, save_tiny_bert

CONTEXT = " ".join(SENTENCES[:2])


class SilentAsker:
    """Never answers by itself."""

    def __init__(self) -> None:
        self.on_result: OnResult | None = None

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        self.on_result, self.on_problem = on_result, on_problem
        return "1"

    def cancel(self, request_id: str) -> None:
        """Nothing is under way."""


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[OpenedModelPage]:
    asker = WholeAsker()
    page = OpenedModelPage(asker)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    yield page
    asker.answers.close()


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert"), steps=5)


def test_an_answer_of_a_foreign_folder_stands_in_its_text(
    page: OpenedModelPage, bert: Path, tmp_path: Path
) -> None:
    page.open(str(with_head(bert, tmp_path / "answers", "QuestionAnswering")))
    assert page._task is not None
    room = page._task.tokens.answering
    room.context.setPlainText(CONTEXT)
    room.ask("Who is it?")
    assert not room.problem.isVisible()
    assert room.headline.text() in CONTEXT or room.headline.text() == "No answer stands in this text"


def test_names_of_a_foreign_folder_are_marked_and_numbered_kinds_are_explained(
    page: OpenedModelPage, bert: Path, tmp_path: Path
) -> None:
    named = {0: "O", 1: "B-PER", 2: "I-PER"}
    page.open(str(with_head(bert, tmp_path / "names", "TokenClassification", num_labels=3, id2label=named)))
    assert page._task is not None
    room = page._task.tokens.tagging
    room.ask(CONTEXT)
    assert room.legend.isVisible()
    assert "only numbers its kinds" not in room.note.text()
    page.open(str(with_head(bert, tmp_path / "numbers", "TokenClassification", num_labels=3)))
    room.ask(CONTEXT)
    assert "only numbers its kinds" in room.note.text()
    assert "LABEL_0" in room.note.text()


def test_until_the_first_answer_the_room_says_that_the_model_is_opened(qtbot: QtBot, tmp_path: Path) -> None:
    asker = SilentAsker()
    room = TaggingRoom(asker)
    qtbot.addWidget(room)
    room.show()
    room.show_model(ShownRun(RunDir(tmp_path), RunSummary(), "finished"))
    hint = room.findChild(QLabel, "taskHint")
    assert hint is not None
    before = hint.text()
    room.ask("Ann left")
    assert hint.text() == "Opening the model ..."
    assert asker.on_result is not None
    asker.on_result({"kinds": ["PER"], "names": [["Ann", "PER", 0.9, 0, 3]], "sentence": "1 name was found."})
    assert not hint.isVisible()
    room.input.clear()
    room.ask_now()
    assert hint.text() == before


def test_what_cannot_be_opened_is_told_instead(qtbot: QtBot, tmp_path: Path) -> None:
    asker = SilentAsker()
    room = TaggingRoom(asker)
    qtbot.addWidget(room)
    room.show()
    room.show_model(ShownRun(RunDir(tmp_path), RunSummary(), "finished"))
    room.ask("Ann left")
    asker.on_problem(PtftError("This folder holds no model."))
    assert room.problem.isVisible()
    assert not room.hint.isVisible()
