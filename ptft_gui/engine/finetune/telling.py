"""What a person should know about their rows and their start before they trust a score."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ptft_gui.core.family.start_fit import dropped_head
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
    _tell_answers(reporter, train, values)
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


def _tell_answers(reporter: Reporter, train: PartExamples, values: Mapping[str, Any]) -> None:
    """Answers that no window holds, and tags that break the rules of their scheme."""
    rows, kept = len(train.rows), len({example.row for example in train.examples})
    if values["task"] == "question-answering" and kept < rows:
        reporter.notice(
            "lost_answers",
            f"{rows - kept:,} of {rows:,} questions to learn from are left out: their answers are too long to stand "
            f"whole in what the model reads at once, {values['block_size']:,} tokens.",
            "Long texts are read in pieces that overlap; an answer must lie within one.",
            "A longer text length (block_size) keeps them.",
            is_warning=(rows - kept) / rows > _MANY_UNKNOWN,
        )
    if broken := int(values.get("broken_tags") or 0):
        reporter.notice(
            "broken_tags",
            f"{broken:,} tags to learn from break the rules of {values['tag_scheme']}, the way they are written.",
            "They are read as the official program of CoNLL reads them: a name begins where its kind does.",
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
            f"{start.name} holds {'1 weight' if len(unused) == 1 else f'{len(unused):,} weights'} that this job does "
            "not use.",
            f"The first is {unused[0]}.",
        )
    found = (examples.facts.get("language") or {}).get("languages") or [{}]
    code, name = str(found[0].get("code") or ""), str(found[0].get("name") or "")
    if start.glance.has_read(code) is False:
        read = "read English" if start.glance.languages == (_ENGLISH,) else f"has not read {name}"
        reporter.notice(
            "other_language",
            f"This model {read}; your texts look {name}. Expect a weak result.",
            "It knows few of their words.",
            "Pre-train a model on texts of this language first, or choose a model folder that knows it.",
            is_warning=True,
        )
    if values["start_weights"] == "random":
        reporter.notice("random_start", "The model begins with random numbers: it knows no language yet.")
    elif dropped := dropped_head(start.glance):
        reporter.notice("new_head", dropped)
