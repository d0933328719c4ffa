"""Where sentences end."""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    "mr mrs ms dr prof sr jr st vs etc no nos vol pp p fig figs eq gen col lt sgt capt rev hon gov sen rep pres "
    "inc ltd co corp dept univ approx ca c cf e.g i.e a.m p.m al ed eds est trans jan feb mar apr jun jul aug sep "
    "sept oct nov dec mt ft z.b d.h u.a bzw usw nr hr fr dipl abs art mme mlle "
    "abb abk aufl bd bspw bzgl dez ebd ehem engl etw evtl evang frz geb gebr gegr gest ggf griech hrsg inkl insb jh "
    "jhd jhdt kap kath lat mio mrd okt prov sog std str tel tsd urspr verh vgl zit zzgl österr".split()
)
# "am 1. März", "der 2. Weltkrieg", "im 19. Jahrhundert": German writes an ordinal with a full stop before a capital.
_MONTHS = frozenset(
    "januar jänner februar feber märz april mai juni juli august september oktober november dezember jan jän feb mär "
    "apr jun jul aug sep sept okt nov dez".split()
)
_BEFORE_ORDINALS = frozenset(
    "der die das dem den des im vom zum zur ins ans beim seit bis ab und oder ein eine einem einen einer eines sein "
    "seine seinem seinen seiner ihr ihre ihrem ihren ihrer unser unsere unserem jeder jede jedes jedem jeden dieser "
    "diese dieses diesem diesen".split()
)
_ROMAN = re.compile(r"(?<!\w)[IVX]{2,5}\Z")
_NUMBER = re.compile(r"(?:(?P<before>\S+)\s+)?(?:\d{1,2}|[IVX]{2,5})\Z")
_NEXT_WORD = re.compile(r"\w+")
# Marks that end a sentence, closing quotes and brackets, then space; full-width marks need none. One character class
# at the very start of a pattern lets the search skip ahead: it makes this five times as fast.
_MARKS = ".!?…।॥؟۔"
_FULL_WIDTH = "。！？｡"
_CLOSERS = "\"'”’»)\\]』」）》】"
_SENTENCE_END = re.compile(rf"[{_MARKS}]([{_MARKS}]*)[{_CLOSERS}]*\s+(?=(\S))")
_FULL_WIDTH_END = re.compile(rf"[{_FULL_WIDTH}][{_MARKS}{_FULL_WIDTH}]*[{_CLOSERS}]*\s*(?=\S)")
_LONGEST_ABBREVIATION = 7
_LONGEST_BEFORE_ORDINAL = 14
_LAST_WORD = re.compile(r"[^\s\"'“‘«(\[]*\Z")


def sentence_starts(text: str) -> list[int]:
    """Positions at which sentences begin inside a text; the first is 0.

    A sentence ends after ``. ! ? …`` followed by space, and after the full-width marks. A full stop does not end one
    after a known abbreviation ("Dr."), after a single letter ("J. Smith"), after a German ordinal ("am 1. März") or
    before a lower-case letter, unless it stands alone between spaces, as tokenised text writes it.
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
    if text[start] == "." and not more_marks:
        if before[-1].isdigit() or _ROMAN.search(before):
            return not _is_ordinal(text, match)
        if next_sign.isdigit() and before.endswith("str"):  # "Hauptstr. 5"
            return False
    is_long_word = len(before) == _LONGEST_ABBREVIATION and before.isalpha()
    return is_long_word or text[start] != "." or bool(more_marks) or not _is_abbreviation(before)


def _is_ordinal(text: str, match: re.Match[str]) -> bool:
    """Whether a number before a full stop counts what follows: a month, or a noun after an article or preposition."""
    start = match.start()
    number = _NUMBER.search(text[max(start - _LONGEST_BEFORE_ORDINAL, 0) : start])
    if number is None:
        return False
    word = _NEXT_WORD.match(text, match.end())
    is_month = word is not None and word[0].lower() in _MONTHS
    before = number["before"]
    return is_month or (before is not None and before.lower() in _BEFORE_ORDINALS)


def _is_abbreviation(before: str) -> bool:
    """Whether what stands before a full stop ends in an abbreviation or a single letter."""
    word = _LAST_WORD.search(before)[0].lower()  # type: ignore[index]  # it matches the empty string too
    return word in _ABBREVIATIONS or (len(word) == 1 and word.isalpha()) or word[-2:-1] == "."
