"""What the watched words' neighbours were at every moment of a run, read out of its probes."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from ptft_gui.core.events import Probe
from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.widgets.word_grid import Cell


@dataclass(frozen=True)
class Moment:
    """One look at the watched words."""

    step: int
    epoch: float


def watched_words(summary: RunSummary) -> list[str]:
    """The words that have been looked at, in the order in which they were chosen."""
    return [name for name, row in summary.probes.items() if row and row[-1].kind == "similar"]


def moments(summary: RunSummary) -> list[Moment]:
    """Every moment at which a word was looked at, the first one first."""
    found = {probe.step: probe.epoch for name in watched_words(summary) for probe in summary.probes[name]}
    return [Moment(step, found[step]) for step in sorted(found)]


def neighbours_at(summary: RunSummary, word: str, step: int) -> list[Cell]:
    """The neighbours of ``word`` as last seen at ``step``; those that were not there a look before are new."""
    row = summary.probes.get(word, [])
    position = bisect_right(row, step, key=lambda probe: probe.step) - 1
    if position < 0:
        return []
    before = {cell.word for cell in _cells(row[position - 1])} if position > 0 else None
    return [
        Cell(cell.word, cell.similarity, before is not None and cell.word not in before)
        for cell in _cells(row[position])
    ]


def _cells(probe: Probe) -> list[Cell]:
    """The answer of a probe; what is not ``[word, cosine]`` is left out, so that an edited log shows what it can."""
    answer = probe.answer if isinstance(probe.answer, list) else []
    return [cell for entry in answer if (cell := _cell(entry)) is not None]


def _cell(entry: Any) -> Cell | None:
    if not isinstance(entry, list | tuple) or len(entry) < 2 or not isinstance(entry[0], str):
        return None
    return Cell(entry[0], float(entry[1])) if isinstance(entry[1], int | float) else None
