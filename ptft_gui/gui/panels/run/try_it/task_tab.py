"""The Try it tab of a model that answers questions from a text, marks names, or replies to prompts."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ptft_gui.core.errors import Remedy
from ptft_gui.core.rundir import RunDir
from ptft_gui.core.summary import RunSummary
from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.answering_room import AnsweringRoom
from ptft_gui.gui.panels.run.try_it.replying_room import ReplyingRoom
from ptft_gui.gui.panels.run.try_it.tagging_room import TaggingRoom
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.tab_order import order_tab_stops

Room = AnsweringRoom | TaggingRoom | ReplyingRoom


class TaskTryTab(QWidget):
    """``action_requested`` carries an :class:`Action`, ``said`` a sentence, ``failed`` a :class:`PtftError`."""

    action_requested = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._showing: object = None
        self._room: Room | None = None
        self.answering, self.tagging, self.replying = (
            AnsweringRoom(asker),
            TaggingRoom(asker),
            ReplyingRoom(asker),
        )
        self._rooms: dict[str, Room] = {
            "question-answering": self.answering,
            "tagging": self.tagging,
            "reply": self.replying,
        }
        self._empty = EmptyState("", icon="search")
        self._empty.action_requested.connect(self._on_empty_action)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        for room in self._rooms.values():
            self._stack.addWidget(room)
            room.said.connect(self.said)
            room.remedy_chosen.connect(self._on_remedy_chosen)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._stack)

    def show_run(self, shown: ShownRun) -> None:
        """Show another run, with nothing asked yet."""
        self._showing = None
        self.refresh(shown)

    def refresh(self, shown: ShownRun) -> None:
        """Nothing here changes but with the state."""
        showing = (shown.run.path, shown.state)
        if showing == self._showing:
            return
        self._showing = showing
        if self._room is not None:
            self._room.leave()
        self._room = self._rooms.get(shown.token_task or "")
        if self._room is not None and shown.has_model and shown.run.model.is_dir():
            self._room.show_model(shown)
            self._stack.setCurrentWidget(self._room)
            order_tab_stops(self)
            return
        self._room = None
        self._say_why_not(shown)
        self._stack.setCurrentWidget(self._empty)

    def tasks(self) -> tuple[str, ...]:
        """The tasks that have a room here."""
        return tuple(self._rooms)

    def show_folder(self, path: Path, task: str) -> None:
        """Show a model that no run made."""
        self._showing = None
        if self._room is not None:
            self._room.leave()
        self._room = self._rooms[task]
        self._room.show_model(ShownRun(RunDir(path), RunSummary(), "finished"))
        self._stack.setCurrentWidget(self._room)
        order_tab_stops(self)

    def _say_why_not(self, shown: ShownRun) -> None:
        if shown.is_live:
            sentence = self.tr(
                "The model is still learning. When the run ends, or when you stop and keep it, you can try it here."
            )
            self._empty.set_sentence(sentence, self.tr("Watch it learn"))
        else:
            self._empty.set_sentence(self.tr("This run left no model, so there is nothing to try."))

    def focus_input(self) -> None:
        """Put the cursor where is typed."""
        if self._room is not None:
            self._room.focus_input()

    def focus_file(self) -> None:
        """Go to where a whole file is answered."""
        if self._room is not None:
            self._room.file.choose.setFocus()

    def ask(self, text: str) -> None:
        """Ask the model about ``text``."""
        if self._room is not None:
            self._room.ask(text)

    @Slot()
    def _on_empty_action(self) -> None:
        self.action_requested.emit(Action("show_train", ""))

    @Slot(object)
    def _on_remedy_chosen(self, remedy: Remedy) -> None:
        self.action_requested.emit(Action(remedy.action, remedy.label, remedy.argument))
