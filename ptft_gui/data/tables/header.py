"""Whether the first row of a table names its columns or is a row like the others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_KNOWN = frozenset(
    "text label labels sentence sentence1 sentence2 sentence_a sentence_b question questions answer answers context "
    "title body review review_text reviews comment comments description summary category class target sentiment "
    "rating stars score similarity prompt response reply completion instruction input output premise hypothesis "
    "entailment_judgment id idx index uid qid guid pair_id name date author url source language lang split part "
    "tokens tags ner_tags words word tweet message content document article headline topic emotion intent polarity "
    "quality text_a text_b q1 q2 question1 question2 is_duplicate email phone country city price age gender".split()
)
_NUMBER = re.compile(r"[-+]?(\d[\d.,'\u00a0 ]*)?\d([eE][-+]?\d+)?\s*%?")
_LONGEST_NAME = 80
_LONGEST_QUESTION = 400
_FEWEST_ANSWERS, _MOST_ANSWERS = 30, 8
_LOOKED_AT = 300


def is_number(cell: str) -> bool:
    """Whether a cell holds a number as people write them, decimal comma included."""
    return bool(_NUMBER.fullmatch(cell.strip()))


def first_row_names_columns(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """A good guess from the first row and the rows that follow."""
    names = [cell.strip() for cell in first]
    if not any(names):
        return False
    known = sum(name.lower().replace(" ", "_") in _KNOWN for name in names)
    if known * 2 >= len(names) and known:
        return not _occurs_below(names, others)
    if any(is_number(name) for name in names):
        return False
    if others and _stands_over_few(names, others):
        return not _occurs_below(names, others)
    if any(len(name) > _LONGEST_NAME for name in names):
        return False
    if not others:
        return known > 0
    if _occurs_below(names, others):
        return False
    return bool(known) or _is_over_numbers(names, others) or _looks_like_names(names, others)


def _occurs_below(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether a cell of the first row stands in its column again, as a label would."""
    rows = others[:_LOOKED_AT]
    return any(
        name and any(len(row) > i and row[i].strip() == name for row in rows) for i, name in enumerate(names)
    )


def _stands_over_few(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether a column holds a few values, each several times, but for its first cell: a question that forms ask.

    Such a name may be of any length, as the exports of forms write whole questions.
    """
    if any(not name for name in names) or len(set(names)) < len(names):
        return False
    for i in range(len(names)):
        cells = [row[i].strip() for row in others[:_LOOKED_AT] if len(row) > i and row[i].strip()]
        counts = Counter(cells)
        if len(cells) >= _FEWEST_ANSWERS and len(counts) <= _MOST_ANSWERS and min(counts.values()) > 1:
            return len(names[i]) < _LONGEST_QUESTION
    return False


def _is_over_numbers(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether some column holds numbers alone, its first cell apart."""
    for i, name in enumerate(names):
        cells = [row[i] for row in others[:_LOOKED_AT] if len(row) > i and row[i].strip()]
        if name and cells and all(map(is_number, cells)):
            return True
    return False


def _looks_like_names(names: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Short, all different and none missing, where the cells below are longer or repeat one another."""
    filled = [name for name in names if name]
    if len(set(filled)) < len(filled) or len(filled) * 2 < len(names) or max(map(len, filled)) > 40:
        return False
    if any(name[-1] in ".!?。！？" and " " in name for name in filled):
        return False
    for i in range(len(names)):
        cells = [row[i].strip() for row in others[:_LOOKED_AT] if len(row) > i and row[i].strip()]
        if cells and _is_of_another_kind(names[i], cells):
            return True
    return len(others) < 3


def _is_of_another_kind(name: str, cells: Sequence[str]) -> bool:
    usual = sorted(map(len, cells))[len(cells) // 2]
    repeats = len(cells) >= 4 and len(set(cells)) * 2 <= len(cells)
    return repeats or usual > 2 * max(len(name), 10)
