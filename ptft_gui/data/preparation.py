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
from functools import cache
from typing import Literal

PreparationName = Literal["words", "none"]

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st vs etc no nos vol pp p fig figs eq gen col lt sgt capt rev hon gov sen rep pres "
    "inc ltd co corp dept univ approx ca c cf e.g i.e a.m p.m al ed eds est trans jan feb mar apr jun jul aug sep "
    "sept oct nov dec mt ft z.b d.h u.a bzw usw nr hr fr dipl abs art mme mlle".split()
)
_ASCII_WORD = re.compile(r"[a-z0-9]+(?:(?:['_-]|(?<=[0-9])[.,](?=[0-9]))[a-z0-9]+)*")
_SPACELESS = "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
_JOINERS = "\u200c\u200d"  # join letters inside Persian and Indic words; they are part of the spelling
_PLAIN_SIGNS = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "\u2010": "-", "\u2011": "-", "\u00ad": None, "\u200b": " ", "\ufeff": None}
)
# Marks that end a sentence, closing quotes and brackets, then space; full-width marks need none. One character class
# at the very start lets the search skip ahead: it makes this five times as fast.
_MARKS = ".!?…।॥؟۔。！？｡"
_CLOSERS = "\"'”’»)\\]』」）》】"
_SENTENCE_END = re.compile(rf"[{_MARKS}](?P<more>[{_MARKS}]*)[{_CLOSERS}]*(?P<space>\s*)(?=(?P<next>\S))")
_FULL_WIDTH = re.compile("[。！？｡]")
_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[]*\Z")


class _WordTable(dict[str, str]):
    """What stands between two spaces -> the words in it, joined by spaces. Most look-ups are hits.

    It forgets everything when it has grown large, so that memory stays flat on any text.
    """

    _LARGEST = 400_000
    _LONGEST = 100

    def __missing__(self, chunk: str) -> str:
        words = " ".join(cut_words(chunk))
        if len(self) >= self._LARGEST:
            self.clear()
        if len(chunk) <= self._LONGEST:
            self[chunk] = words
        return words


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
    return " ".join(map(_WORD_TABLE.__getitem__, sentence.split())).split()


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
    return [0, *(match.end() for match in _SENTENCE_END.finditer(text) if _ends_sentence(text, match))]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if _FULL_WIDTH.match(text, match.start()):
        return True
    if not match["space"]:
        return False
    if text[match.start() - 1 : match.start()].isspace():
        return True
    if match["next"].islower():
        return False
    return text[match.start()] != "." or bool(match["more"]) or not _is_abbreviation(text, match.start())


def _is_abbreviation(line: str, end: int) -> bool:
    found = _LAST_WORD.search(line, max(0, end - 12), end)
    word = found[0].lower() if found else ""
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()) or bool(re.fullmatch(r"(\w\.)+\w", word))


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
    if len(tokens) < 20:
        return Proposal("words", "The text is cut into words and lower-cased.")
    has_capitals = any(sign.isupper() for sign in sample)
    attached = sum(1 for token in tokens if len(token) > 1 and token[-1] in ".,;:!?" and token[-2].isalnum())
    alone = sum(1 for token in tokens if token in {".", ",", ";", ":", "!", "?"})
    if attached * 200 > len(tokens) or has_capitals:
        return Proposal("words", "The text has capitals and punctuation: it is cut into words and lower-cased.")
    if alone * 200 > len(tokens):
        return Proposal("none", "Punctuation marks already stand alone between spaces.")
    return Proposal("none", "The text is already lower case and free of punctuation.")

