"""Recorded runs in the real window: played by their time through the ordinary page, and never written to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QSlider, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.recording import RECORDING_FILE, read_tape
from ptft_gui.core.recording_files import save_recording
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.summary import TRAIN_LOSS
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.recorded.played_run import PlayedRun
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import make_run, summary_of
from tests.gui.workers import Launches


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    folder = tmp_path / "runs"
    folder.mkdir()
    return folder


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    run = make_run(tmp_path / "elsewhere", "finished")
    save_recording(run, tmp_path / "recording")
    return tmp_path / "recording"


@pytest.fixture
def opened(qtbot: QtBot, runs: Path, theme: Theme) -> Iterator[OpenWindow]:
    launches = Launches()
    opened = OpenWindow(runs, launches, FakeAsker())  # type: ignore[arg-type]
    opened.show()
    yield opened
    opened.window.close()
    opened.close_down()
    opened.window.deleteLater()  # or it would stay and be dressed anew by every later test
    launches.end_all()


def play(opened: OpenWindow, qtbot: QtBot, path: Path) -> PlayedRun:
    """Open a recording and hold it still at its beginning."""
    opened.window.pages.recorded.open_path(path)
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None)
    played = opened.window.pages.recorded.played
    assert played is not None
    played.pause()
    played.seek(0.0)
    return played


def seen(opened: OpenWindow, name: str) -> QWidget | None:
    return next((w for w in opened.window.findChildren(QWidget, name) if w.isVisible()), None)


def click(opened: OpenWindow, name: str) -> None:
    button = seen(opened, name)
    assert isinstance(button, QAbstractButton), name
    button.click()


def all_files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_page_shows_the_moment_that_is_played(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    played = play(opened, qtbot, recording)
    page = opened.window.pages.run_desk().page
    assert opened.window.pages.current() is page
    assert page.tab_row.current() == "train"
    assert seen(opened, "playBar") is not None
    ribbon = seen(opened, "recordedRibbon")
    assert isinstance(ribbon, QLabel)
    assert ribbon.text() == "Recorded"
    middle = played.seconds / 2
    played.seek(middle)
    tape = read_tape(played.run)
    by_then = [e for e in tape.events[: tape.count_until(middle)] if e.event == "evaluated"]
    plot = page.train.loss.plot
    assert plot is not None
    lengths = {curve.name: len(curve.x) for curve in plot.curves()}
    assert len(played.summary.evaluations) == len(by_then) > 2
    assert played.state == "running"
    assert "done" in page.header.findChild(QLabel, "runHeadline").text()  # type: ignore[union-attr]
    assert lengths[TRAIN_LOSS] == len(by_then)


def test_its_end_is_what_the_run_itself_came_to(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    played = play(opened, qtbot, recording)
    played.seek(played.seconds)
    whole = summary_of(RunDir(recording))
    assert played.state == "finished"
    assert played.summary.step == whole.step
    assert played.summary.series[TRAIN_LOSS].values.tolist() == whole.series[TRAIN_LOSS].values.tolist()
    assert {n: p.answer for n, p in played.summary.watched().items()} == {
        n: p.answer for n, p in whole.watched().items()
    }


def test_going_back_leaves_nothing_of_later(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    played = play(opened, qtbot, recording)
    played.seek(played.seconds)
    played.seek(played.seconds / 3)
    step = played.summary.step
    fresh = PlayedRun(RunDir(recording), read_tape(RunDir(recording)))
    fresh.seek(played.seconds / 3)
    assert step == fresh.summary.step
    assert len(played.summary.evaluations) == len(fresh.summary.evaluations)
    assert played.summary.final is None
    shown = opened.window.pages.run_desk().page._shown
    assert shown is not None
    assert shown.summary is played.summary


def test_it_plays_by_itself_and_stops_at_the_end(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    played = play(opened, qtbot, recording)
    click(opened, "segment_60")
    assert played.speed == 60
    played.seek(played.seconds - 20)
    click(opened, "playButton")
    assert played.is_playing
    qtbot.waitUntil(lambda: played.is_at_end)
    assert not played.is_playing
    slider = seen(opened, "playSlider")
    assert isinstance(slider, QSlider)
    assert slider.value() == slider.maximum()
    click(opened, "playButton")
    assert played.is_playing
    assert played.moment < played.seconds / 2


def test_the_slider_leads_to_a_moment(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    played = play(opened, qtbot, recording)
    slider = seen(opened, "playSlider")
    assert isinstance(slider, QSlider)
    slider.setValue(slider.maximum() // 2)
    assert played.moment == pytest.approx(played.seconds / 2, rel=0.01)
    time = seen(opened, "playTime")
    assert isinstance(time, QLabel)
    assert " of " in time.text()


def test_nothing_that_would_change_it_is_offered(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    played = play(opened, qtbot, recording)
    played.seek(played.seconds / 2)
    for name in ("pauseButton", "stopButton"):
        assert seen(opened, name) is None
    actions = {a.objectName(): a for a in opened.window.findChildren(QAction)}
    for key in ("pause", "stop", "save", "resume", "train_longer", "discard", "delete"):
        assert not actions[f"{key}Action"].isEnabled(), key
    page = opened.window.pages.run_desk().page
    page.rename_requested.emit("Another name")
    page.discard_requested.emit()
    assert not opened.window.toasts.history
    assert opened.window.findChild(QWidget, "deleteDialog") is None


def test_a_recording_is_only_read(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    before = all_files(recording)
    os.chmod(recording, 0o555)
    played = play(opened, qtbot, recording)
    for tab in ("train", "explore", "evaluate", "details"):
        click(opened, f"tab_{tab}")
        played.seek(played.seconds)
    opened.window.show_home()
    os.chmod(recording, 0o755)
    assert all_files(recording) == before


def test_the_model_can_be_asked_all_the_while(opened: OpenWindow, qtbot: QtBot, recording: Path) -> None:
    played = play(opened, qtbot, recording)
    played.seek(played.seconds / 2)
    click(opened, "tab_explore")
    assert seen(opened, "neighbourQuery") is not None


def test_it_is_no_run_of_the_list(opened: OpenWindow, qtbot: QtBot, recording: Path, runs: Path) -> None:
    make_run(runs, "finished")
    opened.controller.look()
    play(opened, qtbot, recording)
    names = [run.name for run in runs.iterdir() if run.is_dir()]
    qtbot.waitUntil(lambda: len(opened.controller._rows) == 1)
    assert list(opened.controller._rows) == names


def test_leaving_it_leads_home_and_another_page_holds_it_still(
    opened: OpenWindow, qtbot: QtBot, recording: Path
) -> None:
    played = play(opened, qtbot, recording)
    played.play()
    opened.window.show_home()
    assert not played.is_playing
    opened.window.pages.show_run(played)
    click(opened, "leaveRecording")
    assert opened.window.pages.current() is opened.window.pages.home


def test_an_own_run_is_played_back_and_left_for_itself(opened: OpenWindow, qtbot: QtBot, runs: Path) -> None:
    run = make_run(runs, "finished")
    before = all_files(run.path)
    opened.window.open_run(run.name)
    desk = opened.window.pages.run_desk()
    qtbot.waitUntil(lambda: desk.shows(run.name) and desk.shown().summary.step > 0)  # type: ignore[union-attr]
    more = desk.page.header.findChild(QAction, "run_play_back")
    assert more is not None
    more.trigger()
    qtbot.waitUntil(lambda: opened.window.pages.recorded.played is not None)
    assert seen(opened, "playBar") is not None
    assert desk.shows(run.name)
    click(opened, "leaveRecording")
    qtbot.waitUntil(lambda: desk.shown() is opened.controller.opened())
    assert seen(opened, "playBar") is None
    assert all_files(run.path) == before


def test_an_own_run_is_saved_as_a_recording(
    opened: OpenWindow, qtbot: QtBot, runs: Path, tmp_path: Path
) -> None:
    run = make_run(runs, "finished")
    opened.window.pages.recorded.ask_where_to_save(run)
    dialog = opened.window.findChild(QFileDialog, "saveRecordingDialog")
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path / "for the class"))
    dialog.close()
    said = opened.window.toasts.history
    qtbot.waitUntil(lambda: any("was saved as" in message.text for message in said), timeout=20_000)
    assert (tmp_path / "for the class.ptftrun").is_file()
    opened.window.pages.recorded.save(run, tmp_path / "folder")
    qtbot.waitUntil(lambda: (tmp_path / "folder" / RECORDING_FILE).is_file())


def test_what_is_no_recording_is_said_in_a_sentence(opened: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    opened.window.pages.recorded.open_path(tmp_path)
    said = opened.window.toasts.history
    qtbot.waitUntil(lambda: bool(said))
    assert said[-1].text == f"{tmp_path} is not a recorded run."
    assert opened.window.pages.recorded.played is None
