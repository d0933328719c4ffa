"""What the program proposes where a person left an option *automatic*.

Pure functions of the preset and of facts about the text, so that the New run page can show a proposal, with its
reason, before the start, and the worker resolves it to the same value.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import psutil

from ptft_gui.core.family.options import OptionValue


@dataclass(frozen=True)
class TextFacts:
    """What is known of a text before training.

    ``types_reaching`` maps a count to the number of different words that occur at least that often; it holds
    the keys 1, 2, 3 and 5.
    """

    tokens: int
    types_reaching: Mapping[int, int]


@dataclass(frozen=True)
class Proposal:
    """A value and the sentence that says why."""

    value: int | float | str
    reason: str


@dataclass(frozen=True)
class _Reach:
    """How much training a preset buys: words to read in all, and between which numbers of epochs.

    ``least_words`` is what a tiny text is read again and again for: below it nothing visible is learned.
    """

    target_words: float
    least_words: float
    fewest: int
    most: int


_REACH = {
    "tiny": _Reach(10e6, 1e6, 1, 10),
    "quick": _Reach(40e6, 3e6, 1, 20),
    "balanced": _Reach(200e6, 6e6, 3, 30),
    "best": _Reach(1e9, 15e6, 5, 50),
}
_MOST_EPOCHS = 200
_USUAL_MIN_COUNT = 5
_ENOUGH_TYPES = {5: 1000, 3: 500, 2: 200}


def propose_word_vector_options(preset: str, facts: TextFacts) -> dict[str, Proposal]:
    """Proposals for ``min_count``, ``vector_size``, ``sample``, ``epochs`` and ``workers``."""
    min_count = propose_min_count(facts)
    types = facts.types_reaching.get(int(min_count.value), 0)
    return {
        "min_count": min_count,
        "vector_size": _propose_vector_size(facts.tokens, types),
        "sample": _propose_sample(types),
        "epochs": _propose_epochs(preset, facts.tokens),
        "workers": propose_workers(),
    }


def propose_options(family: str, preset: str, facts: TextFacts) -> dict[str, Proposal]:
    """Proposals for every automatic option of a family; none for a family that has none."""
    propose = _PROPOSERS.get(family)
    return propose(preset, facts) if propose is not None else {}


def propose_min_count(facts: TextFacts) -> Proposal:
    """The usual limit of 5, or less for a text in which too few words would remain.

    A limit stays when it leaves enough words in number, or most of the different words that there are: a text of
    150 often repeated words needs no lower limit.
    """
    all_types = facts.types_reaching.get(1, 0)
    for limit, enough in _ENOUGH_TYPES.items():
        types = facts.types_reaching.get(limit, 0)
        if types >= enough or (types >= 50 and types * 2 >= all_types):
            return Proposal(limit, _min_count_reason(limit, facts))
    return Proposal(1, _min_count_reason(1, facts))


def _min_count_reason(limit: int, facts: TextFacts) -> str:
    if limit == _USUAL_MIN_COUNT:
        return f"The usual limit; it leaves {facts.types_reaching.get(limit, 0):,} different words."
    return (
        f"This text is small: with the usual limit of {_USUAL_MIN_COUNT} only "
        f"{facts.types_reaching.get(_USUAL_MIN_COUNT, 0):,} different words would remain; "
        f"with {limit} it is {facts.types_reaching.get(limit, 0):,}."
    )


def _propose_vector_size(tokens: int, types: int) -> Proposal:
    if types < 500:
        return Proposal(32, f"Enough for {types:,} different words.")
    for limit, size in ((50_000, 50), (20e6, 100), (200e6, 200)):
        if tokens < limit:
            return Proposal(size, f"Fits a text of {tokens:,} words.")
    return Proposal(300, f"A text of {tokens:,} words can fill 300 numbers a word.")


def _propose_sample(types: int) -> Proposal:
    if types < 500:
        return Proposal(0.01, "With so few different words nearly all are frequent, so fewer are skipped.")
    return Proposal(0.001, "The usual value.")


def _propose_epochs(preset: str, tokens: int) -> Proposal:
    reach = _REACH.get(preset, _REACH["quick"])
    known = max(tokens, 1)
    epochs = min(max(math.ceil(reach.target_words / known), reach.fewest), reach.most)
    epochs = max(epochs, min(math.ceil(reach.least_words / known), _MOST_EPOCHS))
    return Proposal(epochs, f"The text has {tokens:,} words; this reads {epochs * known:,} in all.")


def propose_workers() -> Proposal:
    """One thread a processor core that this process may use, at most eight (more stall each other)."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Proposal(min(cores, 8), f"This computer has {cores} processor core{'s' if cores != 1 else ''}.")


_GLOVE_EPOCHS = {"tiny": 15, "quick": 25, "balanced": 50, "best": 100}
_SMALL_TEXT_EPOCHS = {"tiny": 40, "quick": 50, "balanced": 50, "best": 60}
"""Measured on the Wikipedia extract: with less the neighbours are poor, and beyond 60 they get worse again."""
_FEW_TYPES, _FEW_TYPES_EPOCHS, _FEW_TYPES_SIZE = 500, 60, 100
_SMALL_TOKENS, _LARGE_TOKENS, _HUGE_TOKENS = 2e6, 20e6, 400e6
_OFTEN_REPEATED = 100
"""So often each word of a text stands in it where nearly every pair is a frequent one."""


def propose_glove_options(preset: str, facts: TextFacts) -> dict[str, Proposal]:
    """Proposals for ``min_count vector_size symmetric x_max epochs workers memory_mb``.

    A text of few, often repeated words is learned otherwise than real language: measured on the Little Kingdom, whose
    analogies hold with these values for every seed that was tried, and with the usual ones for half of them.
    """
    min_count = propose_min_count(facts)
    types = facts.types_reaching.get(int(min_count.value), 0)
    size = Proposal(_FEW_TYPES_SIZE, f"Enough for {types:,} different words.")
    is_repetitive = types < _FEW_TYPES and facts.tokens > types * _OFTEN_REPEATED
    return {
        "min_count": min_count,
        "vector_size": size if types < _FEW_TYPES else _propose_vector_size(facts.tokens, types),
        "symmetric": _propose_symmetric(is_repetitive),
        "x_max": _propose_x_max(facts.tokens, types, is_repetitive),
        "epochs": _propose_glove_epochs(preset, facts, types),
        "workers": propose_workers(),
        "memory_mb": _propose_memory(),
    }


EPOCHS_OF_A_TASK = {"tiny": 10, "quick": 20, "balanced": 40, "best": 100}
_TASK_RATES = {"frozen": 0.003, "full": 0.001}
_TASK_RATE_FROM_NOTHING = 0.005


def propose_task_options(preset: str, method: str | None, is_from_nothing: bool) -> dict[str, Proposal]:
    """Proposals for averaged word vectors that learn to sort texts into classes."""
    reason = (
        "Usual for vectors that stay as they are."
        if method == "frozen"
        else "Usual for vectors that learn along."
    )
    rate = Proposal(_TASK_RATES.get(method or "full", 0.001), reason)
    if is_from_nothing:
        rate = Proposal(_TASK_RATE_FROM_NOTHING, "Random vectors have far to go.")
    epochs = EPOCHS_OF_A_TASK.get(preset, EPOCHS_OF_A_TASK["quick"])
    return {
        "epochs": Proposal(epochs, "At most; the best moment on held-out texts is kept."),
        "learning_rate": rate,
        "vector_size": Proposal(100, "The usual size for small texts."),
        "workers": propose_workers(),
    }


def _propose_symmetric(is_repetitive: bool) -> Proposal:
    if is_repetitive:
        return Proposal(
            False, "Few words that come back hundreds of times stand in sentences that are built alike."
        )
    return Proposal(True, "The usual way.")


def _propose_x_max(tokens: int, types: int, is_repetitive: bool) -> Proposal:
    """10 as in the reference program's demonstration; 100 as in the paper, whose texts had billions of words."""
    if is_repetitive:
        return Proposal(300.0, f"Each of the {types:,} different words stands in the text hundreds of times.")
    if tokens < _HUGE_TOKENS:
        return Proposal(10.0, f"In a text of {tokens:,} words few pairs meet more often.")
    return Proposal(100.0, f"A text of {tokens:,} words holds many frequent pairs.")


def _propose_glove_epochs(preset: str, facts: TextFacts, types: int) -> Proposal:
    if types < _FEW_TYPES:
        reason = f"{types:,} different words have few pairs, so an epoch takes a moment only."
        return Proposal(_FEW_TYPES_EPOCHS, reason)
    usual = _SMALL_TEXT_EPOCHS if facts.tokens < _SMALL_TOKENS else _GLOVE_EPOCHS
    epochs = usual.get(preset, usual["quick"])
    if facts.tokens > _LARGE_TOKENS:
        return Proposal(
            max(15, epochs // 2), f"Each epoch goes through the counts of {facts.tokens:,} words."
        )
    return Proposal(epochs, f"Usual for a text of {facts.tokens:,} words.")


def _propose_memory() -> Proposal:
    """A quarter of the computer's memory, between half a gigabyte and sixteen."""
    total_mb = psutil.virtual_memory().total >> 20
    value = min(max(total_mb // 4, 512), 16_384)
    return Proposal(value, f"This computer has {total_mb:,} MB of memory.")


def resolve(
    options: Mapping[str, OptionValue], proposals: Mapping[str, Proposal]
) -> tuple[dict[str, OptionValue], dict[str, str]]:
    """Fill in what was left automatic; returns the values to train with and the reason of each filled-in one."""
    values, reasons = dict(options), {}
    for key, proposal in proposals.items():
        if values.get(key) is None:
            values[key] = proposal.value
            reasons[key] = proposal.reason
    return values, reasons


_PROPOSERS: dict[str, Callable[[str, TextFacts], dict[str, Proposal]]] = {
    "word2vec": propose_word_vector_options,
    "glove": propose_glove_options,
}
