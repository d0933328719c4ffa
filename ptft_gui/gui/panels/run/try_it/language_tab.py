"""The Try it tab of a language model: it writes, or it fills blanks, as soon as there is a checkpoint to ask."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import Remedy
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.asked_model import AskedModel, model_of_run
from ptft_gui.gui.panels.run.moment_bar import MomentBar, say_why_not
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.filling_room import FillingRoom
from ptft_gui.gui.panels.run.try_it.writing_room import WritingRoom
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.tab_order import order_tab_stops

Room = WritingRoom | FillingRoom


class LanguageTryTab(QWidget):
    """``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self._asked: AskedModel | None = None
        self._empty_action = Action("show_train", "")
        self.writing, self.filling = WritingRoom(asker), FillingRoom(asker)
        self.moment = MomentBar()
        self.moment.action_requested.connect(self.action_requested)
        self._empty = EmptyState("", icon="search")
        self._empty.action_requested.connect(self._on_empty_action)
        self._stack = QStackedWidget()
        for page in (self._empty, self.writing, self.filling):
            self._stack.addWidget(page)
        for room in (self.writing, self.filling):
            room.said.connect(self.said)
            room.remedy_chosen.connect(self._on_remedy_chosen)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.moment)
        whole.addWidget(self._stack, 1)

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, with nothing asked yet."""
        self._showing = self._asked = None
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state and with a new checkpoint."""
        checkpoints = shown.summary.checkpoints
        step = checkpoints[-1].step if checkpoints else None
        has_begun = shown.summary.step > 0
        showing = (shown.run.path, shown.state, step, has_begun, shown.writes)
        if showing == self._showing:
            return
        self._showing = showing
        model = model_of_run(shown)
        if model is None:
            self._leave()
            self.moment.hide()
            self._empty_action = say_why_not(self._empty, shown)
            self._stack.setCurrentWidget(self._empty)
            return
        self.moment.show_moment(shown, model)
        self._show(model, self.writing if shown.writes else self.filling)

    def show_model(self, model: AskedModel, writes: bool) -> None:
        """Show a model that no run made."""
        self._showing = None
        self.moment.hide()
        self._asked = None
        self._show(model, self.writing if writes else self.filling)

    def _show(self, model: AskedModel, room: Room) -> None:
        before, self._asked = self._asked, model
        if before is not None and before.path == model.path and self._stack.currentWidget() is room:
            room.set_model(model)
            return
        self._leave()
        self._asked = model
        room.show_model(model)
        self._stack.setCurrentWidget(room)
        order_tab_stops(self)

    def _leave(self) -> None:
        self._asked = None
        for room in (self.writing, self.filling):
            room.leave()

    def focus_input(self) -> None:
        """Put the cursor where a text is typed."""
        room = self._stack.currentWidget()
        if isinstance(room, WritingRoom | FillingRoom):
            room.focus_input()

    def ask(self, text: str) -> None:
        """Put ``text`` where a text is typed, and ask about it."""
        room = self._stack.currentWidget()
        if isinstance(room, WritingRoom | FillingRoom):
            room.ask(text)

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(self._empty_action)

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))
