"""What a table can be used for: each task with one sentence, and the task that is proposed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ptft_gui.core.errors import DataError
from ptft_gui.core.family.tasks import PLAIN_TEXT, TASKS, Task, get_role, get_task
from ptft_gui.data.examples.column_look import HEAD_ROWS, ColumnLook, look_at_columns
from ptft_gui.data.examples.fields import JOIN, Fields, read_score, split_columns
from ptft_gui.data.examples.label_fitness import judge_labels, why_no_label
from ptft_gui.data.examples.roles import read_as_text
from ptft_gui.data.examples.separators import LABEL_JOIN, find_separator, split_labels
from ptft_gui.data.tables.table import Table

# Which task is proposed where several suit: the one that uses most of what the columns say comes first.
_PREFERENCE = (
    "tagging",
    "question-answering",
    "reply",
    "pair-classification",
    "pair-similarity",
    "multilabel",
    "classification",
    PLAIN_TEXT,
)
_SIMPLEST_FIRST = ("classification", *_PREFERENCE)
_MANY_CELLS = 0.3
_MISSING = {
    "text": "There is no column with texts: no column holds sentences.",
    "text_pair": "There is no second text to compare with: no two columns are alike in length and share words.",
    "score": "There is no column with scores: no column holds numbers with fractions beside two texts.",
    "tokens": "There is no column with the words of sentences one by one.",
    "tags": "There is no column with a tag for each word.",
    "question": "There is no column with questions.",
    "context": "There is no column with texts in which answers stand.",
    "answer": "There is no column whose texts stand in a context.",
    "prompt": "There is no column with prompts.",
    "reply": "There is no column with replies.",
}


@dataclass(frozen=True)
class Suitability:
    """Whether a table suits a task, and why in one sentence."""

    task: str
    suits: bool
    sentence: str


def judge_tasks(
    table: Table, head: pl.DataFrame, roles: Mapping[str, str], looks: Sequence[ColumnLook] | None = None
) -> tuple[Suitability, ...]:
    """Each task of ``core.tasks``, judged from roles (role -> column) and the first rows."""
    looks = look_at_columns(table.columns, head) if looks is None else looks
    judged = []
    for task in TASKS:
        used = _as_text(roles) if task.key == PLAIN_TEXT else roles
        why_not = _why_not(task, table, head, used, looks)
        judged.append(Suitability(task.key, why_not is None, why_not or _why(task, used)))
    return tuple(judged)


def _as_text(roles: Mapping[str, str]) -> Mapping[str, str]:
    """The roles where all that people wrote is read as running text."""
    read = read_as_text(roles)
    return {**roles, "text": JOIN.join(roles[role] for role in read)} if read else roles


def propose_task(
    judged: Sequence[Suitability],
    table: Table,
    head: pl.DataFrame,
    roles: Mapping[str, str],
    chosen: Collection[str] = (),
) -> str:
    """The task that fits best; ``chosen`` are the roles a person gave, which the task should use.

    Plain text where nothing else fits.
    """
    suiting = {each.task for each in judged if each.suits}
    is_choice = {"multilabel", "classification"} <= suiting
    if is_choice and "label" in roles and not _holds_many(table, head, roles):
        suiting.discard("multilabel")
    wanted = [key for key in chosen if key not in ("split", "id")]
    ranked = [key for key in _PREFERENCE if key in suiting]
    using = [key for key in ranked if set(wanted) <= set(get_task(key).all_roles)]
    if (
        wanted and not using
    ):  # what a person asked for is judged, with the reason why it cannot be, rather than dropped
        using = [key for key in _SIMPLEST_FIRST if set(wanted) <= set(get_task(key).all_roles)]
    return next(iter(using or ranked), PLAIN_TEXT)


def check_task(key: str) -> Task:
    """The task of this name; raises DataError."""
    try:
        return get_task(key)
    except KeyError:
        raise DataError(
            f"There is no task called {key}.",
            f"Known are {', '.join(task.key for task in TASKS)}.",
            "Use one of these names.",
        ) from None


def _why(task: Task, roles: Mapping[str, str]) -> str:
    named = [f"{get_role(role).title.lower()} in “{roles[role]}”" for role in task.roles]
    return f"It has what this needs: {', '.join(named)}."


def _why_not(
    task: Task, table: Table, head: pl.DataFrame, roles: Mapping[str, str], looks: Sequence[ColumnLook]
) -> str | None:
    if head.is_empty():
        return "The table has no rows."
    for role in task.roles:
        if role not in roles:
            return why_no_label(looks, roles, head) if role == "label" else _missing(role, looks)
    read = Fields(task.key, roles, table.columns).read(head)
    for check in _CHECKS.get(task.key, ()):
        if (said := check(read, roles)) is not None:
            return said
    return None


def _missing(role: str, looks: Sequence[ColumnLook]) -> str:
    if role == "text":
        texts = [look.name for look in looks if look.is_text][:3]
        return f"No column is chosen as text; {' or '.join(texts)} could be." if texts else _MISSING[role]
    return _MISSING[role]


def _check_labels(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    return judge_labels(read["label"].drop_nulls().str.strip_chars(), read.height, roles["label"])


def _check_each_label(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    """The same for cells of several labels: a cell that never comes twice may hold labels that do."""
    counts = dict(read["label"].drop_nulls().value_counts().iter_rows())
    separator = find_separator(counts)
    each = [
        label
        for cell, count in counts.items()
        for label in split_labels(cell, separator)
        for _ in range(count)
    ]
    return judge_labels(pl.Series(each, dtype=pl.String), read.height, roles["label"])


def _check_single(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    if read["label"].str.contains(LABEL_JOIN, literal=True).any():
        return f"The cells of {roles['label']} are lists: a text may have several labels."
    return None


def _check_several(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    if not _share_with_several(read):
        return f"No cell of {roles['label']} holds several labels: each text has one."
    return None


def _holds_many(table: Table, head: pl.DataFrame, roles: Mapping[str, str]) -> bool:
    if len(split_columns(roles["label"], [column.name for column in table.columns])) > 1:
        return True
    read = Fields("multilabel", {"label": roles["label"]}, table.columns).read(head)
    return _share_with_several(read) > _MANY_CELLS


def _share_with_several(read: pl.DataFrame) -> float:
    counts = dict(read["label"].drop_nulls().value_counts().iter_rows())
    separator = find_separator(counts)
    counts_total = sum(counts.values())
    several: int = sum(count for value, count in counts.items() if len(split_labels(value, separator)) > 1)
    return several / max(counts_total, 1)


def _check_tags(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    unequal = int((read["tokens"].list.len() != read["tags"].list.len()).sum())
    if unequal > 0.5 * read.height:
        return (
            f"{unequal:,} of the first {read.height:,} rows have another number of words in {roles['tokens']} "
            f"than of tags in {roles['tags']}."
        )
    tags = read["tags"].explode().drop_nulls()
    if read.height < HEAD_ROWS and len(tags) and (tags == "O").all():
        return only_outside(len(tags), roles["tags"])
    return None


def only_outside(words: int, where: str) -> str:
    """The sentence for words none of which is marked."""
    return (
        f"All {words:,} words in {where} are tagged “O”, which means that nothing is marked. Mark the names in some "
        "sentences (B-PER for the first word of a person's name, I-PER for the next ones), or choose another file."
    )


def _check_answers(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    stands = total = 0
    for context, answers in read.select("context", "answer").head(300).iter_rows():
        total += bool(answers)
        stands += any(answer in context for answer in answers)
    if total and stands < 0.5 * total:
        return f"Of {total:,} answers in {roles['answer']}, only {stands:,} stand in {roles['context']}."
    if not total:
        return f"The first {read.height:,} rows have no answer in {roles['answer']}."
    return None


def _check_scores(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
    scores = read.filter(pl.col("score").is_not_null())
    if scores.is_empty():
        return f"The first {read.height:,} rows have no score in {roles['score']}."
    numbers = scores.select(read_score(pl.col("score")).alias("number"))["number"]
    wrong = int(numbers.null_count())
    if wrong > 0.2 * len(numbers):
        example = scores.filter(numbers.is_null())["score"][0]
        return f"{wrong:,} of {len(numbers):,} scores in {roles['score']} are no numbers, for example “{example[:40]}”."
    if numbers.drop_nulls().n_unique() == 1:
        return f"All scores in {roles['score']} are the same number."
    return None


def _check_filled(*names: str) -> Callable[[pl.DataFrame, Mapping[str, str]], str | None]:
    def check(read: pl.DataFrame, roles: Mapping[str, str]) -> str | None:
        for name in names:
            if not (read[name] != "").any():
                return f"The first {read.height:,} rows of {roles[name]} are empty."
        return None

    return check


_Check = Callable[[pl.DataFrame, Mapping[str, str]], str | None]
_CHECKS: dict[str, tuple[_Check, ...]] = {
    PLAIN_TEXT: (_check_filled("text"),),
    "classification": (_check_filled("text"), _check_labels, _check_single),
    "multilabel": (_check_filled("text"), _check_each_label, _check_several),
    "pair-classification": (_check_filled("text", "text_pair"), _check_labels, _check_single),
    "pair-similarity": (_check_filled("text", "text_pair"), _check_scores),
    "tagging": (_check_tags,),
    "question-answering": (_check_filled("question", "context"), _check_answers),
    "reply": (_check_filled("prompt", "reply"),),
}
