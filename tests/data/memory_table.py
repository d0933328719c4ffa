"""A table that holds its rows in memory, for tests of what is made of tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.data.tables.table import (
    ROW,
    BadRow,
    Column,
    OnBytes,
    Part,
    PartKey,
    TableFacts,
    TableKind,
    ignore_bytes,
)

Cells = Mapping[str, Sequence[str | None] | Sequence[Sequence[str] | None]]


class MemoryTable:
    """Rows of each part as columns of cells; ``step`` is how many rows a batch holds."""

    def __init__(
        self,
        train: Cells,
        val: Cells | None = None,
        test: Cells | None = None,
        title: str = "survey.csv",
        kind: TableKind = "table",
        given_roles: Mapping[str, str] | None = None,
        unreadable: int = 0,
        step: int = 7,
    ) -> None:
        self._frames: dict[PartKey, pl.DataFrame] = {"train": _frame(train)}
        if val:
            self._frames["val"] = _frame(val)
        if test:
            self._frames["test"] = _frame(test)
        schema = self._frames["train"].schema
        self.columns = tuple(
            Column(name, isinstance(dtype, pl.List)) for name, dtype in schema.items() if name != ROW
        )
        self.parts = tuple(Part(key, f"{key}.csv", (f"{key}.csv",), 100) for key in self._frames)
        self.facts = TableFacts(title, kind, "CSV", given_roles=dict(given_roles or {}))
        self.bad_rows: list[BadRow] = []
        self.bad_row_count = 0
        self._unreadable = unreadable
        self._step = step

    def head(self, count: int) -> pl.DataFrame:
        return self._frames["train"].head(count)

    def further(self, names: Sequence[str]) -> pl.DataFrame:
        return self._frames["train"].tail(20).select(names)

    def late_notices(self) -> list[str]:
        return []

    def batches(
        self,
        part: PartKey = "train",
        on_bytes: OnBytes = ignore_bytes,
        should_stop: ShouldStop = never_stop,
    ) -> Iterator[pl.DataFrame]:
        if part == "train":
            self.bad_row_count = self._unreadable
            self.bad_rows = [BadRow("train.csv", 3, "It has 9 columns.")] * min(self._unreadable, 100)
        frame = self._frames[part]
        for start in range(0, frame.height, self._step):
            on_bytes(1)
            yield frame.slice(start, self._step)


def _frame(cells: Cells) -> pl.DataFrame:
    made = [
        pl.Series(name, list(values), pl.List(pl.String) if _is_list(values) else pl.String)
        for name, values in cells.items()
    ]
    frame = pl.DataFrame(made)
    return frame.with_columns(pl.int_range(2, frame.height + 2, dtype=pl.UInt64).alias(ROW))


def _is_list(values: Sequence[object]) -> bool:
    return any(isinstance(value, list | tuple) for value in values)
