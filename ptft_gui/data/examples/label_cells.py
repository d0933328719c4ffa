"""From the cells of a label column to classes: several labels in a cell, spellings, rare classes.

Works on the different cells and how often each comes, never on rows: there are few cells and many rows.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ptft_gui.data.examples.separators import find_separator, split_labels

NO_LABEL = "no label"
OTHER = "other"
_FEWEST_SIGNS = 6
_FEWEST_DIFFERING_SIGNS = 4
_RARE_SHARE = 0.05
_MOST_COMPARED = 300


@dataclass
class LabelCells:
    """``cells`` are the different cells, ``names[c]`` the labels that cell c stands for (changed by the steps)."""

    cells: Sequence[str]
    names: list[tuple[str, ...]]

    @classmethod
    def read(cls, cells: Sequence[str], counts: Mapping[str, int], may_split: bool) -> LabelCells:
        """Cut cells at the sign between labels, where there is one and ``may_split``."""
        separator = find_separator(counts) if may_split else None
        names = [split_labels(cell, separator) for cell in cells]
        # a cell of one label stays as it is written: "Health " and "Health" are told apart until they are joined
        return cls(
            cells, [(cell,) if len(each) == 1 else each for cell, each in zip(cells, names, strict=True)]
        )

    def with_several(self) -> list[int]:
        """Cells that hold more than one label."""
        return [cell for cell, names in enumerate(self.names) if len(names) > 1]

    def keep_first(self) -> None:
        self.names = [names[:1] for names in self.names]

    def rename(self, new: Mapping[str, str]) -> None:
        """Give labels other names; a cell holds each once."""
        self.names = [tuple(dict.fromkeys(new.get(name, name) for name in names)) for names in self.names]

    def drop(self, gone: Iterable[str]) -> None:
        """Take labels away; a cell may be left with none."""
        lost = set(gone)
        self.names = [tuple(name for name in names if name not in lost) for names in self.names]

    def counts(self, cell_counts: Sequence[int]) -> Counter[str]:
        """How many rows have each label."""
        found: Counter[str] = Counter()
        for names, count in zip(self.names, cell_counts, strict=True):
            for name in names:
                if count:
                    found[name] += count
        return found


def spellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Labels that differ only in case and white space -> the commonest of them, trimmed."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in counts:
        groups[_folded(name)].append(name)
    new: dict[str, str] = {}
    for names in groups.values():
        if len(names) > 1:
            best = max(names, key=lambda name: (counts[name], name)).strip()
            new |= {name: best for name in names if name != best}
    return new


def trimmed(counts: Mapping[str, int]) -> dict[str, str]:
    """Labels with white space around them -> without, where that makes no two labels one."""
    return {name: name.strip() for name in counts if name != name.strip() and name.strip() not in counts}


def misspellings(counts: Mapping[str, int]) -> dict[str, str]:
    """Rare labels that are written almost like a common one -> the common one.

    Only words of six letters or more, without digits, which begin alike; the rare one has at most a twentieth of the
    rows of the common one: "helath" beside "health", never "class_a" beside "class_b".
    """
    words = [name for name in counts if len(name) >= _FEWEST_SIGNS and not re.search(r"\d", name)]
    if len(words) > _MOST_COMPARED:
        return {}
    new: dict[str, str] = {}
    for name in words:
        common = [
            other
            for other in words
            if counts[other] * _RARE_SHARE >= counts[name] and other[0].casefold() == name[0].casefold()
        ]
        close = [other for other in common if _is_slip(name, other)]
        if close:
            new[name] = max(close, key=lambda other: counts[other])
    return {name: other for name, other in new.items() if other not in new}


def _is_slip(one: str, two: str) -> bool:
    """Whether one word is written otherwise by one sign: missing, added, changed or two neighbours exchanged.

    A short word that differs, as in "class a" and "class b", is no slip.
    """
    ours, theirs = _words(one), _words(two)
    different = [(a, b) for a, b in zip(ours, theirs, strict=False) if a != b]
    if len(ours) != len(theirs) or len(different) != 1:
        return False
    a, b = different[0]
    if min(len(a), len(b)) < _FEWEST_DIFFERING_SIGNS or abs(len(a) - len(b)) > 1:
        return False
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    is_swap = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return is_swap or a[1:] == b[1:] or a[1:] == b or a == b[1:]


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name.casefold())


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name.strip()).casefold()
