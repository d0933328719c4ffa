"""What is proposed for a language model where a person left an option *automatic*; see ``proposals``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.options import OptionValue
from ptft_gui.core.proposals import Proposal, propose_workers

_SIZE_OF_PRESET = {"tiny": "tiny", "quick": "mini", "balanced": "small", "best": "base"}
_TOKENS_OF_PRESET = {"tiny": 1.5e6, "quick": 15e6, "balanced": 100e6, "best": 1e9}
"""How many tokens a preset reads in all, about."""
_MOST_EPOCHS = 40
_SMALL_TEXT = 2_000_000
_BLOCK = {"tiny": 128, "mini": 128, "small": 256, "base": 512}
_CHARACTER_BLOCK = {"tiny": 64, "mini": 128, "small": 256, "base": 512}
_BATCH_TOKENS = {"tiny": 1024, "mini": 4096, "small": 8192, "base": 32_768}
_ADAMW_TINY_RATE = 0.004
_RATES = {"tiny": 0.012, "mini": 0.002, "small": 0.001, "base": 0.0006}
TOO_LONG = 2
"""A preset reads a part of a text whose single epoch would be so many times longer than the preset is meant to last."""
_OFTEN = 8
"""A text that is read so often is learned by heart without dropout."""


@dataclass(frozen=True)
class LanguageFacts:
    """What is known of a text before it is cut: its ``characters``, and the share of them that are Chinese."""

    characters: int
    chinese_share: float = 0.0


def propose_cutting(
    family: str, preset: str, facts: LanguageFacts, chosen: Mapping[str, OptionValue]
) -> dict[str, Proposal]:
    """Proposals for ``tokenizer``, ``vocab_size`` and ``model_size``; ``chosen``: what a person set."""
    kind = _propose_tokenizer(family, facts)
    named = str(chosen.get("tokenizer") or kind.value)
    size = _SIZE_OF_PRESET.get(preset, "mini")
    return {
        "tokenizer": kind,
        "vocab_size": _propose_vocabulary(named, facts),
        "model_size": Proposal(size, "The size of this preset."),
        "workers": propose_workers(),
    }


def _propose_tokenizer(family: str, facts: LanguageFacts) -> Proposal:
    if facts.chinese_share > 0.3:
        return Proposal("characters", "The text is Chinese, where a character is a word or a part of one.")
    if family == "bert":
        return Proposal("wordpiece", "The usual one for BERT.")
    if facts.characters < _SMALL_TEXT:
        return Proposal("characters", f"The text is small ({facts.characters:,} characters).")
    return Proposal("bpe", "The usual one for GPT.")


def _propose_vocabulary(kind: str, facts: LanguageFacts) -> Proposal:
    if kind == "characters":
        return Proposal(8192, "Room for every character of the text, or the most frequent ones.")
    told = f"Fits a text of {facts.characters:,} characters."
    for limit, size in ((500_000, 1000), (2e6, 2000), (8e6, 4000), (60e6, 8000), (500e6, 16_000)):
        if facts.characters < limit:
            return Proposal(size, told)
    return Proposal(30_000, told)


def propose_training(
    family: str, preset: str, tokens: int, chosen: Mapping[str, OptionValue]
) -> dict[str, Proposal]:
    """Proposals for ``block_size global_batch_size epochs learning_rate optimizer dropout``.

    ``tokens``: of the text to learn from; ``chosen``: the options with the cutting filled in.
    """
    size, is_characters = str(chosen["model_size"]), chosen["tokenizer"] == "characters"
    block = (_CHARACTER_BLOCK if is_characters and family == "gpt" else _BLOCK)[size]
    in_force = int(chosen.get("block_size") or block)
    batch = max(1, (_BATCH_TOKENS[size] * (2 if family == "bert" else 1)) // in_force)
    epochs = min(max(round(_TOKENS_OF_PRESET.get(preset, 15e6) / max(tokens, 1)), 1), _MOST_EPOCHS)
    is_often = _times_read(chosen, epochs, batch * in_force, tokens) >= _OFTEN
    optimizer = "muon"
    is_tiny_adamw = size == "tiny" and chosen.get("optimizer") == "adamw"
    return {
        "block_size": Proposal(block, "Usual for this size and kind of token."),
        "global_batch_size": Proposal(batch, f"{batch * in_force:,} tokens a step suit this size."),
        "epochs": Proposal(epochs, f"The text has {tokens:,} tokens; this reads {epochs * tokens:,} in all."),
        "optimizer": Proposal(optimizer, "It needs fewer steps to the same loss."),
        "learning_rate": Proposal(
            _ADAMW_TINY_RATE if is_tiny_adamw else _RATES[size], "Usual for this size."
        ),
        "dropout": Proposal(
            0.1 if is_often else 0.0,
            "The text is read many times." if is_often else "The text is read a few times only.",
        ),
    }


def _times_read(chosen: Mapping[str, OptionValue], epochs: int, batch_tokens: int, tokens: int) -> float:
    """How often the text will be read; one epoch where only time limits that."""
    if chosen.get("epochs"):
        return float(chosen["epochs"] or 1)
    if chosen.get("max_steps"):
        return float(chosen["max_steps"] or 1) * batch_tokens / max(tokens, 1)
    return 1.0 if chosen.get("max_minutes") or chosen.get("finish_by") else float(epochs)


def tokens_to_read(
    family: str, preset: str, chosen: Mapping[str, OptionValue], values: Mapping[str, Any]
) -> tuple[float, float | None]:
    """How many tokens a run reads in all, and its epochs where they are what limits it.

    ``chosen``: what a person set; ``values``: resolved ones of the same text and model, whatever their length.
    """
    tokens, a_step = int(values["train_tokens"]), int(values["batch_tokens"])
    if chosen.get("max_steps"):
        return float(chosen["max_steps"] or 0) * a_step, None
    epochs = chosen.get("epochs")
    if epochs is None:
        meant = steps_of_preset(preset, a_step)
        if tokens > TOO_LONG * meant * a_step:
            return float(meant * a_step), None
        epochs = propose_training(family, preset, tokens, values)["epochs"].value
    return float(epochs) * tokens, float(epochs)


def steps_of_preset(preset: str, batch_tokens: int) -> int:
    """How many steps a preset takes where even one epoch would be far longer than it is meant to last."""
    return max(1, round(_TOKENS_OF_PRESET.get(preset, 15e6) / batch_tokens))
