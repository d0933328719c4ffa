"""A question answered from a text: the piece of the text, where it stands, and how sure the model is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.tasks.folder import QUESTION_ANSWERING
from ptft_gui.inspection.tasks.opening import TaskModel

LONGEST_CONTEXT = 300_000
_LONGEST_QUESTION = 2_000
_ROWS_AT_ONCE = 64


@dataclass(frozen=True)
class Answered:
    """``text`` is ``context[start:end]``; an empty text and no places where there is no answer. ``score``: the share of
    the piece, or of saying nothing. ``pieces``: ``[[text, start, end, share], ...]``, the best first, also where the
    model says nothing. ``silence``: the share of "no answer"."""

    text: str
    start: int | None
    end: int | None
    score: float
    pieces: list[list[Any]]
    silence: float

    @property
    def sentence(self) -> str:
        sure = "less than 1 % sure" if self.score < 0.01 else f"{100 * self.score:.0f} % sure"
        if self.start is None and self.score < 0.01:
            return "No passage seemed likely enough. The model is not sure: this, too, is below 1 %."
        if self.start is None:
            return f"The text does not answer this, the model says ({sure})."
        return f"{sure[:1].upper()}{sure[1:]}."


def answer_question(model: TaskModel, question: str, context: str) -> Answered:
    """The answer that the context holds. Raises :class:`ModelError` for another kind of model or an empty text."""
    model.needs(QUESTION_ANSWERING, "answer questions from a text")
    for name, text, most in (("question", question, _LONGEST_QUESTION), ("text", context, LONGEST_CONTEXT)):
        if not text.strip():
            raise ModelError(f"No {name} was given.", hint="Give a question and the text that may answer it.")
        if len(text) > most:
            raise ModelError(
                f"The {name} is too long.",
                f"It has {len(text):,} signs; {most:,} is the most.",
                "Shorten it.",
            )
    shown = model.answer([{"question": question, "context": context}])[0].shown
    return Answered(
        shown["answer"], shown["start"], shown["end"], shown["score"], shown["pieces"], shown["silence"]
    )


def answer_many(model: TaskModel, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The records (:meth:`QuestionAnswering.answers`) of rows with ``question`` and ``context``; memory stays flat."""
    model.needs(QUESTION_ANSWERING, "answer questions from a text")
    for some in _batches(rows):
        yield from (answer.record for answer in model.answer(some))


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == _ROWS_AT_ONCE:
            yield waiting
            waiting = []
    if waiting:
        yield waiting
