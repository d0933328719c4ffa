"""While you were away: the card, resuming what a restart interrupted, by a press or by itself, in a real window."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.away_card import AwayCard
from ptft_gui.gui.settings import WindowSettings
from ptft_gui.gui.theme import Theme
from tests.gui.fixtures_runs import make_run
from tests.gui.test_main_window import SilentAsker, finish, page_name
from tests.gui.workers import Launches


@pytest.fixture
def launches() -> Iterator[Launches]:
    launches = Launches()
    yield launches
    launches.end_all()


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


def restarted(run: RunDir) -> RunDir:
    record = json.loads(run.worker_file.read_text())
    run.worker_file.write_text(json.dumps({**record, "boot_id": "an earlier start"}))
    return run


@pytest.fixture
def opened(runs: Path, launches: Launches, theme: Theme, qtbot: QtBot) -> Iterator[object]:
    """Opens the window, which was looked at last an hour ago."""
    windows: list[OpenWindow] = []

    def open_it() -> OpenWindow:
        WindowSettings().keep_last_look(time.time() - 3600)
        window = OpenWindow(runs, launches, SilentAsker())
        windows.append(window)
        window.show()
        qtbot.waitExposed(window.window)
        return window

    yield open_it
    for window in windows:
        finish(window)


def card_of(window: OpenWindow) -> AwayCard:
    card = window.window.findChild(AwayCard, "awayCard")
    assert isinstance(card, AwayCard)
    return card


def press(card: AwayCard, name: str) -> None:
    button = card.findChild(QAbstractButton, name)
    assert isinstance(button, QAbstractButton), name
    button.click()


def test_what_ended_meanwhile_is_told_and_its_result_is_one_press_away(
    qtbot: QtBot, runs: Path, opened: object
) -> None:
    run = make_run(runs, "finished", started_ago=600)
    make_run(runs, "finished", started_ago=90_000)  # its log says so: long before the last look
    window = opened()
    card = card_of(window)
    qtbot.waitUntil(card.isVisible)
    texts = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "While you were away, a run ended" in texts
    assert "Best held-out loss 2.1" in texts
    whole = " ".join(label.text() + label.toolTip() for label in card.findChildren(QLabel))
    assert "; now folk, poetry, dance" in whole
    press(card, f"act_{run.name}")
    assert page_name(window.window) == "runPage"
    assert not card.isVisible()


def test_an_interrupted_run_is_offered_and_resumed(
    qtbot: QtBot, runs: Path, opened: object, launches: Launches
) -> None:
    run = restarted(make_run(runs, "lost", started_ago=600))
    window = opened()
    card = card_of(window)
    qtbot.waitUntil(card.isVisible)
    texts = " ".join(label.text() for label in card.findChildren(QLabel))
    assert "Interrupted by a restart at " in texts
    assert "nothing up to step 220 is missing." in texts
    press(card, f"resume_{run.name}")
    qtbot.waitUntil(lambda: run.worker_pid() is not None)
    assert not card.isVisible()
    assert launches.processes[-1].args[-1] == "--resume"


def test_by_itself_it_goes_on_only_where_a_person_wished_it(
    qtbot: QtBot, runs: Path, opened: object, launches: Launches
) -> None:
    run = restarted(make_run(runs, "lost", started_ago=600))
    killed = make_run(runs, "lost", started_ago=600)
    WindowSettings().keep_resumes_by_itself(True)
    window = opened()
    qtbot.waitUntil(lambda: run.worker_pid() is not None)
    card = card_of(window)
    qtbot.waitUntil(card.isVisible)
    assert [report.name for report in card.reports()] == [killed.name]
    assert len(launches.processes) == 1
    assert any("a restart had interrupted" in m.text for m in window.window.toasts.history)


def test_the_first_window_ever_tells_nothing(
    qtbot: QtBot, runs: Path, launches: Launches, theme: Theme
) -> None:
    make_run(runs, "finished", started_ago=600)
    window = OpenWindow(runs, launches, SilentAsker())
    window.show()
    qtbot.waitUntil(lambda: WindowSettings().last_look() is not None)
    assert not card_of(window).isVisible()
    finish(window)


def test_coming_back_to_the_window_tells_what_ended_behind_it(
    qtbot: QtBot, runs: Path, opened: object
) -> None:
    window = opened()
    away = window.window.away
    qtbot.waitUntil(lambda: away._has_begun)
    away.set_looked_at(True)
    away.set_looked_at(False)
    WindowSettings().keep_last_look(time.time() - 100)
    window.settings.keep_last_look(time.time() - 100)
    run = make_run(runs, "failed", started_ago=60)
    away.set_looked_at(True)
    card = card_of(window)
    qtbot.waitUntil(lambda: [report.name for report in card.reports()] == [run.name])
    press(card, "awayClose")
    assert not card.isVisible()


def test_a_second_window_resumes_nothing(
    qtbot: QtBot, runs: Path, opened: object, launches: Launches
) -> None:
    restarted(make_run(runs, "lost", started_ago=600))
    WindowSettings().keep_resumes_by_itself(True)
    window = opened()
    qtbot.waitUntil(lambda: len(launches.processes) == 1)
    restarted(make_run(runs, "lost", started_ago=500))
    second = opened()
    card = card_of(second)
    qtbot.waitUntil(card.isVisible)
    assert not card.findChildren(QAbstractButton, "resumeAllButton")[0].isVisible()
    assert not [b for b in card.findChildren(QAbstractButton) if b.objectName().startswith("resume_")]
    assert len(launches.processes) == 1
    assert window.lock.is_held
