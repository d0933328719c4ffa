"""What a person should know of a run of a language model before they trust its curve."""

from __future__ import annotations

from typing import Any

from ptft_gui.core.spec import RunSpec
from ptft_gui.core.wording import percent_text
from ptft_gui.engine.language.tokenizer import CHARACTERS
from ptft_gui.engine.plan import Plan
from ptft_gui.engine.reporter import Reporter

_MUCH_UNKNOWN = 0.02
_NEARLY_ALL = 0.95


def tell_about(learner: Any, plan: Plan, spec: RunSpec, reporter: Reporter) -> None:
    """Notices about the start, the split, the size of the text, and how well the tokenizer suits it."""
    values = plan.values
    for note in learner.notes:
        reporter.notice("start", note)
    if not values["val_tokens"] or not learner.blocks["val"].count:
        reporter.notice(
            "nothing_held_out",
            "No text is held out, so there is no held-out curve.",
            values["split_sentence"],
        )
    if values["train_tokens"] * 4 < learner.parameters and not values.get("initial"):
        reporter.notice(
            "small_text",
            f"The model has {learner.parameters:,} numbers and the text only {values['train_tokens']:,} tokens.",
            "Such a model learns the text by heart instead of the language.",
            "A longer text or a smaller model does better.",
        )
    _tell_about_tokens(values, spec, reporter)


def _tell_about_tokens(values: dict[str, Any], spec: RunSpec, reporter: Reporter) -> None:
    share = float(values.get("unknown_share") or 0.0)
    if share >= _MUCH_UNKNOWN:
        initial = values.get("initial")
        whose = f"The tokenizer of {initial['name']}" if initial else "The tokenizer"
        reporter.notice(
            "unknown_tokens",
            f"{whose} does not know {percent_text(share)} of this text.",
            "What it does not know is one and the same token to the model, whatever stands there.",
            "Choose a start in the script of your text, or begin from nothing."
            if initial
            else "Choose BPE, which can write any text, or a larger vocabulary.",
            is_warning=True,
        )
    asked, found = spec.options.get("vocab_size"), int(values["tokens_in_vocabulary"])
    is_learned = not values.get("initial") and not spec.options.get("tokenizer_from")
    if not isinstance(asked, int) or not is_learned or values["tokenizer"] == CHARACTERS:
        return
    if found < asked * _NEARLY_ALL:
        reporter.notice(
            "vocabulary",
            f"The text gave {found:,} tokens instead of the {asked:,} that were asked for.",
            "It has no more pieces that stand in it often enough.",
        )
    elif found > asked:
        reporter.notice(
            "vocabulary",
            f"The vocabulary has {found:,} tokens instead of the {asked:,} that were asked for.",
            "Single signs alone need so many.",
        )
