"""An asker that answers at once, for tests of pages; what it was asked can be looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ptft_gui.core.errors import ModelError, PtftError, Remedy, UnknownWordError
from ptft_gui.gui.widgets.asker import OnProblem, OnProgress, OnResult
from tests.gui.fake_data import ANSWERS_BY_KIND
from tests.gui.fake_meaning import MEANING_ANSWERS

VOCABULARY = {
    "music": 812, "musical": 160, "musicians": 71, "film": 640, "war": 1320, "water": 702, "science": 455,
    "king": 99, "kingdom": 130, "kings": 24, "folk": 88, "poetry": 120, "queen": 41, "man": 560, "woman": 210,
}  # fmt: skip
NEAR = [
    ["folk", 0.711, 88], ["poetry", 0.694, 120], ["dance", 0.671, 64], ["musical", 0.655, 160], ["songs", 0.634, 51],
    ["literature", 0.611, 230], ["artists", 0.602, 97], ["jazz", 0.583, 22], ["fiction", 0.561, 140],
    ["theatre", 0.552, 43], ["instruments", 0.537, 58], ["comedy", 0.519, 37],
]  # fmt: skip
GOLD_SETS = [
    {
        "key": "wordsim353",
        "title": "WordSim-353",
        "kind": "similarity",
        "sentence": "353 pairs of words, each rated by people from 0 (unrelated) to 10 (the same).",
    },
    {
        "key": "simlex999",
        "title": "SimLex-999",
        "kind": "similarity",
        "sentence": "999 pairs rated for likeness alone: cup and coffee belong together, but are not alike.",
    },
    {
        "key": "questions-words",
        "title": "Google analogies",
        "kind": "analogy",
        "sentence": "19,544 questions such as: Athens is to Greece as Oslo is to what?",
    },
]


@dataclass
class FakeAsker:
    """Answers from the tables above. ``holds`` keeps the questions of a kind unanswered until :meth:`release`."""

    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    holds: set[str] = field(default_factory=set)
    held: list[Callable[[], None]] = field(default_factory=list)

    def ask(
        self,
        kind: str,
        arguments: dict[str, object],
        on_result: OnResult,
        on_problem: OnProblem,
        on_progress: OnProgress | None = None,
    ) -> str:
        self.asked.append((kind, dict(arguments)))

        def answer() -> None:
            try:
                result = _ANSWERS[kind](arguments)
            except PtftError as problem:
                on_problem(problem)
            else:
                on_result(result)

        if kind in self.holds:
            self.held.append(answer)
        else:
            answer()
        return str(len(self.asked))

    def cancel(self, request_id: str) -> None:
        """Nothing is under way."""

    def release(self) -> None:
        """Answer what was held."""
        held, self.held = self.held, []
        for answer in held:
            answer()

    def questions(self, kind: str) -> list[dict[str, Any]]:
        return [arguments for asked, arguments in self.asked if asked == kind]


def _similar(arguments: dict[str, Any]) -> dict[str, Any]:
    word = arguments["text"]
    _check_known(word)
    return {"words": [word], "neighbours": [row for row in NEAR if row[0] != word]}


def _analogy(arguments: dict[str, Any]) -> dict[str, Any]:
    for word in arguments["text"].replace("+", " ").replace("-", " ").split():
        _check_known(word)
    return {
        "positive": ["king", "woman"],
        "negative": ["man"],
        "neighbours": [["queen", 0.91, 41], ["kings", 0.6, 24]],
    }


def _check_known(word: str) -> None:
    if word in VOCABULARY or word in {row[0] for row in NEAR}:
        return
    raise UnknownWordError(
        f'"{word}" is not among the 8,599 words this model knows.',
        "It occurs 3 times; the limit was 5." if word == "lute" else "It never occurs in the text.",
        "Choose a close word, or train again with a lower minimum count.",
        remedies=(Remedy("new_run_with", "Train again with limit 3", {"min_count": 3}),)
        if word == "lute"
        else (),
        word=word,
        suggestions=("king", "kings", "kingdom"),
    )


def _complete(arguments: dict[str, Any]) -> dict[str, Any]:
    words = [(word, count) for word, count in VOCABULARY.items() if word.startswith(arguments["prefix"])]
    return {"words": [list(pair) for pair in sorted(words, key=lambda pair: -pair[1])[: arguments["limit"]]]}


def _evaluate(arguments: dict[str, Any]) -> dict[str, Any]:
    if arguments["gold"] == "simlex999":
        return {"kind": "similarity", "spearman": 0.214, "pearson": 0.2, "pairs": 999, "pairs_known": 64}
    if arguments["kind"] == "similarity":
        return {"kind": "similarity", "spearman": 0.536, "pearson": 0.5, "pairs": 353, "pairs_known": 203}
    sections = [
        ["capital-common-countries", 12, 90, 506],
        ["family", 3, 42, 506],
        ["gram3-comparative", 0, 132, 1332],
    ]
    return {
        "kind": "analogy",
        "correct": 15,
        "questions": 19_544,
        "questions_known": 264,
        "accuracy": 15 / 264,
        "sections": sections,
    }


def _motion(_: dict[str, Any]) -> dict[str, Any]:
    raise ModelError("This run has no pictures of its words.")


_ANSWERS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "similar": _similar,
    "analogy": _analogy,
    "complete": _complete,
    "evaluate": _evaluate,
    "motion": _motion,
    "gold_sets": lambda _: {"gold_sets": GOLD_SETS},
    **ANSWERS_BY_KIND,
    **MEANING_ANSWERS,
}
