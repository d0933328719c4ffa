"""Words and their places in a text: how tagged words are joined into one, how a text that a person types is cut, and
where the words end that a piece of a text cuts.

A network reads a text, not words: it is the same text whether it comes from a file of tagged words or from a person,
so that what was learned from the one holds for the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ptft_gui.core.word_places import UNSPACED, Spans, find_words

__all__ = ["Spans", "find_words", "join_words", "whole_words"]

_UNSPACED_SIGN = re.compile(f"[{UNSPACED}]")

# Of these languages a word cannot be told from what stands beside it: Thai, Lao, Tibetan, Burmese and Khmer have no
# spaces, Korean writes what belongs to the next word onto the last one, and rare Chinese signs stand far behind.
_UNDIVIDED_SIGN = re.compile(
    rf"[{UNSPACED}\u0e00-\u109f\u1100-\u11ff\u1780-\u17ff\u3130-\u318f\uac00-\ud7af\U00020000-\U0003ffff]"
)
_LONGEST_WORD = 100
"""Signs in a row without a space that are more than this are no word."""


def join_words(words: Sequence[str]) -> tuple[str, Spans]:
    """The text of these words, and where each begins and ends in it.

    A space stands between two words unless both sides are signs of a language that has none.
    """
    pieces: list[str] = []
    spans: Spans = []
    place, before = 0, ""
    for word in words:
        is_close = _UNSPACED_SIGN.match(before[-1:]) and _UNSPACED_SIGN.match(word[:1])
        if pieces and not is_close:
            pieces.append(" ")
            place += 1
        pieces.append(word)
        spans.append((place, place + len(word)))
        place += len(word)
        before = word
    return "".join(pieces), spans


def whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The piece ``text[start:end]`` with the rest of the word in which it begins, and of the one in which it ends.

    A tokenizer cuts a rare word into pieces, and a network may choose only some of them. Letters belong together, and
    digits do; a letter and a digit do not ("7kg"), nor do signs of a language that has no spaces.
    """
    first, last = start, end
    while (
        0 < first < end and start - first <= _LONGEST_WORD and _is_inside_word(text[first - 1], text[first])
    ):
        first -= 1
    while (
        start < last < len(text)
        and last - end <= _LONGEST_WORD
        and _is_inside_word(text[last - 1], text[last])
    ):
        last += 1
    return (
        start if start - first > _LONGEST_WORD else first,
        end if last - end > _LONGEST_WORD else last,
    )


def _is_inside_word(left: str, right: str) -> bool:
    if _UNDIVIDED_SIGN.match(left) or _UNDIVIDED_SIGN.match(right):
        return False
    return (_is_letter(left) and _is_letter(right)) or (left.isdecimal() and right.isdecimal())


def _is_letter(sign: str) -> bool:
    """Whether a sign is a letter, or an accent that is written as a sign of its own."""
    return sign.isalpha() or unicodedata.category(sign).startswith("M")
