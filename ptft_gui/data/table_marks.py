"""Whether a plain text file could hold a table, told by its first lines: cheap enough to ask of every text.

Only what passes here is looked at by the readers of tables, whose libraries a run on plain text never loads.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

_SEPARATORS = {"\t": 0.9, "|": 0.95, "^": 0.95, ",": 0.98, ";": 0.98}
OFTEN_IN_PROSE = ",;"
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", '."', ".”", "!”", "?”")
_LABEL_MARK = "__label__"
_FEWEST_LINES = 2
_TAGGED_WORDS = (2, 5)
_TAGGED_SHARE = 0.9


def could_be_table(sample: str) -> bool:
    """Whether nearly every line has a separator, a label before it, or is a word with its tags.

    ``sample`` is the beginning of the file; its last line may be cut.
    """
    lines = [line for line in sample.split("\n")[:-1] if line.strip()] or [sample]
    if len(lines) < _FEWEST_LINES:
        return False
    if sample.lstrip("\ufeff \r\n")[:1] in ("{", "["):
        return True
    if _share(lines, lambda line: line.startswith(_LABEL_MARK)) >= _TAGGED_SHARE:
        return True
    held = [sign for sign, least in _SEPARATORS.items() if _share(lines, partial(_holds, sign)) >= least]
    if held:
        return held[0] not in OFTEN_IN_PROSE or not end_like_prose(lines)
    return "\n\n" in sample.replace("\r", "") and _are_tagged(lines)


def end_like_prose(lines: Sequence[str]) -> bool:
    """Whether the first line and most others end as a sentence does: commas in them separate no columns."""
    ends = [line.rstrip().endswith(_SENTENCE_ENDS) for line in lines]
    return bool(ends) and ends[0] and sum(ends) > len(ends) / 2


def _are_tagged(lines: Sequence[str]) -> bool:
    fewest, most = _TAGGED_WORDS
    return _share(lines, lambda line: fewest <= len(line.split()) <= most) >= _TAGGED_SHARE


def _holds(sign: str, line: str) -> bool:
    return sign in line


def _share(lines: Sequence[str], is_so: Callable[[str], bool]) -> float:
    return sum(map(is_so, lines)) / len(lines)
