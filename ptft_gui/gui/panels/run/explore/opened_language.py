"""What a language model that no run made can be asked: Try it, Explore and Evaluate, as with a run."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.gui.panels.run.asked_model import AskedModel
from ptft_gui.gui.panels.run.evaluate.language_tab import LanguageEvaluateTab
from ptft_gui.gui.panels.run.explore.tokens_tab import TokensTab
from ptft_gui.gui.panels.run.tab_row import TabRow
from ptft_gui.gui.panels.run.try_it.language_tab import LanguageTryTab
from ptft_gui.gui.widgets.asker import Asker


class OpenedLanguage(QWidget):
    """``said`` carries a sentence, ``failed`` a :class:`PtftError`, ``action_requested`` an :class:`Action`."""

    said = Signal(str)
    failed = Signal(object)
    action_requested = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.try_it, self.explore, self.evaluate = (
            LanguageTryTab(asker),
            TokensTab(asker),
            LanguageEvaluateTab(asker),
        )
        self._tabs = {"try_it": self.try_it, "explore": self.explore, "evaluate": self.evaluate}
        self.tab_row = TabRow(
            [
                ("try_it", self.tr("Try it")),
                ("explore", self.tr("Explore")),
                ("evaluate", self.tr("Evaluate")),
            ]
        )
        self._stack = QStackedWidget()
        for tab in (self.try_it, self.explore, self.evaluate):
            self._stack.addWidget(tab)
            tab.said.connect(self.said)
            tab.failed.connect(self.failed)
            tab.action_requested.connect(self.action_requested)
        self.tab_row.chosen.connect(self._on_tab_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tab_row)
        column.addWidget(self._stack, 1)
        self.tab_row.choose("try_it")

    def show_model(self, model: AskedModel, writes: bool) -> None:
        """Show another model; what was asked of the one before is gone."""
        self.try_it.show_model(model, writes)
        self.explore.show_model(model, not writes)
        self.evaluate.show_model(model)
        self.tab_row.choose("try_it")

    @Slot(str)
    def _on_tab_chosen(self, key: str) -> None:
        self._stack.setCurrentWidget(self._tabs[key])
