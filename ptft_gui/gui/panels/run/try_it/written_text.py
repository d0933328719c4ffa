"""What one model writes: the text as it comes, what else was likely at each token, and what it repeats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.one_question import OneQuestion, nothing_to_say
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.written_text import WrittenText

_TOPN = 6


@dataclass(frozen=True)
class TokenChoice:
    """A token of a text, from sign ``start`` to ``end``, its probability where it was guessed, and the likeliest."""

    start: int
    end: int
    token: str
    share: float | None
    others: tuple[tuple[str, float], ...]


class WrittenColumn(QWidget):
    """``finished`` when nothing is under way any more, ``token_shown`` carries a :class:`TokenChoice` or None.

    ``foot``, what is said of the text, is placed by the owner: below two columns side by side both are equally high,
    however long the words under each are.
    """

    finished = Signal()
    token_shown = Signal(object)
    remedy_chosen = Signal(object)

    def __init__(self, asker: Asker, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path, self._is_own, self._prompt = "", False, ""
        self._writing, self._looking = OneQuestion(asker), OneQuestion(asker)
        self._searching = OneQuestion(asker)
        self._choices: list[TokenChoice] = []
        self._kept: TokenChoice | None = None
        self.title = ElidedLabel("", TextStyle.STRONG)
        self.text = WrittenText()
        self.text.setObjectName(f"{name}Text")
        self.text.pointed.connect(self._on_pointed)
        self.text.chosen.connect(self._on_chosen)
        self.status = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.status.setObjectName(f"{name}Status")
        self.seen = PlainLabel("", TextStyle.CAPTION, Role.WARNING_TEXT)
        self.seen.setObjectName(f"{name}Seen")
        self.problem = ProblemNote()
        self.problem.remedy_chosen.connect(self.remedy_chosen)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.HALF)
        column.addWidget(self.title)
        column.addWidget(self.problem)
        column.addWidget(self.text, 1)
        self.foot = QWidget(self)
        below = QVBoxLayout(self.foot)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(Space.HALF)
        for widget in (self.status, self.seen):
            below.addWidget(widget)
        below.addStretch(1)
        self.rest()

    def show_model(self, path: str, title: str, is_own: bool, words: str) -> None:
        """Ask this model from now on; ``words``: what the text will be called by screen readers."""
        self._path, self._is_own = path, is_own
        self.title.setText(title)
        self.title.setVisible(bool(title))
        self.text.setAccessibleName(words)
        self.rest()

    def rest(self) -> None:
        """Nothing is asked, nothing stands here."""
        for question in (self._writing, self._looking, self._searching):
            question.drop()
        self._choices, self._kept, self._prompt = [], None, ""
        self.problem.hide()
        self.text.show_text("")
        self.text.show()
        self.text.setPlaceholderText(self.tr("The text will stand here as it is written."))
        self._say("")

    def _say(self, status: str, seen: str = "", is_warning: bool = False) -> None:
        self.status.setText(status)
        self.status.setVisible(bool(status))
        self.seen.setText(seen)
        self.seen.set_ink(Role.WARNING_TEXT if is_warning else Role.QUIET_TEXT)
        self.seen.setVisible(bool(seen))

    # writing

    def write(self, prompt: str, settings: dict[str, Any]) -> None:
        """Go on with ``prompt``; what is written appears as it comes."""
        self.rest()
        self._prompt = prompt
        self.text.setPlaceholderText(self.tr("The model is being opened ..."))
        self.text.show_text(prompt, len(prompt))
        arguments = {"model": self._path, "prompt": prompt, **settings}
        self._writing.ask("generate", arguments, self._on_written, self._on_problem, self._on_progress)

    @property
    def is_writing(self) -> bool:
        return self._writing.is_waiting

    @property
    def prompt(self) -> str:
        """The beginning that was gone on from."""
        return self._prompt

    def stop(self) -> None:
        """Write no more; what stands there stays."""
        if not self._writing.is_waiting:
            return
        self._writing.drop()
        added = len(self.text.text()) - len(self._prompt)
        self._say(self.tr("{count} signs; you stopped it.").format(count=f"{max(added, 0):,}"))
        self._look_closer()
        self.finished.emit()

    def _on_progress(self, text: str, fraction: float | None) -> None:
        if fraction is None:  # a sentence about the model that is being opened
            self._say(self.tr("{what} ...").format(what=text))
        elif text.startswith(self._prompt):
            self.text.show_text(text, len(self._prompt))
            self._say("")

    def _on_written(self, result: dict[str, Any]) -> None:
        self.text.show_text(str(result["text"]), len(self._prompt))
        # While it came its end was shown; it is read from its beginning.
        self.text.verticalScrollBar().setValue(0)
        step = result.get("step")
        moment = self.tr(" As it stood at step {step}.").format(step=f"{step:,}") if step is not None else ""
        self._say(f"{result['sentence']}{moment}")
        self._look_closer()
        self.finished.emit()

    def _on_problem(self, problem: PtftError) -> None:
        self.text.hide()
        self._say("")
        self.problem.show_problem(problem)
        self.finished.emit()

    # what else was likely, and what stands in the training text

    def _look_closer(self) -> None:
        text = self.text.text()
        if len(text) <= len(self._prompt) or not text.strip():
            return
        asked: dict[str, object] = {
            "model": self._path,
            "text": text,
            "start": len(self._prompt),
            "topn": _TOPN,
        }
        self._looking.ask("token_choices", asked, self._on_choices, nothing_to_say)
        if self._is_own:
            where: dict[str, object] = {"model": self._path, "text": text, "past": len(self._prompt)}
            self._searching.ask(
                "seen_in_training", where, self._on_seen, self._on_not_searched, self._on_search
            )

    def _on_choices(self, result: dict[str, Any]) -> None:
        self._choices = choices_of(result)

    def _on_search(self, sentence: str, _fraction: float | None) -> None:
        self._say(self.status.text(), self.tr("{what} ...").format(what=sentence))

    def _on_seen(self, result: dict[str, Any]) -> None:
        spans = [(int(start), int(end)) for start, end in result.get("spans") or ()]
        self.text.mark_seen(spans)
        marked = ""
        if spans:
            marked = self.tr(" It is underlined.") if len(spans) == 1 else self.tr(" They are underlined.")
        self._say(self.status.text(), f"{result['sentence']}{marked}", is_warning=bool(spans))

    def _on_not_searched(self, problem: PtftError) -> None:
        self._say(self.status.text(), problem.as_sentence())

    # pointing

    def choices(self) -> list[TokenChoice]:
        """The tokens that were written, each with what else was likely."""
        return list(self._choices)

    @Slot(int)
    def _on_pointed(self, place: int) -> None:
        self._show(choice_at(self._choices, place) or self._kept)

    @Slot(int)
    def _on_chosen(self, place: int) -> None:
        self._kept = choice_at(self._choices, place)
        self._show(self._kept)

    def _show(self, choice: TokenChoice | None) -> None:
        self.text.mark_token(*((choice.start, choice.end) if choice else (0, 0)))
        self.token_shown.emit(choice)


def choices_of(result: dict[str, Any]) -> list[TokenChoice]:
    """The companion's answer to ``token_choices``."""
    return [
        TokenChoice(
            int(start),
            int(end),
            str(token),
            None if share is None else float(share),
            tuple((str(other), float(value)) for other, value in others),
        )
        for start, end, token, share, others in result.get("tokens") or ()
    ]


def choice_at(choices: list[TokenChoice], place: int) -> TokenChoice | None:
    """The token at a sign of the text."""
    return next((choice for choice in choices if choice.start <= place < choice.end), None)
