"""JSON lines: one object on each line."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator
from typing import Any

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.encoding_names import COMMON_ENCODINGS, encoding_name
from ptft_gui.data.tables.cells import LONGEST_CELL, RowBatches, frame_of
from ptft_gui.data.tables.json_values import (
    CellMaker,
    Unreadable,
    columns_of,
    flatten,
    iter_lines,
    nested_names,
    nesting_notices,
    parse_json,
)
from ptft_gui.data.tables.origin import Origin, decoded
from ptft_gui.data.tables.reader import Reading, no_rows
from ptft_gui.data.tables.table import TableFacts

_LONGEST_LINE = 2 * LONGEST_CELL


class JsonLinesFile:
    """One file with a JSON value on each line; the number of a row is that of its line."""

    def __init__(self, origin: Origin, options: ReadOptions) -> None:
        """Look at the beginning of the file. Raises DataError."""
        self.origin, self.name, self.size_bytes = origin, origin.name, origin.size_bytes
        samples = origin.samples()
        scanned = origin.scan(samples, options.encoding)
        self.encoding = scanned.encoding
        rows = self._sample_rows(samples, origin.is_whole(samples))
        self.columns = columns_of(rows)
        if not self.columns:
            raise no_rows(self.name)
        self.facts = TableFacts(
            title=self.name,
            kind="table",
            format_name="JSON lines",
            encoding=self.encoding,
            encoding_name=encoding_name(self.encoding),
            choices={"encoding": COMMON_ENCODINGS},
            notices=(*scanned.notices(), *nesting_notices(self.name, nested_names(rows))),
        )

    def _sample_rows(self, samples: list[bytes], is_whole: bool) -> list[dict[str, Any]]:
        """The rows that can be read in the samples; the lines cut off at a sample's ends are left out."""
        rows, first_problem = [], ""
        for number, sample in enumerate(samples):
            lines = "".join(decoded([sample], self.encoding)).split("\n")
            if number == 0 and not is_whole:
                lines = lines[:-1] or lines
            elif number:
                lines = lines[1:-1]
            for line in filter(str.strip, lines):
                try:
                    rows.append(flatten(parse_json(line)))
                except Unreadable as problem:
                    first_problem = first_problem or str(problem)
        if not rows and first_problem:
            raise not_json(self.name, first_problem)
        return rows

    def further(self, count: int, _names: Collection[str], seconds: float) -> Iterator[pl.DataFrame]:
        """Rows of the samples behind the first one."""
        maker = CellMaker(self.columns)
        for sample in self.origin.later_samples(seconds):
            rows = []
            for line in "".join(decoded([sample], self.encoding)).split("\n")[1:-1][:count]:
                with contextlib.suppress(Unreadable):
                    rows.append(maker.cells(parse_json(line), may_be_broken=True))
            yield frame_of(self.columns, rows, [0] * len(rows))

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """All rows in order; what the columns do not name is passed over."""
        waiting, maker = RowBatches(self.columns), CellMaker(self.columns)
        texts = decoded(self.origin.blocks(reading.on_bytes), self.encoding)
        for number, line in iter_lines(texts, _LONGEST_LINE):
            try:
                if line is None:
                    raise Unreadable(f"It is longer than {_LONGEST_LINE // 1_000_000} million signs.")
                may_be_broken = "\\ud" in line or "\\uD" in line
                cells = maker.cells(parse_json(line), may_be_broken)
            except Unreadable as problem:
                reading.bad.add(self.name, number, str(problem))
                continue
            if (frame := waiting.add(cells, number, len(line))) is not None:
                yield frame
        if (frame := waiting.rest()) is not None:
            yield frame


def not_json(name: str, reason: str) -> DataError:
    """A file that claims to be JSON and is not, in words."""
    return DataError(
        f"{name} cannot be read as JSON.", reason, "Save it as JSON again, or choose another file."
    )
