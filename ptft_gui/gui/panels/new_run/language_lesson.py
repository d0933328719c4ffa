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
        if task == "reply":
            self._how.setText(
                self.tr(
                    "The model already writes. It reads a prompt, guesses the reply token by token, and is corrected "
                    "on the reply alone; the prompt is only read."
                )
            )
            self._after.setText(
                self.tr(
                    "Afterwards it answers prompts in the style of your examples. It may still make things up."
                )
            )
            return
        jobs = {
            "multilabel": self.tr("From the whole text it says of each label how likely it belongs there."),
            "pair-classification": self.tr(
                "It reads both texts together and says which label is the likeliest."
            ),
            "pair-similarity": self.tr(
                "It reads both texts together and says how alike they are, as a number."
            ),
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
