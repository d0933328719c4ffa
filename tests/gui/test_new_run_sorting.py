"""Sorting texts into classes on the New run page: what follows the goal, and which start and method are proposed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.panels.new_run import NewRunPage
from tests.gui.new_run_asker import FileAsker, Question
from tests.gui.test_new_run_start_from import make_run


@pytest.fixture
def asker() -> FileAsker:
    return FileAsker()


@pytest.fixture
def page(qtbot: QtBot, asker: FileAsker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewRunPage:
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "runs"))
    page = NewRunPage(asker, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    return page


def start_question(qtbot: QtBot, asker: FileAsker) -> Question:
    qtbot.waitUntil(lambda: any(question.kind == "start_facts" for question in asker.others))
    return [question for question in asker.others if question.kind == "start_facts"][-1]


def is_seen(page: NewRunPage, name: str) -> bool:
    return page.findChild(QWidget, name).isVisibleTo(page)


def choose_baseline(page: NewRunPage) -> None:
    """Word vectors, as by a click on their card: what a person chose stays when a goal follows."""
    page.model.families.set_value("glove")
    page.model.families.set_value("word2vec")


def test_a_goal_brings_stage_start_and_method_and_takes_them_back(page: NewRunPage) -> None:
    page.goal.goals.button("sort_texts").click()
    assert page.how.stage.value() == "finetune"
    assert is_seen(page, "methodPicker")
    assert is_seen(page, "startFromPicker")
    assert page.how.watched.isHidden() or not page.how.watched.isVisibleTo(page)
    assert "early_stopping" in page.how.advanced.option_keys()
    assert "window" not in page.how.advanced.option_keys()
    page.goal.goals.button("related_words").click()
    assert page.how.stage.value() == "pretrain"
    assert not is_seen(page, "methodPicker")
    assert not is_seen(page, "startFromPicker")
    assert "window" in page.how.advanced.option_keys()


def test_data_that_comes_with_labels_says_why_the_goal_is_chosen(page: NewRunPage) -> None:
    page.set_dataset("opinions-en")
    assert page.goal.goal() == "sort_texts"
    assert page.goal.sentence.text() == "Chosen because Opinions has labels."
    assert page.problems()[0].message == "The data is still being looked at."
    page.set_dataset("wikipedia")
    assert page.goal.goal() == "related_words"
    assert page.problems() == []


def test_a_start_is_kept_frozen_and_one_that_knows_too_little_is_not_proposed(
    qtbot: QtBot, page: NewRunPage, asker: FileAsker, tmp_path: Path
) -> None:
    run = make_run(tmp_path / "runs", "Owls")
    choose_baseline(page)
    page.set_dataset("opinions-en")
    assert page.model.start.path() == str(run.path)
    assert page.how.method.value() == "frozen"
    facts = {"words": 3, "size": 4, "fits": False, "sentence": "This start knows 2 % of this text's words."}
    start_question(qtbot, asker).on_result(facts)
    assert page.model.start.is_nothing()
    assert page.how.method.value() == "full"
    spec = page.spec()
    assert (spec.stage, spec.init_from, spec.init, spec.method) == ("finetune", "scratch", None, "full")


def test_how_many_numbers_are_trained_is_said(page: NewRunPage) -> None:
    method = page.how.method
    method.choose("frozen")
    method.show_numbers(9_599, 100, 6)
    numbers = page.findChild(QLabel, "methodNumbers")
    assert numbers.text() == "Trains 606 of 960,506 numbers (0.063 %)."
    method.choose("full")
    method.show_numbers(9_599, 100, 6)
    assert numbers.text() == "Trains up to 960,506 of 960,506 numbers (100 %)."


def test_nothing_to_keep_frozen_is_said_beside_the_method(page: NewRunPage) -> None:
    choose_baseline(page)
    page.set_dataset("opinions-en")
    page.model.start.choose_nothing()
    page.how.method.picker.button("frozen").click()
    messages = [problem.message for problem in page.problems()]
    assert "From nothing there is nothing to keep frozen: the vectors would stay random." in messages


def test_an_earlier_run_comes_back_as_it_was(page: NewRunPage) -> None:
    choose_baseline(page)
    page.set_dataset("opinions-en")
    page.how.preset.set_value("tiny")
    spec = page.spec()
    page.start_afresh()
    assert page.goal.goal() == "related_words"
    page.fill_from(spec, {"weigh_classes": True})
    again = page.spec()
    assert again.options["weigh_classes"] is True
    assert (again.task, again.method, again.preset, again.init_from) == (
        "classification",
        "full",
        "tiny",
        "scratch",
    )
