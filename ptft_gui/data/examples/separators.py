"""Several labels in one cell: which sign stands between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

LABEL_JOIN = "\x1f"
"""Stands between the labels of one cell where the file itself keeps them as a list."""

# A semicolon or bar hardly ever stands inside one label; a comma or slash does ("Sci/Tech", "Arts, crafts").
_CLEAR = (";", "|", "；", "、")
_COMMAS = (",", "，")
_UNCLEAR = (*_COMMAS, "/", "+", "&")
_FEWEST_KNOWN = 0.5
_MOST_KNOWN = 0.7
_ALL_KNOWN = 0.99


def find_separator(counts: Mapping[str, int]) -> str | None:
    """The sign between labels in the cells of ``counts`` (cell -> how often), None where no cell holds several.

    A clear sign counts where at least half of the pieces are labels of their own in other cells or come back in other
    combinations; a comma where most of them do and some cell holds nothing else, for a label may come in one company
    only ("joy, relief"); another unclear sign only where all of them do.
    """
    alone = {_folded(value) for value in counts if not any(sign in value for sign in (*_CLEAR, *_UNCLEAR))}
    best, most = None, 0
    for sign in (*_CLEAR, *_UNCLEAR):
        cells = {value: _pieces(value, sign) for value in counts if sign in value}
        several = [pieces for pieces in cells.values() if len(pieces) > 1]
        if not several:
            continue
        often = Counter(_folded(piece) for pieces in several for piece in pieces)
        rows = sum(counts[value] for value, pieces in cells.items() if len(pieces) > 1)
        if rows > most and _are_labels(sign, [_share_known(pieces, alone, often) for pieces in several]):
            best, most = sign, rows
    return best


def _are_labels(sign: str, known: Sequence[float]) -> bool:
    """Whether the pieces between a sign are labels; ``known`` is the share of known pieces in each cell."""
    share = sum(known) / len(known)
    if sign in _CLEAR:
        return share >= _FEWEST_KNOWN
    is_combined = sign in _COMMAS and share >= _MOST_KNOWN and max(known) == 1
    return is_combined or share >= _ALL_KNOWN


def _share_known(pieces: tuple[str, ...], alone: set[str], often: Counter[str]) -> float:
    folded = [_folded(piece) for piece in pieces]
    return sum(piece in alone or often[piece] > 1 for piece in folded) / len(folded)


def split_labels(cell: str, separator: str | None) -> tuple[str, ...]:
    """The labels of a cell, trimmed, each once, in order."""
    if LABEL_JOIN in cell:
        return _pieces(cell, LABEL_JOIN)
    if separator is None or separator not in cell:
        return (cell.strip(),) if cell.strip() else ()
    return _pieces(cell, separator)


def _pieces(cell: str, sign: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece for part in cell.split(sign) if (piece := part.strip())))


def _folded(label: str) -> str:
    return re.sub(r"\s+", " ", label.strip()).casefold()
