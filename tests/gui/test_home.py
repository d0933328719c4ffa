"""The Home page: what to do first and what was done last."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QAbstractButton, QLabel, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.datasets import bundled_datasets
from ptft_gui.core.family.language_starts import STARTER_PACKAGE
from ptft_gui.core.lessons import bundled_lessons
from ptft_gui.core.overview import RunOverview
from ptft_gui.core.recording import is_recording
from ptft_gui.gui.panels.home import HomePage


def row(number: int, state: str = "finished", problem: str = "") -> RunOverview:
    return RunOverview(
        name=f"run-{number}",
        title=f"Run {number}",
        family="Word2Vec",
        dataset="wikipedia",
        state=state,  # type: ignore[arg-type]
        number="loss 2.11",
        headline=f"Learned {number} words.",
        problem=problem,
        created=time.time() - 3600 * number,
    )


@pytest.fixture
def home(qtbot: QtBot) -> HomePage:
    page = HomePage(bundled_lessons()[0])
    qtbot.addWidget(page)
    page.resize(1040, 724)
    page.show()
    return page


def button(home: HomePage, name: str) -> QAbstractButton:
    found = home.findChild(QAbstractButton, name)
    assert isinstance(found, QAbstractButton)
    return found


def test_every_bundled_text_on_the_page_leads_to_a_new_run(qtbot: QtBot, home: HomePage) -> None:
    starts = [each for each in home.findChildren(QAbstractButton) if each.objectName().startswith("start_")]
    assert starts  # as many as fit beside a person's own data and the recorded run
    for start in starts:
        with qtbot.waitSignal(home.new_run_requested) as requested:
            qtbot.mouseClick(start, Qt.MouseButton.LeftButton)
        assert requested.args == [start.objectName().removeprefix("start_")]
        assert requested.args[0] in {card.id for card in bundled_datasets()}


@pytest.mark.parametrize("lesson", [lesson.id for lesson in bundled_lessons()[0]])
def test_every_lesson_is_begun_from_its_card(qtbot: QtBot, home: HomePage, lesson: str) -> None:
    with qtbot.waitSignal(home.lesson_requested) as requested:
        qtbot.mouseClick(button(home, f"lesson_{lesson}"), Qt.MouseButton.LeftButton)
    assert requested.args == [lesson]


def test_a_recorded_run_is_looked_at_from_its_card(qtbot: QtBot, home: HomePage) -> None:
    with qtbot.waitSignal(home.recording_requested) as requested:
        qtbot.mouseClick(button(home, "lookAtRecording"), Qt.MouseButton.LeftButton)
    assert is_recording(Path(requested.args[0]))


def test_where_no_lesson_can_be_read_no_card_is_shown(qtbot: QtBot) -> None:
    page = HomePage(())
    qtbot.addWidget(page)
    page.show()
    cards = page.findChild(QWidget, "lessonCards")
    assert cards is not None
    assert not cards.isVisible()


@pytest.mark.parametrize("runs", [0, 1])
def test_nothing_has_to_be_scrolled_in_the_first_window(qtbot: QtBot, home: HomePage, runs: int) -> None:
    home.resize(1039, 702)  # what the frame leaves of 1280 x 800
    home.show_recent([row(number) for number in range(runs)])
    scroll = home.findChild(QScrollArea)
    assert scroll is not None
    qtbot.waitUntil(lambda: scroll.verticalScrollBar().maximum() == 0)
    assert scroll.horizontalScrollBar().maximum() == 0


def test_a_card_is_pressed_by_the_keyboard(qtbot: QtBot, home: HomePage) -> None:
    with qtbot.waitSignal(home.new_run_requested):
        qtbot.keyClick(button(home, "start_little-kingdom"), Qt.Key.Key_Space)


def test_without_runs_the_next_step_is_a_button(qtbot: QtBot, home: HomePage) -> None:
    with qtbot.waitSignal(home.new_run_requested) as requested:
        qtbot.mouseClick(button(home, "tryButton"), Qt.MouseButton.LeftButton)
    assert requested.args == ["little-kingdom"]


def test_recent_runs_are_shown_and_open(qtbot: QtBot, home: HomePage) -> None:
    failed = replace(row(2, "failed", "no word occurs often ..."), headline="No word occurs often enough.")
    home.show_recent([row(1), failed])
    shown = [button(home, f"recentRun{n}") for n in range(5)]
    assert [b.isVisible() for b in shown] == [True, True, False, False, False]
    assert not button(home, "tryButton").isVisible()
    told = [label.text() for label in shown[1].findChildren(QLabel)]
    assert "No word occurs often enough." in told, "there is room for the whole sentence"
    with qtbot.waitSignal(home.run_opened) as opened:
        qtbot.mouseClick(shown[1], Qt.MouseButton.LeftButton)
    assert opened.args == ["run-2"]


def test_runs_that_have_gone_are_not_shown_any_more(home: HomePage) -> None:
    home.show_recent([row(1), row(2)])
    home.show_recent([row(2)])
    assert button(home, "recentRun0").accessibleName().startswith("Run 2")
    assert not button(home, "recentRun1").isVisible()


def test_the_footer_says_what_this_computer_is_ready_for(home: HomePage) -> None:
    label = home.findChild(QLabel, "offlineReady")
    assert isinstance(label, QLabel)
    assert label.text().startswith("Ready to work offline: yes")
    assert ("starter model" in label.text()) is (find_spec(STARTER_PACKAGE) is None)


def test_every_control_is_named(home: HomePage) -> None:
    home.show_recent([row(n) for n in range(5)])
    for control in home.findChildren(QAbstractButton):
        if control.isVisible():
            assert control.objectName(), control
            assert control.accessibleName() or control.text(), control.objectName()


def test_ages_go_on_while_nothing_happens(home: HomePage, monkeypatch: pytest.MonkeyPatch) -> None:
    home.show_recent([row(1)])
    now = time.time()
    monkeypatch.setattr("ptft_gui.gui.panels.home.time.time", lambda: now + 7200)
    ages = home.findChild(QTimer)
    assert ages is not None
    assert ages.isActive()
    ages.timeout.emit()
    assert "3 h ago" in [label.text() for label in button(home, "recentRun0").findChildren(QLabel)]
