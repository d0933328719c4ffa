"""The kinds of data people bring, each recognised by its columns: questions, replies, tags, pairs, labelled texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import polars as pl

from ptft_gui.data.examples.column_look import HEAD_ROWS, ColumnLook
from ptft_gui.data.examples.fields import JOIN
from ptft_gui.data.examples.role_names import are_first_and_second, is_named

_SAMPLE = 200
_PART_NAMES = frozenset("train training dev development val valid validation test testing eval".split())
_MOST_CLASSES = 200
_SHORT_LABEL_BYTES = 60
_WIDEST_PAIR = 3.0


@dataclass(frozen=True)
class Pick:
    """A column for a role; ``reason`` completes "because ..."."""

    role: str
    column: str
    reason: str
    runner_up: str = ""
    runner_up_reason: str = ""


def find_split(looks: Sequence[ColumnLook]) -> Pick | None:
    """A column whose values are names of parts."""
    for look in looks:
        values = {value.casefold() for value, _ in look.values}
        if values and values <= _PART_NAMES and (len(values) > 1 or is_named(look.name, "split")):
            listed = ", ".join(value for value, _ in look.values[:3])
            return Pick("split", look.name, f"its values are names of parts ({listed})")
    return None


def find_id(looks: Sequence[ColumnLook]) -> Pick | None:
    """A column that tells rows apart: every value once, short, no sentences."""
    for look in sorted(looks, key=lambda look: not is_named(look.name, "id")):
        if look.is_list or not look.is_unique or look.rows < 3 or look.filled < look.rows or look.is_text:
            continue
        if look.whole_numbers > 0.98 or (is_named(look.name, "id") and look.with_words < 0.5):
            return Pick("id", look.name, "every row has another " + ("number" if look.is_number else "value"))
    return None


# --- questions -------------------------------------------------------------------------------------------------------


def find_questions(looks: Sequence[ColumnLook], head: pl.DataFrame) -> Iterator[Pick]:
    """Question, context and answer: the answer stands in the context."""
    questions = [look for look in looks if not look.is_list and _is_question(look)]
    contexts = [look for look in looks if look.is_text and look.mean_bytes > 60]
    for question in sorted(questions, key=lambda look: -look.questions):
        for context in sorted(
            contexts, key=lambda look: (not is_named(look.name, "context"), -look.mean_bytes)
        ):
            if context is question or context.mean_bytes < question.mean_bytes:
                continue
            others = [look for look in looks if look not in (question, context)]
            answers = _answers(others, context, head)
            if answers:
                yield from _question_picks(question, context, answers, others, head)
                return


def _is_question(look: ColumnLook) -> bool:
    is_asked = look.questions > 0.6 and look.is_text
    return is_asked or (is_named(look.name, "question") and look.with_words > 0.5 and not look.is_number)


def _answers(
    looks: Sequence[ColumnLook], context: ColumnLook, head: pl.DataFrame
) -> list[tuple[float, ColumnLook]]:
    found = []
    for look in looks:
        if look.is_number or not look.filled or look.mean_bytes > context.mean_bytes:
            continue
        share = _share_contained(head, look, context)
        named = is_named(look.name, "answer")
        if share > (0.6 if named else 0.9) and (named or look.distinct > 0.3 * look.filled):
            found.append((share + named, look))
    return sorted(found, key=lambda pair: -pair[0])


def _share_contained(head: pl.DataFrame, answer: ColumnLook, context: ColumnLook) -> float:
    inside = total = 0
    for cell, text in head.select(answer.name, context.name).head(_SAMPLE).iter_rows():
        for words in cell if isinstance(cell, list) else [cell]:
            if words and text:
                total += 1
                inside += words.strip() in text
    return inside / total if total else 0.0


def _question_picks(
    question: ColumnLook,
    context: ColumnLook,
    answers: list[tuple[float, ColumnLook]],
    others: list[ColumnLook],
    head: pl.DataFrame,
) -> Iterator[Pick]:
    answer, second = answers[0][1], answers[1][1] if len(answers) > 1 else None
    why = "its texts end in a question mark" if question.questions > 0.6 else "of its name"
    yield Pick("question", question.name, why)
    yield Pick(
        "context", context.name, f"it holds the long texts in which the answers of {answer.name} stand"
    )
    stands = f"its texts stand in {context.name}"
    yield Pick("answer", answer.name, stands, second.name if second else "", stands)
    for look in others:
        if look is not answer and _are_starts(head, look, answer, context):
            yield Pick(
                "answer_start", look.name, f"its numbers are the places of {answer.name} in {context.name}"
            )
            return


def _are_starts(head: pl.DataFrame, starts: ColumnLook, answer: ColumnLook, context: ColumnLook) -> bool:
    right = total = 0
    for cell, words, text in head.select(starts.name, answer.name, context.name).head(_SAMPLE).iter_rows():
        first = words[0] if isinstance(words, list) and words else words
        place = re.search(r"\d+", str(cell[0] if isinstance(cell, list) and cell else cell))
        if isinstance(first, str) and first and text:
            total += 1
            right += place is not None and text.startswith(first, int(place.group()))
    return total > 0 and right > 0.8 * total


# --- tags ------------------------------------------------------------------------------------------------------------


def find_tags(looks: Sequence[ColumnLook], head: pl.DataFrame) -> Iterator[Pick]:
    """Two columns whose cells hold equally many pieces, one of them few different ones."""
    lists = [look for look in looks if look.is_list] or [look for look in looks if look.mean_bytes > 8]
    for tokens, tags in permutations(lists, 2):
        few = tags.distinct <= 200 if tags.is_list else is_named(tags.name, "tags")
        if not few or (tags.is_list and tags.repetition < 2) or tags.distinct >= tokens.distinct:
            continue
        if _have_equal_lengths(head, tokens, tags):
            yield Pick("tokens", tokens.name, f"its cells hold as many words as {tags.name} holds tags")
            reason = f"{tags.distinct:,} different values, one for each word of {tokens.name}"
            yield Pick("tags", tags.name, reason if tags.is_list else f"one for each word of {tokens.name}")
            return


def _have_equal_lengths(head: pl.DataFrame, one: ColumnLook, two: ColumnLook) -> bool:
    rows = head.select(one.name, two.name).head(_SAMPLE).drop_nulls().rows()
    sizes = [tuple(len(cell if isinstance(cell, list) else cell.split()) for cell in row) for row in rows]
    alike = sum(a == b for a, b in sizes)
    return bool(sizes) and alike > 0.8 * len(sizes) and any(a > 1 for a, _ in sizes)


# --- replies ---------------------------------------------------------------------------------------------------------


def find_replies(looks: Sequence[ColumnLook], _head: pl.DataFrame) -> Iterator[Pick]:
    """An instruction with what it needs, and the reply to it."""
    written = [look for look in looks if not look.is_number and look.filled and look.references < 0.5]
    prompts = [look for look in written if is_named(look.name, "prompt") and _is_free(look)]
    replies = [
        look for look in written if is_named(look.name, "reply") and _is_free(look) and look not in prompts
    ]
    more = [look for look in written if is_named(look.name, "prompt_more") and look not in replies]
    prompt = next(iter(prompts or [look for look in more if _is_free(look)]), None)
    reply = next((look for look in replies if look is not prompt), None)
    if not prompt or not reply:
        return
    added = next((look for look in more if look not in (prompt, reply) and look.name != prompt.name), None)
    if added:
        joined = prompt.name + JOIN + added.name
        how = f"{prompt.name} says what to do and {added.name} what to do it with: both are joined by an empty line"
        yield Pick("prompt", joined, how, prompt.name, "it says what to do")
    else:
        yield Pick("prompt", prompt.name, "of its name, and its texts differ")
    second = next((look for look in replies if look not in (prompt, reply)), None)
    yield Pick(
        "reply", reply.name, "of its name, and its texts differ", second.name if second else "", "of its name"
    )


def _is_free(look: ColumnLook) -> bool:
    """Whether a column holds answers of its own for most rows, not a few repeated ones."""
    return not look.is_list and (look.distinct > 20 or look.distinct > 0.5 * look.filled)


KINDS: tuple[Callable[[Sequence[ColumnLook], pl.DataFrame], Iterator[Pick]], ...] = (
    find_questions,
    find_tags,
    find_replies,
)


# --- texts, pairs, labels --------------------------------------------------------------------------------------------


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
    used = {pick.column for pick in pair or _find_text(looks)}
    rest = [look for look in looks if look.name not in used]
    is_pair = bool(pair) or "text_pair" in done
    score = _find_score(rest) if is_pair and "score" not in done else None
    if score:
        yield score
        rest = [look for look in rest if look.name != score.column and is_named(look.name, "label")]
    if "label" not in done:
        yield from _find_label(rest, is_label_asked)


def _find_text(looks: Sequence[ColumnLook]) -> Iterator[Pick]:
    ranked = sorted((look for look in looks if _text_points(look) > 0), key=_text_points, reverse=True)
    if not ranked:
        return
    best, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    yield Pick(
        "text",
        best.name,
        _text_reason(best),
        second.name if second else "",
        _text_reason(second) if second else "",
    )


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
    for place, one in enumerate(texts):
        for two in texts[place + 1 :]:
            named = are_first_and_second(one.name, two.name) and is_named(one.name, "text")
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
    return (
        _pair(words[0], words[1], "words beside a number")
        if words[0].distinct > 2 < words[1].distinct
        else None
    )


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
    rows = head.select(one.name, two.name).drop_nulls().head(_SAMPLE).rows()
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
    points += 0.4 * (look.distinct <= 30) + 0.2 * (look.filled < look.rows)
    if is_named(look.name, "metadata"):
        points -= 1.8
    if is_named(look.name, "id"):
        points -= 1.2
    return points


def could_be_label(look: ColumnLook) -> bool:
    """Whether a column repeats a few short values. A number for each row never does; nor does a measured number."""
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


def _is_sorted_label(look: ColumnLook) -> bool:
    """Whether the first rows all have the same label because the file is sorted by it: then only its name tells."""
    is_constant = look.distinct == 1 and not look.is_list and look.mean_bytes <= _SHORT_LABEL_BYTES
    return is_constant and look.rows >= HEAD_ROWS and is_named(look.name, "label")


def label_reason(look: ColumnLook) -> str:
    """Why a column looks like labels, as it follows "because"."""
    if _is_sorted_label(look):
        return f"it is named like a label; the first {look.rows:,} rows all hold “{look.values[0][0]}”"
    kind = "numbers" if look.is_number else "short"
    named = ", named like a label" if is_named(look.name, "label") else ""
    if look.is_list:
        return f"lists of {look.kinds:,} different values, short, repeated{named}"
    return f"{look.kinds:,} different values, {kind}, repeated{named}"
