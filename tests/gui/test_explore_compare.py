"""The same word in two models and what changed between them: chosen, followed, missing, late, taken along."""

from __future__ import annotations

import csv
import json
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.overview import RunOverview
from ptft_gui.gui.panels.run.explore.other_model import OtherModel, start_of
from ptft_gui.gui.widgets.change_table import ChangeTable
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.similarity_table import SimilarityTable
from tests.gui.fixtures_runs import make_run, summary_of
from tests.gui.run_pages import Opened, open_run

OTHER = OtherModel("/somewhere/other.vec", "other.vec")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Opened:
    opened = open_run(qtbot, tmp_path, "finished")
    opened.page.explore.choose("compare")
    return opened


def row(name: str, state: str = "finished", **changes: Any) -> RunOverview:
    values: dict[str, Any] = {
        "name": name, "title": f"Title of {name}", "family": "Word2Vec", "dataset": "wikipedia", "state": state,
        "number": "", "headline": "", "problem": "", "created": time.time(),
    }  # fmt: skip
    return RunOverview(**{**values, **changes})


def offered(opened: Opened) -> list[str]:
    combo = opened.find(QComboBox, "otherModel")
    return [combo.itemText(place) for place in range(combo.count()) if combo.itemText(place)]


def empty_sentence(opened: Opened, card: QWidget) -> str:
    return next(e.sentence() for e in card.findChildren(EmptyState) if e.isVisible())


def test_without_another_model_the_tab_says_what_to_choose(opened: Opened) -> None:
    assert empty_sentence(opened, opened.page.explore.compare).startswith("Choose another model above")
    opened.page.explore.choose("changes")
    assert empty_sentence(opened, opened.page.explore.changes).startswith("Choose another model above")
    assert opened.asker.questions("compare_models") == opened.asker.questions("changes") == []


def test_the_list_offers_other_ended_runs_with_vectors(opened: Opened) -> None:
    own = opened.run.name
    runs = [
        row(own),
        row("b"),
        row("c", "running"),
        row("d", "stopped", family="GloVe"),
        row("e", family="BERT"),
    ]
    opened.page.explore.show_runs(runs, opened.run.path.parent)
    assert offered(opened) == [
        "Choose a model ...", "Title of b", "Title of d", "Open a file of vectors...", "Open a model folder...",
    ]  # fmt: skip


def test_runs_of_one_name_are_told_apart(opened: Opened) -> None:
    runs = [row("b", title="Same", created=0.0), row("c", title="Same", created=60.0)]
    opened.page.explore.show_runs(runs, opened.run.path.parent)
    first, second = offered(opened)[1:3]
    assert first != second
    assert first.startswith("Same, 19")


def test_both_lists_stand_side_by_side_with_what_they_share(opened: Opened) -> None:
    opened.page.explore.other.choose(OTHER)
    (question,) = opened.asker.questions("compare_models")
    assert question == {"model": str(opened.run.path), "other": OTHER.path, "text": "music", "topn": 12}
    here, there = (opened.find(SimilarityTable, name) for name in ("compareHere", "compareThere"))
    assert here.isVisible()
    assert [word for word, _ in there.rows()] == ["songs", "folk", "jazz"]
    marked = [n.word for table in (here, there) for n in table._model.rows if n.is_new]
    assert marked == ["folk", "folk"]
    assert opened.text("compareSentence") == "1 of 3 nearest words is the same."


def test_another_word_at_the_left_is_asked_in_both(opened: Opened) -> None:
    opened.page.explore.other.choose(OTHER)
    opened.page.explore.neighbours.ask("war")
    assert opened.asker.questions("compare_models")[-1]["text"] == "war"
    opened.page.explore.choose("map")
    opened.page.explore.neighbours.ask("king")
    assert opened.asker.questions("compare_models")[-1]["text"] == "war", "an unseen tab asks nothing"
    opened.page.explore.choose("compare")
    assert opened.asker.questions("compare_models")[-1]["text"] == "king"


def test_a_word_that_the_other_model_lacks_is_said_on_its_side(opened: Opened) -> None:
    opened.page.explore.other.choose(OTHER)
    opened.page.explore.neighbours.ask("sea")
    opened.page.explore.compare.set_word("sea")
    side = opened.page.explore.compare.pair.right
    assert side.nothing.isVisible()
    assert side.nothing.text() == "This model does not know the word."


def test_another_model_that_vanished_is_told_and_another_can_be_chosen(opened: Opened) -> None:
    opened.page.explore.other.choose(OtherModel("/gone/model", "gone"))
    note = opened.page.explore.compare._problem
    assert note.isVisible()
    assert note.text() == "/gone/model does not exist. Nothing is there any more. Choose another model."
    assert not opened.page.explore.compare.export.isEnabled()
    opened.page.explore.other.choose(OTHER)
    assert not note.isVisible()
    assert opened.find(SimilarityTable, "compareHere").isVisible()


def test_an_answer_about_another_run_is_dropped(opened: Opened, tmp_path: Path) -> None:
    opened.asker.holds.add("compare_models")
    opened.page.explore.other.choose(OTHER)
    late, opened.asker.held = opened.asker.held, []
    other = make_run(tmp_path, "stopped")
    opened.page.show_run(other, summary_of(other), "stopped")
    for answer in late:
        answer()
    assert not opened.find(SimilarityTable, "compareHere").isVisible()


def test_what_changed_is_ranked_and_a_row_shows_its_neighbours(qtbot: QtBot, opened: Opened) -> None:
    opened.page.explore.other.choose(OTHER)
    assert opened.asker.questions("changes") == [], "nothing is computed before it is looked at"
    opened.page.explore.choose("changes")
    (question,) = opened.asker.questions("changes")
    assert question == {"model": str(opened.run.path), "other": OTHER.path, "topn": 100, "sort": "most"}
    table = opened.find(ChangeTable, "changeTable")
    assert [change.word for change in table.changes()] == ["war", "music", "=cell"]
    assert opened.text("changeBefore") == "war before: army 0.60"
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(1, 0)).center()
    )
    assert opened.text("changeAfter") == "music after: folk 0.70, dance 0.60"
    assert opened.text("newWords") == "New words, the most frequent first: laptop, website"
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.text("neighbourHeading") == "Nearest to music"


def test_the_least_changed_can_come_first(opened: Opened) -> None:
    opened.page.explore.other.choose(OTHER)
    opened.page.explore.choose("changes")
    sort = opened.find(QComboBox, "changeSort")
    sort.setCurrentIndex(sort.findData("least"))
    assert opened.find(ChangeTable, "changeTable").changes()[0].word == "=cell"


def test_a_vanished_model_is_told_in_what_changed_too(opened: Opened) -> None:
    opened.page.explore.choose("changes")
    opened.page.explore.other.choose(OtherModel("/gone/model", "gone"))
    note = opened.page.explore.changes._problem
    assert note.isVisible()
    assert not opened.page.explore.changes.export.isEnabled()


def test_the_start_of_a_run_is_chosen_by_itself(opened: Opened, tmp_path: Path) -> None:
    run = make_run(tmp_path, "stopped")
    config = json.loads((run.model / "config.json").read_text(encoding="utf-8"))
    config["initial"] = {"source": "/models/start", "name": "my start", "words": 900, "kept": "free"}
    (run.model / "config.json").write_text(json.dumps(config), encoding="utf-8")
    opened.page.show_run(run, summary_of(run), "stopped")
    assert opened.find(QComboBox, "otherModel").currentText() == "The start: my start"
    assert opened.asker.questions("compare_models")[-1]["other"] == "/models/start"
    opened.page.explore.choose("changes")
    assert opened.asker.questions("changes")[-1]["other"] == "/models/start"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"initial": 3}', '{"initial": {"source": 5}}'])
def test_a_damaged_config_has_no_start(tmp_path: Path, text: str) -> None:
    run = make_run(tmp_path, "finished")
    (run.model / "config.json").write_text(text, encoding="utf-8")
    assert start_of(run) is None


@pytest.mark.parametrize("part", ["compare", "changes"])
def test_both_leave_as_tables(opened: Opened, tmp_path: Path, part: str) -> None:
    opened.page.explore.other.choose(OTHER)
    opened.page.explore.choose(part)
    card = getattr(opened.page.explore, part)
    card.export.save(str(tmp_path / "t.csv"))
    rows = list(csv.reader((tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()))
    if part == "compare":
        assert rows[0] == ["query", "model", "rank", "word", "similarity"]
        assert rows[-1] == ["music", "other.vec", "3", "jazz", "0.7"]
    else:
        assert rows[0] == ["rank", "word", "change", "count", "before", "after"]
        assert rows[3][1] == "'=cell", "no spreadsheet takes a word for a formula"
