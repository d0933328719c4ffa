"""Cuts sentences into words.

What stands between two spaces (a chunk) is cut by itself, whatever the switches: words never reach across white space.
So one table from chunk to word serves every preparation, and text is prepared at millions of words a second.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache
from typing import cast

from ptft_gui.data.preparation.chinese import HAN, KANA, chinese_words
from ptft_gui.data.preparation.stop_words import stop_words_of
from ptft_gui.data.preparation.switches import Switches

CutSentence = Callable[[str], list[str]]

_LONGEST_KEPT = 100
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:(?:['_-]|(?<=[0-9])[.,](?=[0-9]))[a-z0-9]+)*")
_HAN_RUN = re.compile(f"[{HAN}]+|[^{HAN}]+")
_IS_HAN = re.compile(f"[{HAN}]")
_DIGIT = re.compile(r"\d")
_JOINERS = "\u200c\u200d"  # join letters inside Persian and Indic words; they are part of the spelling
_SKIN = "\U0001f3fb-\U0001f3ff"
_PLAIN_SIGNS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": None,
        "\u200b": " ",
        "\ufeff": None,
    }
)


class _WordTable(dict[str, str | None]):
    """What stands between two spaces -> the word it is, or None when it is no word or several.

    Text repeats itself, so most look-ups are hits; that makes preparation several times as fast, and each word one
    object in memory. It forgets everything when it has grown large, so that memory stays flat on any text.
    """

    _LARGEST = 400_000

    def __init__(self, cut: CutSentence) -> None:
        self._cut = cut

    def __missing__(self, chunk: str) -> str | None:
        words = self._cut(chunk)
        word = words[0] if len(words) == 1 else None
        if len(self) >= self._LARGEST:
            self.clear()
        if len(chunk) <= _LONGEST_KEPT:
            self[chunk] = word
        return word


def cutter(cut_chunk: CutSentence) -> CutSentence:
    """The function from a sentence to its words, by a way to cut chunks, which it remembers."""
    table = _WordTable(cut_chunk)

    @lru_cache(maxsize=50_000)
    def several(chunk: str) -> tuple[str, ...]:
        return tuple(cut_chunk(chunk))

    def several_or_long(chunk: str) -> tuple[str, ...] | list[str]:
        return several(chunk) if len(chunk) <= _LONGEST_KEPT else cut_chunk(chunk)

    def cut(sentence: str) -> list[str]:
        chunks = sentence.split()
        words = list(map(table.__getitem__, chunks))
        if None not in words:
            return cast("list[str]", words)
        return [
            word
            for chunk, known in zip(chunks, words, strict=True)
            for word in (several_or_long(chunk) if known is None else (known,))
        ]

    return cut


@lru_cache(maxsize=8)
def cutter_of(switches: Switches) -> CutSentence:
    """How a preparation cuts a sentence; two sentences cut by the same preparation share their table."""
    if not switches.cuts_plainly:
        return cutter(Chunks(switches).words)
    return words_of_sentence if switches.name == "words" else str.split


def cut_words(text: str) -> list[str]:
    """Cut at word boundaries after normalising, as usual; words never reach across white space."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _pattern(False, False).findall(normalise(text))


words_of_sentence = cutter(cut_words)
"""The words of one sentence, as the preparation ``words`` cuts them when nothing is switched."""


class Chunks:
    """Cuts chunks by switches: into pieces, from which each word follows by itself."""

    def __init__(self, switches: Switches) -> None:
        self.switches = switches
        self._stop_words = stop_words_of(switches.language) if switches.stop_words == "drop" else frozenset()
        self._pattern = _pattern(switches.punctuation == "keep", switches.chinese == "words")

    def words(self, chunk: str) -> list[str]:
        """The words of one chunk."""
        return [word for piece in self.pieces(chunk) if (word := self.word_of(piece))]

    def pieces(self, chunk: str) -> list[str]:
        """What the chunk falls into before single words are changed or dropped."""
        if self.switches.name == "none":
            return self._pieces_between_spaces(chunk)
        found = self._pattern.findall(normalise(chunk, self.switches.case == "lower"))
        return found if self.switches.chinese == "characters" else _with_chinese_words(found)

    def word_of(self, piece: str) -> str:
        """The word that becomes of a piece; empty when it is dropped."""
        switches = self.switches
        if switches.case == "lower":
            piece = piece.lower()
        if self._stop_words and piece.lower() in self._stop_words:
            return ""
        if switches.digits == "drop" and is_number(piece):
            return ""
        return _DIGIT.sub("0", piece) if switches.digits == "zero" else piece

    def _pieces_between_spaces(self, chunk: str) -> list[str]:
        pieces = [chunk] if self.switches.chinese is None else _HAN_RUN.findall(chunk)
        if self.switches.chinese == "words":
            pieces = _with_chinese_words(pieces)
        elif self.switches.chinese == "characters":
            pieces = [part for piece in pieces for part in (piece if _IS_HAN.match(piece) else (piece,))]
        if self.switches.punctuation == "drop":
            pieces = [bare for piece in pieces if (bare := without_signs_around(piece))]
        return pieces


def everything(switches: Switches) -> Chunks:
    """The same way to cut, with nothing dropped or changed: what a preview lays the words beside."""
    return Chunks(replace(switches, case="keep", digits="keep", punctuation="keep", stop_words="keep"))


def _with_chinese_words(pieces: list[str]) -> list[str]:
    return [
        word
        for piece in pieces
        for word in (chinese_words(piece) if len(piece) > 1 and _IS_HAN.match(piece) else (piece,))
    ]


def is_number(word: str) -> bool:
    """Whether a word holds digits and no letter."""
    return any(map(str.isdigit, word)) and not any(map(str.isalpha, word))


def is_mark(word: str) -> bool:
    """Whether a word is punctuation or a symbol: no letter and no digit."""
    return not any(map(str.isalnum, word))


def without_signs_around(token: str) -> str:
    """A token without the marks at both its ends."""
    inside = [place for place, sign in enumerate(token) if sign.isalnum()]
    if not inside:
        return ""
    end = inside[-1] + 1
    while end < len(token) and unicodedata.category(token[end])[0] == "M":
        end += 1
    return token[inside[0] : end]


def normalise(text: str, lower: bool = True) -> str:
    """Form NFC, plain apostrophes and hyphens, invisible signs removed; lower case where wanted."""
    plain = unicodedata.normalize("NFC", text).translate(_PLAIN_SIGNS)
    return unicodedata.normalize("NFC", plain.lower() if lower else plain)


@cache
def _pattern(keeps_marks: bool, keeps_han_runs: bool) -> re.Pattern[str]:
    """Words of any script, each Chinese character or kana, and, where wanted, runs of Chinese and every mark.

    ``\\w`` lacks combining marks, without which Hindi or Arabic words fall apart; a word begins with a letter or
    digit, so that the invisible mark after a symbol is none.
    """
    combining = _ranges("M")
    marks, spaceless = combining + _JOINERS, HAN + KANA
    first, letter = rf"[^\W_{spaceless}]", rf"(?:[^\W_{spaceless}]|[{marks}])"
    word = rf"{first}{letter}*(?:(?:['_-]|(?<=\d)[.,](?=\d)){letter}+)*"
    alternatives = [rf"[{spaceless}][{marks}]*", word]
    if keeps_han_runs:
        alternatives.insert(0, rf"[{HAN}]+(?![{marks}])")
    if keeps_marks:
        sign = rf"[{_ranges('PS')}][{_SKIN}]?[{combining}]*"
        alternatives += [r"\.{2,}", "-{2,}", rf"{sign}(?:\u200d{sign})*"]
    return re.compile("|".join(alternatives))


@cache
def _ranges(categories: str) -> str:
    """All characters of some Unicode categories as the inside of a character class, written in ranges."""
    ranges: list[list[int]] = []
    for point in range(0x20, 0x20000):
        if unicodedata.category(chr(point))[0] not in categories:
            continue
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in ranges)
