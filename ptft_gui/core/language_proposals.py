"""What is proposed for a language model where a person left an option *automatic*; see ``proposals``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.proposals import Proposal, propose_workers

_SIZE_OF_PRESET = {"tiny": "tiny", "quick": "mini", "balanced": "small", "best": "base"}
_TOKENS_OF_PRESET = {"tiny": 1.5e6, "quick": 15e6, "balanced": 100e6, "best": 1e9}
_TOKENS_OF_TINY_BERT = 2.5e6
"""How many tokens a preset reads in all, about; of a text, BERT learns from the hidden tokens alone and is quicker."""
_MOST_EPOCHS = 40
_SMALL_TEXT = 2_000_000
_BERT_TINY_BLOCK, _BERT_TINY_RATE, _HIDDEN_SHARE = 64, 0.006, 0.3
_BERT_TINY_SHAPE = {"layers": 2, "heads": 2}
_BLOCK = {"tiny": 128, "mini": 128, "small": 256, "base": 512}
_CHARACTER_BLOCK = {"tiny": 64, "mini": 128, "small": 256, "base": 512}
_BATCH_TOKENS = {"tiny": 1024, "mini": 4096, "small": 8192, "base": 32_768}
_MICRO_TOKENS = {"cpu": 8192, "cuda": 65_536}
_MOST_TOKENS = {"tiny": 4000}
_ADAMW_TINY_RATE = 0.004
_RATES = {"tiny": 0.012, "mini": 0.002, "small": 0.001, "base": 0.0006}
_GOING_ON_FACTOR = 0.25
"""Of the usual rate, where training goes on from an earlier model: what it knows is to be kept."""
_GOING_ON_EPOCHS, _GOING_ON_TOKENS, _GOING_ON_BATCH = 10, 3e5, 4096
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
    """Proposals for ``tokenizer``, ``vocab_size`` and ``model_size``; ``chosen``: what a person set.

    Those for ``layers`` and ``heads`` come with them where the named size is not followed.
    """
    kind = _propose_tokenizer(family, facts)
    named = str(chosen.get("tokenizer") or kind.value)
    size = _SIZE_OF_PRESET.get(preset, "mini")
    return {
        "tokenizer": kind,
        "vocab_size": _propose_vocabulary(named, facts, _MOST_TOKENS.get(preset)),
        "model_size": Proposal(size, "The size of this preset."),
        **_propose_shape(family, str(chosen.get("model_size") or size), chosen),
        "workers": propose_workers(),
    }


def _propose_shape(family: str, size: str, chosen: Mapping[str, OptionValue]) -> dict[str, Proposal]:
    """Where the named size is not what suits: a tiny BERT is as deep as Turc et al. 2019 made theirs."""
    if family != "bert" or size != "tiny" or any(chosen.get(key) for key in ("layers", "width", "heads")):
        return {}
    told = "So shallow a BERT learns more in a short run."
    return {key: Proposal(value, told) for key, value in _BERT_TINY_SHAPE.items()}


def _propose_tokenizer(family: str, facts: LanguageFacts) -> Proposal:
    if facts.chinese_share > 0.3:
        return Proposal("characters", "The text is Chinese, where a character is a word or a part of one.")
    if family == "bert":
        return Proposal("wordpiece", "The usual one for BERT.")
    if facts.characters < _SMALL_TEXT:
        return Proposal("characters", f"The text is small ({facts.characters:,} characters).")
    return Proposal("bpe", "The usual one for GPT.")


def _propose_vocabulary(kind: str, facts: LanguageFacts, most: int | None) -> Proposal:
    if kind == "characters":
        return Proposal(8192, "Room for every character of the text, or the most frequent ones.")
    told = f"Fits a text of {facts.characters:,} characters."
    for limit, size in ((500_000, 1000), (2e6, 2000), (8e6, 4000), (60e6, 8000), (500e6, 16_000)):
        if facts.characters < limit:
            return Proposal(size, told)
        if most is not None and size >= most:
            return Proposal(most, "So few are each seen often enough in a short run.")
    return Proposal(30_000, told)


def size_like(layers: int, width: int) -> str:
    """The named size that a network of this shape comes closest to."""
    work = {"tiny": 4 * 128**2, "mini": 4 * 256**2, "small": 6 * 512**2, "base": 12 * 768**2}
    return min(work, key=lambda size: abs(math.log(max(layers * width**2, 1) / work[size])))


def tokens_of_preset(family: str, preset: str, goes_on_as: str = "") -> float:
    """How many tokens a preset reads in all. ``goes_on_as``: the size of the model that is gone on with, if any.

    Such a model may be far larger than the preset's own: then it reads less, to take about as long.
    """
    tokens = _TOKENS_OF_PRESET.get(preset, 15e6)
    if not goes_on_as:
        return _TOKENS_OF_TINY_BERT if family == "bert" and preset == "tiny" else tokens
    own = list(_RATES).index(_SIZE_OF_PRESET.get(preset, "mini"))
    steps_larger = max(0, list(_RATES).index(goes_on_as) - own)
    return max(tokens / 4.0**steps_larger, min(_GOING_ON_TOKENS, tokens))


def propose_training(
    family: str,
    preset: str,
    tokens: int,
    chosen: Mapping[str, OptionValue],
    *,
    goes_on: bool = False,
    positions: int = 0,
) -> dict[str, Proposal]:
    """Proposals for ``block_size global_batch_size epochs learning_rate optimizer dropout``.

    ``tokens``: of the text to learn from; ``chosen``: the options with the cutting filled in. ``goes_on``: whether an
    earlier model is trained further, which reads at most ``positions`` tokens at once (0: as many as one likes).
    """
    size, is_characters = str(chosen["model_size"]), chosen["tokenizer"] == "characters"
    block = (_CHARACTER_BLOCK if is_characters and family == "gpt" else _BLOCK)[size]
    if family == "bert" and size == "tiny":
        block = _BERT_TINY_BLOCK
    block = min(block, positions) if positions else block
    in_force = int(chosen.get("block_size") or block)
    usual_batch = _BATCH_TOKENS[size] * (2 if family == "bert" else 1)
    if goes_on and preset in ("tiny", "quick"):
        usual_batch = min(usual_batch, _GOING_ON_BATCH)
    batch = max(1, usual_batch // in_force)
    meant, most = tokens_of_preset(family, preset, size if goes_on else ""), _MOST_EPOCHS
    epochs = min(max(round(meant / max(tokens, 1)), 1), _GOING_ON_EPOCHS if goes_on else most)
    is_often = _times_read(chosen, epochs, batch * in_force, tokens) >= _OFTEN
    optimizer = "muon"
    is_tiny_adamw = size == "tiny" and chosen.get("optimizer") == "adamw"
    is_tiny_bert = size == "tiny" and family == "bert"
    rate = _ADAMW_TINY_RATE if is_tiny_adamw else _BERT_TINY_RATE if is_tiny_bert else _RATES[size]
    hidden = Proposal(_HIDDEN_SHARE, "More to learn from each text than 0.15 gives.")
    return {
        **({"mlm_probability": hidden} if family == "bert" else {}),
        "block_size": Proposal(block, "Usual for this size and kind of token."),
        "global_batch_size": Proposal(batch, f"{batch * in_force:,} tokens a step suit this size."),
        "epochs": Proposal(epochs, f"The text has {tokens:,} tokens; this reads {epochs * tokens:,} in all."),
        "optimizer": Proposal(optimizer, "It needs fewer steps to the same loss."),
        "learning_rate": Proposal(
            rate * _GOING_ON_FACTOR, "Lower than usual, so that what the start knows is kept."
        )
        if goes_on
        else Proposal(rate, "Usual for this size."),
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
        goes_on = bool(values.get("initial"))
        meant = steps_of_preset(family, preset, a_step, str(values["model_size"]) if goes_on else "")
        if tokens > TOO_LONG * meant * a_step:
            return float(meant * a_step), None
        epochs = propose_training(family, preset, tokens, values, goes_on=goes_on)["epochs"].value
    return float(epochs) * tokens, float(epochs)


def steps_of_preset(family: str, preset: str, batch_tokens: int, goes_on_as: str = "") -> int:
    """How many steps a preset takes where even one epoch would be far longer than it is meant to last."""
    return max(1, round(tokens_of_preset(family, preset, goes_on_as) / batch_tokens))


def propose_micro_batch_size(device: str, block_size: int, batch: int) -> int:
    """As many blocks as keep the numbers of one micro-batch small, and the batch evenly divided."""
    most = max(1, _MICRO_TOKENS[device] // block_size)
    return batch if most >= batch else math.ceil(batch / math.ceil(batch / most))
