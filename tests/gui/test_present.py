"""Present mode: a run for a room, and the window exactly as it was afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.lessons import mark_lesson_run
from ptft_gui.core.recording_files import save_recording
from ptft_gui.core.resources import resource_path
from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.present.page import PresentPage
from ptft_gui.gui.theme import TextStyle, Theme
from ptft_gui.gui.theme.sizes import SMALLEST_WHEN_PRESENTING
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import make_run
from tests.gui.workers import Launches


class QuietAsker(FakeAsker):
    """Nobody answers what the tests here do not ask."""

    def ask(self, kind: str, *rest: Any) -> str:
        return super().ask(kind, *rest) if kind in ("similar", "analogy") else kind


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
    opened.window.resize(1280, 800)
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


def show(opened: OpenWindow, qtbot: QtBot, run: RunDir) -> None:
    opened.window.open_run(run.name)
    desk = opened.window.pages.run_desk()
    qtbot.waitUntil(lambda: desk.shows(run.name) and desk.shown().is_whole)  # type: ignore[union-attr]


def page(opened: OpenWindow) -> PresentPage:
    current = opened.window.pages.current()
    assert isinstance(current, PresentPage)
    return current


def key(opened: OpenWindow, which: Qt.Key) -> None:
    QTest.keyClick(page(opened), which)


def test_only_what_a_room_needs_is_seen(opened: OpenWindow, qtbot: QtBot, runs: Path, theme: Theme) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    click(opened, "presentButton")
    assert opened.window.isFullScreen()
    assert theme.is_presenting
    for name in ("topBar", "runsPanel", "runName", "tab_train", "savedWhere", "progressBar"):
        assert seen(opened, name) is None, name
    assert not opened.window.menuBar().isVisible()
    headline = seen(opened, "presentHeadline")
    assert isinstance(headline, QLabel)
    assert headline.text().startswith("Learned")
    qtbot.waitUntil(lambda: seen(opened, "lossPlot") is not None)
    assert seen(opened, "presentRibbon") is None


def test_no_type_is_smaller_than_a_room_can_read(
    opened: OpenWindow, qtbot: QtBot, runs: Path, theme: Theme
) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    click(opened, "presentButton")
    assert min(theme.pixels(style) for style in TextStyle) >= SMALLEST_WHEN_PRESENTING
    for view in page(opened).views():
        page(opened).choose(view)
        for widget in page(opened).findChildren(QWidget):
            if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and widget.isVisible():
                assert widget.fontInfo().pixelSize() >= SMALLEST_WHEN_PRESENTING, widget.objectName()


def test_next_goes_round_the_views_and_back_the_other_way(
    opened: OpenWindow, qtbot: QtBot, runs: Path
) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    click(opened, "presentButton")
    views = []
    for _ in range(4):
        views.append(page(opened).view())
        click(opened, "presentNext")
    assert views == ["chart", "map", "words", "neighbours"]
    assert page(opened).view() == "chart"
    key(opened, Qt.Key.Key_PageDown)
    assert page(opened).view() == "map"
    key(opened, Qt.Key.Key_PageUp)
    key(opened, Qt.Key.Key_Left)
    assert page(opened).view() == "neighbours"
    assert page(opened).neighbours.word() == "music"


def test_a_run_that_learns_a_task_shows_its_answers_and_its_curve_and_no_map(
    opened: OpenWindow, qtbot: QtBot, runs: Path
) -> None:
    folder = resource_path("lessons", "learning-a-job", "recording-full")
    opened.window.pages.recorded.open_path(folder)
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None, timeout=30_000)
    click(opened, "presentButton")
    qtbot.waitUntil(lambda: seen(opened, "presentPage") is not None, timeout=30_000)
    views = [page(opened).view()]
    for _ in range(2):
        click(opened, "presentNext")
        views.append(page(opened).view())
    assert set(views) == {"probes", "chart"}
    assert seen(opened, "presentRibbon") is not None


def test_leaving_gives_the_window_back_exactly(
    opened: OpenWindow, qtbot: QtBot, runs: Path, theme: Theme
) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    opened.window.pages.run_desk().page.find_word()
    opened.window.toasts.history.clear()
    qtbot.waitUntil(lambda: seen(opened, "runsList") is not None)
    QTest.qWait(0)
    before = {w for w in opened.window.findChildren(QWidget) if w.isVisible() and w.objectName()}
    geometry, focus = opened.window.geometry(), QApplication.focusWidget()
    sizes = {w: w.geometry() for w in before}
    click(opened, "presentButton")
    key(opened, Qt.Key.Key_Escape)
    assert not opened.window.isFullScreen()
    assert not theme.is_presenting
    assert opened.window.geometry() == geometry
    QApplication.processEvents()
    after = {w for w in opened.window.findChildren(QWidget) if w.isVisible() and w.objectName()}
    assert {w.objectName() for w in after ^ before} == set()
    moved = {w.objectName() for w in before if w.geometry() != sizes[w]} - {"deviceMeter"}
    assert moved == set()
    assert QApplication.focusWidget() is focus


def test_a_maximised_window_is_maximised_again(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    opened.window.showMaximized()
    click(opened, "presentButton")
    assert opened.window.isFullScreen()
    click(opened, "presentLeave")
    assert opened.window.isMaximized()
    assert not opened.window.isFullScreen()


def test_f5_begins_and_ends_it(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    action = opened.window.findChild(QAction, "presentAction")
    assert action is not None
    assert action.shortcut().toString() == "F5"
    action.trigger()
    assert opened.window.isFullScreen()
    action.trigger()
    assert not opened.window.isFullScreen()


def test_without_a_run_there_is_nothing_to_present(opened: OpenWindow) -> None:
    assert seen(opened, "presentButton") is None
    opened.window.present()
    assert not opened.window.isFullScreen()
    assert opened.window.toasts.history[-1].text == "Open a run first; then it can be presented."


def test_the_top_bar_offers_it_where_there_is_a_run(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    click(opened, "presentButton")
    assert opened.window.isFullScreen()


def test_a_living_run_is_paused_and_goes_on(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    from tests.gui.workers import spec_named

    opened.controller.start(spec_named("Live"))
    qtbot.waitUntil(lambda: any(f.state == "running" for f in opened.controller.live_runs()), timeout=10_000)
    asked: list[str] = []
    opened.controller.pause = asked.append  # type: ignore[method-assign, assignment]
    click(opened, "presentButton")
    qtbot.waitUntil(lambda: seen(opened, "presentPause") is not None)
    assert "neighbours" not in page(opened).views()
    click(opened, "presentPause")
    assert asked == [opened.controller.live_runs()[0].run.name]


def test_a_recorded_run_plays_on_and_says_that_it_is_one(
    opened: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    save_recording(make_run(tmp_path / "elsewhere", "finished"), tmp_path / "recording")
    opened.window.pages.recorded.open_path(tmp_path / "recording")
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None)
    played = opened.window.pages.recorded.played
    assert played is not None
    click(opened, "presentButton")
    ribbon = seen(opened, "presentRibbon")
    assert isinstance(ribbon, QLabel)
    assert ribbon.text() == "Recorded"
    assert played.is_playing
    key(opened, Qt.Key.Key_Space)
    assert not played.is_playing
    played.seek(played.seconds)
    headline = seen(opened, "presentHeadline")
    assert isinstance(headline, QLabel)
    qtbot.waitUntil(lambda: headline.text().startswith("Learned"))
    played.seek(played.seconds / 2)
    qtbot.waitUntil(lambda: "done" in headline.text())
    key(opened, Qt.Key.Key_Escape)
    assert seen(opened, "playBar") is not None


def test_next_leads_through_the_lesson(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    run = make_run(runs, "finished")
    mark_lesson_run(run, "words-become-points", "kingdom")
    opened.window.lessons.begin("words-become-points")
    for _ in range(3):
        opened.window.lessons.go_on()
    desk = opened.window.pages.run_desk()
    qtbot.waitUntil(lambda: desk.shows(run.name) and desk.shown().is_whole)  # type: ignore[union-attr]
    click(opened, "presentButton")
    sentence = seen(opened, "presentSentence")
    assert isinstance(sentence, QLabel)
    assert sentence.text().startswith("The curve says")
    assert page(opened).view() == "chart"
    click(opened, "presentNext")
    assert sentence.text().startswith("Now it can be asked.")
    assert page(opened).view() == "neighbours"
    action = seen(opened, "presentAction")
    assert isinstance(action, QAbstractButton)
    assert action.text() == "Ask for king"
    action.click()
    qtbot.waitUntil(lambda: "was expected" in sentence.text())
    key(opened, Qt.Key.Key_Left)
    assert sentence.text().startswith("The curve says")
    key(opened, Qt.Key.Key_Escape)
    assert seen(opened, "lessonPanel") is not None


def test_closing_while_presenting_keeps_the_size_of_the_window(
    opened: OpenWindow, qtbot: QtBot, runs: Path
) -> None:
    show(opened, qtbot, make_run(runs, "finished"))
    click(opened, "presentButton")
    opened.window.close()
    assert not opened.window.isFullScreen()
    assert (opened.window.width(), opened.window.height()) == (1280, 800)


def test_a_run_that_goes_ends_the_presentation(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    run = make_run(runs, "finished")
    show(opened, qtbot, run)
    click(opened, "presentButton")
    opened.controller.delete(run.name)
    qtbot.waitUntil(lambda: not opened.window.isFullScreen())
    assert opened.window.pages.current() is opened.window.pages.home
