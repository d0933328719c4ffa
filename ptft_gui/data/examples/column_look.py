"""What the cells of a column look like: lengths, repetition, numbers. Roles are guessed from this."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from ptft_gui.data.examples.separators import find_separator, split_labels
from ptft_gui.data.tables.table import Column, Table

HEAD_ROWS = 1000
_MOST_COLUMNS = 1000
_MOST_CELLS = 50_000
_FEWEST_ROWS = 100
_COMMON_VALUES = 40
_MOST_REPEATED_LOOKS = 50
_LONGEST_JOINED_BYTES = 200
_MOST_NUMBERS = 0.2
# so few different values with a slash are kinds ("Home/Garden") and no names of files
_FEW_KINDS = 30
_PATTERNS = {
    "numbers": r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?$",
    "whole_numbers": r"^[+-]?\d+$",
    "links": r"^(https?://|www\.|[\w.+-]+@[\w-]+\.\w)",
    "paths": r"^\S*[/\\]\S*$",
    "dates": r"^\d{1,4}[-/.年]\d{1,2}([-/.月]\d{1,4}日?)?([T ]\d{1,2}:\d{2}.*)?$",
    "with_words": r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|\p{L}\s+\S*\p{L}",
    "questions": r"[?？؟]\s*$",
}


@dataclass(frozen=True)
class ColumnLook:
    """One column of the first rows.

    ``mean_bytes`` is the mean length of filled cells in UTF-8, a fair measure of both spaced writing and Chinese;
    shares are of filled cells; ``values`` are the commonest values with counts. Of a list column the elements are
    looked at (``distinct``, ``values``, ``mean_bytes``), and ``mean_items`` says how many a cell holds. ``kinds``
    counts different values as people would: "Health" and "health" are one, "economy; health" is none of its own.
    """

    name: str
    position: int
    is_list: bool
    rows: int
    filled: int
    distinct: int
    mean_bytes: float
    longest_bytes: int
    numbers: float
    whole_numbers: float
    references: float
    with_words: float
    questions: float
    values: tuple[tuple[str, int], ...]
    kinds: int
    mean_items: float = 1.0
    labels: int = 0
    """Where the cells hold several labels with a sign between them: how many different ones there are."""
    cell_labels: float = 1.0
    """How many of them a cell holds on average."""
    lists: int = 0
    """Of a list column: how many different lists there are."""
    mean_different_items: float = 1.0
    """Of a list column: how many different values a cell holds."""
    first_rows: int = 0
    """Where the first rows all hold one value and rows from further on were looked at too: how many those first are."""

    @property
    def is_number(self) -> bool:
        return self.numbers >= 0.95

    @property
    def is_unique(self) -> bool:
        """Whether hardly any value comes twice."""
        return self.filled > 1 and self.distinct >= 0.98 * self.filled

    @property
    def repetition(self) -> float:
        """How often a value comes on average."""
        return self.filled * self.mean_items / max(self.distinct, 1)

    @property
    def is_text(self) -> bool:
        """Whether people wrote sentences or phrases in it, mostly different ones."""
        if self.is_number or self.references > 0.5 or not self.filled:
            return False
        is_varied = self.distinct >= 0.3 * self.filled * self.mean_items
        return is_varied and self.mean_bytes >= 10 and self.with_words > 0.5


def look_at_columns(columns: tuple[Column, ...], head: pl.DataFrame) -> tuple[ColumnLook, ...]:
    """The looks of the columns of the first rows; of very many columns the first ones, and fewer rows of each."""
    head = head.head(max(_MOST_CELLS // max(len(columns), 1), _FEWEST_ROWS))
    columns = columns[:_MOST_COLUMNS]
    return tuple(_look(column, position, head[column.name]) for position, column in enumerate(columns))


def look_further(looks: tuple[ColumnLook, ...], head: pl.DataFrame, table: Table) -> tuple[ColumnLook, ...]:
    """The looks again: where all first rows hold one value, as in a file that is sorted by its label, rows from further
    on are looked at too."""
    names = constant_columns(looks, head, table)
    return look_again(looks, head, table.further(names)) if names else looks


def constant_columns(looks: tuple[ColumnLook, ...], head: pl.DataFrame, table: Table) -> list[str]:
    """The columns of which the first rows of a longer table, ``head``, show one value only."""
    constant = [look.name for look in looks if look.distinct == 1 and not look.is_list]
    is_known = head.height < HEAD_ROWS or bool(table.facts.given_roles)
    return [] if is_known else constant[:_MOST_REPEATED_LOOKS]


def look_again(
    looks: tuple[ColumnLook, ...], head: pl.DataFrame, further: pl.DataFrame
) -> tuple[ColumnLook, ...]:
    """The looks of the columns of ``further``, rows from further on, made of these and of the first rows together."""
    names = further.columns
    cells = pl.concat([head.select(names), further])
    again = {
        look.name: _look(Column(look.name), look.position, cells[look.name])
        for look in looks
        if look.name in names
    }
    wider = {name: look for name, look in again.items() if look.distinct > 1}
    return tuple(
        replace(wider[look.name], first_rows=head.height) if look.name in wider else look for look in looks
    )


def _look(column: Column, position: int, cells: pl.Series) -> ColumnLook:
    rows, items = len(cells), cells
    mean_items, mean_different, lists = 1.0, 1.0, 0
    if column.is_list:
        filled_lists = cells.filter(cells.list.len().fill_null(0) > 0)
        mean_items = float(_number(filled_lists.list.len().mean())) if len(filled_lists) else 0.0
        items, filled = filled_lists.explode(), len(filled_lists)
        lists = filled_lists.hash().n_unique()
        mean_different = float(_number(filled_lists.list.n_unique().mean())) if filled else 0.0
    items = items.cast(pl.String).str.strip_chars()
    items = items.filter(items.is_not_null() & (items != ""))
    if not column.is_list:
        filled = len(items)
    counts = items.value_counts(sort=True, name="count")
    seen = _measure(items)
    labels, cell_labels = (0, 1.0) if column.is_list else _joined_labels(counts, seen)
    return ColumnLook(
        name=column.name,
        position=position,
        is_list=column.is_list,
        rows=rows,
        filled=filled,
        distinct=counts.height,
        mean_bytes=seen["mean_bytes"],
        longest_bytes=int(seen["longest_bytes"]),
        numbers=seen["numbers"],
        whole_numbers=seen["whole_numbers"],
        references=max(seen["links"], seen["dates"], seen["paths"] if counts.height > _FEW_KINDS else 0.0),
        with_words=seen["with_words"],
        questions=seen["questions"],
        values=tuple(counts.head(_COMMON_VALUES).iter_rows()),
        kinds=_kinds(counts.to_series(0)),
        mean_items=mean_items,
        labels=labels,
        cell_labels=cell_labels,
        lists=lists,
        mean_different_items=mean_different,
    )


def _joined_labels(counts: pl.DataFrame, seen: dict[str, float]) -> tuple[int, float]:
    """How many different labels stand in cells of several, and how many a cell holds; 0 where a cell is one value.

    ``counts`` are the different cells with how often each comes; dates and numbers are no labels to be joined.
    """
    is_odd = max(seen["links"], seen["dates"], seen["numbers"]) > _MOST_NUMBERS
    if is_odd or seen["mean_bytes"] > _LONGEST_JOINED_BYTES:
        return 0, 1.0
    cells = dict(counts.iter_rows())
    separator = find_separator(cells)
    if separator is None:
        return 0, 1.0
    parts = {cell: split_labels(cell, separator) for cell in cells}
    held = sum(len(parts[cell]) * count for cell, count in cells.items())
    different = {label.casefold() for labels in parts.values() for label in labels}
    return len(different), held / max(sum(cells.values()), 1)


def _measure(items: pl.Series) -> dict[str, float]:
    """Lengths and shares of the filled cells, in one go."""
    text = pl.col("item")
    shares = {name: text.str.contains(pattern).mean() for name, pattern in _PATTERNS.items()}
    sizes = text.str.len_bytes()
    found = (
        items.alias("item").to_frame().select(mean_bytes=sizes.mean(), longest_bytes=sizes.max(), **shares)
    )
    return {name: _number(value) for name, value in found.row(0, named=True).items()}


def _kinds(values: pl.Series) -> int:
    single = values.filter(~values.str.contains(r"[;|；、]"))
    return int(single.str.to_lowercase().n_unique())


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
