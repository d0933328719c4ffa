"""Kinds of data that are recognised by several columns together: questions, tags, replies, parts, names of rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

import polars as pl

from ptft_gui.data.examples.chats import is_conversation
from ptft_gui.data.examples.column_look import ColumnLook
from ptft_gui.data.examples.fields import JOIN
from ptft_gui.data.examples.role_names import is_named

SAMPLE_ROWS = 200
_PART_NAMES = frozenset("train training dev development val valid validation test testing eval".split())
# A table may have thousands of columns; what belongs together stands near together.
_MOST_COMPARED = 5
# not every question ends in its mark: "Name the river that flows through Rome."
_FEWEST_QUESTIONS = 0.3


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
    contexts = [look for look in looks if _is_context(look)]
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


def _is_context(look: ColumnLook) -> bool:
    """Whether long texts stand in it; each may come again and again, once for every question about it."""
    is_prose = look.with_words > 0.5 and look.references <= 0.5 and not look.is_number
    return is_prose and not look.is_list and look.distinct > 1 and look.mean_bytes > 60


def _is_question(look: ColumnLook) -> bool:
    is_asked = look.questions > _FEWEST_QUESTIONS and look.is_text
    return is_asked or (is_named(look.name, "question") and look.with_words > 0.5 and not look.is_number)


def _answers(
    looks: Sequence[ColumnLook], context: ColumnLook, head: pl.DataFrame
) -> list[tuple[float, ColumnLook]]:
    found = []
    possible = [
        look for look in looks if not look.is_number and look.filled and look.mean_bytes <= context.mean_bytes
    ]
    for look in sorted(possible, key=lambda look: not is_named(look.name, "answer"))[: 2 * _MOST_COMPARED]:
        share = _share_contained(head, look, context)
        named = is_named(look.name, "answer")
        if share > (0.6 if named else 0.9) and (named or look.distinct > 0.3 * look.filled):
            found.append((share + named, look))
    return sorted(found, key=lambda pair: -pair[0])


def _share_contained(head: pl.DataFrame, answer: ColumnLook, context: ColumnLook) -> float:
    inside = total = 0
    for cell, text in head.select(answer.name, context.name).head(SAMPLE_ROWS).iter_rows():
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
    many = "its texts" if question.questions > 0.6 else "many of its texts"
    why = f"{many} end in a question mark" if question.questions > _FEWEST_QUESTIONS else "of its name"
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
    for cell, words, text in (
        head.select(starts.name, answer.name, context.name).head(SAMPLE_ROWS).iter_rows()
    ):
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
    for tokens, tags in permutations(lists[: 2 * _MOST_COMPARED], 2):
        few = tags.distinct <= 200 if tags.is_list else is_named(tags.name, "tags")
        if not few or (tags.is_list and tags.repetition < 2) or tags.distinct >= tokens.distinct:
            continue
        if _have_equal_lengths(head, tokens, tags):
            yield Pick("tokens", tokens.name, f"its cells hold as many words as {tags.name} holds tags")
            reason = f"{tags.distinct:,} different values, one for each word of {tokens.name}"
            yield Pick("tags", tags.name, reason if tags.is_list else f"one for each word of {tokens.name}")
            return


def _have_equal_lengths(head: pl.DataFrame, one: ColumnLook, two: ColumnLook) -> bool:
    rows = head.select(one.name, two.name).head(SAMPLE_ROWS).drop_nulls().rows()
    sizes = [tuple(len(cell if isinstance(cell, list) else cell.split()) for cell in row) for row in rows]
    alike = sum(a == b for a, b in sizes)
    return bool(sizes) and alike > 0.8 * len(sizes) and any(a > 1 for a, _ in sizes)


# --- replies ---------------------------------------------------------------------------------------------------------


def find_replies(looks: Sequence[ColumnLook], head: pl.DataFrame) -> Iterator[Pick]:
    """An instruction with what it needs, and the reply to it; or whole conversations in one column."""
    chat = next((look for look in looks if _is_chat(look, head)), None)
    if chat:
        yield Pick(
            "prompt", chat.name, "its cells hold conversations: all that was said before the last answer"
        )
        yield Pick("reply", chat.name, "its cells hold conversations: the last answer")
        return
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


def _is_chat(look: ColumnLook, head: pl.DataFrame) -> bool:
    is_json = not look.is_list and bool(look.values) and look.values[0][0].startswith("[")
    return is_json and is_conversation(head[look.name])


def _is_free(look: ColumnLook) -> bool:
    """Whether a column holds answers of its own for most rows, not a few repeated ones."""
    return not look.is_list and (look.distinct > 20 or look.distinct > 0.5 * look.filled)


KINDS: tuple[Callable[[Sequence[ColumnLook], pl.DataFrame], Iterator[Pick]], ...] = (
    find_questions,
    find_tags,
    find_replies,
)
