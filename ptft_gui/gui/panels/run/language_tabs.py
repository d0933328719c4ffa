"""The tabs of a language model's run, made when the first such run is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget

from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.evaluate.language_tab import LanguageEvaluateTab
from ptft_gui.gui.panels.run.explore.tokens_tab import TokensTab
from ptft_gui.gui.panels.run.shown_run import RunTab
from ptft_gui.gui.panels.run.try_it.language_tab import LanguageTryTab
from ptft_gui.gui.widgets.asker import Asker


class LanguageTabs:
    """Try it, Explore and Evaluate; what they ask for goes to ``act``, ``said`` and ``failed``."""

    def __init__(
        self,
        asker: Asker,
        stack: QStackedWidget,
        act: Callable[[Action], None],
        said: Callable[[str], None],
        failed: Callable[[object], None],
    ) -> None:
        self.try_it, self.explore, self.evaluate = (
            LanguageTryTab(asker),
            TokensTab(asker),
            LanguageEvaluateTab(asker),
        )
        for tab in (self.try_it, self.explore, self.evaluate):
            stack.addWidget(tab)
            tab.action_requested.connect(act)
            tab.said.connect(said)
            tab.failed.connect(failed)
        self.by_key: dict[str, RunTab] = {
            "try_it": self.try_it,
            "explore": self.explore,
            "evaluate": self.evaluate,
        }
