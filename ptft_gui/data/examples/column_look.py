"""What the cells of a column look like: lengths, repetition, numbers. Roles are guessed from this."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from ptft_gui.data.tables.table import Column

HEAD_ROWS = 1000
_COMMON_VALUES = 40
_NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?%?$"
_WHOLE = r"^[+-]?\d+$"
_REFERENCE = r"^(https?://|www\.|[\w.+-]+@[\w-]+\.\w)|^\S*[/\\]\S*$"
_DATE = r"^\d{1,4}[-/.年]\d{1,2}([-/.月]\d{1,4}日?)?([T ]\d{1,2}:\d{2}.*)?$"
_HAS_WORDS = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]|\p{L}\s+\S*\p{L}"


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
    """The looks of all columns of the first rows."""
    return tuple(_look(column, position, head[column.name]) for position, column in enumerate(columns))


def _look(column: Column, position: int, cells: pl.Series) -> ColumnLook:
    rows, items = len(cells), cells
    mean_items = 1.0
    if column.is_list:
        filled_lists = cells.filter(cells.list.len().fill_null(0) > 0)
        mean_items = float(_number(filled_lists.list.len().mean())) if len(filled_lists) else 0.0
        items, filled = filled_lists.explode(), len(filled_lists)
    items = items.cast(pl.String).str.strip_chars()
    items = items.filter(items.is_not_null() & (items != ""))
    if not column.is_list:
        filled = len(items)
    counts = items.value_counts(sort=True, name="count")
    sizes = items.str.len_bytes()
    return ColumnLook(
        name=column.name,
        position=position,
        is_list=column.is_list,
        rows=rows,
        filled=filled,
        distinct=counts.height,
        mean_bytes=float(_number(sizes.mean())),
        longest_bytes=int(_number(sizes.max())),
        numbers=_share(items, _NUMBER),
        whole_numbers=_share(items, _WHOLE),
        references=max(_share(items, _REFERENCE), _share(items, _DATE)),
        with_words=_share(items, _HAS_WORDS),
        questions=_share(items, r"[?？؟]\s*$"),
        values=tuple(counts.head(_COMMON_VALUES).iter_rows()),
        kinds=_kinds(counts.to_series(0)),
        mean_items=mean_items,
    )


def _kinds(values: pl.Series) -> int:
    single = values.filter(~values.str.contains(r"[;|；、]"))
    return int(single.str.to_lowercase().n_unique())


def _share(items: pl.Series, pattern: str) -> float:
    return _number(items.str.contains(pattern).mean())


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
