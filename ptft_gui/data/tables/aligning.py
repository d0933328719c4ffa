"""Files of one dataset that do not agree on their columns: which column of one is which of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ptft_gui.data.tables.header import is_number
from ptft_gui.data.tables.reader import FileReader, Reading

_LOOKED_AT_ROWS = 100
_SHORT = 20
_NAMED = 4


@dataclass(frozen=True)
class Aligned:
    """A file of a part: ``sources`` names its own column for each column of the table, None where it has none."""

    reader: FileReader
    sources: tuple[str | None, ...]


def align(reader: FileReader, first: FileReader, notices: list[str]) -> Aligned:
    """Find the columns of ``first`` in another file: by name, else by place, else by what stands in them.

    Whatever is not plain is said in ``notices``.
    """
    wanted = [column.name for column in first.columns]
    own = [column.name for column in reader.columns]
    if own == wanted:
        return Aligned(reader, tuple(own))
    if reader.facts.has_header and first.facts.has_header:
        by_name = {name.casefold(): name for name in own}
        shared = tuple(by_name.get(name.casefold()) for name in wanted)
        if any(shared):
            _tell_by_name(reader, first, shared, notices)
            return Aligned(reader, shared)
    return Aligned(reader, _by_place_or_kind(reader, first, notices))


def _tell_by_name(
    reader: FileReader, first: FileReader, shared: Sequence[str | None], notices: list[str]
) -> None:
    missing = [c.name for c, source in zip(first.columns, shared, strict=True) if source is None]
    unused = [column.name for column in reader.columns if column.name not in shared]
    if missing:
        notices.append(f"{reader.name} has no {_and(missing)}; the rows from there are empty in it.")
    if unused:
        notices.append(
            f"{_and(unused)} of {reader.name} {_are(unused)} left aside, because {first.name} has no such column."
        )


def _by_place_or_kind(reader: FileReader, first: FileReader, notices: list[str]) -> tuple[str | None, ...]:
    mine, theirs = _looks(reader), _looks(first)
    own, wanted = list(mine), list(theirs)
    pairs = list(zip(wanted, own, strict=False))
    if all(_are_alike(theirs[a], mine[b]) for a, b in pairs):
        sources: list[str | None] = [*own[: len(wanted)], *[None] * (len(wanted) - len(own))]
        said = f"{reader.name} does not name its columns as {first.name} does; they are taken in their order"
    else:
        sources = _by_kind(wanted, theirs, mine)
        taken = [f'"{b}" as "{a}"' for a, b in zip(wanted, sources, strict=True) if b is not None and a != b]
        said = f"{reader.name} has other columns than {first.name}"
        said += f"; {', '.join(taken[:_NAMED])} {_are(taken)} read there" if taken else "; none of them fits"
    empty = [name for name, source in zip(wanted, sources, strict=True) if source is None]
    unused = [name for name in own if name not in sources]
    said += f", {_and(empty)} {_are(empty)} empty there" if empty else ""
    said += f", {_and(unused)} {_are(unused)} left aside" if unused else ""
    notices.append(f"{said}.")
    return tuple(sources)


@dataclass(frozen=True)
class _Look:
    """What the cells of a column are like: ``length`` is the usual one in signs."""

    length: float
    numbers: float
    is_empty: bool


def _looks(reader: FileReader) -> dict[str, _Look]:
    frame = next(iter(reader.batches(Reading())), None)
    looks = {}
    for column in reader.columns:
        cells = [] if frame is None else frame[column.name].head(_LOOKED_AT_ROWS).drop_nulls()
        texts = [" ".join(cell) if isinstance(cell, pl.Series | list) else cell for cell in cells]
        count = max(1, len(texts))
        looks[column.name] = _Look(
            sum(map(len, texts)) / count, sum(map(is_number, texts)) / count, not texts
        )
    return looks


def _are_alike(one: _Look, other: _Look) -> bool:
    if one.is_empty or other.is_empty:
        return True
    if abs(one.numbers - other.numbers) > 0.5:
        return False
    shorter, longer = sorted((one.length, other.length))
    return longer <= _SHORT or longer <= 5 * shorter


def _by_kind(wanted: Sequence[str], theirs: dict[str, _Look], mine: dict[str, _Look]) -> list[str | None]:
    """For each column the first one of its kind that is left."""
    left = list(mine)
    found: list[str | None] = []
    for name in wanted:
        fitting = next((own for own in left if _are_alike(theirs[name], mine[own])), None)
        if fitting is not None:
            left.remove(fitting)
        found.append(fitting)
    return found


def _are(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"


def _and(names: Sequence[str]) -> str:
    shown = [f'"{name}"' for name in names[:_NAMED]]
    if len(names) > _NAMED:
        shown.append(f"{len(names) - _NAMED:,} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]
