"""What the page knows of the chosen text, out of the companion's answer to ``inspect_dataset``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.datasets import DatasetCard
from ptft_gui.core.errors import PtftError, SpecError
from ptft_gui.core.family.data_options import DATA_OPTIONS
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.proposals import Proposal, TextFacts, propose_options
from ptft_gui.gui.panels.new_run.language_text import LanguageText, language_text

translate = QCoreApplication.translate

SHOWN_SENTENCES = 8
_EXAMPLE_WORDS = 6
FOR_EVERY_FAMILY = frozenset(option.key for option in DATA_OPTIONS) | {"min_count"}


@dataclass(frozen=True)
class DatasetFacts:
    """A text in numbers and a glance at it; None and empty are "not known".

    ``tokens`` and ``types`` (different words) were counted when ``is_exact``, else estimated from a part of the text.
    ``types_reaching`` maps a count to the number of different words that occur at least that often. ``preview`` are
    the first sentences as the model will see them, words joined by one space. ``proposals`` are what automatic
    options would become.
    """

    title: str = ""
    tokens: int = 0
    sentences: int | None = None
    types: int | None = None
    types_reaching: Mapping[int, int] = field(default_factory=dict)
    is_exact: bool = False
    notices: tuple[str, ...] = ()
    preview: tuple[str, ...] = ()
    proposals: Mapping[str, Proposal] = field(default_factory=dict)
    watched_words: tuple[str, ...] = ()
    language: LanguageText | None = None
    probes: tuple[str, ...] = ()

    def example(self) -> list[str]:
        """The words of the first sentence that is long enough to show how words stand together, else of the longest."""
        sentences = [sentence.split() for sentence in self.preview]
        long_ones = (words for words in sentences if len(words) >= _EXAMPLE_WORDS)
        return next(long_ones, max(sentences, key=len, default=[]))

    def proposals_for(self, preset: str, family: str) -> dict[str, Proposal]:
        """What automatic options of a family would become with ``preset``, which decides how long it trains.

        What the companion proposed counts as far as it holds for every family: how the text is cut, and how rare a word
        may be.
        """
        told = {key: proposal for key, proposal in self.proposals.items() if key in FOR_EVERY_FAMILY}
        if not self.tokens:
            return told
        own = propose_options(family, preset, TextFacts(self.tokens, self.types_reaching))
        return {**(own if self.types_reaching else {}), **told, "epochs": own["epochs"]}

    def types_with(self, min_count: int) -> int | None:
        """At most how many different words occur ``min_count`` times; None where that was not counted."""
        limits = [limit for limit in self.types_reaching if limit <= min_count]
        return self.types_reaching[max(limits)] if limits and self.is_exact else None

    def problems_with(self, min_count: OptionValue) -> list[PtftError]:
        """A limit that leaves fewer than two words, where the text was counted."""
        if self.is_exact and self.types == 1:
            said = translate("NewRunPage", "The text has only one word, which has no neighbours.")
            return [
                SpecError(said, hint=translate("NewRunPage", "Choose a longer one in step 2."), key="dataset")
            ]
        words = self.types_with(int(min_count)) if min_count is not None else None
        if words is None or words >= 2:
            return []
        seen = translate(
            "NewRunPage", "The text has {types} different words; fewer than two occur {limit} times."
        )
        return [
            SpecError(
                translate("NewRunPage", "No word occurs often enough."),
                seen.format(types=f"{self.types or 0:,}", limit=min_count),
                translate("NewRunPage", "Lower the minimum count under Advanced."),
                key="min_count",
            )
        ]


def facts_from_card(card: DatasetCard) -> DatasetFacts:
    """What is known of a bundled dataset at once, before anybody looks at its text."""
    return DatasetFacts(
        title=card.title,
        tokens=card.words,
        types=card.types_reaching.get(1),
        types_reaching=card.types_reaching,
        is_exact=True,
        watched_words=card.watched_words,
    )


def facts_from_answer(answer: Mapping[str, Any]) -> DatasetFacts:
    """Read the companion's answer; whatever is missing stays unknown."""
    facts = answer.get("facts") or {}
    return DatasetFacts(
        title=str(answer.get("title") or ""),
        tokens=int(facts.get("tokens") or 0),
        sentences=facts.get("sentences"),
        types=facts.get("types"),
        types_reaching={int(k): int(v) for k, v in (facts.get("types_reaching") or {}).items()},
        is_exact=bool(answer.get("is_exact")),
        notices=tuple(answer.get("notices") or ()),
        preview=tuple(_sentence(words) for words in answer.get("preview") or ())[:SHOWN_SENTENCES],
        proposals=_proposals(answer),
        watched_words=tuple(answer.get("watched_words") or ()),
        language=language_text(answer),
        probes=tuple(str(probe) for probe in answer.get("probes") or ()),
    )


def _sentence(words: str | list[str]) -> str:
    return words if isinstance(words, str) else " ".join(words)


def _proposals(answer: Mapping[str, Any]) -> dict[str, Proposal]:
    records = dict(answer.get("proposals") or {})
    if (preparation := answer.get("preparation")) is not None:
        records["preparation"] = preparation
    return {key: Proposal(r["value"], str(r.get("reason", ""))) for key, r in records.items() if "value" in r}
