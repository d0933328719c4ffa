"""Answers the New run page as the companion would, from the real files and core's own proposals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import DataError, PtftError
from ptft_gui.core.proposals import TextFacts, propose_word_vector_options
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult

THRESHOLDS = (1, 2, 3, 5)


@dataclass(frozen=True)
class Question:
    id: str
    kind: str
    arguments: dict[str, object]
    on_result: OnResult
    on_problem: OnProblem
    on_progress: OnProgress | None


class FileAsker:
    """Keeps each question about a text until it is told to answer; a cancelled one is never answered.

    Questions of other kinds go to ``others``, and nobody answers them.
    """

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.others: list[Question] = []
        self.cancelled: list[str] = []

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        number = f"{kind} {len(self.asked) + len(self.others)}"
        question = Question(number, kind, arguments, on_result, on_problem, on_progress)
        (self.asked if kind == "inspect_dataset" else self.others).append(question)
        return question.id

    def cancel(self, request_id: str) -> None:
        if request_id.startswith("inspect_dataset"):
            self.cancelled.append(request_id)

    def answer(self, question: Question | None = None) -> None:
        """Answer ``question``, or the newest one."""
        question = question or self.asked[-1]
        if question.id in self.cancelled:
            return
        try:
            result = inspect_file(Path(str(question.arguments["dataset"])), str(question.arguments["preset"]))
        except PtftError as problem:
            question.on_problem(problem)
        else:
            question.on_result(result)


def inspect_file(path: Path, preset: str) -> dict[str, Any]:
    """What the companion tells of a text file: every line a sentence, cut at spaces."""
    raw = path.read_bytes()
    if b"\0" in raw:
        raise DataError(
            f"{path.name} is not a text file.", "It holds zero bytes.", "Choose a file of plain text."
        )
    sentences = [line.lower().split() for line in raw.decode("utf-8").splitlines() if line.strip()]
    counts = Counter(word for words in sentences for word in words)
    reaching = {limit: sum(count >= limit for count in counts.values()) for limit in THRESHOLDS}
    proposals = propose_word_vector_options(preset, TextFacts(counts.total(), reaching))
    return {
        "title": path.name,
        "facts": {
            "sentences": len(sentences),
            "tokens": counts.total(),
            "types": len(counts),
            "types_reaching": {str(limit): types for limit, types in reaching.items()},
        },
        "is_exact": True,
        "preview": [" ".join(words) for words in sentences[:8]],
        "preparation": {"value": "words", "reason": "This is ordinary text."},
        "proposals": {key: {"value": p.value, "reason": p.reason} for key, p in proposals.items()},
        "notices": [f"{path.name} was read as UTF-8."],
        "watched_words": [word for word, _ in counts.most_common(7)],
    }
