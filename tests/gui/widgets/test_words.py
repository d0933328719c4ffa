"""The editor of watched words and the table of neighbours."""

from __future__ import annotations

import csv
import io

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QPushButton

from ptft_gui.gui.theme import Role, current_theme
from ptft_gui.gui.widgets.similarity_model import Column
from ptft_gui.gui.widgets.similarity_table import SimilarityTable
from ptft_gui.gui.widgets.word_chips import MOST_WORDS, WordChips


@pytest.fixture
def chips(qtbot) -> WordChips:
    chips = WordChips(["music", "war"])
    chips.set_suggestions(["film", "music", "science"])
    qtbot.addWidget(chips)
    chips.resize(320, 200)
    chips.show()
    return chips


def button(chips: WordChips, name: str) -> QPushButton:
    found = [b for b in chips.findChildren(QPushButton) if b.accessibleName() == name and not b.isHidden()]
    assert len(found) == 1, name
    return found[0]


def test_a_typed_word_is_added_with_enter(chips: WordChips, qtbot) -> None:
    qtbot.keyClicks(chips.input, "water")
    with qtbot.waitSignal(chips.words_changed) as changed:
        qtbot.keyClick(chips.input, Qt.Key.Key_Return)
    assert changed.args == [["music", "war", "water"]]
    assert chips.input.text() == ""


def test_a_comma_ends_a_word_and_a_pasted_list_is_many(chips: WordChips, qtbot) -> None:
    qtbot.keyClicks(chips.input, "water,")
    assert chips.words() == ["music", "war", "water"]
    QGuiApplication.clipboard().setText("river, mountain;sea,")
    chips.input.paste()
    chips.input.textEdited.emit(chips.input.text())
    assert chips.words()[-3:] == ["river", "mountain", "sea"]


def test_words_are_taken_away_by_pointer_and_by_keyboard(chips: WordChips, qtbot) -> None:
    qtbot.mouseClick(button(chips, "Remove music"), Qt.MouseButton.LeftButton)
    assert chips.words() == ["war"]
    qtbot.keyClick(button(chips, "Remove war"), Qt.Key.Key_Delete)
    assert chips.words() == []
    chips.set_words(["a", "b"])
    chips.input.setFocus()
    qtbot.keyClick(chips.input, Qt.Key.Key_Backspace)
    assert chips.words() == ["a"]


def test_a_suggestion_is_offered_until_it_is_taken(chips: WordChips, qtbot) -> None:
    names = [b.accessibleName() for b in chips.findChildren(QPushButton)]
    assert "Add music" not in names  # it is watched already
    qtbot.mouseClick(button(chips, "Add film"), Qt.MouseButton.LeftButton)
    assert chips.words() == ["music", "war", "film"]
    button(chips, "Remove film")
    chips.remove_word("film")
    button(chips, "Add film")


def test_one_word_too_many_and_a_copy_are_refused_with_a_sentence(chips: WordChips) -> None:
    chips.set_words([f"word{n}" for n in range(MOST_WORDS + 3)])
    assert len(chips.words()) == MOST_WORDS
    chips.add_word("eleventh")
    assert len(chips.words()) == MOST_WORDS
    assert "10 words is the most" in chips._note.text()
    chips.set_words(["music"])
    chips.add_word("music")
    assert chips.words() == ["music"]
    assert '"music" is watched already.' in chips._note.text()


def test_chips_go_on_in_the_next_row_and_are_all_inside(chips: WordChips) -> None:
    chips.set_words(["mathematics", "philosophy", "agriculture", "astronomy"])
    chips.adjustSize()
    chips.resize(320, chips.heightForWidth(320))
    tops = {button(chips, f"Remove {word}").y() for word in chips.words()}
    assert len(tops) > 1
    assert all(button(chips, f"Remove {word}").geometry().right() <= 320 for word in chips.words())


ROWS = [("folk", 0.71234), ("=SUM(A1)", 0.5), ("opposite", -0.04)]


@pytest.fixture
def table(qtbot) -> SimilarityTable:
    table = SimilarityTable()
    table.set_rows(ROWS, new_words={"folk"})
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    return table


def test_numbers_have_two_decimals(table: SimilarityTable) -> None:
    model = table.model()
    shown = [model.index(row, Column.SIMILARITY).data() for row in range(3)]
    assert shown == ["0.71", "0.50", "-0.04"]
    assert table.rows() == ROWS


def test_enter_and_double_click_tell_the_word_once(table: SimilarityTable, qtbot) -> None:
    told: list[str] = []
    table.word_activated.connect(told.append)
    table.setCurrentIndex(table.model().index(2, 0))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    spot = table.visualRect(table.model().index(0, Column.WORD)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert told == ["opposite", "folk"]


def test_copying_takes_the_chosen_rows_or_all(table: SimilarityTable, qtbot) -> None:
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text().splitlines() == [
        "1\tfolk\t0.7123",
        "2\t'=SUM(A1)\t0.5000",
        "3\topposite\t-0.0400",
    ]
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "1\tfolk\t0.7123"


def test_csv_can_be_read_back_and_runs_no_formula(table: SimilarityTable) -> None:
    rows = list(csv.reader(io.StringIO(table.csv_text("music"))))
    assert rows[0] == ["query", "rank", "word", "similarity"]
    assert rows[1] == ["music", "1", "folk", "0.712340"]
    assert rows[2][2] == "'=SUM(A1)"


def bar_pixels(table: SimilarityTable, row: int) -> list[int]:
    """The x of every pixel of the bar in ``row``."""
    cell = table.visualRect(table.model().index(row, Column.SIMILARITY))
    image = table.viewport().grab().toImage()
    colour = QColor(current_theme().hex(Role.TRAINING))
    y = cell.center().y()
    return [x for x in range(cell.left(), cell.right()) if image.pixelColor(QPoint(x, y)) == colour]


def test_bars_start_at_one_edge_and_are_as_long_as_the_number(table: SimilarityTable) -> None:
    long, short, none = (bar_pixels(table, row) for row in range(3))
    assert long[0] == short[0]
    assert len(long) / len(short) == pytest.approx(0.71 / 0.5, rel=0.1)
    assert none == []
