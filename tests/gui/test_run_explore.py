"""The Explore tab: nearest words, the way back, unknown words, analogies, a word's history."""

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QWidget

from ptft_gui.gui.panels.run.explore.word_history import spread_moments
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.similarity_table import SimilarityTable
from ptft_gui.gui.widgets.word_grid import WordGrid
from tests.gui import fake_asker
from tests.gui.fixtures_runs import summary_of
from tests.gui.run_pages import open_run


def ask(opened, qtbot, word):
    query = opened.find(QLineEdit, "neighbourQuery")
    query.clear()
    qtbot.keyClicks(query, word)
    qtbot.keyClick(query, Qt.Key.Key_Return)


def test_an_ended_run_opens_with_the_neighbours_of_its_first_word(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    assert opened.asker.questions("similar") == [{"model": str(opened.run.path), "text": "music", "topn": 12}]
    table = opened.find(SimilarityTable, "neighbourTable")
    assert table.isVisible()
    assert table.rows()[0] == ("folk", 0.711)
    assert opened.text("neighbourHeading") == "Nearest to music"


def test_enter_on_a_neighbour_walks_on_and_back_returns(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    table = opened.find(SimilarityTable, "neighbourTable")
    table.setCurrentIndex(table.model().index(1, 1))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.text("neighbourHeading") == "Nearest to poetry"
    ask(opened, qtbot, "war")
    asked = [question["text"] for question in opened.asker.questions("similar")]
    assert asked == ["music", "poetry", "war"]
    opened.click("backButton")
    assert opened.text("neighbourHeading") == "Nearest to poetry"
    next(a for a in opened.page.view_actions if a.objectName() == "backAction").trigger()
    assert opened.text("neighbourHeading") == "Nearest to music"
    assert not opened.find(QWidget, "backButton").isEnabled()


def test_old_neighbours_never_stand_under_a_new_word(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.asker.holds.add("similar")
    ask(opened, qtbot, "war")
    assert opened.find(SimilarityTable, "neighbourTable").rows() == []
    opened.asker.release()
    assert opened.text("neighbourHeading") == "Nearest to war"


def test_an_unknown_word_offers_close_words_and_a_remedy(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    ask(opened, qtbot, "lute")
    note = opened.page.explore.neighbours._problem
    assert note.isVisible()
    assert "is not among the 8,599 words" in note.text()
    assert "It occurs 3 times; the limit was 5." in note.text()
    assert not opened.find(SimilarityTable, "neighbourTable").isVisible()
    note.findChild(QPushButton, "remedyButton").click()
    assert opened.requests == [("page_action", "new_run_with", {"min_count": 3})]
    close = [b for b in note.findChildren(QPushButton, "closeWord") if b.isVisible()]
    assert [button.text() for button in close] == ["king", "kings", "kingdom"]
    close[2].click()
    assert opened.text("neighbourHeading") == "Nearest to kingdom"
    assert not note.isVisible()
    opened.click("backButton")
    assert opened.text("neighbourHeading") == "Nearest to music"


@pytest.mark.qt_log_ignore("does not support", extend=True)  # offscreen a list cannot pop up in front
def test_type_ahead_offers_words_of_the_vocabulary(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    query = opened.find(QLineEdit, "neighbourQuery")
    opened.page.activateWindow()
    query.setFocus()
    qtbot.waitUntil(query.hasFocus)
    query.clear()
    qtbot.keyClicks(query, "mus")
    qtbot.waitUntil(lambda: bool(query.offered()))
    assert query.offered() == ["music", "musical", "musicians"]
    assert opened.asker.questions("complete")[-1]["prefix"] == "mus"
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Return):
        qtbot.keyClick(query._popup, key)
    assert opened.text("neighbourHeading") == "Nearest to musical"
    assert not query._popup.isVisible()


def test_type_ahead_completes_the_word_at_the_cursor_of_an_analogy(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished", dataset="little-kingdom")
    field = opened.find(QLineEdit, "analogyInput")
    field.setText("king - man + wo")
    field._on_chosen("woman")
    assert field.text() == "king - man + woman"


def test_the_table_goes_to_the_clipboard_and_to_a_file(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.click("copyNeighboursButton")
    assert QGuiApplication.clipboard().text().splitlines()[0] == "1\tfolk\t0.7110"
    target = tmp_path / "near.csv"
    opened.page.explore.neighbours.save_csv(str(target))
    rows = list(csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1] == {"query": "music", "rank": "2", "word": "poetry", "similarity": "0.694"}
    opened.page.explore.neighbours.save_csv(str(tmp_path / "missing" / "near.csv"))
    assert [request[0] for request in opened.requests] == ["said", "said", "failed"]


def test_an_analogy_is_asked_and_answered(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished", dataset="little-kingdom")
    opened.page.explore.choose("analogy")
    table = opened.find(SimilarityTable, "analogyTable")
    assert table.isVisible(), "the first tested question is asked when the run is opened"
    assert table.rows()[0][0] == "queen"
    chips = [b.text() for b in opened.page.findChildren(QPushButton, "analogyExample") if b.isVisible()]
    assert "king - man + woman" in chips


def test_a_small_text_says_that_analogies_need_more(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    assert opened.text("analogyWarning") == (
        "Analogies usually need millions of words. This text has 0.4 million."
    )
    assert opened.page.explore.analogy.examples() == (), (
        "no question is promised that this text cannot answer"
    )


def test_without_a_tested_question_the_analogies_say_what_to_do(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.explore.choose("analogy")
    (empty,) = opened.page.explore.analogy.findChildren(EmptyState)
    assert empty.isVisible()
    opened.page.explore.analogy.ask("kingg - man + woman")
    assert not empty.isVisible(), "the problem is said instead"
    opened.page.explore.analogy.ask("king - man + woman")
    assert not empty.isVisible()
    assert opened.find(SimilarityTable, "analogyTable").isVisible()


def test_an_unknown_word_of_an_analogy_is_replaced_by_a_close_one(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.explore.choose("analogy")
    opened.page.explore.analogy.ask("kingg - man + woman")
    note = opened.page.explore.analogy._problem
    note.findChildren(QPushButton, "closeWord")[0].click()
    assert opened.asker.questions("analogy")[-1]["text"] == "king - man + woman"
    assert opened.find(SimilarityTable, "analogyTable").isVisible()


def test_the_history_of_a_word_runs_from_before_to_the_end(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    grid = opened.find(WordGrid, "wordHistory")
    assert grid.heads()[0] == "before"
    assert grid.heads()[-1] == "end"
    first, last = grid.cells()[0][0], grid.cells()[0][-1]
    assert (first.word, last.word) != ("folk", "most")
    assert last.word == "folk"
    choice = opened.find(QComboBox, "historyWord")
    ask(opened, qtbot, "war")
    assert choice.currentText() == "war", "a watched word that is asked for is shown"


def test_moments_are_denser_at_the_beginning():
    assert spread_moments([]) == []
    assert spread_moments([1]) == [1]
    assert spread_moments(list(range(101))) == [0, 6, 25, 56, 100]


def test_while_a_run_lives_the_tab_says_why_there_is_nothing_to_ask(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    opened.page.tab_row.choose("explore")
    assert {kind for kind, _ in opened.asker.asked} <= {"motion"}  # the map of the Train tab is being woken
    empty = next(e for e in opened.page.explore.findChildren(EmptyState) if e.isVisible())
    assert "still learning" in empty.sentence()
    empty.button.click()
    assert opened.page.tab_row.current() == "train"


def test_a_lost_run_with_a_checkpoint_can_be_resumed_from_here(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "lost")
    opened.page.tab_row.choose("explore")
    next(e for e in opened.page.explore.findChildren(EmptyState) if e.isVisible()).button.click()
    assert opened.requests == [("resume_run", {})]


def test_the_tab_wakes_up_when_the_run_ends(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    summary = summary_of(opened.run)
    opened.page.show_run(opened.run, summary, "running")
    opened.page.tab_row.choose("explore")
    assert not opened.find(SimilarityTable, "neighbourTable").isVisible()
    opened.page.refresh(summary, "finished")
    assert opened.find(SimilarityTable, "neighbourTable").isVisible()


def test_where_no_other_word_is_left_the_analogy_says_so(qtbot, tmp_path, monkeypatch):
    nothing = {"positive": ["king", "woman"], "negative": ["man"], "neighbours": []}
    monkeypatch.setitem(fake_asker._ANSWERS, "analogy", lambda _: nothing)
    asked = [["king", 0.0, 0.0, "asked"], ["man", 1.0, 0.0, "asked"], ["woman", 0.0, 1.0, "asked"]]
    plane = {"points": asked, "target": [1.0, 1.0], "arrows": [], "sentence": ""}
    monkeypatch.setitem(fake_asker._ANSWERS, "plane", lambda _: plane)
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.explore.choose("analogy")
    card = opened.page.explore.analogy
    card.ask("king - man + woman")
    assert card._problem.text().startswith("There is no other word to lead to.")
    assert not card.table.isVisible()
    assert not card.picture.isVisible()
    assert not card.export.isEnabled()
