"""Workbooks of spreadsheet programs: xlsx, xlsm, xlsb, xls and ods, read by calamine through fastexcel."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.data.tables.cells import MOST_COLUMNS, column_names, empty_as_null, in_pieces
from ptft_gui.data.tables.header import first_row_names_columns
from ptft_gui.data.tables.origin import Origin
from ptft_gui.data.tables.reader import Reading, no_rows
from ptft_gui.data.tables.sheet_size import damaged_workbook, refuse_hostile, too_many_cells
from ptft_gui.data.tables.sheets import Sheet, read_sheets
from ptft_gui.data.tables.table import ROW, Column, TableFacts

OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
_LOOKED_AT_ROWS = 300


class WorkbookFile:
    """One sheet of a workbook; the number of a row is the one beside it in the spreadsheet program."""

    def __init__(self, origin: Origin, options: ReadOptions, name: str = "") -> None:
        """Read the sheet. Raises DataError."""
        self.origin, self.name, self.size_bytes = origin, name or origin.name, origin.size_bytes
        path = origin.as_path()
        refuse_hostile(path, self.name)
        with tempfile.TemporaryDirectory(prefix="ptft-sheets-", ignore_cleanup_errors=True) as folder:
            found = read_sheets(path, self.name, Path(folder), MOST_COLUMNS)
            self.sheets = tuple(one.name for one in found)
            sheet, cells = _choose(found, self.name, options.sheet)
        if sheet is None or cells is None:
            raise no_rows(self.name)
        self._is_chosen, self._wanted = sheet == options.sheet, options.sheet
        self._set_up(sheet, cells, options.has_header)

    def _set_up(self, sheet: str, cells: pl.DataFrame, has_header: bool | None) -> None:
        start = _first_row(cells)
        rows = cells.slice(start, _LOOKED_AT_ROWS + 1).rows()
        first, others = ([[cell or "" for cell in row] for row in part] for part in (rows[:1], rows[1:]))
        if has_header is None:
            has_header = first_row_names_columns(first[0], others)
        self.columns = tuple(map(Column, column_names(first[0] if has_header else [""] * cells.width)))
        numbered = cells.with_row_index(ROW, 1).slice(start + has_header)
        texts = [pl.col(old).alias(c.name) for old, c in zip(cells.columns, self.columns, strict=True)]
        frame = empty_as_null(numbered.select(*texts, pl.col(ROW).cast(pl.UInt64)))
        self._frame = frame.filter(~pl.all_horizontal(pl.exclude(ROW).is_null()))
        self.facts = TableFacts(
            title=self.name,
            kind="table",
            format_name="Spreadsheet",
            sheet=sheet,
            has_header=has_header,
            choices={"sheet": self.sheets} if len(self.sheets) > 1 else {},
            notices=tuple(self._notices(sheet, start)),
        )

    def _notices(self, sheet: str, start: int) -> list[str]:
        said = []
        if self._wanted and not self._is_chosen:
            said.append(f'{self.name} has no sheet "{self._wanted}"; "{sheet}" is read.')
        elif len(self.sheets) > 1 and not self._is_chosen:
            said.append(f'{self.name} has {len(self.sheets)} sheets; "{sheet}" is read.')
        if start:
            rows = "row stands" if start == 1 else f"{start} rows stand"
            said.append(
                f'The first {rows} above the table in "{sheet}" and {"is" if start == 1 else "are"} left out.'
            )
        return said

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """All rows in order; those in which nothing stands are passed over."""
        done = 0
        for piece in in_pieces(self._frame):
            reading.check()
            before = self.size_bytes * done // self._frame.height
            done += piece.height
            reading.on_bytes(self.size_bytes * done // self._frame.height - before)
            yield piece


def _choose(sheets: list[Sheet], name: str, wanted: str | None) -> tuple[str | None, pl.DataFrame | None]:
    """The sheet that is asked for, else the one with the largest table."""
    asked = [sheet for sheet in sheets if sheet.name == wanted]
    for sheet in asked or sorted(sheets, key=lambda sheet: -sheet.height * sheet.width):
        if sheet.problem and (asked or len(sheets) == 1):
            raise damaged_workbook(name, ValueError(sheet.problem))
        if sheet.width > MOST_COLUMNS:
            raise too_many_cells(name, sheet.height, sheet.width)
        if sheet.file is not None:
            cells = pl.read_ipc(sheet.file.read_bytes())
            if _first_row(cells) < cells.height:
                return sheet.name, cells
    return None, None


def _first_row(cells: pl.DataFrame) -> int:
    """Where the table begins: titles and notes above it fill fewer than half of its columns."""
    filled = cells.select(pl.sum_horizontal(pl.all().is_not_null() & (pl.all() != "")))
    counts = filled.to_series()
    usual = int(counts.head(_LOOKED_AT_ROWS).max() or 0)
    least = max(1, (usual + 1) // 2)
    found = (counts >= least).arg_max() if (counts >= least).any() else None
    return cells.height if found is None else int(found)
