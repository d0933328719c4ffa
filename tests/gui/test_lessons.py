"""Lessons in the real window: every one is played to its end, and every expected answer holds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.lessons import bundled_lessons, lesson_of, lesson_runs, mark_lesson_run
from ptft_gui.core.rundir import list_runs
from ptft_gui.core.spec import new_spec
from ptft_gui.core.trash import TRASH
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import make_run
from tests.gui.workers import Launches

FIRST, SECOND, THIRD = "words-become-points", "learning-a-language", "learning-a-job"
MANY_MS = 300_000

TOP_BAR = 48
"""Its height in pixels."""


class QuietAsker(FakeAsker):
    """Nobody answers what the tests here do not ask."""

    def ask(self, kind: str, *rest: Any) -> str:
        return super().ask(kind, *rest) if kind in ("similar", "analogy") else kind

    def cancel(self, request_id: str) -> None:
        return None


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.fixture
def opened(qtbot: QtBot, runs: Path, theme: Theme) -> Iterator[OpenWindow]:
    launches = Launches()
    opened = OpenWindow(runs, launches, QuietAsker())  # type: ignore[arg-type]
    opened.show()
    yield opened
    opened.window.close_for_good()
    opened.close_down()
    opened.window.deleteLater()  # or it would stay and be dressed anew by every later test
    launches.end_all()


def seen(opened: OpenWindow, name: str) -> QWidget | None:
    return next((w for w in opened.window.findChildren(QWidget, name) if w.isVisible()), None)


def click(opened: OpenWindow, name: str) -> None:
    button = seen(opened, name)
    assert isinstance(button, QAbstractButton), name
    button.click()


def text(opened: OpenWindow, name: str) -> str:
    label = seen(opened, name)
    assert isinstance(label, QLabel | QAbstractButton), name
    return label.text()


def begin(opened: OpenWindow) -> None:
    click(opened, f"lesson_{FIRST}")


def walk_to(opened: OpenWindow, title: str) -> None:
    for _ in range(40):
        if text(opened, "lessonStep") == title:
            return
        click(opened, "lessonNext")
    raise AssertionError(title)


def own_run(runs: Path, key: str = "kingdom") -> str:
    run = make_run(runs, "finished")
    mark_lesson_run(run, FIRST, key)
    return run.name


def test_home_shows_only_the_lessons_that_work(opened: OpenWindow) -> None:
    cards = seen(opened, "lessonCards")
    assert cards is not None
    names = [b.objectName() for b in cards.findChildren(QAbstractButton)]
    assert names == [f"lesson_{FIRST}", f"lesson_{SECOND}", f"lesson_{THIRD}"]
    assert seen(opened, "lookAtRecording") is not None  # the lessons fill their row, it stands below
    card = seen(opened, f"lesson_{FIRST}")
    assert card is not None
    assert "10 to 12 minutes" in card.accessibleDescription()


def test_a_lesson_stands_beside_the_page_and_is_walked_both_ways(opened: OpenWindow) -> None:
    begin(opened)
    panel = seen(opened, "lessonPanel")
    assert panel is not None
    assert panel.width() == 320
    assert text(opened, "lessonPlace") == "step 1 of 11"
    assert opened.window.pages.current() is opened.window.pages.data.new_run_page()
    assert seen(opened, "dataPreview") is not None
    back = seen(opened, "lessonBack")
    assert back is not None
    assert not back.isEnabled()
    click(opened, "lessonNext")
    assert text(opened, "lessonPlace") == "step 2 of 11"
    click(opened, "lessonBack")
    assert text(opened, "lessonPlace") == "step 1 of 11"
    click(opened, "lessonClose")
    assert seen(opened, "lessonPanel") is None
    assert seen(opened, "lessonSpotlight") is None


def test_it_is_found_in_the_menu_too(opened: OpenWindow) -> None:
    action = opened.window.findChild(QAction, f"lesson/{FIRST}Action")
    assert action is not None
    assert action.text() == "Words become points"
    action.trigger()
    assert text(opened, "lessonTitle") == "Lesson: Words become points"


@pytest.mark.parametrize("width", [1024, 1280])
def test_the_page_beside_it_keeps_its_room(opened: OpenWindow, width: int) -> None:
    opened.window.resize(width, 700)
    begin(opened)
    page = opened.window.pages.current()
    assert page.minimumSizeHint().width() <= page.width()
    assert opened.window.width() == width


def test_every_control_has_a_name(opened: OpenWindow) -> None:
    begin(opened)
    panel = seen(opened, "lessonPanel")
    assert panel is not None
    for button in panel.findChildren(QAbstractButton):
        assert button.objectName()
        assert button.accessibleName() or button.text() or not button.isVisible()


def test_a_run_that_is_started_belongs_to_the_lesson(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    begin(opened)
    walk_to(opened, "Start")
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: len(lesson_runs(runs)) == 1)
    run = lesson_runs(runs)[0]
    assert lesson_of(run) == (FIRST, "kingdom")
    qtbot.waitUntil(lambda: opened.window.pages.is_seen(run.name))
    assert seen(opened, "lessonAction") is None


def test_start_on_the_new_run_page_counts_too(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    begin(opened)
    opened.window.pages.data.new_run_page().spec()
    spec = (
        bundled_lessons()[0][0].runs["kingdom"].spec().model_copy(update={"name": "as the class called it"})
    )
    opened.controller.start(spec)
    qtbot.waitUntil(lambda: len(lesson_runs(runs)) == 1)
    opened.controller.start(new_spec("word2vec", "little-kingdom"))
    qtbot.waitUntil(lambda: len([p for p in runs.iterdir() if (p / "spec.json").is_file()]) == 2)
    assert len(lesson_runs(runs)) == 1


def test_without_a_run_the_recorded_one_will_do(opened: OpenWindow, qtbot: QtBot) -> None:
    begin(opened)
    walk_to(opened, "Neighbours")
    assert "recorded run will do" in text(opened, "lessonState")
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None)
    qtbot.waitUntil(lambda: seen(opened, "neighbourQuery") is not None)
    action = seen(opened, "lessonAction")
    assert isinstance(action, QPushButton)
    assert action.text() == "Ask for king"
    assert action.isEnabled()


def test_an_answer_that_is_not_expected_is_told(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    own_run(runs)
    begin(opened)
    walk_to(opened, "Neighbours")
    qtbot.waitUntil(lambda: seen(opened, "neighbourQuery") is not None)
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: "was expected" in text(opened, "lessonState"))
    assert text(opened, "lessonState").startswith("It answered folk; queen was expected.")


def test_a_question_waits_for_the_end_of_the_training(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    begin(opened)
    walk_to(opened, "Start")
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: len(lesson_runs(runs)) == 1)
    walk_to(opened, "Neighbours")
    action = seen(opened, "lessonAction")
    assert action is not None
    assert not action.isEnabled()
    assert "still learning" in text(opened, "lessonState")


def test_reset_takes_only_the_runs_of_lessons_and_gives_them_back(
    opened: OpenWindow, qtbot: QtBot, runs: Path
) -> None:
    mine = make_run(runs, "finished")
    names = {own_run(runs), own_run(runs, "wikipedia")}
    reset = opened.window.findChild(QAction, "reset_lessonsAction")
    assert reset is not None
    reset.trigger()
    said = opened.window.toasts.history
    qtbot.waitUntil(lambda: any("2 runs of lessons" in m.text for m in said))
    assert mine.path.is_dir()
    assert not any((runs / name).exists() for name in names)
    assert len(list((runs / TRASH).iterdir())) == 2
    opened.window._on_note_action(next(m.action for m in said if m.action))
    qtbot.waitUntil(lambda: any("are back" in m.text for m in said))
    assert {run.name for run in lesson_runs(runs)} == names
    assert mine.path.is_dir()


def test_with_nothing_to_reset_that_is_said(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    make_run(runs, "finished")
    opened.window.findChild(QAction, "reset_lessonsAction").trigger()  # type: ignore[union-attr]
    assert opened.window.toasts.history[-1].text == "There are no runs of lessons."


def test_a_window_that_only_shows_starts_nothing(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    opened.window.set_read_only(True)
    begin(opened)
    walk_to(opened, "Start")
    action = seen(opened, "lessonAction")
    assert isinstance(action, QPushButton)
    assert action.text() == "Play the recorded run"
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None)
    opened.window.findChild(QAction, "reset_lessonsAction").trigger()  # type: ignore[union-attr]
    assert "Another window" in opened.window.toasts.history[-1].text
    assert list_runs(runs) == []


def test_what_is_spoken_of_is_marked_where_it_stands(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    own_run(runs)
    begin(opened)
    walk_to(opened, "How wrong is it?")
    qtbot.waitUntil(lambda: seen(opened, "lossPlot") is not None)
    spot = opened.window.lessons._spotlight
    assert spot is not None
    qtbot.waitUntil(lambda: len(spot.marked()) == 1)
    plot = seen(opened, "lossPlot")
    assert plot is not None
    middle = plot.mapTo(opened.window, plot.rect().center())
    assert spot.marked()[0].contains(middle)


def test_the_run_of_a_lesson_is_not_called_a_repetition(opened: OpenWindow) -> None:
    begin(opened)
    page = opened.window.pages.data.new_run_page()
    assert page.footer.name.text() == page.spec().name == "Lesson: Little Kingdom"


def test_the_mark_leaves_a_scroll_bar_in_use_free(opened: OpenWindow, qtbot: QtBot) -> None:
    opened.window.resize(1280, 800)
    begin(opened)
    spot = opened.window.lessons._spotlight
    assert spot is not None
    column = opened.window.pages.data.new_run_page().data
    area = column.findChild(QScrollArea)
    assert area is not None
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.isEnabled() and len(spot.marked()) == 1)
    qtbot.waitUntil(lambda: spot.marked()[0].width() >= area.viewport().width())
    assert spot.marked()[0].right() < bar.mapTo(opened.window, bar.rect().topLeft()).x()


def test_every_name_that_a_lesson_marks_is_that_of_something(opened: OpenWindow, runs: Path) -> None:
    opened.window.prepare_pages()
    known = {w.objectName() for w in opened.window.findChildren(QWidget)}
    names = {name for lesson in bundled_lessons()[0] for step in lesson.steps for name in step.highlight}
    missing = names - known - {"lossPlot"}  # the chart is made with the first run that is shown
    assert missing == set()


def test_a_lesson_of_which_the_run_was_thrown_away_offers_another(
    opened: OpenWindow, qtbot: QtBot, runs: Path
) -> None:
    name = own_run(runs)
    begin(opened)
    walk_to(opened, "Neighbours")
    qtbot.waitUntil(lambda: seen(opened, "neighbourQuery") is not None)
    opened.controller.delete(name)
    qtbot.waitUntil(lambda: not (runs / name).exists())
    click(opened, "lessonBack")
    click(opened, "lessonNext")
    assert "recorded run will do" in text(opened, "lessonState")


def test_a_recorded_run_answers_its_probe_with_its_end(opened: OpenWindow, qtbot: QtBot) -> None:
    click(opened, f"lesson_{SECOND}")
    walk_to(opened, "What wears a king?")
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None)
    qtbot.waitUntil(lambda: seen(opened, "probeStrip") is not None)
    action = seen(opened, "lessonAction")
    assert isinstance(action, QPushButton)
    assert action.text() == "The king wears the golden ..."
    action.click()
    qtbot.waitUntil(lambda: text(opened, "lessonState") == "It answered crown, as expected.")
    played = opened.window.pages.recorded.played
    assert played is not None
    assert played.is_at_end


def test_a_race_that_was_recorded_says_what_pre_training_was_worth(opened: OpenWindow, qtbot: QtBot) -> None:
    click(opened, f"lesson_{THIRD}")
    walk_to(opened, "What was it worth?")
    click(opened, "lessonAction")
    qtbot.waitUntil(
        lambda: text(opened, "lessonState").startswith("Pre-training was worth +"), timeout=30_000
    )


def test_each_run_of_a_lesson_plays_its_own_recording(opened: OpenWindow, qtbot: QtBot) -> None:
    click(opened, f"lesson_{THIRD}")
    walk_to(opened, "Before and after")
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None, timeout=30_000)
    played = opened.window.pages.recorded.played
    assert played is not None
    assert played.run.path.name == "recording-full"
    qtbot.waitUntil(lambda: text(opened, "lessonAction") == "The home team won the final ...")
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: text(opened, "lessonState") == "It answered sports, as expected.")
    walk_to(opened, "Ask it yourself")
    assert "came without its model" in text(opened, "lessonState")


def test_without_the_starter_the_lesson_says_so_and_plays_what_was_recorded(
    opened: OpenWindow, qtbot: QtBot, runs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ptft_gui.core.family.language_starts.STARTER_PACKAGE", "a_package_that_is_not_there")
    click(opened, f"lesson_{THIRD}")
    assert "starter model, which is not installed" in text(opened, "lessonState")
    assert seen(opened, "dataPreview") is not None
    walk_to(opened, "It has read before")
    assert "pip install" in text(opened, "lessonState")
    click(opened, "lessonAction")
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None, timeout=30_000)
    assert list_runs(runs) == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("lesson_id", [lesson.id for lesson in bundled_lessons()[0]])
def test_a_lesson_is_played_to_its_end_and_all_its_answers_hold(
    qtbot: QtBot, runs: Path, theme: Theme, lesson_id: str
) -> None:
    """With real training and the real companion, as a class meets it."""
    opened = OpenWindow(runs)
    opened.show()
    lesson = next(lesson for lesson in bundled_lessons()[0] if lesson.id == lesson_id)
    click(opened, f"lesson_{lesson_id}")
    started = time.monotonic()
    asked = 0
    for number, step in enumerate(lesson.steps, start=1):
        assert text(opened, "lessonPlace") == f"step {number} of {len(lesson.steps)}"
        assert text(opened, "lessonSentence") == step.sentence
        if step.do == "start":
            with qtbot.waitSignal(opened.controller.run_ended, timeout=MANY_MS):  # one wait, not thousands
                click(opened, "lessonAction")
            qtbot.waitUntil(lambda: "has learned" in opened.window.lessons.panel().state())
        elif step.ask is not None:
            action = opened.window.lessons.panel().action
            qtbot.waitUntil(lambda action=action: action.isEnabled())
            action.click()
            qtbot.waitUntil(
                lambda: opened.window.lessons.panel().state() not in ("", "It is looking."), timeout=MANY_MS
            )
            said = text(opened, "lessonState")
            if step.ask.kind == "race":
                assert int(said.split("+")[1].split(" ")[0]) >= step.ask.expect_points, said
            else:
                assert "as expected" in said or f"not {step.ask.expect_not}." in said, said
            asked += 1
        click(opened, "lessonNext")
    assert asked == sum(step.ask is not None for step in lesson.steps)
    assert seen(opened, "lessonPanel") is None
    assert len(lesson_runs(runs)) == len(lesson.runs)
    assert time.monotonic() - started < 15 * 60
    opened.window.close_for_good()
    opened.close_down()
    opened.window.deleteLater()


@pytest.mark.parametrize("lesson", [FIRST, SECOND, THIRD])
def test_the_pages_begin_at_the_same_height_in_every_lesson(
    opened: OpenWindow, qtbot: QtBot, lesson: str
) -> None:
    window = opened.window
    window.resize(1280, 800)
    window.show_home()
    qtbot.waitUntil(lambda: seen(opened, "topBar").height() == TOP_BAR)
    window.lessons.begin(lesson)
    qtbot.waitUntil(
        lambda: seen(opened, "newRunPage") is not None and seen(opened, "lessonPanel") is not None
    )
    page, panel = seen(opened, "newRunPage"), seen(opened, "lessonPanel")
    assert seen(opened, "topBar").height() == TOP_BAR
    assert page.mapTo(window, page.rect().topLeft()).y() == panel.mapTo(window, panel.rect().topLeft()).y()
