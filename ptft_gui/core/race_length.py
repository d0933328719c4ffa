"""How long the lanes of a race learn, and what of it a person decided.

Methods are held against one another at their best: each lane has the learning rate and the number of epochs that suit
its method, ends where the held-out rows get no better, and keeps its best moment. A frozen model goes through its rows
twenty times and more, as an epoch of it takes a moment; a full one twice. A length that a person fixed holds for every
lane, and is said, as a short one is no fair race.
"""

from __future__ import annotations

from collections.abc import Iterable

from ptft_gui.core.family.definition import FROZEN
from ptft_gui.core.family.options import OptionValue
from ptft_gui.core.spec import RunSpec

OWN_OF_LANE = ("epochs", "learning_rate", "early_stopping")
"""What each lane decides for itself, so that none has settings that suit another."""


def own_options(spec: RunSpec, method: str) -> dict[str, OptionValue]:
    """What a lane with this method puts over the options of ``spec``: its own learning rate, patience and epochs.

    Epochs that a person asked for stay, but not those of a frozen model for another, nor another's for a frozen one:
    an epoch of the one costs a hundred of the other.
    """
    own: dict[str, OptionValue] = dict.fromkeys(OWN_OF_LANE)
    if (spec.method == FROZEN) == (method == FROZEN):
        own["epochs"] = spec.options.get("epochs")
    return own


def length_sentence(specs: Iterable[RunSpec]) -> str:
    """Whether the lanes learned as long as suits each, or as long as a person said."""
    asked = list(specs)
    for spec in asked:
        if limit := _limit_words(spec):
            return f"The length was fixed for every lane: {limit}. A longer race may end otherwise."
    told = {spec.options["epochs"]: spec.method for spec in asked if spec.options.get("epochs")}
    if len(told) == 1:
        (epochs, method), *_ = told.items()
        who = "Frozen goes" if method == FROZEN else "Each lane goes"
        rest = "the others as often as suits them" if method == FROZEN else "but Frozen as often as suits it"
        has_both = len({spec.method == FROZEN for spec in asked}) == 2
        tail = f", {rest}" if has_both else ""
        times = "once" if epochs == 1 else f"at most {epochs:,} times"
        return f"{who} through the rows {times}, as was asked{tail}."
    return "Each lane learns as long as suits its method; its best moment on held-out rows counts."


def _limit_words(spec: RunSpec) -> str:
    """The limit that holds whatever the method, in words; empty where there is none."""
    options = spec.options
    if steps := options.get("max_steps"):
        return f"{steps:,} steps"
    if minutes := options.get("max_minutes"):
        return f"{minutes:g} minutes"
    return f"until {options['finish_by']}" if options.get("finish_by") else ""
