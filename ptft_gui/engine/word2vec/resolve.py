"""From what a person asked for, and what the text is like, to the values a Word2Vec run trains with."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.proposals import propose_word_vector_options
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.device import check_graphics_card
from ptft_gui.engine.plan import Plan, alter_plan, data_of_attempt, facts_for_proposals, make_plan
from ptft_gui.engine.text import TrainingText
from ptft_gui.engine.word2vec.trainers import FAST, GENSIM

__all__ = ["Plan", "alter_plan", "data_of_attempt", "resolve_plan"]

_LIBRARIES = {
    (GENSIM, "cpu"): ("gensim", "numpy"),
    (FAST, "cpu"): ("numba", "gensim", "numpy"),
    (FAST, "cuda"): ("torch", "gensim", "numpy"),
}


def resolve_plan(spec: RunSpec, text: TrainingText) -> Plan:
    """Fill in what was left automatic and record what was decided, measured and used.

    Raises PtftError for a graphics card that was chosen and is not there.
    """
    decided, reasons = choose_trainer(_with_reference(spec))
    if spec.options.get("trainer") is None and decided["trainer"] == GENSIM and not spec.options.get("hs"):
        reasons["trainer"] = "These are the settings of an exact comparison with gensim."
    plan = make_plan(
        spec,
        text,
        propose_word_vector_options(spec.preset, facts_for_proposals(text)),
        _LIBRARIES[decided["trainer"], decided["device"]],
        lambda values: max(1, math.ceil(text.train_tokens / int(values["batch_words"]))),
    )
    return replace(plan, values={**plan.values, **decided}, reasons={**plan.reasons, **reasons})


def _with_reference(spec: RunSpec) -> dict[str, OptionValue]:
    """The options; settings that only make sense for an exact comparison with gensim ask for gensim."""
    data, options = spec.data, dict(spec.options)
    is_comparison = options.get("workers") == 1 and data.preparation == "none" and data.val_fraction == 0
    if options.get("trainer") is None and options.get("device") != "cuda" and is_comparison:
        options["trainer"] = GENSIM
    return options


def choose_trainer(options: Mapping[str, OptionValue]) -> tuple[dict[str, Any], dict[str, str]]:
    """(``trainer`` and ``device``, why): a reason where the program chose, or chose otherwise than was asked for."""
    if options.get("hs"):
        reason = "Only gensim trains with hierarchical softmax, and on the processor."
        return {"trainer": GENSIM, "device": "cpu"}, {"trainer": reason, "device": reason}
    trainer, device = options.get("trainer"), options.get("device")
    if device == "cuda" and trainer != GENSIM:
        check_graphics_card()
        reasons = {} if trainer == FAST else {"trainer": "It is the one that can use the graphics card."}
        return {"trainer": FAST, "device": "cuda"}, reasons
    reasons = {} if trainer else {"trainer": "It learns the same in a fraction of the time."}
    if trainer == GENSIM and device != "cpu":
        reasons["device"] = "gensim trains on the processor only."
    elif device is None:
        reasons["device"] = "The processor is the usual choice for words."
    return {"trainer": trainer or FAST, "device": "cpu"}, reasons
