"""The field under the watched words: one more word to watch while the run goes on."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.spec_checks import MOST_WITH_ADDED
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.train.probe_field import ProbeField


class WordField(ProbeField):
    """``add_requested`` carries a word; it is there while it is open, and while a word can be added."""

    most = MOST_WITH_ADDED
    object_names = ("watchInput", "watchAddButton", "watchNote")

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_only_while_learning()
        self._is_open = False

    @Slot(bool)
    def set_open(self, is_open: bool) -> None:
        self._is_open = is_open
        self.setVisible(self._is_wanted(self.may_add()))
        if is_open:
            self.input.setFocus()

    def _is_wanted(self, is_of_use: bool) -> bool:
        return self._is_open and self.may_add()

    def _another(self) -> str:
        return self.tr("Another word to watch")

    def _placeholder(self, shown: ShownRun, is_learning: bool) -> str:
        return self.tr("Another word")

    def _problem(self, text: str) -> str:
        if not text:
            return self.tr("Write a word first.")
        return self.tr("This word is watched already.") if text in self._names else ""
