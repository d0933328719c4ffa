"""HTML that was left in text: tags, entities, and entities that lost their ampersand on the way (" #39;").

Only tags that HTML knows are taken for tags: ``<unk>`` is a word, and so is what stands in ``a < b``. A tag is looked
for within one line.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from html.entities import html5
from typing import NamedTuple

_INLINE = (
    "a abbr acronym b big bdi bdo cite code del dfn em font i ins kbd label mark nobr q s samp small span strike "
    "strong sub sup time tt u var wbr"
).split()
_OBJECT = "audio embed img input link meta object script style svg video".split()
_BLOCK = (
    "address article aside blockquote body br center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 head header hr html iframe li main nav ol option p pre section select table tbody td tfoot th thead title "
    "tr ul"
).split()
_LONGEST_TAG = 1000


def _tags(names: list[str]) -> re.Pattern[str]:
    """Opening and closing tags; what is inside a tag may hold no other one."""
    known = "|".join(sorted(names, key=len, reverse=True))
    return re.compile(rf"</?(?:{known})(?:\s[^<>\n]{{0,{_LONGEST_TAG}}}|/)?>", re.IGNORECASE)


_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# " #39;" and " quot;", as old news collections write them: an apostrophe takes the space before it away.
_STRAY = re.compile(r" #39;|(?<![^\s])#\d{2,5};|(?<=\s)(?:quot|amp|lt|gt|nbsp);")
_COMMENT = re.compile(r"<!--[^<\n]{0,1000}?-->")
_INLINE_TAG, _OBJECT_TAG, _BLOCK_TAG = _tags(_INLINE), _tags(_OBJECT), _tags(_BLOCK)

Replacement = Callable[[re.Match[str]], str]


def _sign_of_entity(match: re.Match[str]) -> str:
    return _sign(match[0])


def _sign_of_stray(match: re.Match[str]) -> str:
    return _sign("&" + match[0].strip())


def _sign(entity: str) -> str:
    """The sign that an entity with its semicolon stands for; one that HTML does not know stays as it is."""
    if entity[1] != "#" and entity[1:] not in html5:
        return entity
    sign = html.unescape(entity)
    return sign if sign.isprintable() else " "


class _Step(NamedTuple):
    """One replacement; ``signs``: without any of them there is nothing to replace, which is quickly seen."""

    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    replacement: Replacement

    def may_find(self, text: str) -> bool:
        return any(sign in text for sign in self.signs)


def _steps(ends_sentence: bool) -> tuple[_Step, ...]:
    """Signs are made readable first, so that tags which were written as entities become tags."""
    gap = "\n" if ends_sentence else " "
    return (
        _Step(("#", "quot;", "amp;", "lt;", "gt;", "nbsp;"), _STRAY, _sign_of_stray),
        _Step(("&",), _ENTITY, _sign_of_entity),
        _Step(("<!--",), _COMMENT, lambda _match: " "),
        _Step(("<",), _BLOCK_TAG, lambda _match: gap),
        _Step(("<",), _OBJECT_TAG, lambda _match: " "),
        _Step(("<",), _INLINE_TAG, lambda _match: ""),
    )


_SPLITTING, _IN_LINES = _steps(True), _steps(False)


def without_markup(text: str, ends_sentence: bool = True) -> str:
    """The text without tags and with entities written as the signs they stand for.

    A line break, paragraph or other block ends a sentence where ``ends_sentence``, else it is a space.
    """
    for step in _SPLITTING if ends_sentence else _IN_LINES:
        if step.may_find(text):
            text = step.pattern.sub(step.replacement, text)
    return text


def count_markup(text: str) -> int:
    """How many tags and entities stand in a text."""
    return sum(len(step.pattern.findall(text)) for step in _SPLITTING if step.may_find(text))


Traced = tuple[str, list[tuple[int, int]]]


def traced_without_markup(text: str, ends_sentence: bool = True) -> Traced:
    """As :func:`without_markup`, with the stretch of the given text that each sign of the result comes from."""
    origins = [(place, place + 1) for place in range(len(text))]
    for step in _SPLITTING if ends_sentence else _IN_LINES:
        text, origins = _replace_traced(text, origins, step)
    return text, origins


def _replace_traced(text: str, origins: list[tuple[int, int]], step: _Step) -> Traced:
    parts: list[str] = []
    kept: list[tuple[int, int]] = []
    done = 0
    for match in step.pattern.finditer(text):
        new = step.replacement(match)
        whole = (origins[match.start()][0], origins[match.end() - 1][1])
        parts += [text[done : match.start()], new]
        kept += [*origins[done : match.start()], *[whole] * len(new)]
        done = match.end()
    return "".join([*parts, text[done:]]), [*kept, *origins[done:]]
