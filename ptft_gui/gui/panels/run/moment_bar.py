"""Says of which moment a model that is asked stands, where its training is not over, and offers a newer one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ptft_gui.core.telling.narrator import Action
from ptft_gui.gui.panels.run.asked_model import AskedModel
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import QuietButton
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.labels import PlainLabel


class MomentBar(QWidget):
    """Hidden for a model whose training is over; ``action_requested`` carries an :class:`Action`."""

    action_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = Action("save", "")
        self.words = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.words.setObjectName("momentWords")
        self.button = QuietButton("")
        self.button.setObjectName("momentButton")
        self.button.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.MEDIUM, Space.SMALL, Space.MEDIUM, 0)
        row.setSpacing(Space.SMALL)
        row.addWidget(self.words, 1)
        row.addWidget(self.button)
        self.hide()

    def show_moment(self, shown: ShownRun, model: AskedModel) -> None:
        """Say which step answers, if it is not the end of training."""
        self.setVisible(model.step is not None)
        if model.step is None:
            return
        step = f"{model.step:,}"
        if shown.state == "paused":
            words = self.tr(
                "Paused at step {now}. What you ask is answered by the newest checkpoint, step {step}."
            )
            self.words.setText(words.format(now=f"{shown.summary.step:,}", step=step))
            self._offer("save", self.tr("Save a checkpoint now"))
        elif shown.is_live:
            words = self.tr(
                "Still learning, now at step {now}. What you ask is answered by the newest checkpoint, step {step}; "
                "asking takes a little speed from the training."
            )
            self.words.setText(words.format(now=f"{shown.summary.step:,}", step=step))
            self._offer("save", self.tr("Save a checkpoint now"))
        else:
            words = self.tr(
                "This run ended before its model was saved. Its last checkpoint, step {step}, answers."
            )
            self.words.setText(words.format(step=step))
            self._offer("resume", self.tr("Resume from step {step}").format(step=step))

    def _offer(self, key: str, words: str) -> None:
        self._action = Action(key, words)
        self.button.setText(words)

    @Slot()
    def _on_clicked(self) -> None:
        self.action_requested.emit(self._action)


def say_why_not(empty: EmptyState, shown: ShownRun) -> Action:
    """Fill ``empty`` with the sentence why a language model cannot be asked yet; returns what its button does."""
    if shown.is_recorded:
        empty.set_sentence(
            empty.tr("This is a recorded run. What it was asked is kept, the model itself is not."),
            empty.tr("Watch it learn"),
        )
        return Action("show_train", "")
    if shown.is_live and shown.summary.step > 0:
        empty.set_sentence(
            empty.tr(
                "The model is still learning. Save a checkpoint now, and it can be asked here as it is at this moment; "
                "one is also saved by itself from time to time."
            ),
            empty.tr("Save a checkpoint now"),
        )
        return Action("save", "")
    if shown.is_live:
        empty.set_sentence(
            empty.tr("The model has not begun to learn. Once it has, it can be asked here while it goes on."),
            empty.tr("Watch it learn"),
        )
        return Action("show_train", "")
    empty.set_sentence(
        empty.tr("This run left no model, so there is nothing to ask."), empty.tr("Duplicate as new run")
    )
    return Action("duplicate", "")
