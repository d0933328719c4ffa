"""From what a person asked for, and what the text is like, to the values a Word2Vec run trains with."""

from __future__ import annotations

import math

from ptft_gui.core.proposals import propose_word_vector_options
from ptft_gui.core.spec import RunSpec
from ptft_gui.engine.plan import Plan, alter_plan, data_of_attempt, facts_for_proposals, make_plan
from ptft_gui.engine.text import TrainingText

__all__ = ["Plan", "alter_plan", "data_of_attempt", "resolve_plan"]

_LIBRARIES = ("gensim", "numpy")


def resolve_plan(spec: RunSpec, text: TrainingText) -> Plan:
    """Fill in what was left automatic and record what was decided, measured and used."""
    return make_plan(
        spec,
        text,
        propose_word_vector_options(spec.preset, facts_for_proposals(text)),
        _LIBRARIES,
        lambda values: max(1, math.ceil(text.train_tokens / int(values["batch_words"]))),
    )
