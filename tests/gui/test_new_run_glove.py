"""The New run page with GloVe chosen: other options, another picture, and a run that trains."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core.family.registry import GLOVE, WORD2VEC
from ptft_gui.core.launch import launch_worker
from ptft_gui.core.rundir import create_run
from ptft_gui.core.spec import RunSpec, new_spec, problems_of
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.panels.new_run.advanced import SHOWN_ELSEWHERE
from ptft_gui.gui.widgets.counts_picture import CountsPicture
from tests.gui.new_run_asker import FileAsker


@pytest.fixture
def asker() -> FileAsker:
    return FileAsker()


@pytest.fixture
def page(qtbot: QtBot, asker: FileAsker, tmp_path: Path) -> NewRunPage:
    page = NewRunPage(asker, QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    return page


@pytest.fixture
def glove_page(page: NewRunPage) -> NewRunPage:
    page.model.families.set_value("glove")
    return page


def started_spec(qtbot: QtBot, page: NewRunPage) -> RunSpec:
    with qtbot.waitSignal(page.run_requested) as blocker:
        qtbot.mouseClick(page.findChild(QPushButton, "startButton"), Qt.MouseButton.LeftButton)
    spec = blocker.args[0]
    assert isinstance(spec, RunSpec)
    return spec


def test_the_card_brings_the_options_of_glove(glove_page: NewRunPage) -> None:
    shown = set(glove_page.how.advanced.option_keys())
    assert {option.key for option in GLOVE.options} - set(SHOWN_ELSEWHERE) <= shown
    assert "negative" not in shown
    assert not glove_page.how.objective.isVisible()
    assert glove_page.model.counts.isVisible()
    assert not glove_page.model.picture.isVisible()
    assert "It counts how often words stand up to 10 places apart" in glove_page.model._how.text()


def test_going_back_brings_word2vec_back(glove_page: NewRunPage) -> None:
    glove_page.how.advanced.form("seed").set_values({"seed": 7})
    glove_page.how.advanced.form("x_max").set_values({"x_max": 50.0})
    glove_page.model.families.set_value("word2vec")
    settings = glove_page.how.settings()
    assert settings["seed"] == 7
    assert settings["window"] == 5
    assert "x_max" not in settings
    assert glove_page.how.objective.isVisible()
    assert glove_page.model.picture.isVisible()
    assert set(settings) >= {option.key for option in WORD2VEC.options}


def test_the_defaults_make_the_spec_the_command_line_makes(qtbot: QtBot, glove_page: NewRunPage) -> None:
    glove_page.set_dataset("little-kingdom")
    spec = started_spec(qtbot, glove_page)
    assert problems_of(spec) == []
    same = new_spec("glove", "little-kingdom", watched_words=spec.watched_words, name=spec.name)
    assert spec == same
    assert spec.name == "Little Kingdom - GloVe"


def test_automatic_values_are_those_of_glove(glove_page: NewRunPage) -> None:
    glove_page.set_dataset("wikipedia")
    reasons = glove_page.how.advanced._reasons.text()
    assert "Count that weighs fully: 10." in reasons
    assert "Both sides: yes. The usual way." in reasons
    glove_page.set_dataset("little-kingdom")
    reasons = glove_page.how.advanced._reasons.text()
    assert "Both sides: no." in reasons
    assert "before another" in glove_page.model._how.text()


def test_no_words_are_foretold_of_a_family_that_counts(glove_page: NewRunPage) -> None:
    glove_page.set_measured_speeds({"fast": 400_000.0})
    glove_page.set_dataset("wikipedia")
    assert glove_page.footer._read.value() == ""
    assert glove_page.footer._time.value() == ""


def test_a_run_is_shown_again_with_its_family(page: NewRunPage) -> None:
    spec = new_spec("glove", "little-kingdom", settings={"x_max": 25.0, "epochs": 7, "symmetric": True})
    page.fill_from(spec, {"learning_rate": 0.01})
    assert page.model.family() == "glove"
    again = page.spec()
    assert again.options == {**spec.options, "learning_rate": 0.01}
    page.start_afresh()
    assert page.model.family() == "word2vec"


def test_the_grid_counts_the_sentence(qtbot: QtBot) -> None:
    picture = CountsPicture()
    qtbot.addWidget(picture)
    picture.set_words("the cat saw the dog".split())
    picture.set_reading(2, is_symmetric=True)
    assert picture.words() == ["the", "cat", "saw", "dog"]
    assert picture.count("the", "cat") == picture.count("cat", "the") == 1.5
    assert picture.count("saw", "dog") == 0.5
    picture.set_reading(2, is_symmetric=False)
    assert picture.count("the", "cat") == 1.0
    assert picture.count("cat", "the") == 0.5
    picture.resize(280, picture.sizeHint().height())
    assert not picture.grab().isNull()
    assert "the cat saw the dog" in picture.accessibleName()


def test_start_trains(qtbot: QtBot, glove_page: NewRunPage, tmp_path: Path) -> None:
    text = tmp_path / "night.txt"
    text.write_text("the owl sees the moon over the hill\nthe fox hears the owl in the wood\n" * 40)
    glove_page.set_dataset(str(text))
    glove_page.how.length.set_values({"epochs": 3})
    run = create_run(tmp_path / "runs", started_spec(qtbot, glove_page))
    assert launch_worker(run).wait(60) == 0
    assert run.state() == "finished"
    assert (run.model / "vectors.safetensors").is_file()
