"""Correcting rows where a run's mistakes are shown, and the Evaluate page of several labels and of likeness."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core import events as ev
from ptft_gui.core.corrections import CORRECTIONS_FILE, read_corrections
from ptft_gui.core.eventlog import EventWriter
from ptft_gui.core.rundir import RunDir, create_run
from ptft_gui.core.spec import new_spec, problems_of
from ptft_gui.engine.metrics_labels import report_of_labels
from ptft_gui.engine.metrics_scores import report_of_scores
from ptft_gui.gui.desks.run_actions import corrected_run, fold_specs
from ptft_gui.gui.panels.run.evaluate.correctable_table import CorrectableTable
from ptft_gui.gui.panels.run.evaluate.sorting_tab import ScoreTab
from ptft_gui.gui.panels.run.evaluate.task_folds import may_repeat, why_not_repeated
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.widgets.cell_table import CellTable
from tests.gui.fixtures_runs import summary_of
from tests.gui.sorting_runs import make_sorting_run
from tests.gui.test_task_pages import TaskAsker


class EveryAsker(TaskAsker):
    """Answers questions about scores of every task."""

    kinds = ("task_report", "answered_rows", "token_report")


@pytest.fixture
def asker() -> Iterator[EveryAsker]:
    asker = EveryAsker()
    yield asker
    asker.answers.close()


def opened(qtbot: QtBot, asker: EveryAsker, run: RunDir, is_recorded: bool = False) -> ScoreTab:
    tab = ScoreTab(asker)
    qtbot.addWidget(tab)
    tab.resize(1040, 900)
    tab.show()
    tab.show_run(ShownRun(run, summary_of(run), "finished", is_recorded=is_recorded))
    return tab


def choose(table: CorrectableTable, row: int, words: str) -> None:
    """Choose in the menu of a row what is called so."""
    menu = table.menu_at(row)
    assert menu is not None
    {action.text(): action for action in menu.findChildren(QAction)}[words].trigger()
    menu.deleteLater()


def cells(table: CellTable, row: int) -> list[str]:
    return [table.cells.cell(row, column) for column in range(table.cells.columnCount())]


def test_a_label_is_corrected_and_both_scores_are_shown(
    qtbot: QtBot, asker: EveryAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    tab = opened(qtbot, asker, run)
    assert not tab.corrected.isVisible()
    assert cells(tab.mistakes, 0)[-1] == "Correct ..."
    choose(tab.mistakes, 0, "land" if cells(tab.mistakes, 0)[1] == "water" else "water")
    assert cells(tab.mistakes, 0)[-1].startswith("now: ")
    assert tab.corrected.isVisible()
    assert tab.corrected.scores.text().startswith("On the test rows: accuracy 0.857 before, 0.893 after")
    assert tab.corrected.train_button.text() == "Train again with 1 correction"
    choose(tab.mistakes, 1, "Leave this row out")
    assert cells(tab.mistakes, 1)[-1] == "left out"
    assert "27 rows (with another label: 1; left out: 1)" in tab.corrected.note.text()
    assert tab.corrected.train_button.text() == "Train again with 2 corrections"
    assert len(read_corrections(run.path / CORRECTIONS_FILE)) == 2


def test_a_correction_is_taken_back_in_the_menu_or_in_the_list(
    qtbot: QtBot, asker: EveryAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    tab = opened(qtbot, asker, run)
    choose(tab.mistakes, 0, "Leave this row out")
    choose(tab.mistakes, 0, "Take the correction back")
    assert cells(tab.mistakes, 0)[-1] == "Correct ..."
    assert not tab.corrected.isVisible()
    choose(tab.mistakes, 1, "Leave this row out")
    tab.findChild(QPushButton, "undoCorrectionButton").click()
    assert read_corrections(run.path / CORRECTIONS_FILE) == {}


def test_the_rows_of_a_cell_can_be_corrected_too(qtbot: QtBot, asker: EveryAsker, tmp_path: Path) -> None:
    tab = opened(qtbot, asker, make_sorting_run(tmp_path))
    choose(tab.confusion.rows, 0, "Leave this row out")
    assert cells(tab.confusion.rows, 0)[-1] == "left out"
    assert tab.corrected.isVisible()


def test_the_run_that_is_trained_again_bears_the_corrections(
    qtbot: QtBot, asker: EveryAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    tab = opened(qtbot, asker, run)
    choose(tab.mistakes, 0, "Leave this row out")
    with qtbot.waitSignal(tab.action_requested) as asked:
        tab.corrected.train_button.click()
    assert asked.args[0].key == "train_corrected"
    spec = corrected_run(run)
    assert problems_of(spec) == []
    assert spec.name == "Water or land - 1 correction"
    assert [each.leave_out for each in spec.data.corrections] == [True]


def test_a_recorded_run_cannot_be_corrected(qtbot: QtBot, asker: EveryAsker, tmp_path: Path) -> None:
    tab = opened(qtbot, asker, make_sorting_run(tmp_path), is_recorded=True)
    assert "Correct ..." not in cells(tab.mistakes, 0)
    assert tab.mistakes.menu_at(0) is None


def test_answers_of_an_older_run_that_do_not_name_their_rows(
    qtbot: QtBot, asker: EveryAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    file = run.path / "predictions.jsonl"
    records = [json.loads(line) for line in file.read_text().splitlines()]
    for record in records:
        del record["key"]
    file.write_text("\n".join(json.dumps(record) for record in records) + "\n")
    tab = opened(qtbot, asker, run)
    assert "Correct ..." not in cells(tab.mistakes, 0)


def test_a_damaged_side_file_is_told_and_nothing_more_is_written_to_it(
    qtbot: QtBot, asker: EveryAsker, tmp_path: Path
) -> None:
    run = make_sorting_run(tmp_path)
    (run.path / CORRECTIONS_FILE).write_text("no json\n\n", encoding="utf-8")
    tab = opened(qtbot, asker, run)
    assert "cannot be read" in tab.corrected.note.text()
    assert not tab.corrected.train_button.isVisible()
    assert "Correct ..." not in cells(tab.mistakes, 0)


# several labels, and likeness


def made(
    runs: Path, task: str, labels: list[str], report: dict[str, Any], rows: list[dict[str, Any]]
) -> RunDir:
    spec = new_spec("bert", "rows.csv", name="Small one", stage="finetune", task=task, method="full")
    run = create_run(runs, spec)
    run.model.mkdir()
    (run.path / "evaluation.json").write_text(json.dumps({"task": task, "labels": labels, "test": report}))
    lines = [json.dumps({"part": "test", "key": n, "row": n + 2, **each}) for n, each in enumerate(rows)]
    (run.path / "predictions.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    parts = {"train": 9, "val": 2, "test": len(rows)}
    writer = EventWriter(run.events_file)
    for event in (
        ev.Started(attempt=1, versions={"ptft-gui": "0.1.0"}),
        ev.Resolved(
            values={"labels": labels, "parts": parts, "epochs": 1, "seed": 1, "global_batch_size": 16}
        ),
        ev.Steps(step=[9], columns={"progress": [1.0], "epoch": [1.0], "texts": [9.0], "lr": [0.001]}),
        ev.Finished(reason="length", step=9, seconds=2.0),
    ):
        writer.write(event)
    writer.close()
    return run


@pytest.fixture
def labelled(tmp_path: Path) -> RunDir:
    names = ["art", "money", "war"]
    given = [["art"], ["money", "war"], ["war"], []]
    said = [["art"], ["money"], ["art", "war"], []]
    report = report_of_labels(given, said, names, "war")
    rows = [
        {"text": f"text {n}", "labels": mine, "predicted": theirs, "scores": [0.9] * len(theirs)}
        for n, (mine, theirs) in enumerate(zip(given, said, strict=True))
    ]
    return made(tmp_path, "multilabel", names, report, rows)


@pytest.fixture
def compared(tmp_path: Path) -> RunDir:
    given, said = [0.0, 1.0, 2.0, 5.0, 4.0], [0.5, 1.5, 1.0, 4.0, 1.0]
    rows = [
        {"text": f"one {n}", "text_pair": f"other {n}", "label": mine, "predicted": theirs}
        for n, (mine, theirs) in enumerate(zip(given, said, strict=True))
    ]
    return made(tmp_path, "pair-similarity", [], report_of_scores(given, said), rows)


def texts(tab: ScoreTab) -> str:
    return "\n".join(label.text() for label in tab.findChildren(QLabel) if label.isVisible())


def test_several_labels_have_a_page_of_their_own(qtbot: QtBot, asker: EveryAsker, labelled: RunDir) -> None:
    tab = opened(qtbot, asker, labelled)
    told = texts(tab)
    for words in (
        "Score to report",
        "Micro F1",
        "Macro F1",
        "Texts with all labels right",
        "a share of 0.50 on",
    ):
        assert words in told
    page = tab._other
    assert page is not None
    assert cells(page.table, 2) == ["war", "1.00", "0.50", "0.67", "2"]
    found = {tuple(cells(page.mistakes.table, row)[:3]) for row in range(2)}
    assert found == {("text 1", "war", ""), ("text 2", "", "art")}
    page.numbers.methods_button.click()
    assert "Texts were given any of 3 labels" in QGuiApplication.clipboard().text()
    assert "Micro F1 was 0.750" in QGuiApplication.clipboard().text()


def test_labels_are_added_and_taken_away_one_by_one(
    qtbot: QtBot, asker: EveryAsker, labelled: RunDir
) -> None:
    page = opened(qtbot, asker, labelled)._other
    assert page is not None
    table = page.mistakes.table
    place = next(row for row in range(2) if cells(table, row)[0] == "text 2")
    choose(table, place, "art")
    assert cells(table, place)[-1] == "now: war, art"
    choose(table, place, "war")
    assert cells(table, place)[-1] == "now: art"
    assert "micro F1 0.750 before" in page.corrected.scores.text()
    choose(table, place, "war")
    choose(table, place, "art")  # as the file has it again
    assert cells(table, place)[-1] == "Correct ..."


def test_likeness_shows_both_correlations_the_points_and_the_largest_differences(
    qtbot: QtBot, asker: EveryAsker, compared: RunDir
) -> None:
    tab = opened(qtbot, asker, compared)
    told = texts(tab)
    for words in ("Same order (Spearman)", "Straight line (Pearson)", "Largest differences"):
        assert words in told
    page = tab._other
    assert page is not None
    assert page.likeness.chart.range() == (0.0, 5.0)
    assert page.likeness.sentence.text() == "2 of 5 pairs lie above the line, 3 below."
    assert cells(page.mistakes.table, 0)[:4] == ["one 4", "other 4", "4.00", "1.00"]
    assert "Spearman's rank correlation with the given scores was" in page.numbers.paragraph()
    choose(page.mistakes.table, 0, "Leave this row out")
    assert "order (Spearman)" in page.corrected.scores.text()


# repeated five times


def shown_with(run: RunDir, **resolved: Any) -> ShownRun:
    summary = summary_of(run)
    summary.fold([ev.Resolved(values=resolved)])
    return ShownRun(run, summary, "finished")


@pytest.mark.parametrize("task", ["multilabel", "pair-similarity", "tagging", "question-answering"])
def test_every_task_of_rows_can_be_repeated(task: str, tmp_path: Path) -> None:
    spec = new_spec(
        "bert", "rows.csv", stage="finetune", task=task, method="full", init_from="folder", init="x"
    )
    folds = fold_specs(spec, "Mine")
    assert [fold.data.fold for fold in folds] == [1, 2, 3, 4, 5]
    assert [problem.key for fold in folds for problem in problems_of(fold)] == [
        problem.key for _ in folds for problem in problems_of(spec)
    ]


def test_rows_that_bring_their_own_test_part_say_why_they_are_not_repeated(labelled: RunDir) -> None:
    own = "12 rows: 8 to learn from, 4 for the final score (as you gave them)."
    assert may_repeat(shown_with(labelled))
    assert why_not_repeated(shown_with(labelled)) == ""
    assert not may_repeat(shown_with(labelled, split_sentence=own))
    assert "brings its own test part" in why_not_repeated(shown_with(labelled, split_sentence=own))
