"""From text to lists of words: the one function used for training text and for what a person asks later.

Two values exist:

``words``
    A line or sentence is a sentence. Text is lower-cased and brought into Unicode form NFC, cut at word boundaries,
    punctuation is dropped, digits are kept. A word is a run of letters, marks and digits; an apostrophe, hyphen or
    underscore between two of them stays inside ("don't", "well-known", "new_york"), and so do points and commas
    between digits ("3.14", "1,000"). Typographic apostrophes and hyphens become the plain ones, so that "don’t"
    and "don't" are one word. Chinese characters and Japanese kana, which are written without spaces, are a word each.
``none``
    A line is a sentence and is split at white space; nothing else is changed.

Only the standard library is needed here: a window's companion and a saved model both use it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, cast

PreparationName = Literal["words", "none"]

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st vs etc no nos vol pp p fig figs eq gen col lt sgt capt rev hon gov sen rep pres "
    "inc ltd co corp dept univ approx ca c cf e.g i.e a.m p.m al ed eds est trans jan feb mar apr jun jul aug sep "
    "sept oct nov dec mt ft z.b d.h u.a bzw usw nr hr fr dipl abs art mme mlle".split()
)
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:(?:['_-]|(?<=[0-9])[.,](?=[0-9]))[a-z0-9]+)*")
_SPACELESS = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_SPACELESS_SIGN = re.compile(f"[{_SPACELESS}]")
_LONE_MARKS = frozenset(".,;:!?")
_JOINERS = "\u200c\u200d"  # join letters inside Persian and Indic words; they are part of the spelling
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
# Marks that end a sentence, closing quotes and brackets, then space; full-width marks need none. One character class
# at the very start of a pattern lets the search skip ahead: it makes this five times as fast.
_MARKS = ".!?…।॥؟۔"
_FULL_WIDTH = "。！？｡"
_CLOSERS = "\"'”’»)\\]』」）》】"
_SENTENCE_END = re.compile(rf"[{_MARKS}]([{_MARKS}]*)[{_CLOSERS}]*\s+(?=(\S))")
_FULL_WIDTH_END = re.compile(rf"[{_FULL_WIDTH}][{_MARKS}{_FULL_WIDTH}]*[{_CLOSERS}]*\s*(?=\S)")
_LONGEST_ABBREVIATION = 7
_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[]*\Z")


class _WordTable(dict[str, str | None]):
    """What stands between two spaces -> the word it is, or None when it is no word or several.

    Text repeats itself, so most look-ups are hits; that makes preparation several times as fast, and each word one
    object in memory. It forgets everything when it has grown large, so that memory stays flat on any text.
    """

    _LARGEST = 400_000
    _LONGEST = 100

    def __missing__(self, chunk: str) -> str | None:
        words = cut_words(chunk)
        word = words[0] if len(words) == 1 else None
        if len(self) >= self._LARGEST:
            self.clear()
        if len(chunk) <= self._LONGEST:
            self[chunk] = word
        return word


_WORD_TABLE = _WordTable()


@dataclass(frozen=True)
class Preparation:
    """How text becomes words. ``name`` is ``"words"`` or ``"none"``."""

    name: PreparationName = "words"

    def apply(self, text: str) -> list[list[str]]:
        """Sentences of words, in order; sentences without a word are left out."""
        cut = words_of_sentence if self.name == "words" else str.split
        return [words for sentence in self.sentences(text) if (words := cut(sentence))]

    def sentences(self, text: str) -> list[str]:
        """The sentences of a text as they stand; a line break always ends one."""
        if self.name == "none":
            return text.split("\n")
        starts = sentence_starts(text)
        pieces = (text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True))
        return "\n".join(pieces).split("\n")

    def last_break(self, line: str) -> int:
        """Where the last sentence of an unfinished line begins; 0 when the line holds no sentence end."""
        return 0 if self.name == "none" else sentence_starts(line)[-1]


def words_of_sentence(sentence: str) -> list[str]:
    """The words of one sentence, as the preparation ``words`` cuts them."""
    chunks = sentence.split()
    words = list(map(_WORD_TABLE.__getitem__, chunks))
    if None not in words:
        return cast("list[str]", words)
    return [
        word
        for chunk, known in zip(chunks, words, strict=True)
        for word in (_several_words(chunk) if known is None else (known,))
    ]


@lru_cache(maxsize=50_000)
def _several_words(chunk: str) -> tuple[str, ...]:
    return tuple(cut_words(chunk))


def cut_words(text: str) -> list[str]:
    """Cut at word boundaries after normalising; words never reach across white space."""
    if text.isascii():
        return _ASCII_WORD.findall(text.lower())
    return _unicode_word().findall(normalise(text))


def normalise(text: str) -> str:
    """Lower case, form NFC, plain apostrophes and hyphens, invisible signs removed."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_PLAIN_SIGNS).lower())


def sentence_starts(text: str) -> list[int]:
    """Positions at which sentences begin inside a text; the first is 0.

    A sentence ends after ``. ! ? …`` followed by space, and after the full-width marks. A full stop does not end one
    after a known abbreviation ("Dr."), after a single letter ("J. Smith") or before a lower-case letter, unless it
    stands alone between spaces, as tokenised text writes it.
    """
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if _ends_sentence(text, match)]
    if not text.isascii():
        ends = sorted({*ends, *(match.end() for match in _FULL_WIDTH_END.finditer(text))})
    return [0, *ends]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    before = text[max(start - _LONGEST_ABBREVIATION, 0) : start]
    more_marks, next_sign = match.groups()
    if not before or before[-1].isspace():
        return True
    if next_sign.islower():
        return False
    is_long_word = len(before) == _LONGEST_ABBREVIATION and before.isalpha()
    return is_long_word or text[start] != "." or bool(more_marks) or not _is_abbreviation(before)


def _is_abbreviation(before: str) -> bool:
    """Whether what stands before a full stop ends in an abbreviation or a single letter."""
    word = _LAST_WORD.search(before)[0].lower()  # type: ignore[index]  # it matches the empty string too
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()) or word[-2:-1] == "."


@cache
def _unicode_word() -> re.Pattern[str]:
    """Words of any script. ``\\w`` lacks combining marks, without which Hindi or Arabic words fall apart."""
    marks = _combining_marks() + _JOINERS
    letter = rf"(?:[^\W_{_SPACELESS}]|[{marks}])"
    return re.compile(rf"[{_SPACELESS}][{marks}]*|{letter}+(?:(?:['_-]|(?<=\d)[.,](?=\d)){letter}+)*")


@cache
def _combining_marks() -> str:
    """All combining marks of Unicode as the inside of a character class, written in ranges."""
    points = [p for p in range(0x300, 0x20000) if unicodedata.category(chr(p)).startswith("M")]
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


@dataclass(frozen=True)
class Proposal:
    """A proposed preparation and the reason, as one plain sentence."""

    value: PreparationName
    reason: str


def propose_preparation(sample: str) -> Proposal:
    """Say whether a text looks as if a program had already cut it into words.

    Looks pre-tokenised: lower case throughout and either free of punctuation or with its marks standing alone.
    """
    tokens = sample.split()
    cut = "The text is cut into words and lower-cased."
    if _SPACELESS_SIGN.search(sample):
        return Proposal(
            "words", f"{cut} Chinese characters and Japanese kana, written without spaces, are a word each."
        )
    attached = sum(len(token) > 1 and token[-1] in ".,;:!?" and token[-2].isalnum() for token in tokens)
    is_lower = sum(map(str.islower, tokens)) > len(tokens) / 2 and not any(map(str.isupper, sample))
    if len(tokens) < 20 or attached * 200 > len(tokens) or not is_lower:
        return Proposal("words", cut)
    if any(token in _LONE_MARKS for token in tokens):
        return Proposal(
            "none", "Punctuation already stands alone between spaces, so the text is cut at spaces only."
        )
    return Proposal(
        "none", "The text is already lower case and free of punctuation, so it is cut at spaces only."
    )
