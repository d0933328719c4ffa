"""Repeat 5 times: five runs in the queue, and what they found together on the card and in the paragraph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.runs_list import RunsSeen
from ptft_gui.core.spec import problems_of
from ptft_gui.gui.app import OpenWindow
from ptft_gui.gui.desks.run_actions import fold_specs
from ptft_gui.gui.following.followed_run import FollowedRun
from ptft_gui.gui.following.run_controller import RunController
from ptft_gui.gui.panels.run import RunPage
from ptft_gui.gui.theme import Theme
from tests.gui.fixtures_runs import summary_of
from tests.gui.sorting_runs import DirectAsker, make_sorting_run
from tests.gui.workers import Launches, spec_named


@pytest.fixture
def asker() -> Iterator[DirectAsker]:
    asker = DirectAsker()
    yield asker
    asker.answers.close()


def _opened(qtbot: QtBot, asker: DirectAsker, run: RunDir) -> RunPage:
    page = RunPage(asker)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    page.show_run(run, summary_of(run), "finished")
    page.tab_row.choose("evaluate")
    return page


def _end_folds(run: RunDir, count: int) -> list[RunDir]:
    found = []
    for number, spec in enumerate(fold_specs(run.read_spec(), "Water or land")[:count]):
        fold = create_run(run.path.parent, spec)
        report = json.loads((run.path / "evaluation.json").read_text())
        report["test"]["accuracy"] = 0.70 + number / 50
        (fold.path / "evaluation.json").write_text(json.dumps(report))
        found.append(fold)
    return found


def test_the_button_asks_for_five_runs_that_may_start(
    qtbot: QtBot, asker: DirectAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    page = _opened(qtbot, asker, run)
    assert "With fewer than 1,000 labelled rows" in page.score.score.note.text()
    with qtbot.waitSignal(page.page_action_requested) as asked:
        page.findChild(QPushButton, "repeatButton").click()
    assert asked.args[0] == "repeat_folds"
    specs = fold_specs(run.read_spec(), "Water or land")
    assert [spec.data.fold for spec in specs] == [1, 2, 3, 4, 5]
    assert specs[1].name == "Water or land - part 2 of 5"
    assert not [problem for spec in specs for problem in problems_of(spec) if problem.key != "dataset"]


def test_what_five_runs_found_stands_on_the_card_and_in_the_paragraph(
    qtbot: QtBot, asker: DirectAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    _end_folds(run, 2)
    page = _opened(qtbot, asker, run)
    folds = page.findChild(QLabel, "scoreFolds")
    assert folds.text() == "Repeated: 2 of 5 parts are tested so far."
    assert "Five-fold" not in page.score.score.paragraph()
    for fold in _end_folds(run, 5):
        assert fold.path.is_dir()
    page.show_run(run, summary_of(run), "finished")
    page.tab_row.choose("evaluate")
    assert folds.text() == (
        "Repeated 5 times: accuracy 0.74 on 140 rows, each tested once. The parts ranged from 0.70 to 0.78; macro F1 "
        "0.85, from 0.85 to 0.85."
    )
    assert "Five-fold cross-validation on 140 rows, each tested once" in page.score.score.paragraph()
    assert "the five folds ranged from 0.700 to 0.780" in page.score.score.paragraph()


def test_parts_that_end_while_the_page_is_looked_at_are_told(
    qtbot: QtBot, asker: DirectAsker, tmp_path: Path, theme: Theme
) -> None:
    run = make_sorting_run(tmp_path)
    launches = Launches()
    opened = OpenWindow(tmp_path, launches, asker)
    opened.show()
    try:
        opened.window.open_run(run.name)
        page = opened.window.pages.run_desk().page
        page.show_tab("evaluate")
        folds = page.findChild(QLabel, "scoreFolds")
        qtbot.waitUntil(lambda: page.score.score.isVisible(), timeout=30_000)
        assert folds.text() == ""
        for fold in _end_folds(run, 2):
            opened.controller.run_ended.emit(FollowedRun(fold, opened.controller))
        assert folds.text() == "Repeated: 2 of 5 parts are tested so far."
    finally:
        opened.close_down()
        opened.window.hide()
        opened.window.deleteLater()


def test_a_second_look_at_the_same_test_rows_is_told(
    qtbot: QtBot, asker: DirectAsker, tmp_path: Path
) -> None:
    first = make_sorting_run(tmp_path)
    page = _opened(qtbot, asker, first)
    assert "have been looked at once" in page.score.score.note.text()
    second = make_sorting_run(tmp_path)
    page.show_run(second, summary_of(second), "finished")
    page.tab_row.choose("evaluate")
    assert "have been looked at 2 times" in page.score.score.note.text()
    assert "The test set was consulted 2 times during development." in page.score.score.paragraph()


def test_how_sure_it_was_is_held_against_how_right(qtbot: QtBot, asker: DirectAsker, tmp_path: Path) -> None:
    page = _opened(qtbot, asker, make_sorting_run(tmp_path))
    sentence = page.findChild(QLabel, "calibrationSentence").text()
    assert sentence.startswith("On average it was 65 % sure and 86 % right: it is better than it believes.")
    assert page.score.calibration.chart.accessibleDescription() == sentence


def test_five_runs_wait_in_the_queue_and_the_page_stays(qtbot: QtBot, tmp_path: Path) -> None:
    runs, launches = tmp_path / "runs", Launches("queued")
    runs.mkdir()
    controller = RunController(runs, launches, 15_000)
    seen: list[RunsSeen] = []
    started: list[object] = []
    controller.runs_changed.connect(seen.append)
    controller.run_started.connect(started.append)
    controller.begin()
    try:
        controller.queue([spec_named(f"part {number}") for number in (1, 2, 3)])
        qtbot.waitUntil(lambda: bool(seen) and len(seen[-1].rows) == 3, timeout=15_000)
        qtbot.waitUntil(
            lambda: sorted(row.state for row in seen[-1].rows) == ["queued", "queued", "running"],
            timeout=15_000,
        )
        assert not started
    finally:
        controller.close()
        launches.end_all()
