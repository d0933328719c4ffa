"""Model folders that no run made, opened in the window: what they are is told, and they can be asked."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.companion_protocol import Reply, Request
from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.explore.opened_model import OpenedModelPage
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from ptft_gui.worker.companion_answers import Answers
from ptft_gui.worker.companion_question import Question
from tests.inspection.language_models import SENTENCES, save_tiny_bert, save_tiny_gpt


class WholeAsker:
    """Answers every question at once, with the companion's own answers."""

    def __init__(self) -> None:
        self.answers = Answers(60.0)
        self.asked: list[str] = []

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        self.asked.append(kind)
        replies: list[Reply] = []
        try:
            result = self.answers.answer(Question(Request("1", kind, dict(arguments)), replies.append))
        except PtftError as problem:
            on_problem(problem)
        else:
            on_result(json.loads(json.dumps(result)))
        return str(len(self.asked))

    def cancel(self, request_id: str) -> None:
        """Everything is answered already."""


@pytest.fixture
def asker() -> Iterator[WholeAsker]:
    asker = WholeAsker()
    yield asker
    asker.answers.close()


@pytest.fixture
def page(qtbot: QtBot, asker: WholeAsker) -> OpenedModelPage:
    page = OpenedModelPage(asker)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    return page


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_bert(tmp_path_factory.mktemp("bert"), steps=120)


def with_head(bert: Path, folder: Path, head: str, **config: Any) -> Path:
    """The encoder of ``bert`` with an untrained head of another kind, as plain transformers saves it."""
    import torch
    import transformers

    shutil.copytree(bert, folder)
    for name in ("ptft.json", "README.md"):
        (folder / name).unlink()
    torch.manual_seed(3)
    network = getattr(transformers, f"BertFor{head}").from_pretrained(folder, **config)
    network.save_pretrained(folder)
    return folder


def facts(page: OpenedModelPage) -> str:
    label = page.findChild(QLabel, "openedModelFacts")
    assert label is not None
    return label.full_text()  # type: ignore[attr-defined, no-any-return]


def test_a_gpt_folder_writes(page: OpenedModelPage, tmp_path: Path) -> None:
    folder = save_tiny_gpt(tmp_path / "small gpt")
    page.open(str(folder))
    assert facts(page).startswith("gpt2, goes on with a text: ")
    language = page._language
    assert language is not None
    room = language.try_it.writing
    room.settings.temperature.setValue(0)
    room.ask("the queen wears")
    assert room.after.text.text() == SENTENCES[1]
    assert not room.after.seen.isVisible()  # a folder that does not say which text it learned from
    language.tab_row.choose("explore")
    assert language.explore.cut.pieces.pieces()
    language.tab_row.choose("evaluate")
    assert not language.evaluate.held_out.isVisible()


def test_a_bert_folder_fills_blanks(page: OpenedModelPage, bert: Path) -> None:
    page.open(str(bert))
    assert page._language is not None
    room = page._language.try_it.filling
    room.ask("the queen wears the ___ crown in the old castle by the river")
    assert len(room.blanks()) == 1


def test_a_folder_that_sorts_texts_gives_the_numbers_of_plain_transformers(
    page: OpenedModelPage, bert: Path, tmp_path: Path
) -> None:
    from transformers import pipeline

    labels = {0: "calm", 1: "<b>wild</b>", 2: "other"}
    folder = with_head(bert, tmp_path / "moods", "SequenceClassification", num_labels=3, id2label=labels)
    page.open(str(folder))
    assert "sorts texts into classes" in facts(page)
    assert page._task is not None
    page._task.sorting.ask(SENTENCES[0])
    shown = page._task.sorting.answer.bars.classes()
    plain = pipeline("text-classification", model=str(folder), top_k=None)([SENTENCES[0]])[0]
    assert [label for label, _ in shown] == [row["label"] for row in plain]
    assert [share for _, share in shown] == pytest.approx([row["score"] for row in plain], abs=1e-4)


def test_a_folder_that_answers_questions_marks_its_answer(
    page: OpenedModelPage, bert: Path, tmp_path: Path
) -> None:
    folder = with_head(bert, tmp_path / "answers", "QuestionAnswering")
    page.open(str(folder))
    assert "finds answers in a text" in facts(page)
    assert page._task is not None
    assert page._task.tokens.isVisible()


def test_pickles_are_refused_with_the_reason_and_a_way_out(
    page: OpenedModelPage, bert: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(bert, tmp_path / "old")
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"\x80\x02}q\x00.")
    page.open(str(folder))
    said = page.state.sentence()
    assert said.startswith("old keeps its numbers in pytorch_model.bin, which is not opened here.")
    assert "can run program code" in said
    assert "safetensors" in said
    assert page.state.button.text() == "Open another..."


def test_a_folder_with_foreign_code_runs_none_of_it(
    page: OpenedModelPage, bert: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(bert, tmp_path / "foreign")
    config = json.loads((folder / "config.json").read_text())
    config |= {
        "model_type": "odd",
        "auto_map": {"AutoConfig": "odd.OddConfig", "AutoModelForMaskedLM": "odd.Odd"},
    }
    config["architectures"] = ["OddForMaskedLM"]
    (folder / "ptft.json").unlink()
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "odd.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()\n")
    page.open(str(folder))
    assert not (tmp_path / "ran").exists()
    assert "foreign" in page.state.sentence()


def test_another_is_asked_for_as_this_one_was(page: OpenedModelPage, bert: Path, qtbot: QtBot) -> None:
    page.open(str(bert))
    with qtbot.waitSignal(page.open_folder_requested):
        page._other.click()
