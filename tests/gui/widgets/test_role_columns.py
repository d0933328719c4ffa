"""The columns of a table under the roles they have: what a person may choose for each."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QAction
from pytestqt.qtbot import QtBot

from ptft_gui.core.data_request import DataRequest
from ptft_gui.data.examples.examine import open_data
from ptft_gui.gui.widgets.data_answers import opened_from_answer
from ptft_gui.gui.widgets.role_columns import RoleColumns


def _menu(columns: RoleColumns) -> list[QAction]:
    return columns.head("text").menu().actions()


def test_texts_that_are_read_together_can_be_chosen_again_after_one_of_them(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "news.csv"
    rows = [
        f"{n % 2},Headline {n} of the paper,What the mayor said about road {n} in the hall" for n in range(60)
    ]
    path.write_text("section,title,body\n" + "\n".join(rows))
    columns = RoleColumns()
    qtbot.addWidget(columns)
    given: tuple[dict[str, str], ...] = ({}, {"text": "body"})
    for roles in given:
        opened = open_data(DataRequest(dataset=str(path), roles=roles))
        columns.show_data(opened_from_answer(opened), ("text", "label"), roles)
        named = [action.property("column") for action in _menu(columns)]
        assert named == ["title + body", "section", "title", "body"]
    chosen: list[tuple[str, str]] = []
    columns.role_chosen.connect(lambda role, column: chosen.append((role, column)))
    _menu(columns)[0].trigger()
    assert chosen == [("text", "title + body")]
