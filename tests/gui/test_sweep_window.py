"""*Try several values* in the real window, with real worker processes: runs in the queue, one comparison."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import RunDir
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.dialogs.sweep import SweepDialog
from ptft_gui.gui.theme import Theme
from tests.gui.fixtures_runs import make_run
from tests.gui.test_main_window import SilentAsker, finish, page_name
from tests.gui.workers import Launches


@pytest.fixture
def launches() -> Iterator[Launches]:
    launches = Launches("queued")
    yield launches
    launches.end_all()


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, launches: Launches, theme: Theme) -> Iterator[OpenWindow]:
    (tmp_path / "runs").mkdir()
    opened = OpenWindow(tmp_path / "runs", launches, SilentAsker())
    opened.show()
    qtbot.waitExposed(opened.window)
    yield opened
    finish(opened)


def test_three_values_become_three_runs_and_one_comparison(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path, launches: Launches
) -> None:
    run = make_run(tmp_path / "runs", "finished")
    opened.window.open_run(run.name)
    action = opened.window.findChild(QAction, "sweepAction")
    assert isinstance(action, QAction)
    qtbot.waitUntil(action.isEnabled)
    action.trigger()
    dialog = opened.window.findChild(SweepDialog, "sweepDialog")
    assert isinstance(dialog, SweepDialog)
    dialog.choose("window")
    values = dialog.findChild(QLineEdit, "sweepValues")
    assert isinstance(values, QLineEdit)
    assert values.text() == "2, 4, 8, 16, 32"
    start = dialog.findChild(QAbstractButton, "sweepStart")
    values.setText("2, two")
    assert not start.isEnabled()
    assert "is a whole number" in dialog.findChild(QLabel, "sweepOutcome").text()
    values.setText("2, 5, 8")
    start.click()
    qtbot.waitUntil(lambda: page_name(opened.window) == "comparePage")
    names = sorted(
        path.name for path in (tmp_path / "runs").iterdir() if path.is_dir() and path.name != run.name
    )
    assert len(names) == len(launches.processes) == 3
    specs = [RunDir(tmp_path / "runs" / name).read_spec() for name in names]
    assert [spec.options["window"] for spec in specs] == [2, 5, 8]
    assert {spec.options["seed"] for spec in specs} == {7}
    assert len(opened.window.pages.compare._followed) == 3


def test_words_are_ticked_as_the_new_run_page_calls_them(
    qtbot: QtBot, opened: OpenWindow, tmp_path: Path
) -> None:
    run = make_run(tmp_path / "runs", "finished")
    spec = run.read_spec()
    dialog = SweepDialog(spec, RunSummary(spec=spec))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.choose("objective")
    ticks = [tick for tick in dialog.findChildren(QCheckBox, "sweepTick") if tick.isVisible()]
    assert [tick.text() for tick in ticks] == ["Skip-gram", "CBOW"]
    assert not dialog.findChild(QLineEdit, "sweepValues").isVisible()
    after = ticks[-1].nextInFocusChain()
    while after.focusPolicy() == Qt.FocusPolicy.NoFocus:
        after = after.nextInFocusChain()
    assert after.objectName() == "sweepCancel"
    assert [made.options["objective"] for made in dialog.specs()] == ["skip_gram", "cbow"]
    ticks[0].click()
    assert not dialog.findChild(QAbstractButton, "sweepStart").isEnabled()
    assert dialog.findChild(QLabel, "sweepOutcome").text() == "Tick at least two."
    dialog.choose("cbow_mean")
    assert [made.options["cbow_mean"] for made in dialog.specs()] == [True, False]
    dialog.choose("window")
    assert dialog.findChild(QLineEdit, "sweepValues").isVisible()
    assert [made.options["window"] for made in dialog.specs()] == [2, 4, 8, 16, 32][: len(dialog.specs())]
