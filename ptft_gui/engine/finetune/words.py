"""Words and their places in a text: how tagged words are joined into one, and how a text that a person types is cut.

A network reads a text, not words: it is the same text whether it comes from a file of tagged words or from a person,
so that what was learned from the one holds for the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Spans = list[tuple[int, int]]

# Chinese, Japanese kana and their marks stand without spaces; Korean is written with them.
_UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3001-\u3011\uff00-\uffef"
_UNSPACED_SIGN = re.compile(f"[{_UNSPACED}]")
# A sign of such a language; a word with what may stand inside it ("don't", "U.S", "A&B", "3.5"); any other sign.
_WORD = re.compile(
    rf"[{_UNSPACED}]|[@#]?[^\W_{_UNSPACED}]+(?:[-'’.,&/_][^\W_{_UNSPACED}]+)*|[^\s{_UNSPACED}]"
)


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


def find_words(text: str) -> Spans:
    """Where the words of a text begin and end; marks are words of their own."""
    return [found.span() for found in _WORD.finditer(text)]
