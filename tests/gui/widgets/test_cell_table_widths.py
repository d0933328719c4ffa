"""The room of a table of cells: short columns stay short, long ones share what there is."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ptft_gui.gui.widgets.cell_table import CellTable


def widths_of(qtbot: QtBot, width: int, *cells: str) -> list[int]:
    table = CellTable("Rows")
    qtbot.addWidget(table)
    table.resize(width, 300)
    table.show()
    table.show_cells([f"Column {number}" for number in range(len(cells))], [("1", *cells)])
    return [table.columnWidth(column) for column in range(len(cells))]


def test_two_long_columns_share_the_room(qtbot: QtBot) -> None:
    prompt, reply, score = widths_of(qtbot, 1400, "word " * 40, "words " * 33, "4.93")
    assert abs(prompt - reply) < 200
    assert score < 120
    narrow = widths_of(qtbot, 600, "word " * 40, "words " * 33, "4.93")
    assert narrow[:2] == [360, 360], "what has no room is cut, and can be scrolled to"


def test_one_long_column_gets_all_of_it(qtbot: QtBot) -> None:
    text, label = widths_of(qtbot, 1400, "word " * 40, "court")
    assert text > 1000
    assert label < 120
