"""What a model can be asked that no run made and that has learned a job: sort, compare, answer, mark names, reply."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.gui.panels.run.try_it.sorting_tab import TryItTab
from ptft_gui.gui.panels.run.try_it.task_tab import TaskTryTab
from ptft_gui.gui.widgets.asker import Asker


class OpenedTask(QWidget):
    """``said`` carries a sentence, ``failed`` a :class:`PtftError`, ``action_requested`` an :class:`Action`."""

    said = Signal(str)
    failed = Signal(object)
    action_requested = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sorting, self.tokens = TryItTab(asker), TaskTryTab(asker)
        self._stack = QStackedWidget()
        for tab in (self.sorting, self.tokens):
            self._stack.addWidget(tab)
            tab.said.connect(self.said)
            tab.failed.connect(self.failed)
            tab.action_requested.connect(self.action_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)

    def show_model(self, path: str, task: str, labels: Sequence[str]) -> None:
        """Show another model; what was asked of the one before is gone."""
        if task in self.tokens.tasks():
            self.tokens.show_folder(Path(path), task)
            self._stack.setCurrentWidget(self.tokens)
        else:
            self.sorting.show_folder(Path(path), labels, task.startswith("pair-"), task == "multilabel")
            self._stack.setCurrentWidget(self.sorting)
