"""Two models side by side: the neighbours of the same word in each.

Neighbours can be compared whatever the two models are: other texts, other methods, other sizes, before and after.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ptft_gui.core.errors import UnknownWordError
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.neighbours import Neighbour
from ptft_gui.inspection.similarity import Answer, most_similar

Side = Literal["here", "there"]


@dataclass(frozen=True)
class SideBySide:
    """``missing``: the model that does not know the word, whose list is then empty; ``shared``: words in both lists."""

    words: tuple[str, ...]
    here: list[Neighbour]
    there: list[Neighbour]
    shared: int
    missing: Side | None
    sentence: str


def compare_neighbours(here: OpenedModel, there: OpenedModel, text: str, topn: int = 10) -> SideBySide:
    """The words nearest to ``text`` in two models. Raises :class:`UnknownWordError` where neither knows it."""
    try:
        found_here = most_similar(here, text, topn)
    except UnknownWordError:
        found_there = _known_there(there, text, topn)
        words, neighbours = found_there.positive, found_there.neighbours
        return SideBySide(words, [], neighbours, 0, "here", _only_one(there, here, words))
    try:
        found_there = most_similar(there, text, topn)
    except UnknownWordError:
        words, neighbours = found_here.positive, found_here.neighbours
        return SideBySide(words, neighbours, [], 0, "there", _only_one(here, there, words))
    ours = {neighbour.word for neighbour in found_here.neighbours}
    shared = sum(neighbour.word in ours for neighbour in found_there.neighbours)
    of = min(len(found_here.neighbours), len(found_there.neighbours))
    sentence = f"{shared} of {of} neighbours are the same."
    return SideBySide(
        found_here.positive, found_here.neighbours, found_there.neighbours, shared, None, sentence
    )


def _known_there(there: OpenedModel, text: str, topn: int) -> Answer:
    try:
        return most_similar(there, text, topn)
    except UnknownWordError as problem:
        raise UnknownWordError(
            f'"{problem.word}" is known to neither model.',
            problem.detail,
            problem.hint,
            (),
            problem.word,
            problem.suggestions,
        ) from problem


def _only_one(knows: OpenedModel, lacks: OpenedModel, words: tuple[str, ...]) -> str:
    return f"{knows.name} knows {', '.join(words)}; {lacks.name} does not."
