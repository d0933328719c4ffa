"""Words of many texts at once: how many each has, and which different ones.

What is a word is what :mod:`ptft_gui.data.preparation` says: a run of letters, marks and digits with apostrophes,
hyphens and underscores inside, points and commas between digits; Chinese characters and Japanese kana one each. Here it
is written as a pattern without looking back, which polars searches at a hundred megabytes a second.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ptft_gui.data.examples.copies import LONG_TEXT, Hashes
from ptft_gui.data.examples.counting import DistinctCount, spread

_SPACELESS_RANGES = (
    (0x3005, 0x3007),
    (0x3040, 0x30FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x20000, 0x3FFFF),
)
_SPACELESS = "".join(f"{chr(first)}-{chr(last)}" for first, last in _SPACELESS_RANGES)
_LETTER = rf"[[\p{{L}}\p{{N}}\p{{M}}\x{{200c}}\x{{200d}}]--[\x{{02bc}}{_SPACELESS}]]"
_UNIT = rf"(?:\p{{Nd}}(?:[.,]\p{{Nd}})*|{_LETTER})"
_JOINER = "['’‘\u02bc_\u2010\u2011-]"
_UNSEEN = "[\u00ad\ufeff]*"
_SPACED_WORD = rf"{_UNIT}(?:{_UNSEEN}{_JOINER}?{_UNSEEN}{_UNIT})*"
_WORD = rf"[{_SPACELESS}]\p{{M}}*|{_SPACED_WORD}"


def word_counts(text: pl.Expr) -> pl.Expr:
    """How many words each text has."""
    return text.str.count_matches(_WORD)


class DistinctWords:
    """How many different words there are, lower-cased; exact up to a million.

    Text repeats itself, so what stands between two spaces is cut into words only when it is new; Chinese characters and
    kana are ticked off in a table of all signs. Very long texts are looked at in pieces; a word at an edge may count as
    two.
    """

    _MOST_CHUNKS = 500_000

    def __init__(self) -> None:
        self._chunks: Hashes = np.empty(0, np.uint64)
        self._words = DistinctCount()
        self._signs = np.zeros(0x110000, bool)

    def add(self, texts: pl.Series) -> None:
        """Look at these texts (``pl.String``)."""
        texts = texts.drop_nulls()
        is_long = texts.str.len_bytes() > LONG_TEXT
        for text in texts.filter(is_long).to_list():
            for start in range(0, len(text), LONG_TEXT):
                self._look_at(pl.Series([text[start : start + LONG_TEXT]]))
        self._look_at(texts.filter(~is_long))

    def _look_at(self, texts: pl.Series) -> None:
        is_ascii = texts.str.len_bytes() == texts.str.len_chars()
        self._tick_signs(texts.filter(~is_ascii))
        words = (
            self._new_chunks(texts)
            .str.to_lowercase()
            .str.extract_all(_SPACED_WORD)
            .explode(empty_as_null=False)
        )
        self._words.add(spread(words.hash().to_numpy()))

    def _tick_signs(self, texts: pl.Series) -> None:
        for text in texts.str.join().to_list():
            self._signs[np.frombuffer(text.encode("utf-32-le"), np.uint32)] = True

    def _new_chunks(self, texts: pl.Series) -> pl.Series:
        """The different chunks of these texts, less most of those seen before."""
        chunks = texts.str.split(" ").explode()
        hashes = chunks.hash()
        first = hashes.arg_unique().to_numpy()
        unique = hashes.gather(first).to_numpy()
        order = np.argsort(unique)  # sorted questions are answered several times as fast
        first, unique = first[order], unique[order]
        at = np.searchsorted(self._chunks, unique)
        is_new = np.ones(len(unique), bool)
        if len(self._chunks):
            is_new = self._chunks[np.minimum(at, len(self._chunks) - 1)] != unique
        if len(self._chunks) < self._MOST_CHUNKS:
            self._chunks = np.sort(np.concatenate([self._chunks, unique[is_new]]))
        return chunks.gather(first[is_new])

    def facts(self) -> dict[str, Any]:
        """``count`` and whether it ``is_exact``."""
        facts = self._words.facts()
        signs = sum(int(self._signs[first : last + 1].sum()) for first, last in _SPACELESS_RANGES)
        return {"count": facts["count"] + signs, "is_exact": facts["is_exact"]}
