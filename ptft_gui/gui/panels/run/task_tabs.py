"""The tabs of a run that learned to answer, to mark names or to reply, made when the first such run is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget

from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.evaluate.task_tab import TaskScoreTab
from ptft_gui.gui.panels.run.shown_run import RunTab
from ptft_gui.gui.panels.run.try_it.task_tab import TaskTryTab
from ptft_gui.gui.widgets.asker import Asker


class TaskTabs:
    """Try it and Evaluate; what they ask for goes to ``act``, ``said`` and ``failed``."""

    def __init__(
        self,
        asker: Asker,
        stack: QStackedWidget,
        act: Callable[[Action], None],
        said: Callable[[str], None],
        failed: Callable[[object], None],
    ) -> None:
        self.try_it, self.evaluate = TaskTryTab(asker), TaskScoreTab(asker)
        for tab in (self.try_it, self.evaluate):
            stack.addWidget(tab)
            tab.action_requested.connect(act)
            tab.said.connect(said)
            tab.failed.connect(failed)
        self.by_key: dict[str, RunTab] = {"try_it": self.try_it, "evaluate": self.evaluate}
