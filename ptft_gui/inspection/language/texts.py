"""From what a person typed to the tokens of the model."""

from __future__ import annotations

from dataclasses import dataclass

from ptft_gui.core.errors import ModelError
from ptft_gui.inspection.language.opening import LanguageModel

LONGEST_TEXT = 1_000_000


@dataclass(frozen=True)
class ReadTokens:
    """``unknown``: how many of the tokens stand for signs that the model does not know."""

    ids: list[int]
    unknown: int


def check_text(text: str, allows_empty: bool = False) -> None:
    """Raise :class:`ModelError` for a text that is empty or far too long."""
    if not text.strip() and not allows_empty:
        raise ModelError("No text was given.", hint="Type a sentence.")
    if len(text) > LONGEST_TEXT:
        raise ModelError(
            "The text is too long.",
            f"It has {len(text):,} signs; {LONGEST_TEXT:,} is the most.",
            "Shorten it.",
        )


def tokens_of(model: LanguageModel, text: str) -> ReadTokens:
    """The tokens of a text; of an empty one the sign that begins a text.

    Raises :class:`ModelError` where the model knows none of it.
    """
    tokenizer = model.tokenizer
    if ids := model.encode(text) if text else []:
        return ReadTokens(ids, ids.count(tokenizer.unk_token_id) if tokenizer.unk_token_id is not None else 0)
    if not text:
        for begin in (tokenizer.bos_token_id, tokenizer.eos_token_id):
            if begin is not None:
                return ReadTokens([begin], 0)
        raise ModelError("No text was given.", f"{model.name} needs a beginning.", "Type a few words.")
    raise ModelError(
        f'"{text[:40]}" holds nothing that {model.name} knows.',
        "Its tokenizer makes no token of it.",
        "Ask with words of the text it learned from.",
    )


def not_finite() -> ModelError:
    """The sentence for a network whose scores are no numbers any more."""
    return ModelError(
        "The model's answer is not a number.",
        "Its weights hold values that are not finite: the training went astray.",
        "Train it again with half the learning rate.",
    )
