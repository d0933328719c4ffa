"""The map on the Explore tab: asked for by itself, quick before slow, searched, selected, watched, taken along."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QListView, QWidget
from pytestqt.qtbot import QtBot

from ptft_gui.core.companion_protocol import KINDS
from ptft_gui.core.errors import ModelError
from ptft_gui.gui.widgets.word_map import WordMap
from tests.gui.fake_meaning import MEANING_ANSWERS, answer_map
from tests.gui.fixtures_runs import WATCHED, make_run, summary_of
from tests.gui.run_pages import Opened, open_run


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Opened:
    return open_run(qtbot, tmp_path, "finished")


def choose(opened: Opened, name: str, value: object) -> None:
    """Choose in a list as a person does."""
    combo = opened.find(QWidget, name)
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def the_map(opened: Opened) -> WordMap:
    return opened.find(WordMap, "embeddingMap")


def methods(opened: Opened) -> list[str]:
    return [str(question["method"]) for question in opened.asker.questions("map")]


def test_an_ended_run_shows_its_map_without_a_click(opened: Opened) -> None:
    (question,) = opened.asker.questions("map")
    assert question["model"] == str(opened.run.path)
    assert (question["method"], question["dimensions"], question["sample"]) == ("pca", 2, 100_000)
    assert set(WATCHED) <= set(question["words"]), "the watched words are always on the map"
    assert the_map(opened).isVisible()
    assert opened.text("mapSentence").startswith("19 of 8,599 words, your words always included.")
    assert "31 % of what tells the words apart" in opened.text("mapSentence")


def test_the_word_at_the_left_is_marked_with_its_neighbours(opened: Opened) -> None:
    words = the_map(opened).scene.points.words
    marked = [words[row] for row in the_map(opened).scene.highlighted]
    assert marked[0] == "music"
    assert {"folk", "poetry"} <= set(marked)


def test_a_word_that_is_not_drawn_is_asked_for(opened: Opened) -> None:
    opened.page.explore.neighbours.ask("jazz")
    assert opened.asker.questions("map")[-1]["words"] == ["jazz", *WATCHED]
    assert "jazz" in the_map(opened).scene.points.words
    before = len(opened.asker.questions("map"))
    opened.page.explore.neighbours.ask("folk")
    assert len(opened.asker.questions("map")) == before, "folk is drawn already"


def test_a_word_asked_for_while_the_map_is_made_is_drawn_too(opened: Opened) -> None:
    opened.asker.holds.add("map")
    choose(opened, "mapDimensions", 3)
    opened.page.explore.neighbours.ask("jazz")
    opened.asker.release()
    assert "jazz" not in the_map(opened).scene.points.words
    opened.asker.release()
    assert "jazz" in the_map(opened).scene.points.words
    assert opened.asker.held == []


def test_a_word_outside_the_view_is_brought_to_the_middle(opened: Opened) -> None:
    chart = the_map(opened)
    chart.centre_on("queen")
    for _ in range(12):
        chart._zoom(2.0, chart.width() / 2, chart.height() / 2)
    row = chart.scene.row("war")
    assert not chart.rect().contains(*(round(v) for v in chart.on_screen()[row].tolist()))
    opened.page.explore.neighbours.ask("war")
    assert np.allclose(chart.on_screen()[row], (chart.width() / 2, chart.height() / 2), atol=2)


def test_a_slow_map_has_the_quick_one_before_it(opened: Opened) -> None:
    opened.asker.holds.add("map")
    choose(opened, "mapMethod", "tsne")
    assert methods(opened) == ["pca", "pca"], "first the same words by PCA"
    assert opened.asker.questions("map")[-1]["sample"] == 5_000
    opened.asker.release()
    assert methods(opened)[-1] == "tsne"
    quick = the_map(opened).scene.positions.copy()
    assert opened.find(QWidget, "mapCancelButton").isVisible()
    opened.asker.release()
    assert not opened.find(QWidget, "mapCancelButton").isVisible()
    assert the_map(opened)._travel.is_on or not np.allclose(the_map(opened).scene.positions, quick)


def test_giving_up_keeps_the_map_that_is_there(opened: Opened) -> None:
    opened.asker.holds.add("map")
    choose(opened, "mapMethod", "umap")
    opened.asker.release()
    opened.click("mapCancelButton")
    assert opened.find(QWidget, "mapMethod").currentData() == "pca"
    assert opened.text("mapSentence").startswith("19 of 8,599 words")
    shown = the_map(opened).scene.positions.copy()
    opened.asker.release()
    assert np.array_equal(the_map(opened).scene.positions, shown), "what comes late is dropped"


def test_more_words_say_what_they_cost(opened: Opened) -> None:
    tools = opened.page.explore.map.tools
    assert tools.cost_sentence() == ""
    choose(opened, "mapMethod", "tsne")
    assert tools.cost_sentence() == ""
    choose(opened, "mapSample", 8599)
    assert tools.cost_sentence() == "8,599 words take minutes; PCA shows them at once."
    assert opened.asker.questions("map")[-1]["sample"] == 8599


def test_choices_stay_when_another_run_is_opened(opened: Opened, tmp_path: Path) -> None:
    choose(opened, "mapDimensions", 3)
    choose(opened, "mapColour", "group")
    other = make_run(tmp_path, "stopped")
    opened.page.show_run(other, summary_of(other), "stopped")
    question = opened.asker.questions("map")[-1]
    assert (question["model"], question["dimensions"]) == (str(other.path), 3)
    assert the_map(opened).scene.positions.shape[1] == 3
    assert opened.page.explore.map.tools.colouring() == "group"


def test_an_answer_about_another_run_is_dropped(opened: Opened, tmp_path: Path) -> None:
    opened.asker.holds.add("map")
    choose(opened, "mapDimensions", 3)
    late, opened.asker.held = opened.asker.held, []
    other = make_run(tmp_path, "stopped")
    opened.page.show_run(other, summary_of(other), "stopped")
    for answer in late:
        answer()
    assert len(the_map(opened).scene.points) == 0, "the other run's map is not there yet"
    opened.asker.release()
    assert len(the_map(opened).scene.points) == 19


def test_a_column_of_an_own_file_colours_the_words(opened: Opened) -> None:
    card = opened.page.explore.map
    card.columns.read("/data/mine.csv")
    points = the_map(opened).scene.points
    values = {word: float(v) for word, v in zip(points.words, points.values, strict=True)}
    assert values["music"] == 4.5
    assert np.isnan(values["queen"])
    assert opened.find(QWidget, "mapColour").currentText() == "By rating"
    assert opened.requests[-1] == (
        "said",
        "5 of the 7 words in mine.csv have a value and are in this vocabulary.",
    )
    column = opened.find(QWidget, "mapColumn")
    assert column.isVisible()
    column.textActivated.emit("group")
    assert opened.asker.questions("word_column")[-1]["column"] == "group"
    points = the_map(opened).scene.points
    assert points.group_names == ("art", "power")
    assert points.groups[points.row_of["war"]] == 1
    assert points.groups[points.row_of["queen"]] == -1
    choose(opened, "mapColour", "group")
    assert the_map(opened).scene.points.group_names == ("music, folk, songs", "war, army, navy")
    assert not column.isVisible()


def test_a_file_that_cannot_colour_says_why_and_changes_nothing(opened: Opened) -> None:
    opened.page.explore.map.columns.read("/data/empty.csv")
    note = opened.page.explore.map._problem
    assert note.isVisible()
    assert note.text() == "empty.csv holds words, but no value beside them. Choose a file with two columns."
    assert opened.page.explore.map.tools.colouring() == "none"


def test_another_run_is_coloured_by_the_same_column(opened: Opened, tmp_path: Path) -> None:
    opened.page.explore.map.columns.read("/data/mine.csv")
    other = make_run(tmp_path, "stopped")
    opened.page.show_run(other, summary_of(other), "stopped")
    asked = opened.asker.questions("word_column")[-1]
    assert asked == {"model": str(other.path), "path": "/data/mine.csv", "column": "rating"}


def test_a_lasso_makes_a_list_to_watch_and_to_save(qtbot: QtBot, opened: Opened, tmp_path: Path) -> None:
    opened.find(QAbstractButton, "lassoButton").click()
    assert the_map(opened).is_lasso
    the_map(opened).set_selection(["war", "army", "king"])
    view = opened.find(QListView, "selectionList")
    assert view.isVisible()
    assert opened.text("selectionCount") == "3 words"
    card = opened.page.explore.map
    card.selection.export.save(str(tmp_path / "chosen.csv"))
    rows = list(csv.reader((tmp_path / "chosen.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert rows == [["word"], ["war"], ["army"], ["king"]]
    opened.click("watchSelectionButton")
    watched = [the_map(opened).scene.points.words[row] for row in the_map(opened).scene.watched]
    assert {"army", "king", "music"} <= set(watched)
    view.setCurrentIndex(view.model().index(2, 0))
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.text("neighbourHeading") == "Nearest to king"
    opened.click("closeSelectionButton")
    assert not view.isVisible()
    assert not the_map(opened).is_lasso
    assert the_map(opened).selection() == []


def test_esc_on_the_map_lets_the_lasso_button_go(qtbot: QtBot, opened: Opened) -> None:
    button = opened.find(QAbstractButton, "lassoButton")
    button.click()
    qtbot.keyClick(the_map(opened), Qt.Key.Key_Escape)
    assert not button.isChecked()


def test_a_word_of_the_map_is_asked(opened: Opened) -> None:
    the_map(opened).word_activated.emit("dance")
    assert opened.text("neighbourHeading") == "Nearest to dance"


@pytest.mark.parametrize("name", ["map.png", "map.svg"])
def test_the_map_leaves_as_a_picture(opened: Opened, tmp_path: Path, name: str) -> None:
    opened.page.explore.map.export.save(str(tmp_path / name))
    assert (tmp_path / name).stat().st_size > 1000
    assert opened.requests[-1] == ("said", f"Saved as {tmp_path / name}")


def test_the_words_of_the_map_leave_as_a_table(opened: Opened, tmp_path: Path) -> None:
    opened.page.explore.map.export.save(str(tmp_path / "map.csv"))
    rows = list(csv.DictReader((tmp_path / "map.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 19
    assert list(rows[0]) == ["word", "count", "x", "y"]


def test_a_model_that_has_gone_is_told_beside_the_map(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(arguments: dict[str, object]) -> dict[str, object]:
        raise ModelError("The model of this run is gone.", "There is no folder any more.", "Train it again.")

    monkeypatch.setitem(__import__("tests.gui.fake_asker", fromlist=["_"])._ANSWERS, "map", gone)
    opened = open_run(qtbot, tmp_path, "finished")
    note = opened.page.explore.map._problem
    assert note.isVisible()
    assert note.text() == "The model of this run is gone. There is no folder any more. Train it again."


def test_the_stand_in_answers_as_the_companion_does() -> None:
    """The stand-in of these tests gives what the protocol names, so that they mean something."""
    answer = answer_map({"words": [], "dimensions": 2, "method": "pca"})
    assert {"words", "positions", "counts", "clusters", "cluster_names", "shown", "of", "sentence"} <= set(
        answer
    )
    assert set(MEANING_ANSWERS) <= set(KINDS)


def test_a_slow_map_is_made_ready_while_a_quick_one_is_looked_at(opened: Opened) -> None:
    card = opened.page.explore.map
    assert card._warm_timer.isActive()
    for _ in range(2):
        card._warm_timer.timeout.emit()
    assert len(opened.asker.questions("warm_maps")) == 1
