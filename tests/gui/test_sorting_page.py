"""The page of a run that sorts texts: tabs, Try it, a whole file, the score to report, the matrix and its rows."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from ptft_gui.core.rundir import RunDir
from ptft_gui.gui.panels.run import RunPage
from tests.gui.fixtures_runs import make_run, summary_of
from tests.gui.sorting_runs import DirectAsker, make_sorting_run


@pytest.fixture
def asker() -> Iterator[DirectAsker]:
    asker = DirectAsker()
    yield asker
    asker.answers.close()


def opened(qtbot: QtBot, asker: DirectAsker, run: RunDir) -> RunPage:
    page = RunPage(asker)
    qtbot.addWidget(page)
    page.resize(1040, 696)
    page.show()
    page.show_run(run, summary_of(run), "finished")
    return page


@pytest.fixture
def page(qtbot: QtBot, asker: DirectAsker, tmp_path: Path) -> RunPage:
    return opened(qtbot, asker, make_sorting_run(tmp_path))


def is_offered(page: RunPage, name: str) -> bool:
    return page.findChild(QPushButton, name).isVisibleTo(page)


def test_it_opens_where_it_can_be_tried(page: RunPage) -> None:
    assert page.tab_row.current() == "try_it"
    headline = page.findChild(QLabel, "runHeadline").text()
    assert headline == (
        'Sorts texts into 2 classes: 0.857 right on the test rows; always "land" would be 0.540 right.'
    )
    steps = [page.findChild(QPushButton, f"nextStep{number}").text() for number in (1, 2)]
    assert steps == ["Try it", "Classify a file"]


def test_other_runs_have_no_try_it(qtbot: QtBot, page: RunPage, tmp_path: Path) -> None:
    words = make_run(tmp_path, "finished")
    page.show_run(words, summary_of(words), "finished")
    assert not is_offered(page, "tab_try_it")
    page.tab_row.choose("evaluate")
    assert page._stack.currentWidget() is page.evaluate
    sorting = make_sorting_run(tmp_path)
    page.show_run(sorting, summary_of(sorting), "finished")
    assert is_offered(page, "tab_try_it")
    page.tab_row.choose("evaluate")
    assert page._stack.currentWidget() is page.score


def test_a_text_is_answered_as_it_is_typed(page: RunPage) -> None:
    page.try_it.ask("The SEA, a ship and a zeppelin")
    answer = page.try_it.answer
    assert answer.headline.text() == "water"
    assert [label for label, _ in answer.bars.classes()] == ["water", "land"]
    assert sum(share for _, share in answer.bars.classes()) == pytest.approx(1, abs=1e-5)
    marked = dict(answer.words.marked())
    assert marked["SEA"] == pytest.approx(2 * marked["ship"])
    assert marked["zeppelin"] is None
    assert "zeppelin" in answer.unknown.text()
    page.try_it.ask("   ")
    assert answer.headline.text() == ""


def test_a_text_without_a_known_word_says_so(page: RunPage) -> None:
    page.try_it.ask("zeppelin \u6d77 \U0001f600")
    texts = [label.text() for label in page.try_it.answer.findChildren(QLabel)]
    assert "No word of this text is known to the model" in texts


def test_a_very_long_text_is_answered_or_refused_in_words(page: RunPage) -> None:
    page.try_it.ask("ship " * 3_000)
    assert page.try_it.answer.headline.text() == "water"
    assert not page.try_it.answer.words.isVisibleTo(page.try_it)
    page.try_it.ask("ship " * 30_000)
    assert page.try_it.answer.problem.text().startswith("The text is too long to be typed in.")


def test_the_last_ten_texts_can_be_asked_again(page: RunPage) -> None:
    for number in range(12):
        page.try_it.ask(f"ship {number}")
        page.try_it.asked.keep_now()
    assert page.try_it.asked.texts() == [f"ship {number}" for number in range(11, 1, -1)]
    page.try_it.asked.list.itemActivated.emit(page.try_it.asked.list.item(4))
    assert page.try_it.input.toPlainText() == "ship 7"
    page.try_it.asked.keep_now()
    assert page.try_it.asked.texts()[0] == "ship 7"
    assert len(page.try_it.asked.texts()) == 10


def test_a_whole_file_is_sorted_into_a_new_one(
    page: RunPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "open answers.csv", tmp_path / "answers.csv"
    rows = "".join(f'{number},"the {word} {number}"\n' for number, word in enumerate(["ship", "tree"] * 20))
    source.write_text("Lfd. Nr.,Was sehen Sie?\n" + rows, encoding="utf-8")
    card = page.try_it.file
    card.choose_file(str(source))
    card.write_to(str(target))
    assert card.done.text() == f"40 rows answered: {target}"
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page.findChild(QPushButton, "openAnswersButton").click()
    assert opened == [str(target)]
    with target.open(encoding="utf-8-sig", newline="") as file:
        answered = list(csv.DictReader(file))
    assert [row["predicted"] for row in answered[:4]] == ["water", "land", "water", "land"]
    card.write_to(str(source))
    assert "open answers.csv holds the texts themselves." in card._problem.text()
    assert source.read_text(encoding="utf-8").endswith(rows)
    assert not page.findChild(QPushButton, "openAnswersButton").isVisible()


def test_the_focus_stays_with_the_card_while_a_file_is_sorted(
    qtbot: QtBot, asker: DirectAsker, page: RunPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button that is switched off would hand the focus on to some other part of the window."""
    page.activateWindow()
    page.tab_row.choose("try_it")
    card = page.try_it.file
    monkeypatch.setattr(asker, "ask", lambda *_: "1")
    card.choose.setFocus()
    dialog = QDialog(page)
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
    card.write_to(str(tmp_path / "answers.csv"))
    dialog.close()
    assert page.focusWidget().objectName() == "classifyGiveUpButton"
    card.give_up()
    assert page.focusWidget() is card.choose


def test_rows_without_label_are_offered_where_there_are_any(
    qtbot: QtBot, asker: DirectAsker, page: RunPage, tmp_path: Path
) -> None:
    assert not is_offered(page, "classifyUnlabelledButton")
    run = make_sorting_run(tmp_path / "more", unlabelled=612)
    page.show_run(run, summary_of(run), "finished")
    button = page.findChild(QPushButton, "classifyUnlabelledButton")
    assert button.isVisibleTo(page)
    assert button.text() == "Classify the 612 rows without label"


def test_the_score_is_told_with_all_that_belongs_to_it(page: RunPage, qtbot: QtBot) -> None:
    page.tab_row.choose("evaluate")
    told = page.score.score.text()
    assert told.startswith("Score to report On 28 test rows, which were read once, when the run ended. 0.86")
    assert 'right if "land" is always answered' in told
    assert "true share may lie anywhere between 0.69 and 0.94" in told
    with qtbot.waitSignal(page.said) as said:
        page.findChild(QPushButton, "copyMethodsButton").click()
    assert said.args == ["The paragraph is on the clipboard."]
    assert QGuiApplication.clipboard().text() == (
        "Texts were classified into 2 classes with a linear layer on the averaged word vectors of wikipedia (Word2Vec; "
        "full, best of up to 3 epochs: epoch 2, learning rate 0.001, batches of 32, seed 1). Rows: 200 rows = 186 "
        "used + 14 copies, left out. 130 rows were used for training, 28 for choosing the best epoch and 28, not used "
        "for either, for testing; equal texts were kept in the same part. Accuracy was 0.857 (95 % CI 0.685-0.943), "
        "macro F1 0.854 (95 % CI 0.704-0.964); always answering the most frequent class gives 0.536. Software: "
        "ptft-gui 0.1.0, torch 2.13.0, numpy 2.4.6."
    )


def test_a_cell_lists_its_sentences(page: RunPage) -> None:
    page.tab_row.choose("evaluate")
    confusion = page.score.confusion
    assert confusion.rows_title.text() == '"water", answered "land": 3'
    cells = confusion.rows.cells
    assert [cells.cell(row, 0) for row in range(3)] == [f"<b>row {n}</b> about water" for n in (13, 12, 11)]
    confusion.matrix.choose("land", "land")
    assert confusion.rows_title.text() == '"land", answered right: 14'
    assert confusion.matrix.cells.sentence(0, 1) == (
        '3 of 13 rows that are "water" were answered "land" (23 %).'
    )


def test_classes_and_worst_mistakes_stand_below(page: RunPage) -> None:
    page.tab_row.choose("evaluate")
    classes, mistakes = page.score.classes.cells, page.score.mistakes.cells
    assert [classes.cell(0, column) for column in range(5)] == ["water", "0.91", "0.77", "0.83", "13"]
    assert [mistakes.cell(0, column) for column in (1, 2)] == ["land", "water"]
    assert mistakes.rowCount() == 4


def test_held_out_scores_are_not_to_report(qtbot: QtBot, asker: DirectAsker, tmp_path: Path) -> None:
    page = opened(qtbot, asker, make_sorting_run(tmp_path, has_test=False))
    page.tab_row.choose("evaluate")
    told = page.score.score.text()
    assert told.startswith("Score on held-out rows")
    assert "validation, used to choose the best moment; not to report" in told
    assert not is_offered(page, "copyMethodsButton")


def test_damaged_scores_say_so(qtbot: QtBot, asker: DirectAsker, tmp_path: Path) -> None:
    run = make_sorting_run(tmp_path)
    (run.path / "evaluation.json").write_text(json.dumps({"labels": 3}), encoding="utf-8")
    page = opened(qtbot, asker, run)
    page.tab_row.choose("evaluate")
    assert "cannot be read" in page.score._problem.text()
    assert not page.score.score.isVisibleTo(page.score)


def test_training_shows_accuracy_and_watches_no_words(qtbot: QtBot, page: RunPage) -> None:
    page.tab_row.choose("train")
    qtbot.waitUntil(lambda: page.train._small.is_drawn)
    assert page.train.watched.isHidden()
    assert page.train.motion.isHidden()
    names = [curve.label for curve in page.train._small._scores._curves]
    assert names == ["accuracy", "macro F1"]
    facts = [label.text() for label in page.train._facts.findChildren(QLabel)]
    assert facts[2:4] == ["Texts read", "390"]


def test_words_are_watched_again_in_the_next_run_of_words(page: RunPage, tmp_path: Path) -> None:
    words = make_run(tmp_path, "finished")
    page.show_run(words, summary_of(words), "finished")
    page.tab_row.choose("train")
    assert not page.train.watched.isHidden()
    assert not page.train.motion.isHidden()
