"""What a person should know about their rows and their start before they trust a score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ptft_gui.data.examples.prepared import PreparedExamples
from ptft_gui.engine.finetune.examples import PartExamples
from ptft_gui.engine.finetune.start import Start
from ptft_gui.engine.language.learner import Part
from ptft_gui.engine.reporter import Reporter

_MANY_UNKNOWN = 0.1
_LOOKED_AT = 500
_ENGLISH = "en"


def tell_examples(
    reporter: Reporter,
    examples: PreparedExamples,
    parts: Mapping[Part, PartExamples],
    values: Mapping[str, Any],
    tokenizer: Any,
) -> None:
    """What was noticed in the rows, what was cut off, what the tokenizer does not know."""
    for message in examples.facts["notices"]:
        reporter.notice("data", message)
    train, rows = parts["train"], max(len(parts["train"].rows), 1)
    if train.cut_rows:
        reporter.notice(
            "cut_texts",
            f"{train.cut_rows:,} of {rows:,} texts to learn from ({train.cut_rows / rows:.1%}) are longer than the "
            f"{values['block_size']:,} tokens that the model reads, and are cut off there.",
            "What lies beyond is not seen, in training and later.",
            "A longer text length (block_size) sees more and takes longer.",
            is_warning=train.cut_rows / rows > _MANY_UNKNOWN,
        )
    if not len(parts["val"]):
        reporter.notice("nothing_held_out", "No rows are held out, so there is no held-out curve.")
    share = unknown_share(train, tokenizer)
    if share > _MANY_UNKNOWN:
        reporter.notice(
            "unknown_tokens",
            f"The start does not know {share:.0%} of the words and signs of these texts.",
            "Its tokenizer was made for other texts, so much of them looks alike to it.",
            "Choose a start that has read texts like these.",
            is_warning=True,
        )


def unknown_share(part: PartExamples, tokenizer: Any) -> float:
    """The share of tokens that stand for something unknown, in the first examples."""
    unknown = tokenizer.unk_token_id
    if unknown is None:
        return 0.0
    looked_at = part.examples[:_LOOKED_AT]
    tokens = sum(len(example) for example in looked_at)
    return sum(int((example.ids == unknown).sum()) for example in looked_at) / max(tokens, 1)


def tell_start(
    reporter: Reporter,
    start: Start,
    unused: tuple[str, ...],
    values: Mapping[str, Any],
    examples: PreparedExamples,
) -> None:
    """Weights that stay unused, and a start that has read another language than that of the texts."""
    if unused:
        reporter.notice(
            "unused_weights",
            f"{start.name} holds {len(unused):,} weights that this job does not use.",
            f"The first is {unused[0]}.",
        )
    found = (examples.facts.get("language") or {}).get("languages") or [{}]
    code, name = str(found[0].get("code") or ""), str(found[0].get("name") or "")
    is_english = start.glance.kind == "starter"
    if is_english and code and code != _ENGLISH:
        reporter.notice(
            "other_language",
            f"This model read English; your texts look {name}. Expect a weak result.",
            "It knows few of their words.",
            "Pre-train a model on texts of this language first, or choose a model folder that knows it.",
            is_warning=True,
        )
    if values["start_weights"] == "random":
        reporter.notice("random_start", "The model begins with random numbers: it knows no language yet.")
