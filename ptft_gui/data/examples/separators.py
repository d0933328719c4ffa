"""Several labels in one cell: which sign stands between them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

LABEL_JOIN = "\x1f"
"""Stands between the labels of one cell where the file itself keeps them as a list."""

# A semicolon or bar hardly ever stands inside one label; a comma or slash does ("Sci/Tech", "Arts, crafts").
_CLEAR = (";", "|", "；", "、", "\n")
_COMMAS = (",", "，")
_UNCLEAR = (*_COMMAS, "/", "+", "&")
_FEWEST_KNOWN = 0.5
_MOST_KNOWN = 0.7
_FEWEST_MOVING = 0.2
_LONGEST_PIECE = 40
_NUMBER = re.compile(r"[+-]?\d+")


def find_separator(counts: Mapping[str, int]) -> str | None:
    """The sign between labels in the cells of ``counts`` (cell -> how often), None where no cell holds several.

    A clear sign counts where at least half of the pieces are labels of their own in other cells or come back in other
    combinations; another one where most of them do and some cell holds nothing else, for a label may come in one
    company only ("joy, relief"). What always stands in the same place is a field and no label: "Portland, OR",
    "Smith, Ann", "red/XL".
    """
    signs = [sign for sign in (*_CLEAR, *_UNCLEAR) if any(sign in value for value in counts)]
    alone = {_folded(value) for value in counts if not any(sign in value for sign in signs)}
    best, most = None, 0
    for sign in signs:
        cells = {value: tuple(map(_folded, _pieces(value, sign))) for value in counts if sign in value}
        several = {value: pieces for value, pieces in cells.items() if len(pieces) > 1}
        rows = sum(counts[value] for value in several)
        if rows > most and _are_labels(sign, list(several.values()), alone):
            best, most = sign, rows
    return best


def _are_labels(sign: str, several: Sequence[tuple[str, ...]], alone: set[str]) -> bool:
    """Whether the pieces of cells between a sign are labels; ``alone`` are those that fill a cell."""
    often = Counter(piece for pieces in several for piece in pieces)
    if sum(map(len, often)) > _LONGEST_PIECE * len(often):
        return False
    known = [sum(p in alone or often[p] > 1 for p in pieces) / len(pieces) for pieces in several]
    share = sum(known) / len(known)
    moving = _share_moving(several, alone)
    if sign in _CLEAR:
        are_fields = not moving and _have_one_length(several) and alone.isdisjoint(often)
        return share >= _FEWEST_KNOWN and not (are_fields and len(several) > 1)
    if _are_numbers(sign, several):
        return False
    return share >= _MOST_KNOWN and max(known) == 1 and moving >= _FEWEST_MOVING


def _share_moving(several: Sequence[tuple[str, ...]], alone: set[str]) -> float:
    """The share of pieces that come at several places of a cell, of those that come in several cells."""
    places: dict[str, list[int]] = {}
    for pieces in several:
        for place, piece in enumerate(pieces):
            places.setdefault(piece, []).append(place)
    for piece in places:
        if piece in alone:
            places[piece].append(0)
    again = [found for found in places.values() if len(found) > 1]
    return sum(len(found) for found in again if len(set(found)) > 1) / max(sum(map(len, again)), 1)


def _have_one_length(several: Sequence[tuple[str, ...]]) -> bool:
    return len(set(map(len, several))) == 1


def _are_numbers(sign: str, several: Sequence[tuple[str, ...]]) -> bool:
    """Whether the sign makes one number, date or fraction of several: "3,5", "24/12/2020"."""
    are_numbers = all(_NUMBER.fullmatch(piece) for pieces in several for piece in pieces)
    return are_numbers and (sign not in _COMMAS or (_have_one_length(several) and len(several[0]) == 2))


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
