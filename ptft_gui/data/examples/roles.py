"""Which column is what: a guess for each role, with its reason and the second-best column.

The guess looks at names (:mod:`role_names`) and at the first rows (:mod:`column_look`); what a person or the format
itself says wins.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ptft_gui.core.errors import DataError
from ptft_gui.core.family.tasks import PLAIN_TEXT, ROLES, get_role, get_task
from ptft_gui.data.examples import role_patterns as patterns
from ptft_gui.data.examples.column_look import HEAD_ROWS as HEAD_ROWS
from ptft_gui.data.examples.column_look import ColumnLook, look_at_columns
from ptft_gui.data.examples.fields import JOIN, split_columns
from ptft_gui.data.examples.request_patterns import find_requests
from ptft_gui.data.examples.role_patterns import Pick
from ptft_gui.data.examples.text_patterns import find_texts_and_labels
from ptft_gui.data.examples.verdicts import find_verdict
from ptft_gui.data.tables.table import Table

_ORDER = {role.key: place for place, role in enumerate(ROLES)}
# Roles that stand together: when a person names one of a group, the guess must not come from another group.
_GROUPS = (
    frozenset({"text", "text_pair", "label", "score"}),
    frozenset({"question", "context", "answer", "answer_start"}),
    frozenset({"tokens", "tags"}),
    frozenset({"prompt", "reply"}),
)


_GOALS = frozenset({"label", "score", "answer", "tags", "reply"})
_READ_AS_TEXT = (("text", "text_pair"), ("context",), ("tokens",), ("prompt", "reply"), ("question",))


@dataclass(frozen=True)
class RoleGuess:
    """A role and its column. ``runner_up`` is the second-best column with its reason, where there is one."""

    role: str
    column: str
    reason: str
    runner_up: tuple[str, str] | None = None


def guess_roles(
    table: Table,
    head: pl.DataFrame,
    given: Mapping[str, str] | None = None,
    task: str | None = None,
    looks: Sequence[ColumnLook] | None = None,
) -> tuple[RoleGuess, ...]:
    """The likeliest column of each role, in the order of ``core.tasks.ROLES``.

    ``head`` is ``table.head(HEAD_ROWS)``; ``given`` what a person chose (an empty column leaves a role open) and
    ``task`` what it is for, where a person said so; ``looks`` the looks of the columns, where they are known. Raises
    DataError for a role or column there is none of.
    """
    chosen = dict(given or {})
    check_roles(table, chosen)
    is_plain_text, task = task == PLAIN_TEXT, None if task == PLAIN_TEXT else task
    looks = look_at_columns(table.columns, head) if looks is None else looks
    found = {pick.role: pick for pick in _format_tells(table)}
    if not found:
        free = [look for look in looks if look.name not in _used(table, chosen)]
        found = {pick.role: pick for pick in _guess(free, head, _groups_of(chosen, task), set(chosen), task)}
    unasked = found if not chosen else {pick.role: pick for pick in _guess(looks, head, set(), set(), task)}
    guesses = [_guess_of(pick) for pick in found.values() if pick.role not in chosen]
    taken = _used(table, chosen)
    guesses = [guess for guess in guesses if not taken.intersection(_parts(table, guess.column))]
    guesses += [
        RoleGuess(
            role,
            column,
            f"{_title(role)}: {column}, because you chose it",
            _second(unasked.get(role), column),
        )
        for role, column in chosen.items()
        if column
    ]
    if is_plain_text and "text" not in chosen:
        guesses = _as_plain_text(guesses)
    return tuple(sorted(guesses, key=lambda guess: _ORDER[guess.role]))


def _as_plain_text(guesses: list[RoleGuess]) -> list[RoleGuess]:
    """What is read of data that was made for a task: both texts of a pair, the contexts of questions, whole talks."""
    by_role = {guess.role: guess for guess in guesses}
    parts = [by_role[role] for role in read_as_text(by_role)]
    if not parts:
        return guesses
    read = JOIN.join(part.column for part in parts)
    reason = parts[0].reason if len(parts) == 1 else f"text: {read}, because all of it is running text"
    kept = [guess for guess in guesses if guess not in parts]
    return [*kept, RoleGuess("text", read, reason, parts[0].runner_up if len(parts) == 1 else None)]


def read_as_text(roles: Collection[str]) -> list[str]:
    """Which roles are read as running text where nothing is to be learned but the language."""
    found = ([role for role in group if role in roles] for group in _READ_AS_TEXT)
    return next((group for group in found if group), [])


def check_roles(table: Table, chosen: Mapping[str, str]) -> None:
    """Raise DataError for a role or column that does not exist, naming those that come close."""
    names = [column.name for column in table.columns]
    for role, column in chosen.items():
        if role not in _ORDER:
            raise DataError(
                f"There is no role called {role}.",
                f"Known are {', '.join(_ORDER)}.",
                "Use one of these names.",
            )
        if column and not set(split_columns(column, names)) <= set(names):
            raise _no_such_column(table, column, names)


def _no_such_column(table: Table, column: str, names: list[str]) -> DataError:
    lowered = {name.casefold(): name for name in names}
    asked = column.casefold().strip()
    near = [name for name in lowered if asked and name.startswith(asked)]
    near += difflib.get_close_matches(asked, lowered, 3, 0.5)
    close = [lowered[name] for name in dict.fromkeys(near[:3])]
    listed = ", ".join(names[:12]) + (f" and {len(names) - 12:,} more" if len(names) > 12 else "")
    return DataError(
        f"{table.facts.title} has no column called {column}.",
        f"Its columns are {listed}.",
        f"Did you mean {' or '.join(close)}?" if close else "Choose one of its columns.",
    )


def _format_tells(table: Table) -> Iterator[Pick]:
    for role, column in table.facts.given_roles.items():
        if role in _ORDER:
            yield Pick(role, column, f"the format ({table.facts.format_name}) says so")


def _guess(
    looks: Sequence[ColumnLook],
    head: pl.DataFrame,
    groups: set[frozenset[str]],
    done: set[str],
    task: str | None,
) -> Iterator[Pick]:
    """What the rows are, and the columns about rows: their part, their name, whether they were accepted."""
    split, verdict = patterns.find_split(looks), find_verdict(looks)
    rest = [look for look in looks if not split or look.name != split.column]
    picks: list[Pick] = []
    if verdict:
        others = [look for look in rest if look.name != verdict.column]
        picks = list(_picks_of_kind(others, head, groups, done, task))
        is_learned = any(pick.role in _GOALS for pick in picks) or not _GOALS.isdisjoint(done)
        verdict, rest = (verdict, others) if is_learned else (None, rest)
    if not verdict:
        picks = list(_picks_of_kind(rest, head, groups, done, task))
    yield from picks
    used = {name for pick in picks for name in pick.column.split(JOIN)}
    name_of_row = patterns.find_id([look for look in rest if look.name not in used])
    yield from (pick for pick in (verdict, split, name_of_row) if pick and pick.role not in done)


def _picks_of_kind(
    looks: Sequence[ColumnLook],
    head: pl.DataFrame,
    groups: set[frozenset[str]],
    done: set[str],
    task: str | None,
) -> Iterator[Pick]:
    """Take the first pattern that fits; each kind of data has one."""
    picks: list[Pick] = []
    for group, find in zip(_GROUPS, (None, *patterns.KINDS), strict=True):
        if find and not picks and (not groups or group in groups):
            picks = [pick for pick in find(looks, head) if pick.role not in done]
    if not picks and (not groups or _GROUPS[-1] in groups):
        picks = [pick for pick in find_requests(looks, head, bool(groups)) if pick.role not in done]
    if not picks or (groups and _GROUPS[0] in groups):
        is_label_asked = task is not None and "label" in get_task(task).roles
        picks = list(find_texts_and_labels(looks, head, done, is_label_asked))
    yield from picks


def _groups_of(chosen: Mapping[str, str], task: str | None) -> set[frozenset[str]]:
    if task is not None:
        return {group for group in _GROUPS if group.intersection(get_task(task).roles)}
    return {group for group in _GROUPS for role, column in chosen.items() if column and role in group}


def _used(table: Table, chosen: Mapping[str, str]) -> set[str]:
    return {name for column in chosen.values() if column for name in _parts(table, column)}


def _parts(table: Table, column: str) -> Iterable[str]:
    return split_columns(column, [each.name for each in table.columns])


def _guess_of(pick: Pick) -> RoleGuess:
    runner_up = (
        (pick.runner_up, _sentence(pick.role, pick.runner_up, pick.runner_up_reason))
        if pick.runner_up
        else None
    )
    return RoleGuess(pick.role, pick.column, _sentence(pick.role, pick.column, pick.reason), runner_up)


def _second(pick: Pick | None, chosen: str) -> tuple[str, str] | None:
    if pick is None or pick.column == chosen:
        return None
    return pick.column, _sentence(pick.role, pick.column, pick.reason)


def _sentence(role: str, column: str, reason: str) -> str:
    return f"{_title(role)}: {column}, because {reason}"


def _title(role: str) -> str:
    return get_role(role).title.lower()
