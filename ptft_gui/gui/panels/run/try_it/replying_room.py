"""The Try it room of a model that replies to prompts: the reply appears as it is written."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.task_room import PlainField, TaskFileCard, TaskRoom
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.labels import PlainLabel

_LINES = 5


class ReplyingRoom(TaskRoom):
    """promptInput and replyButton at the left; replyText at the right."""

    def __init__(self, asker: Asker) -> None:
        file = TaskFileCard(
            asker,
            self.tr("Reply to a whole file of prompts"),
            self.tr("A file with prompts. Every prompt gets its reply, in a new file; yours stays as it is."),
            "replies",
        )
        super().__init__(asker, self.tr("Your prompt"), self.tr("Reply"), file, "{text}")
        self.setObjectName("replyingRoom")
        self.setAccessibleName(self.tr("Give the model a prompt"))
        self.input = PlainField("promptInput", self.tr("Prompt"), _LINES)
        self.input.setPlaceholderText(self.tr("Type what the model shall reply to"))
        self.button = SecondaryButton(self.tr("Reply"))
        self.button.setObjectName("replyButton")
        self.button.clicked.connect(self.ask_now)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        self.input_card.body.addWidget(self.input)
        self.input_card.body.addLayout(row)
        self.input_card.body.addWidget(self.asked)
        self.text = PlainLabel("", TextStyle.BODY)
        self.text.setObjectName("replyText")
        self.warning = PlainLabel(
            self.tr(
                "It sounds sure even when it is wrong, and may repeat passages of its text word for word."
            ),
            TextStyle.CAPTION,
            Role.QUIET_TEXT,
        )
        self.answer_card.body.insertWidget(2, self.text)
        for part in (self.right, self.warning):
            self.answer_card.body.addWidget(part)
        self.asked.chosen.connect(self.ask)
        self.set_hint(self.tr("The reply will appear here as it is written."))
        self.rest()

    def show_model(self, shown: ShownRun) -> None:
        super().show_model(shown)
        spec = shown.summary.spec
        card = bundled_dataset(spec.data.dataset) if spec else None
        found = [
            str(each["text"]) for each in (card.questions if card else ()) if each.get("kind") == "reply"
        ]
        nothing = self.tr("Best is a request like those it was trained on.")
        self.offer(shown, found, nothing)
        self.input.clear()

    def focus_input(self) -> None:
        self.input.setFocus()

    @Slot(str)
    def ask(self, prompt: str) -> None:
        """Put ``prompt`` into the field and let the model reply."""
        self.input.setPlainText(prompt)
        self.ask_now()

    @Slot()
    def ask_now(self) -> None:
        prompt = self.input.toPlainText()
        if not self._model_path or not prompt.strip():
            self._question.drop()
            self.rest()
            return
        arguments: dict[str, object] = {"model": self._model_path, "prompt": prompt}
        self.put("reply", arguments, partial(self._on_answer, prompt), self._on_progress)

    def _on_progress(self, text: str, fraction: float | None) -> None:
        if fraction is not None:  # without one it is what is being done: opening the model
            self.show_answer("", "")
            self.text.setText(text)

    def _on_answer(self, prompt: str, result: dict[str, Any]) -> None:
        self.show_answer("", str(result.get("sentence") or ""))
        self.text.setText(str(result.get("text") or self.tr("The model ended its reply at once.")))
        self.show_right(prompt)
        self.asked.note(prompt, "")
        self.before.ask({"prompt": prompt})

    def _show(self, has_answer: bool) -> None:
        super()._show(has_answer)
        for widget in (self.text, self.warning):
            widget.setVisible(has_answer)
