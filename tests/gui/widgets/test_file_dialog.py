"""The dialog that asks for a file: its columns show whole dates and sizes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeView
from pytestqt.qtbot import QtBot

from ptft_gui.gui.theme import Theme
from ptft_gui.gui.widgets.file_dialog import FileDialog


def test_dates_and_sizes_are_whole(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    (tmp_path / "reviews of a whole long year.csv").write_text("text,label\n" * 9_000)
    dialog = FileDialog(None, "Open a file", str(tmp_path))
    dialog.setOption(FileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    dialog.open()
    (table,) = dialog.findChildren(QTreeView)
    qtbot.waitUntil(lambda: table.model().rowCount(table.rootIndex()) == 1)
    for column in range(4):
        index = table.model().index(0, column, table.rootIndex())
        qtbot.waitUntil(
            lambda index=index, column=column: (
                table.columnWidth(column)
                >= table.fontMetrics().horizontalAdvance(str(index.data(Qt.ItemDataRole.DisplayRole)))
            )
        )
