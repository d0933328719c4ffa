"""What a page needs in order to ask the companion something, without knowing who carries the question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from ptft_gui.core.errors import PtftError

OnResult = Callable[[dict[str, Any]], None]
OnProblem = Callable[[PtftError], None]
OnProgress = Callable[[str, float | None], None]


class Asker(Protocol):
    """Carries questions to another process and brings the answers back.

    The callbacks arrive in the GUI thread, at most one of ``on_result`` and ``on_problem`` for a question. A question
    that was cancelled, or overtaken by a newer one of its kind, calls neither.
    """

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        """Put a question and return its id. ``on_progress`` gets a sentence and the share done, or None."""
        ...

    def cancel(self, request_id: str) -> None:
        """Give a question up; an unknown id is no fault."""
        ...
