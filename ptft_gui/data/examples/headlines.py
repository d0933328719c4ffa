"""A headline that stands in a column of its own: it and the text below it are read together.

News and reviews come as title and body. Files without names of columns, such as AG News, DBpedia and Yahoo Answers as
their authors published them, hold nothing but a label and such texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ptft_gui.data.examples.column_look import ColumnLook
from ptft_gui.data.examples.fields import JOIN
from ptft_gui.data.examples.role_names import name_words
from ptft_gui.data.examples.role_patterns import Pick

_TITLES = frozenset(
    "title titles headline headlines heading subject titel titre título titolo 标题 標題 題目".split()
)
_BESIDE = frozenset("news article post the of review comment message text".split())


_WITHOUT_NAME = re.compile(r"Column \d+")
_MOST_TEXTS = 4


def with_headline(pick: Pick, looks: Sequence[ColumnLook]) -> Pick:
    """The pick of a text, together with the headlines that stand beside it."""
    body = next(look for look in looks if look.name == pick.column)
    has_no_names = bool(_WITHOUT_NAME.fullmatch(body.name))
    found = _beside(body, looks) if has_no_names else [look for look in looks if is_headline(look, body)]
    if body.is_list or not found or len(found) >= _MOST_TEXTS:
        return pick
    parts = [look.name for look in sorted((*found, body), key=lambda look: look.position)]
    why = "the columns have no names, and all of these hold texts"
    if not has_no_names:
        why = f"{found[0].name} is the headline of {body.name}; both are read"
    return Pick("text", JOIN.join(parts), why, pick.column, pick.reason)


def is_headline(look: ColumnLook, body: ColumnLook) -> bool:
    """Whether a column is named as the headlines of another one, which hold shorter texts."""
    own = set(name_words(look.name)) - set(name_words(body.name)) - _BESIDE
    is_title = bool(own) and own <= _TITLES
    return is_title and not look.is_list and look.is_text and look.mean_bytes <= body.mean_bytes


def _beside(body: ColumnLook, looks: Sequence[ColumnLook]) -> list[ColumnLook]:
    """The texts side by side with this one, nothing else between them."""
    texts = {look.position: look for look in looks if look.is_text and not look.is_list}
    found = []
    for step in (-1, 1):
        place = body.position + step
        while place in texts:
            found.append(texts[place])
            place += step
    return found
