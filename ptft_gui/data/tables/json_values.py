"""Objects of JSON as rows of a table: parts of parts become columns named with dots, lists of values stay lists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ptft_gui.data.tables.cells import MOST_COLUMNS, clean, list_of, text_of
from ptft_gui.data.tables.table import Column

DEEPEST = 8
_LISTED_COLUMNS = 5
_TOO_DEEP = "Its parts lie too deep inside one another."
VALUE = "value"
"""The column of rows that are no objects but single values."""


class Unreadable(ValueError):
    """A JSON text that cannot be read; says where, in a sentence."""


def parse_json(text: str) -> Any:
    """The value of a JSON text, its numbers as they are written. Raises Unreadable."""
    try:
        if text[:1] in "{[":
            value, end = _DECODER.raw_decode(text)
            if end == len(text):
                return value
        return _DECODER.decode(text)
    except json.JSONDecodeError as problem:
        place = f"sign {problem.colno:,}" + (f" of line {problem.lineno:,}" if problem.lineno > 1 else "")
        raise Unreadable(
            f"It is no JSON: {_WORDS.get(problem.msg, problem.msg.lower())} at {place}."
        ) from None
    except RecursionError:
        raise Unreadable(_TOO_DEEP) from None


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=lambda name: None)
_WORDS = {
    "Expecting value": "a value is missing",
    "Extra data": "something stands after its end",
    "Expecting ',' delimiter": "a comma is missing",
    "Expecting ':' delimiter": "a colon is missing",
    "Unterminated string starting at": "a text that is never closed begins",
    "Expecting property name enclosed in double quotes": "a name in quotation marks is missing",
    "Invalid control character at": "a control sign stands",
    "Invalid \\escape": "an escape that means nothing stands",
}


def flatten(value: Any) -> dict[str, Any]:
    """A row as its columns: ``{"a": {"b": 1}}`` -> ``{"a.b": 1}``; a list of one object counts as that object."""
    found: dict[str, Any] = {}
    _flatten_into(found, "", value if isinstance(value, dict) else {VALUE: value}, 0)
    return found


def _flatten_into(found: dict[str, Any], prefix: str, record: dict[str, Any], depth: int) -> None:
    for key, value in record.items():
        name = clean(prefix + key).replace("\0", " ").strip() or VALUE
        if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
            value = value[0]
        if isinstance(value, dict) and value and depth < DEEPEST:
            _flatten_into(found, f"{name}.", value, depth + 1)
        else:
            found[name] = value


def columns_of(rows: Iterable[dict[str, Any]]) -> tuple[Column, ...]:
    """The columns of flattened rows, in the order of their first appearance; a list anywhere makes a list column."""
    kinds: dict[str, bool] = {}
    for row in rows:
        for name, value in row.items():
            is_list = isinstance(value, list) and not any(isinstance(part, dict | list) for part in value)
            kinds[name] = kinds.get(name, False) or (is_list and (bool(value) or name not in kinds))
    return tuple(Column(name, is_list) for name, is_list in list(kinds.items())[:MOST_COLUMNS])


def plain_columns(values: Sequence[Any]) -> tuple[Column, ...] | None:
    """The columns of objects that hold single values alone, told quickly; None where one has parts of its own."""
    names: dict[str, None] = {}
    for value in values:
        if value.__class__ is not dict:
            return None
        for cell in value.values():
            if cell.__class__ is list or cell.__class__ is dict:
                return None
        if not value.keys() <= names.keys():
            names |= dict.fromkeys(value)
    are_plain = all(name.isprintable() and name.strip() == name and "." not in name for name in names)
    return tuple(map(Column, list(names)[:MOST_COLUMNS])) if are_plain and all(names) else None


def cells_of(row: dict[str, Any], columns: Sequence[Column]) -> list[Any]:
    """The cells of a flattened row under ``columns``."""
    return [list_of(row.get(c.name)) if c.is_list else text_of(row.get(c.name)) for c in columns]


class CellMaker:
    """Makes the cells of rows under ``columns``, quickly where a row is an object of single values."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = columns
        self._names = [column.name for column in columns]
        self._are_simple = not any(c.is_list or "." in c.name or c.name == VALUE for c in columns)

    def cells(self, value: Any, may_be_broken: bool) -> list[Any]:
        """``may_be_broken``: its texts may hold halves of surrogate pairs. Raises Unreadable."""
        if self._are_simple and not may_be_broken and isinstance(value, dict):
            cells = self._simple_cells(value)
            if cells is not None:
                return cells
        try:
            return cells_of(flatten(value), self._columns)
        except RecursionError:
            raise Unreadable(_TOO_DEEP) from None

    def _simple_cells(self, value: dict[str, Any]) -> list[str | None] | None:
        cells: list[str | None] = []
        for name in self._names:
            cell = value.get(name)
            kind = cell.__class__
            if kind is str or cell is None:
                cells.append(cell or None)
            elif kind is dict or kind is list:
                return None
            else:
                cells.append(text_of(cell))
        return cells


def nested_names(rows: Iterable[dict[str, Any]]) -> list[str]:
    """Columns whose cells have parts that could not be told apart."""
    return sorted({name for row in rows for name, value in row.items() if _is_nested(value)})


def _is_nested(value: Any) -> bool:
    if isinstance(value, dict):
        return bool(value)
    return isinstance(value, list) and any(isinstance(part, dict | list) for part in value)


def nesting_notices(name: str, nested: list[str]) -> list[str]:
    """What to know about columns whose cells have parts of their own."""
    if not nested:
        return []
    listed = ", ".join(nested[:_LISTED_COLUMNS]) + (" and others" if len(nested) > _LISTED_COLUMNS else "")
    return [
        f"Some cells of {name} hold lists or objects inside one another; they are shown as JSON: {listed}."
    ]


def iter_lines(texts: Iterable[str], longest: int) -> Iterator[tuple[int, str | None]]:
    """Number and text of each line that is not blank; None for one that is longer than ``longest`` signs."""
    number, held, is_skipping = 1, "", False
    for text in texts:
        first, *others = text.split("\n")
        held = "" if is_skipping else held + first
        if len(held) > longest:
            held, is_skipping = "", True
            yield number, None
        for line in others:
            if held.strip() and not is_skipping:
                yield number, held
            number, held, is_skipping = number + 1, line, False
            # a line within one block is never longer than the block
    if held.strip() and not is_skipping:
        yield number, held
