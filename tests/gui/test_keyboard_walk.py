"""Every page of the whole window by keyboard alone: Tab reaches everything, in both directions, by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.theme import Theme
from tests.gui.fake_asker import FakeAsker
from tests.gui.fixtures_runs import make_run
from tests.gui.workers import Launches

MOST_STOPS = 120


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, theme: Theme) -> Iterator[OpenWindow]:
    make_run(tmp_path, "finished")
    launches = Launches()
    opened = OpenWindow(tmp_path, launches, FakeAsker(holds={"inspect_dataset"}))
    opened.show()
    qtbot.waitExposed(opened.window)
    opened.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is opened.window)
    yield opened
    opened.close_down()
    opened.window.hide()
    opened.window.deleteLater()
    launches.end_all()


def stops(window: QWidget, key: Qt.Key) -> list[QWidget]:
    """What has the focus after each press of ``key``, until the first comes round again."""
    found: list[QWidget] = []
    for _ in range(MOST_STOPS):
        QTest.keyClick(QApplication.focusWidget() or window, key)
        widget = QApplication.focusWidget()
        assert widget is not None, (
            f"after {found[-1].objectName() if found else 'the start'} nothing has the focus"
        )
        if found and widget is found[0]:
            return found
        assert widget not in found, f"{key.name} does not get past {widget.objectName() or widget}"
        found.append(widget)
    pytest.fail(f"{key.name} does not come round: {[w.objectName() for w in found[-5:]]}")


def walk(window: QWidget) -> list[QWidget]:
    """All stops of Tab; Backtab must make the same in the other direction."""
    forward = stops(window, Qt.Key.Key_Tab)
    backward = stops(window, Qt.Key.Key_Backtab)
    assert {id(w) for w in forward} == {id(w) for w in backward}
    nameless = [
        w for w in forward if not (w.accessibleName() or (isinstance(w, QAbstractButton) and w.text()))
    ]
    assert [f"{type(w).__name__} {w.objectName()}" for w in nameless] == []
    hidden = [w.objectName() or type(w).__name__ for w in forward if not w.isVisible()]
    assert hidden == []
    return forward


def unreached(page: QWidget, reached: list[QWidget]) -> list[str]:
    """Buttons on the page that Tab never comes to; of a group of choices one is enough."""
    return [
        b.objectName() or b.text()
        for b in page.findChildren(QPushButton)
        if b.isVisible() and b.isEnabled() and not b.isCheckable() and b not in reached
    ]


def test_home(opened: OpenWindow) -> None:
    window = opened.window
    assert unreached(window._frame.pages.currentWidget(), walk(window)) == []


@pytest.mark.parametrize("dataset", [None, "wikipedia"])
@pytest.mark.parametrize("is_advanced", [False, True])
def test_new_run(opened: OpenWindow, dataset: str | None, is_advanced: bool) -> None:
    window = opened.window
    window.show_new_run_with(dataset)
    page = window.pages.data.new_run_page()
    page.how.advanced.set_open(is_advanced)
    reached = walk(window)
    assert unreached(page, reached) == []
    assert "startButton" in [w.objectName() for w in reached] or dataset is None


@pytest.mark.parametrize("tab", [0, 1, 2])
def test_new_run_with_a_table(opened: OpenWindow, qtbot: QtBot, tmp_path: Path, tab: int) -> None:
    window = opened.window
    window.show_new_run_with(str(_survey(tmp_path)))
    data = window.pages.data.new_run_page().data
    qtbot.waitUntil(lambda: data.details.look.studied_data is not None)
    data.tabs.setCurrentIndex(tab)
    reached = walk(window)
    assert unreached(window.pages.data.new_run_page(), reached) == []
    names = [w.objectName() for w in reached]
    wanted = ["roleHead_text", "runnerUp_text", "reading_encoding", "reading_delimiter"]
    wanted += ["decision_copies", "showRows_copies", "decision_empty_text", "openInDatasetsButton"]
    assert [name for name in names if name in wanted] == wanted


@pytest.mark.parametrize(
    ("tab", "as_the_eye_reads"),
    [
        (
            0,
            [
                "datasetTask",
                "roleHeader",
                "datasetRows",
                "runnerUp_text",
                "runnerUp_label",
                "reading_encoding",
            ],
        ),
        (1, ["warningRows_other_language"]),
        (2, ["decision_copies", "showRows_copies", "decision_several_labels", "valShare", "testShare"]),
        (3, ["option_preparation", "option_case", "option_copies"]),
    ],
)
def test_datasets(
    opened: OpenWindow, qtbot: QtBot, tmp_path: Path, tab: int, as_the_eye_reads: list[str]
) -> None:
    window = opened.window
    window.show_datasets()
    page = window.pages.data.datasets_page()
    page.show_path(str(_survey(tmp_path)))
    qtbot.waitUntil(lambda: page.details.look.studied_data is not None)
    page.details.tabs.setCurrentIndex(tab)
    reached = walk(window)
    assert unreached(page, reached) == []
    before = ["addDatasetButton", "datasetsList", "newRunWithThisButton", "newDatasetName"]
    wanted = [*before, "addToLibraryButton", "copyIntoLibrary", "datasetTabs", *as_the_eye_reads]
    assert [w.objectName() for w in reached if w.objectName() in wanted] == wanted


def test_datasets_without_one(opened: OpenWindow) -> None:
    opened.window.show_datasets()
    assert unreached(opened.window.pages.data.datasets_page(), walk(opened.window)) == []


def _survey(folder: Path) -> Path:
    path = folder / "survey.csv"
    path.write_text("resp_id;Q17_open;v23_rec\n1;More trees;green\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("tab", "as_the_eye_reads"),
    [
        (
            "train",
            [
                "logScaleButton",
                "exportChartButton",
                "Loss",
                "Learning rate",
                "Speed, words/s",
                "watchedWords",
            ],
        ),
        (
            "explore",
            [
                *("neighbourQuery", "findButton", "neighbourExample", "neighbourTable"),
                *("mapMethod", "mapDimensions", "mapSample", "mapColour", "lassoButton", "showAllButton"),
                *("mapExport", "embeddingMap"),
            ],
        ),
        (
            "evaluate",
            ["measure_wordsim353", "measure_questions-words", "ownFile_similarity", "ownFile_analogy"],
        ),
        ("details", ["commandTextCopyButton", "commandText", "pythonText"]),
    ],
)
def test_a_finished_run(opened: OpenWindow, qtbot: QtBot, tab: str, as_the_eye_reads: list[str]) -> None:
    window = opened.window
    name = next(path.name for path in opened.controller.runs.iterdir() if path.name[0].isdigit())
    window.open_run(name)
    page = window.pages.run_desk().page
    qtbot.waitUntil(lambda: page.tab_row.current() == "explore")  # its log is read
    page.tab_row.choose(tab)
    if tab == "evaluate":  # its sets are asked for when it is first seen
        qtbot.waitUntil(
            lambda: any(part.isVisible() for part in page.findChildren(QWidget, as_the_eye_reads[1]))
        )
    reached = walk(window)
    assert unreached(page, reached) == []
    names = [name for w in reached for name in (w.objectName() or w.accessibleName(),)]
    assert [name for name in names if name in as_the_eye_reads and names.count(name) == 1] == [
        name for name in as_the_eye_reads if names.count(name) == 1
    ]
    assert set(as_the_eye_reads) <= set(names)


@pytest.mark.parametrize(
    ("view", "as_the_eye_reads"),
    [
        ("analogy", ["analogyInput", "analogyButton", "analogyExport", "analogyTable", "analogyPicture"]),
        ("axes", ["axis1Negative", "axis1Positive", "axesWords", "secondAxisButton", "placeWordsButton"]),
        ("compare", ["otherModel", "compareExport", "compareHere", "compareThere"]),
        ("changes", ["otherModel", "changeSort", "changesExport", "changeTable"]),
        ("history", ["historyWord", "wordHistory"]),
    ],
)
def test_the_views_of_explore(
    opened: OpenWindow, qtbot: QtBot, view: str, as_the_eye_reads: list[str]
) -> None:
    window = opened.window
    window.open_run(next(path.name for path in opened.controller.runs.iterdir() if path.name[0].isdigit()))
    explore = window.pages.run_desk().page.explore
    qtbot.waitUntil(lambda: bool(explore.map._drawn))
    explore.other.open_path("/somewhere/other.vec")
    explore.analogy.ask("king - man + woman")
    explore.choose(view)
    reached = walk(window)
    assert unreached(explore, reached) == []
    names = [w.objectName() for w in reached]
    assert [name for name in names if name in as_the_eye_reads] == as_the_eye_reads


@pytest.mark.parametrize(
    ("view", "as_the_eye_reads"),
    [
        ("overview", ["compareMetric", "logScaleButton", "compareScores", "allSettings"]),
        ("watched", ["comparedWord", "comparedWatchedExport", "comparedWatched"]),
        ("changes", ["changeFrom", "changeTo", "changeSort", "changesExport", "changeTable"]),
    ],
)
def test_compare(opened: OpenWindow, qtbot: QtBot, view: str, as_the_eye_reads: list[str]) -> None:
    make_run(opened.controller.runs, "memorised")
    compare = opened.window.pages.compare
    compare.compare([path.name for path in opened.controller.runs.iterdir() if path.name[0].isdigit()])
    qtbot.waitUntil(lambda: all(run.summary.final for run in compare.page.runs()))
    compare.page.choice.set_value(view)
    reached = walk(opened.window)
    assert unreached(compare.page, reached) == []
    names = [w.objectName() for w in reached]
    assert [name for name in names if name in as_the_eye_reads] == as_the_eye_reads
