"""From what a person asked for, and what the text is like, to the values a GloVe run trains with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ptft_gui.core.errors import DataError, Remedy
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.proposals import propose_glove_options
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.device import check_graphics_card, has_graphics_card
from ptft_gui.engine.plan import Plan, facts_for_proposals, make_plan
from ptft_gui.engine.text import TrainingText

_LIBRARIES = ("numba", "numpy")
_NUMBERS_A_STEP = 20_000_000
_MOST_PAIRS_A_STEP, _FEWEST_PAIRS_A_STEP = 200_000, 4_000
_STEPS_AN_EPOCH = 10
_ENOUGH_TOKENS_FOR_A_CARD = 20_000_000
"""Measured with a text of 1.2 million words: 1.8 times as many pairs a second as 16 cores, but 13 s in all against 10,
because the libraries of the card take seconds to load."""


def resolve_plan(spec: RunSpec, text: TrainingText) -> Plan:
    """Fill in what was left automatic and record what was decided, measured and used.

    How many pairs there are is known only when they are counted; :func:`with_steps` adds what follows from it.
    """
    proposals = propose_glove_options(spec.preset, facts_for_proposals(text))
    plan = make_plan(spec, text, proposals, _LIBRARIES, lambda _values: 1)
    check_window(plan.values, text)
    device, reason = _choose_device(spec.options["device"], int(text.facts["tokens"]))
    reasons = plan.reasons | ({"device": reason} if reason else {})
    return replace(plan, values={**plan.values, "device": device}, reasons=reasons)


def _choose_device(asked: OptionValue, tokens: int) -> tuple[str, str]:
    """(device, why); no reason where a person chose. Raises PtftError for a card that is not there."""
    if asked == "cpu":
        return "cpu", ""
    if asked == "cuda":
        check_graphics_card()
        return "cuda", ""
    if tokens < _ENOUGH_TOKENS_FOR_A_CARD:
        return "cpu", f"A text of {tokens:,} words is learned before the graphics card would be ready for it."
    if not has_graphics_card():
        return "cpu", "There is no graphics card."
    return "cuda", "There is a graphics card, and the text is long enough for it."


def with_steps(plan: Plan, directed_pairs: int) -> Plan:
    """The plan with the size of a step: a fraction of a second of work, and several steps an epoch where it can be."""
    batch = min(_MOST_PAIRS_A_STEP, _NUMBERS_A_STEP // plan.values["vector_size"])
    batch = max(_FEWEST_PAIRS_A_STEP, min(batch, directed_pairs // _STEPS_AN_EPOCH))
    values: dict[str, Any] = {**plan.values, "batch_pairs": batch, "pairs": directed_pairs}
    steps = values["budget"]["steps"]
    if steps is not None and values["budget"]["epochs"] is None:
        values["epochs"] = -(-steps // max(1, -(-directed_pairs // batch)))
    return replace(plan, values=values)


def check_window(values: Mapping[str, Any], text: TrainingText) -> None:
    """Raise DataError for a text that does not fill a single window."""
    if text.train_tokens > values["window"]:
        return
    smaller = max(1, (text.train_tokens - 1) // 2)
    raise DataError(
        "The text is smaller than the window.",
        f"It has {text.train_tokens:,} words to train on; the window reaches {values['window']:,} words far.",
        "Choose a smaller window, or add more text.",
        (Remedy("new_run_with", f"Use window {smaller}", {"window": smaller}),),
    )
