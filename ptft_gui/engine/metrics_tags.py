"""How well names are marked: precision, recall and F1 of whole names, as the CoNLL-2003 task defines them.

A name counts as found when its kind, its first and its last word are right (Tjong Kim Sang and De Meulder 2003,
https://aclanthology.org/W03-0419/). Tags are read as the official program ``conlleval`` reads them, which seqeval
follows too: a name begins at B and S, and at any other tagged word that follows a word outside, one of another kind or
the end of a name; so IOB1, IOB2, IOBES and their relatives (BMES, BILOU) are read alike, and tags that break the rules
of their scheme are still read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

OUTSIDE = "O"
# Other letters for the same places: the middle of BMES, the last and the only one of BILOU, the whole one of BMEW.
_PLACES = {"B": "B", "I": "I", "E": "E", "S": "S", "M": "I", "L": "E", "U": "S", "W": "S"}
_RESAMPLES = 1000


class Entity(NamedTuple):
    """A name: its kind, its first word and the one behind its last."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class KindScore:
    """One kind of name. ``support``: names that are there; a share of nothing is 0, as everywhere."""

    label: str
    precision: float
    recall: float
    f1: float
    support: int


def split_tag(tag: str) -> tuple[str, str]:
    """Place (``B I E S O``) and kind of a tag: ``B-PER`` is B and PER, ``PER`` alone is I and PER, ``B`` alone is B."""
    if tag in (OUTSIDE, ""):
        return OUTSIDE, ""
    if tag in _PLACES:
        return _PLACES[tag], ""
    if tag[1:2] in ("-", "_") and tag[0] in _PLACES and tag[2:]:
        return _PLACES[tag[0]], tag[2:]
    return "I", tag


def entities_of(tags: Sequence[str]) -> list[Entity]:
    """The names that the tags of one sentence mark, in order."""
    found: list[Entity] = []
    start, before, kind_before = 0, OUTSIDE, ""
    for place_of_word, tag in enumerate([*tags, OUTSIDE]):
        place, kind = split_tag(tag)
        begins = place in ("B", "S") or before in (OUTSIDE, "E", "S") or kind != kind_before
        if before != OUTSIDE and (place == OUTSIDE or begins):
            found.append(Entity(kind_before, start, place_of_word))
        if place != OUTSIDE and begins:
            start = place_of_word
        before, kind_before = place, kind
    return found


def scheme_of(sentences: Iterable[Sequence[str]]) -> tuple[str, int]:
    """How tags are written, and how many of them break the rules of that scheme.

    ``IOBES`` (also BMES and BILOU), ``IOB2`` (every name begins with B), ``IOB1`` (B only between two names of a
    kind), ``IO`` (no places at all), or ``O`` where nothing is tagged. A word that breaks the rules goes on with a name
    that has not begun, or ends none.
    """
    letters: set[str] = set()
    loose = begins = 0
    broken_four = 0
    for tags in sentences:
        before, kind_before = OUTSIDE, ""
        for tag in tags:
            place, kind = split_tag(tag)
            letters |= {_letter(tag)}
            goes_on = before in ("B", "I") and kind == kind_before
            if place in ("I", "E") and not goes_on:
                loose += place == "I"
                broken_four += 1
            if place in ("B", "S", OUTSIDE) and before in ("B", "I"):
                broken_four += 1
            begins += place == "B" and not (before in ("B", "I", "E", "S") and kind == kind_before)
            before, kind_before = place, kind
        broken_four += before in ("B", "I")
    if letters & {"E", "S", "L", "U", "M", "W"}:
        return "IOBES", broken_four
    if "B" not in letters:
        if "I" in letters:
            return "IOB1", 0
        return ("IO", 0) if letters - {OUTSIDE} else ("O", 0)
    return ("IOB1", begins) if loose > begins else ("IOB2", loose)


def _letter(tag: str) -> str:
    """The letter of the place as it is written; empty for a kind without a place."""
    if tag in (OUTSIDE, ""):
        return OUTSIDE
    if tag in _PLACES or (tag[1:2] in ("-", "_") and tag[0] in _PLACES and tag[2:]):
        return tag[0]
    return ""


def report_of_tags(
    true: Sequence[Sequence[str]], answered: Sequence[Sequence[str]], seed: int = 1
) -> dict[str, Any]:
    """Everything about the tags of one part of the data, ready for JSON.

    ``rows`` (sentences) ``words entities found right entity_precision entity_recall entity_f1 entity_f1_interval
    macro_f1 token_accuracy kinds``, the last as ``[{label precision recall f1 support}]``. Raises ValueError for
    sentences of unequal length.
    """
    counts = [_counts(mine, theirs) for mine, theirs in zip(true, answered, strict=True)]
    words = sum(len(tags) for tags in true)
    equal = sum(
        a == b for mine, theirs in zip(true, answered, strict=True) for a, b in zip(mine, theirs, strict=True)
    )
    there, found, right = (sum((c[i] for c in counts), Counter[str]()) for i in range(3))
    kinds = [_score(kind, there[kind], found[kind], right[kind]) for kind in sorted(there | found)]
    whole = _score("", there.total(), found.total(), right.total())
    return {
        "rows": len(counts),
        "words": words,
        "entities": there.total(),
        "found": found.total(),
        "right": right.total(),
        "entity_precision": whole.precision,
        "entity_recall": whole.recall,
        "entity_f1": whole.f1 if counts else None,
        "entity_f1_interval": _interval(counts, seed),
        "macro_f1": float(np.mean([kind.f1 for kind in kinds])) if kinds else None,
        "token_accuracy": equal / words if words else None,
        "kinds": [vars(kind) for kind in kinds],
    }


def _counts(true: Sequence[str], answered: Sequence[str]) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By kind: the names that are there, those that were found, and those found rightly."""
    if len(true) != len(answered):
        raise ValueError(f"{len(true)} tags are right, {len(answered)} were answered")
    there, found = set(entities_of(true)), set(entities_of(answered))
    return tuple(Counter(each.kind for each in names) for names in (there, found, there & found))  # type: ignore[return-value]


def _score(label: str, there: int, found: int, right: int) -> KindScore:
    return KindScore(
        label, right / max(found, 1), right / max(there, 1), 2 * right / max(there + found, 1), there
    )


def _interval(counts: Sequence[tuple[Counter[str], Counter[str], Counter[str]]], seed: int) -> Any:
    """The 95 % interval of F1 by resampling sentences (Efron 1979); None without sentences."""
    if not counts:
        return None
    table = np.array([[c.total() for c in each] for each in counts], np.int64)  # (sentences, 3)
    generator = np.random.default_rng(seed)
    scores = []
    for _ in range(_RESAMPLES):
        there, found, right = table[generator.integers(0, len(table), len(table))].sum(0)
        scores.append(2 * right / max(there + found, 1))
    low, high = np.percentile(scores, [2.5, 97.5])
    return [float(low), float(high)]
