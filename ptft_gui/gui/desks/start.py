"""Between a press on Start and the start: what a person should know before it, if there is anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QObject, Slot
from PySide6.QtWidgets import QWidget

from ptft_gui.core.before_start import Concern, concerns_before_start
from ptft_gui.core.preferences import read_preferences, with_preferences
from ptft_gui.core.spec import RunSpec
from ptft_gui.gui.dialogs.questions import Choice, QuestionDialog
from ptft_gui.gui.following.run_controller import RunController


class StartDesk(QObject):
    """Starts runs through the controller; on battery, or with a disk that is nearly full, it asks first."""

    def __init__(self, controller: RunController, window: QWidget) -> None:
        super().__init__(window)
        self._controller, self._window = controller, window

    @Slot(object)
    def start(self, spec: RunSpec) -> None:
        """Start a run, or ask whether to start it anyway."""
        self.start_several([spec])

    def start_several(self, specs: Sequence[RunSpec]) -> None:
        """Start runs one after another; they wait for one another in the queue."""

        def start() -> None:
            for spec in specs:
                self._controller.start(with_preferences(spec, read_preferences()))

        self.ask_first(start)

    def ask_first(self, start: Callable[[], object]) -> None:
        """Call ``start`` at once, or when a person answers that it should start anyway."""
        concerns = concerns_before_start(self._controller.runs)
        if not concerns or self._controller.is_read_only:
            start()
            return
        if self._window.findChild(QWidget, "startAnywayDialog") is not None:
            return  # it is asked already
        dialog = start_anyway_dialog(concerns, self._window)
        dialog.chosen.connect(lambda answer: start() if answer == "start" else None)
        dialog.open()


def start_anyway_dialog(concerns: Sequence[Concern], window: QWidget) -> QuestionDialog:
    """Asked before a start that something speaks against: ``start`` or ``not_now``."""
    question = " ".join(concern.sentence for concern in concerns)
    detail = " ".join(concern.hint for concern in concerns)
    translate = QCoreApplication.translate
    choices = (
        Choice("start", translate("Start", "Start anyway"), "default"),
        Choice("not_now", translate("Start", "Not now")),
    )
    return QuestionDialog("startAnywayDialog", question, detail, choices, window)
