"""How a language model learns, in a few sentences beside its choice."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel


class LanguageLesson(Card):
    """The sentences of BERT or GPT."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("How it learns"), parent=parent)
        self._how = PlainLabel("", TextStyle.BODY)
        self._after = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.body.addWidget(self._how)
        self.body.addWidget(self._after)
        self.hide()

    def show_family(self, family: str, task: str | None = None) -> None:
        if task is not None:
            self._show_task(task)
            return
        if family == "bert":
            self._how.setText(
                self.tr(
                    "The text is cut into tokens: words, or pieces of words. Some of them are hidden, the model "
                    "guesses them from both sides, and is corrected."
                )
            )
            self._after.setText(
                self.tr(
                    "Afterwards it fills blanks, and it is the ground for sorting texts and finding names. It does "
                    "not write."
                )
            )
            return
        self._how.setText(
            self.tr(
                "The text is cut into tokens: characters, or pieces of words. From all that stands before, the model "
                "guesses the next token, and is corrected."
            )
        )
        self._after.setText(
            self.tr(
                "Afterwards it goes on from your first words. It may repeat passages of your text word for word."
            )
        )

    def _show_task(self, task: str) -> None:
        jobs = {
            "question-answering": self.tr(
                "For each token it says how likely the answer begins or ends there."
            ),
            "tagging": self.tr("For each word it says whether it belongs to a name, and of what kind."),
        }
        job = jobs.get(task, self.tr("From the whole text it says which class is the likeliest."))
        self._how.setText(
            self.tr(
                "The model already knows a language. It gets a new layer on top, which learns one job from your "
                "examples. {job}"
            ).format(job=job)
        )
        self._after.setText(
            self.tr("How much of the model itself learns along is up to the method, at the right.")
        )
