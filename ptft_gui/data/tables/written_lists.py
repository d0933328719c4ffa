"""Lists that stand in the cells of a table as text, the way Python, NumPy and JSON write them: ``['sport', 'war']``."""

from __future__ import annotations

import ast
import json
from collections.abc import Collection
from typing import Any

import polars as pl

from ptft_gui.data.tables.cells import clean
from ptft_gui.data.tables.read_table import ReadTable
from ptft_gui.data.tables.table import Column, Table

_LOOKED_AT_ROWS = 200
_FEWEST_LISTS = 3
_LONGEST_LIST = 1 << 18
_ITEM = r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|-?\d+"""
_LIST = rf"(?s)^\s*\[\s*(?:(?:{_ITEM})\s*,?\s*)*\]\s*$"
_MARKS = r"""(?s)^['"](.*)['"]$"""


class WrittenLists(ReadTable):
    """A table some of whose columns hold written lists."""

    def __init__(self, table: Table, names: Collection[str]) -> None:
        """``names`` are the columns with lists."""
        self._names = tuple(names)
        super().__init__(
            table, [Column(each.name, each.is_list or each.name in self._names) for each in table.columns]
        )

    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        return frame.with_columns(read_lists(frame[name]) for name in self._names if name in frame.columns)


def with_lists_read(table: Table) -> Table:
    """The table with the written lists in its cells read; itself where no column holds any."""
    if table.facts.kind != "table":
        return table
    head = table.head(_LOOKED_AT_ROWS)
    names = [column.name for column in table.columns if not column.is_list and _are_lists(head[column.name])]
    return WrittenLists(table, names) if names else table


def _are_lists(cells: pl.Series) -> bool:
    """Whether all filled cells are lists of texts or whole numbers, some of them with two."""
    filled = cells.drop_nulls()
    if len(filled) < _FEWEST_LISTS or not filled[0].lstrip().startswith("["):
        return False
    if filled.str.len_bytes().max() > _LONGEST_LIST:
        return False
    return bool(filled.str.contains(_LIST).all()) and bool((filled.str.count_matches(_ITEM) > 1).any())


def read_lists(cells: pl.Series) -> pl.Series:
    """Texts as lists of texts: null stays null, and what is no list becomes a list of one."""
    text, name = pl.col(cells.name), cells.name
    plain = pl.element().str.replace(_MARKS, "$1")
    is_short = text.str.len_bytes() <= _LONGEST_LIST
    listed = cells.to_frame().select(text, pl.when(is_short).then(text.str.contains(_LIST)).alias("is_list"))
    is_list = listed["is_list"].fill_null(False)
    found = listed.select(
        pl.when(is_list)
        .then(pl.when(is_list).then(text).str.extract_all(_ITEM).list.eval(plain))
        .when(text.is_not_null())
        .then(pl.concat_list(text))
        .alias(name)
    ).to_series()
    marked = cells.str.contains("\\", literal=True).fill_null(False) & is_list
    if not marked.any():
        return found
    taken = [
        _with_marks(cell, items) if is_marked else items
        for cell, items, is_marked in zip(cells.to_list(), found.to_list(), marked.to_list(), strict=True)
    ]
    return pl.Series(cells.name, taken, pl.List(pl.String))


def _with_marks(cell: str, items: list[str]) -> list[str]:
    r"""A list in which a backslash stands for another sign ("\u4f53\u80b2"); ``items`` where it cannot be read."""
    readers: tuple[Any, ...] = (json.loads, ast.literal_eval)
    for read in readers:
        try:
            return [clean(str(item)) for item in read(cell)]
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
    return items
