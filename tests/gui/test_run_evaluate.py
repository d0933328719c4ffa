"""The Evaluate tab: gold sets are measured one after another, and coverage is told honestly."""

import csv

from PySide6.QtWidgets import QTableView, QWidget

from ptft_gui.gui.widgets.empty_state import EmptyState
from tests.gui.fixtures_runs import make_run, summary_of
from tests.gui.run_pages import open_run


def cards_of(opened):
    return {card.gold_set.gold: card for card in opened.page.evaluate._cards}


def open_evaluate(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.tab_row.choose("evaluate")
    return opened


def test_a_similarity_set_tells_number_and_coverage(qtbot, tmp_path):
    opened = open_evaluate(qtbot, tmp_path)
    opened.click("measure_wordsim353")
    text = cards_of(opened)["wordsim353"].text()
    assert text.startswith("0.54 rank correlation")
    assert text.endswith("203 of 353 pairs are in this vocabulary.")


def test_few_pairs_are_said_to_mean_little(qtbot, tmp_path):
    opened = open_evaluate(qtbot, tmp_path)
    opened.click("measure_simlex999")
    assert "64 of 999 pairs are in this vocabulary; below 100 pairs the number means little." in (
        cards_of(opened)["simlex999"].text()
    )


def test_analogies_tell_their_groups(qtbot, tmp_path):
    opened = open_evaluate(qtbot, tmp_path)
    opened.click("measure_questions-words")
    card = cards_of(opened)["questions-words"]
    assert card.text() == (
        "5 % answered right: 15 of 264 questions 264 of 19,544 questions have only words of this vocabulary."
    )
    card._sections.set_open(True)
    model = card.findChild(QTableView, "goldSectionTable").model()
    assert [model.index(1, column).data() for column in range(4)] == ["family", "3", "42", "506"]


def test_lines_left_out_and_the_sums_of_groups_are_shown(qtbot, tmp_path):
    opened = open_evaluate(qtbot, tmp_path)
    card = cards_of(opened)["questions-words"]
    result = {"correct": 1, "questions": 4, "questions_known": 2, "kind": "analogy"}
    sections = [["family", 1, 1, 2], ["gram1", 0, 1, 2]]
    groups = [["meaning", 1, 1, 2], ["grammar", 0, 1, 2]]
    notice = '1 line of another form was left out. Line 3 reads "so".'
    card._on_result(result | {"sections": sections, "groups": groups, "notice": notice})
    assert card.text().endswith(f"of this vocabulary. {notice}")
    model = card.findChild(QTableView, "goldSectionTable").model()
    assert [model.index(row, 0).data() for row in range(4)] == ["family", "gram1", "meaning", "grammar"]


def test_questions_wait_for_one_another(qtbot, tmp_path):
    opened = open_evaluate(qtbot, tmp_path)
    opened.asker.holds.add("evaluate")
    opened.click("measure_wordsim353")
    opened.click("measure_simlex999")
    assert len(opened.asker.questions("evaluate")) == 1
    assert opened.text("measure_simlex999") == "Waiting ..."
    opened.asker.release()
    assert len(opened.asker.questions("evaluate")) == 2
    opened.asker.release()
    assert "64 of 999" in cards_of(opened)["simlex999"].text()


def test_a_file_of_ones_own_gets_a_card(qtbot, tmp_path):
    opened = open_evaluate(qtbot, tmp_path)
    own = tmp_path / "my-pairs.tsv"
    own.write_text("king\tqueen\t8\n", encoding="utf-8")
    opened.page.evaluate.measure_pairs(str(own))
    assert opened.asker.questions("evaluate")[-1] == {
        "model": str(opened.run.path),
        "gold": str(own),
        "kind": "similarity",
    }
    assert cards_of(opened)[str(own)].text().startswith("0.54")


def test_another_run_starts_unmeasured(qtbot, tmp_path):
    opened = open_evaluate(qtbot, tmp_path)
    opened.click("measure_wordsim353")
    other = make_run(tmp_path, "stopped")
    opened.page.show_run(other, summary_of(other), "stopped")
    opened.page.tab_row.choose("evaluate")
    assert cards_of(opened)["wordsim353"].text() == ""
    assert len(opened.asker.questions("gold_sets")) == 1


def test_a_live_run_cannot_be_measured_yet(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "running")
    opened.page.tab_row.choose("evaluate")
    assert not [kind for kind, _ in opened.asker.asked if kind in ("gold_sets", "evaluate")]
    assert next(e for e in opened.page.evaluate.findChildren(EmptyState) if e.isVisible()).sentence()


def test_a_result_leaves_as_a_table(qtbot, tmp_path):
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.tab_row.choose("evaluate")
    export = opened.find(QWidget, "export_questions-words")
    assert not export.isVisible(), "there is nothing to take along yet"
    opened.click("measure_questions-words")
    assert export.isVisible()
    export.save(str(tmp_path / "e.csv"))
    rows = list(csv.reader((tmp_path / "e.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows[1] == ["Google analogies", "15", "264", "19544"]
    assert rows[2] == ["capital-common-countries", "12", "90", "506"]
    assert opened.requests[-1] == ("said", f"Saved as {tmp_path / 'e.csv'}")
