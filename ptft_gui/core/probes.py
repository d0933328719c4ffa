"""Probes of language models: inputs fixed at the start whose answers are recorded as training goes on."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ptft_gui.core.errors import SpecError
from ptft_gui.core.family.definition import Family

MOST_PROBES = 5
LONGEST_PROBE = 2000
_BLANK = re.compile(r"\[MASK\]|_{2,}")


def problems_of_probes(probes: Sequence[str], family: Family) -> list[SpecError]:
    """What keeps these probes from being answered by a model of the family."""
    if not probes:
        return []
    if family.saves_word_vectors:
        return [
            _problem(
                f"{family.title} answers no probes.",
                "Watch words instead: they are followed in the same way.",
            )
        ]
    if len(probes) > MOST_PROBES:
        return [_problem(f"{len(probes)} probes are given; {MOST_PROBES} is the most.", "Take some away.")]
    for probe in probes:
        if not probe.strip() or len(probe) > LONGEST_PROBE:
            told = "is empty" if not probe.strip() else f"is longer than {LONGEST_PROBE:,} characters"
            return [_problem(f"A probe {told}.", "Give a sentence or the beginning of one.")]
        if family.key == "bert" and family.reads_raw_text and not _BLANK.search(probe):
            return [
                _problem(
                    f'The probe "{probe}" has no blank to fill.',
                    "Write [MASK] or ___ where a word is missing.",
                )
            ]
    return []


def _problem(message: str, hint: str) -> SpecError:
    return SpecError(message, hint=hint, key="probes")
