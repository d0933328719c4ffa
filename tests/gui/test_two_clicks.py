"""A table of odd columns is ready to train in two clicks: real window, real companion; and why a goal is chosen."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.family.language_starts import starter_folder
from ptft_gui.core.spec import new_spec
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.panels.new_run import NewRunPage
from ptft_gui.gui.theme import Theme
from tests.gui.new_run_asker import FileAsker
from tests.gui.real_window import BAD, GOOD, real_window
from tests.gui.test_new_run_corrections import DataAsker

PATIENCE_MS = 120_000


@pytest.fixture
def opened(
    qtbot: QtBot, tmp_path: Path, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenWindow]:
    with real_window(tmp_path / "home", monkeypatch) as opened:
        yield opened


def _survey(folder: Path) -> Path:
    chance, path = random.Random(5), folder / "Umfrage final (2).csv"
    with path.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Lfd. Nr.", "Was halten Sie davon?", "v23_rec", "PLZ", "Größe"])
        for number in range(240):
            words = GOOD if chance.random() < 0.5 else BAD
            text = " ".join(chance.choice([*words, "the", "service", "was"]) for _ in range(10))
            label = "zufrieden" if words is GOOD else "unzufrieden"
            size = f"1,{chance.randrange(50, 99)}"
            writer.writerow([number, f"{text} {number}", label, 10_000 + number * 7 % 999, size])
    return path


def drop(window: QWidget, path: Path) -> None:
    """Drop a file on the window as a desktop does: it enters, and it is let go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place = QPoint(window.width() // 2, window.height() // 2)
    actions, button, none = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, QDragEnterEvent(place, actions, data, button, none))
    QApplication.sendEvent(window, QDropEvent(place, actions, data, button, none))


@pytest.mark.slow
@pytest.mark.skipif(starter_folder() is None, reason="the starter encoder is not installed")
def test_a_dropped_survey_is_ready_and_the_next_click_starts_it(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path
) -> None:
    pages = opened.window.pages
    assert pages.current().objectName() == "homePage"
    drop(opened.window, _survey(tmp_path))  # the first click
    page = pages.data.new_run_page()
    assert pages.current() is page
    start, facts = page.findChild(QPushButton, "startButton"), page.findChild(QLabel, "dataFacts")
    seen = []

    def is_ready() -> bool:
        if start.isEnabled():
            seen.append(facts.text() if facts.isVisibleTo(page) else "")
        return start.isEnabled()

    assert not start.isEnabled()
    qtbot.waitUntil(is_ready, timeout=PATIENCE_MS)
    assert not any("Looking" in text for text in seen)
    assert page.findChild(QLabel, "startReason").text() == ""
    assert page.problems() == []
    asked = []
    page.run_requested.disconnect()
    page.run_requested.connect(asked.append)
    start.click()  # the second click
    (spec,) = asked
    assert (spec.family, spec.stage, spec.task) == ("bert", "finetune", "classification")
    roles = {guess.role: guess.column for guess in page.data.details.look.opened_data.roles}
    assert (roles["text"], roles["label"]) == ("Was halten Sie davon?", "v23_rec")
    assert page.data.preview.data_line.text().startswith("240 texts, 2 classes")


@pytest.fixture
def page(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NewRunPage:
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "runs"))
    page = NewRunPage(FileAsker(), QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.show()
    return page


def test_a_plain_text_may_start_while_its_words_are_counted(page: NewRunPage, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("A text of one's own, which nobody has looked at yet.\n" * 30)
    page.set_dataset(str(path))
    assert page.findChild(QLabel, "dataFacts").text() == "Counting the words of notes.txt ..."
    assert page.footer.start.isEnabled()
    page.goal.goals.button("sort_texts").click()  # labels are decided on before a start
    assert not page.footer.start.isEnabled()


def test_the_reason_for_a_goal_goes_with_the_data_it_spoke_of(page: NewRunPage) -> None:
    page.set_dataset("opinions-en")
    assert page.goal.sentence.text() == "Chosen because Opinions has labels."
    lesson = new_spec("word2vec", "little-kingdom", preset="tiny", settings={})
    page.fill_from(lesson)  # as a lesson puts its choices in
    assert "Opinions" not in page.goal.sentence.text()
    assert page.goal.goal() == "related_words"
    page.set_dataset("news-topics-en")
    page.set_request(page.data.details.request().model_copy(update={"dataset": "opinions-zh"}), {})
    assert "Chosen because" not in page.goal.sentence.text()
    page.set_dataset("opinions-en")
    page.start_afresh()
    assert "Opinions" not in page.goal.sentence.text()


def test_labels_that_are_measured_numbers_are_told_before_the_start(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTFT_RUNS", str(tmp_path / "runs"))
    page = NewRunPage(DataAsker(), QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    qtbot.addWidget(page)
    page.show()
    path = tmp_path / "ratings.csv"
    rows = [f"What I think of room {n} in the old house,{n * 0.037:.2f}" for n in range(90)]
    path.write_text("comment,rating\n" + "\n".join(rows))
    page.set_dataset(str(path))
    page.goal.goals.button("sort_texts").click()
    problem = page.findChild(QLabel, "studyProblem")
    qtbot.waitUntil(lambda: problem.isVisibleTo(page), timeout=30_000)
    assert "“rating” holds numbers such as 0.04 and 0.07" in problem.text()
    assert "Sort them into a few groups in a column of their own" in problem.text()
    assert not page.footer.start.isEnabled()
    assert page.footer.reason.text().startswith(
        "ratings.csv does not suit the task “sort texts into classes”."
    )
