"""What the page knows of a text for a language model, and what is proposed from it, the same as a run decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.family.language_sizes import numbers_to_learn, suiting_numbers
from ptft_gui.core.family.language_starts import LanguageStart
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.language_proposals import (
    LanguageFacts,
    propose_cutting,
    propose_training,
    size_like,
    tokens_to_read,
)
from ptft_gui.core.proposals import Proposal

Values = Mapping[str, OptionValue]


@dataclass(frozen=True)
class LanguageText:
    """A text in tokens; ``tokens`` and ``train_characters`` are of the part that is learned from."""

    characters: int
    train_characters: int
    tokens: int
    vocabulary: int
    chinese_share: float
    is_estimate: bool

    def proposals(
        self, family: str, preset: str, chosen: Values, start: LanguageStart | None = None
    ) -> dict[str, Proposal]:
        """What automatic options would become; what a ``start`` brings along is none of them."""
        facts = LanguageFacts(self.train_characters, self.chinese_share)
        cutting = propose_cutting(family, preset, facts, chosen)
        if start is None:
            return {**cutting, **propose_training(family, preset, self.tokens, _with(chosen, cutting))}
        size = size_like(start.layers, start.width)
        values = {**_with(chosen, cutting), "model_size": size}
        training = propose_training(
            family, preset, self.tokens, values, goes_on=True, positions=start.positions
        )
        return {"workers": cutting["workers"], **training}

    def parameters(self, family: str, preset: str, chosen: Values) -> int:
        """How many numbers the model has that these choices lead to."""
        values = _with(chosen, self.proposals(family, preset, chosen))
        return numbers_to_learn(family, values, self.vocabulary)

    def tokens_read(
        self, family: str, preset: str, chosen: Values, start: LanguageStart | None = None
    ) -> tuple[float, float | None]:
        """How many tokens the run reads in all, and its epochs where they are what limits it."""
        values = _with(chosen, self.proposals(family, preset, chosen, start))
        if start is not None:
            values |= {"initial": start.name, "model_size": size_like(start.layers, start.width)}
            values |= {"tokenizer": values.get("tokenizer") or "wordpiece"}
        batch = int(values["global_batch_size"] or 1) * int(values["block_size"] or 1)
        known = {**values, "train_tokens": self.tokens, "batch_tokens": batch}
        return tokens_to_read(family, preset, chosen, known)

    def suits(self, parameters: int) -> bool:
        """Whether a model of this size learns the language of this text rather than the text."""
        return parameters <= suiting_numbers(self.tokens)[1]

    def fitting_preset(self, family: str, presets: tuple[str, ...], chosen: Values) -> str:
        """The largest preset whose model suits the text, else the smallest."""
        suiting = [key for key in presets if self.suits(self.parameters(family, key, chosen))]
        return suiting[-1] if suiting else presets[0]


def language_text(answer: Mapping[str, Any]) -> LanguageText | None:
    """Read the answer to ``cut_text``; None for an answer about words."""
    if "train_characters" not in answer:
        return None
    return LanguageText(
        characters=int(answer.get("characters") or 0),
        train_characters=int(answer["train_characters"] or 0),
        tokens=max(1, int(answer.get("tokens") or 0)),
        vocabulary=int(answer.get("vocabulary") or 0),
        chinese_share=float(answer.get("chinese_share") or 0.0),
        is_estimate=bool(answer.get("is_estimate")),
    )


def _with(chosen: Values, proposals: Mapping[str, Proposal]) -> dict[str, OptionValue]:
    proposed = {key: found.value for key, found in proposals.items() if chosen.get(key) is None}
    return {**chosen, **proposed}
