"""Texts with labels or scores, alone or in pairs, recognised by their columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import polars as pl

from ptft_gui.data.examples.column_look import HEAD_ROWS, ColumnLook
from ptft_gui.data.examples.fields import JOIN
from ptft_gui.data.examples.flag_columns import find_flags
from ptft_gui.data.examples.headlines import is_headline, with_headline
from ptft_gui.data.examples.role_names import are_first_and_second, is_named
from ptft_gui.data.examples.role_patterns import SAMPLE_ROWS, Pick

_MOST_CLASSES = 200
_SHORT_LABEL_BYTES = 60
_WIDEST_PAIR = 3.0
# A table may have thousands of columns; texts that belong together stand near together.
_MOST_TEXTS = 30
_NEIGHBOURS = 3
_LONGEST_WORD_BYTES = 30
_FEWEST_WORDS = 0.05
_FEWEST_JOINED = 1.1
_JOINED_REPETITION = 3
_MOST_LABELS_OF_A_TEXT = 6
_NESTED = ("[[", "[{", '{"')


def find_texts_and_labels(
    looks: Sequence[ColumnLook], head: pl.DataFrame, done: Collection[str] = (), is_label_asked: bool = False
) -> Iterator[Pick]:
    """One text or a pair of texts, with a label or a score where a column suits.

    ``is_label_asked``: a person chose a task with labels, so the least unlikely column is taken.
    """
    pair = None if "text" in done and "text_pair" in done else _find_pair(looks, head)
    if pair and not {"text", "text_pair"}.intersection(done):
        yield from pair
    elif "text" not in done:
        yield from _find_text(looks)
    used = {name for pick in pair or _find_text(looks) for name in pick.column.split(JOIN)}
    rest = [look for look in looks if look.name not in used]
    is_pair = bool(pair) or "text_pair" in done
    score = _find_score(rest) if is_pair and "score" not in done else None
    if score:
        yield score
        rest = [look for look in rest if look.name != score.column and is_named(look.name, "label")]
    if "label" in done:
        return
    if len(looks) == 2 and len(rest) == 1 and _is_constant(rest[0]) and rest[0].rows >= HEAD_ROWS:
        why = (
            f"it is the only other column; the first {rest[0].rows:,} rows all hold “{rest[0].values[0][0]}”"
        )
        yield Pick("label", rest[0].name, why)
        return
    flags = [] if is_pair else find_flags(rest)
    if flags:
        why = "each is 1 where a text has this label and 0 where it has not"
        yield Pick("label", JOIN.join(flags), why, flags[0], label_reason(_named(rest, flags[0])))
        return
    yield from _find_label(rest, is_label_asked)


def _named(looks: Sequence[ColumnLook], name: str) -> ColumnLook:
    return next(look for look in looks if look.name == name)


def _find_text(looks: Sequence[ColumnLook]) -> Iterator[Pick]:
    ranked = sorted((look for look in looks if _text_points(look) > 0), key=_text_points, reverse=True)
    if not ranked:
        return
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    pick = Pick(
        "text",
        best.name,
        _text_reason(best),
        second.name if second else "",
        _text_reason(second) if second else "",
    )
    yield with_headline(pick, looks)


def _text_points(look: ColumnLook) -> float:
    named = is_named(look.name, "text")
    if not look.filled or look.is_number or look.references > 0.5:
        return 0.0
    is_written = look.with_words > 0.5 and look.mean_bytes > 12
    if not look.is_text and not (named and (is_written or look.distinct > 0.3 * look.filled)):
        return 0.0
    size = min(look.mean_bytes * (look.mean_items if look.is_list else 1), 400) / 100
    return 0.1 + size + 2.0 * named + look.distinct / max(look.filled * look.mean_items, 1)


def _text_reason(look: ColumnLook) -> str:
    named = ", named like text" if is_named(look.name, "text") else ""
    if look.is_list:
        return f"lists of long, different texts{named}"
    length = "long" if look.mean_bytes > 60 else "short"
    return f"{length} texts, {look.distinct:,} different ones in the first {look.rows:,} rows{named}"


def _find_pair(looks: Sequence[ColumnLook], head: pl.DataFrame) -> tuple[Pick, Pick] | None:
    written = [look for look in looks if not look.is_list and not look.is_number and look.references < 0.5]
    texts = [
        look for look in written if look.with_words > 0.5 and look.distinct > 0.05 * look.filled
    ] or written
    for place, one in enumerate(texts[:_MOST_TEXTS]):
        for two in texts[place + 1 : place + 1 + _NEIGHBOURS]:
            is_written = is_named(one.name, "text") or is_named(one.name, "question")
            named = are_first_and_second(one.name, two.name) and is_written
            named = named or (is_named(one.name, "text") and is_named(two.name, "text_pair"))
            if (named or _are_alike(one, two, head)) and _is_each_filled(one, two):
                why = "their names belong together" if named else "they are alike in length and share words"
                return _pair(one, two, why)
    return _find_word_pair(looks)


def _find_word_pair(looks: Sequence[ColumnLook]) -> tuple[Pick, Pick] | None:
    """Two columns of single words beside numbers with fractions: how alike words are."""
    words = [look for look in looks if not look.is_number and not look.is_list and look.filled]
    numbers = [look for look in looks if look.is_number]
    if len(words) != 2 or len(numbers) != 1 or len(looks) != 3 or numbers[0].whole_numbers > 0.9:
        return None
    are_words = all(look.mean_bytes <= _LONGEST_WORD_BYTES for look in words)
    are_varied = all(look.distinct > max(2, _FEWEST_WORDS * look.filled) for look in words)
    return _pair(words[0], words[1], "words beside a number") if are_words and are_varied else None


def _pair(one: ColumnLook, two: ColumnLook, why: str) -> tuple[Pick, Pick]:
    first = Pick("text", one.name, f"it and {two.name} are two texts to compare: {why}")
    return first, Pick("text_pair", two.name, f"it is compared with {one.name}: {why}")


def _is_each_filled(one: ColumnLook, two: ColumnLook) -> bool:
    return min(one.filled, two.filled) > 0.8 * max(one.filled, two.filled)


def _are_alike(one: ColumnLook, two: ColumnLook, head: pl.DataFrame) -> bool:
    """Whether two columns are of like length and the texts of a row share more signs than those of other rows do."""
    sizes = sorted((one.mean_bytes, two.mean_bytes))
    if not (one.is_text and two.is_text) or sizes[1] > _WIDEST_PAIR * sizes[0]:
        return False
    if is_headline(one, two) or is_headline(two, one):
        return False
    rows = head.select(one.name, two.name).drop_nulls().head(SAMPLE_ROWS).rows()
    if len(rows) < 3:
        return False
    here = sum(_shared(a, b) for a, b in rows) / len(rows)
    elsewhere = sum(_shared(rows[at - 1][0], b) for at, (_, b) in enumerate(rows)) / len(rows)
    return here > 0.1 and here > 1.3 * elsewhere


def _shared(one: str, two: str) -> float:
    a, b = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one[:500], two[:500]))
    return len(a & b) / max(len(a | b), 1)


def _find_score(looks: Sequence[ColumnLook]) -> Pick | None:
    """A number with fractions, or one whose name says that it is a score."""
    for look in sorted(looks, key=lambda look: not is_named(look.name, "score")):
        named = is_named(look.name, "score")
        has_fractions = look.whole_numbers < 0.9
        if look.is_number and look.distinct >= 4 and (named or (has_fractions and not look.is_unique)):
            numbers = [
                float(value.rstrip("%").replace(",", ".")) for value, _ in look.values if _is_plain(value)
            ]
            scale = f"numbers from {min(numbers):g} to {max(numbers):g}" if numbers else "numbers"
            return Pick("score", look.name, scale + (", named like a score" if named else " with fractions"))
    return None


def _is_plain(value: str) -> bool:
    try:
        float(value.rstrip("%").replace(",", "."))
    except ValueError:
        return False
    return True


def _find_label(looks: Sequence[ColumnLook], is_asked: bool) -> Iterator[Pick]:
    """The likeliest label; the runner-up may be any column that repeats a few short values."""
    possible = [look for look in looks if could_be_label(look) or _is_sorted_label(look)]
    ranked = sorted(possible, key=lambda look: -_label_points(look, is_asked))
    if not ranked or _label_points(ranked[0], is_asked) <= 0:
        return
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    yield Pick(
        "label",
        best.name,
        label_reason(best),
        second.name if second else "",
        label_reason(second) if second else "",
    )


def _label_points(look: ColumnLook, is_asked: bool) -> float:
    """How well a column suits as label; 0 or less means that nobody would call it one."""
    if _is_sorted_label(look):
        return 2.0
    is_words = not look.is_number
    points = (4.0 if is_asked else 1.0) + 2.0 * is_named(look.name, "label") + 0.6 * is_words
    points += 0.4 * ((look.labels or look.distinct) <= 30) + 0.2 * (look.filled < look.rows)
    points += 0.3 * _holds_joined_labels(look)  # hardly anything but labels comes several in a cell
    if is_named(look.name, "metadata"):
        points -= 1.8
    if is_named(look.name, "id"):
        points -= 1.2
    return points


def could_be_label(look: ColumnLook) -> bool:
    """Whether a column repeats a few short values, alone or several in a cell.

    A number for each row never does; nor does a measured number.
    """
    if _holds_joined_labels(look):
        return True
    if look.is_list and (look.lists < 2 or _holds_words(look)):
        return False  # every text would have the same labels, or its own words
    if look.values and look.values[0][0].startswith(_NESTED):
        return False
    if (
        not look.filled
        or look.distinct < 2
        or look.distinct > _MOST_CLASSES
        or look.mean_bytes > _SHORT_LABEL_BYTES
    ):
        return False
    if look.is_number and (look.whole_numbers < 0.98 or look.distinct > 60):
        return False
    if look.filled < 30:
        return look.repetition >= 1.3
    return look.repetition >= 3 and look.references < 0.5


def _holds_joined_labels(look: ColumnLook) -> bool:
    """Whether most cells of a column hold several labels of a few, so that its cells hardly ever come twice."""
    if not 2 <= look.labels <= _MOST_CLASSES or look.cell_labels < _FEWEST_JOINED:
        return False
    return look.filled * look.cell_labels / look.labels >= _JOINED_REPETITION


def _holds_words(look: ColumnLook) -> bool:
    """Whether the lists of a column are the words of a text, or a tag for each: a text never has one label twice."""
    is_long = look.mean_items > _MOST_LABELS_OF_A_TEXT and look.lists >= 0.9 * look.filled
    return is_long or look.mean_different_items < 0.9 * look.mean_items


def _is_sorted_label(look: ColumnLook) -> bool:
    """Whether the first rows all have the same label because the file is sorted by it: then only its name tells."""
    return _is_constant(look) and look.rows >= HEAD_ROWS and is_named(look.name, "label")


def _is_constant(look: ColumnLook) -> bool:
    return look.distinct == 1 and not look.is_list and look.mean_bytes <= _SHORT_LABEL_BYTES


def label_reason(look: ColumnLook) -> str:
    """Why a column looks like labels, as it follows "because"."""
    if _is_sorted_label(look):
        return f"it is named like a label; the first {look.rows:,} rows all hold “{look.values[0][0]}”"
    kind = "numbers" if look.is_number else "short"
    named = ", named like a label" if is_named(look.name, "label") else ""
    if look.is_list:
        return f"lists of {look.kinds:,} different values, short, repeated{named}"
    if look.cell_labels >= _FEWEST_JOINED and not look.first_rows:
        return f"{look.labels:,} different labels, several in a cell, repeated{named}"
    if look.first_rows:
        first = f"the first {look.first_rows:,} rows all hold one value, others come further on"
        return f"its values are {kind} and repeated{named}; the file is sorted by it: {first}"
    return f"{look.kinds:,} different values, {kind}, repeated{named}"
