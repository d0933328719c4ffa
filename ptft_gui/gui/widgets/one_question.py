"""A question that a part of a page has under way: one at a time, and no answer after its time."""

from __future__ import annotations

from functools import partial
from typing import Any

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.widgets.asker import Asker, OnProblem, OnProgress, OnResult


class OneQuestion:
    """Puts one question after another. An answer to an earlier one, or to one that was dropped, reaches nobody:
    it may be about another run."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._id: str | None = None
        self._ticket: object | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether an answer is still to come."""
        return self._ticket is not None

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> None:
        """Put a question; the one before is given up."""
        self.drop()
        ticket = self._ticket = object()
        number = self._asker.ask(
            kind,
            arguments,
            partial(self._finish, ticket, on_result),
            partial(self._finish, ticket, on_problem),
            partial(self._pass_on, ticket, on_progress),
        )
        if self._ticket is ticket:  # it may have been answered already
            self._id = number

    def drop(self) -> None:
        """Give up what is under way."""
        number, self._id, self._ticket = self._id, None, None
        if number is not None:
            self._asker.cancel(number)

    def _finish(self, ticket: object, tell: OnResult | OnProblem, answer: Any) -> None:
        if ticket is not self._ticket:
            return
        self._id = self._ticket = None
        tell(answer)

    def _pass_on(
        self, ticket: object, tell: OnProgress | None, sentence: str, fraction: float | None
    ) -> None:
        if ticket is self._ticket and tell is not None:
            tell(sentence, fraction)


def nothing_to_say(_: PtftError) -> None:
    """For what may fail without anyone missing it."""
