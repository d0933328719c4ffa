"""Where the words of a text stand: the one way in which a text is cut into words that are to be marked."""

from __future__ import annotations

import re

Spans = list[tuple[int, int]]

# Chinese, Japanese kana and their marks stand without spaces; Korean is written with them.
UNSPACED = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3001-\u3011\uff00-\uffef"
# A sign of such a language; a word with what may stand inside it ("don't", "U.S", "A&B", "3.5"); any other sign.
_WORD = re.compile(rf"[{UNSPACED}]|[@#]?[^\W_{UNSPACED}]+(?:[-'’.,&/_][^\W_{UNSPACED}]+)*|[^\s{UNSPACED}]")


def find_words(text: str) -> Spans:
    """Where the words of a text begin and end; marks are words of their own."""
    return [found.span() for found in _WORD.finditer(text)]
