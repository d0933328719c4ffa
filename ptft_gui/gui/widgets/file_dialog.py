"""The dialog that asks for a file or a folder."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFileDialog, QHeaderView, QSplitter, QTreeView

_WIDTH, _HEIGHT, _PLACES = 900, 560, 180
_NAME, _SIZE, _TYPE, _DATE = range(4)


class FileDialog(QFileDialog):
    """Qt's own dialog, with names, sizes and dates that can be read; a desktop that has one of its own shows that."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.resize(max(self.width(), _WIDTH), max(self.height(), _HEIGHT))
        for splitter in self.findChildren(QSplitter):
            splitter.setSizes([_PLACES, _WIDTH - _PLACES])
        for table in self.findChildren(QTreeView):
            header = table.header()
            header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
            for column in (_SIZE, _TYPE, _DATE):
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
