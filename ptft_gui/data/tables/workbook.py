"""Workbooks of spreadsheet programs: xlsx, xlsm, xlsb, xls and ods, read by calamine through fastexcel."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import Any

import fastexcel
import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.tables.cells import MOST_COLUMNS, column_names, empty_as_null, in_pieces
from ptft_gui.data.tables.header import first_row_names_columns
from ptft_gui.data.tables.origin import Origin
from ptft_gui.data.tables.reader import Reading, no_rows
from ptft_gui.data.tables.table import ROW, Column, TableFacts

OLD_EXCEL_START = b"\xd0\xcf\x11\xe0"
LARGEST_WORKBOOK = 1 << 30
MOST_CELLS = 50_000_000
_LOOKED_AT_ROWS = 300
_READ_BYTES = 1 << 20
_OVERLAP = 64
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]{0,200}?\br=\"(\d{1,9})\"")
_CELL_PLACE = re.compile(rb"<(?:\w+:)?c\b[^>]{0,200}?\br=\"([A-Z]{1,5})(\d{1,9})\"")
_REPEATED = re.compile(rb"number-(rows|columns)-repeated=\"(\d{1,12})\"[^>]{0,400}value-type")


class WorkbookFile:
    """One sheet of a workbook; the number of a row is the one beside it in the spreadsheet program."""

    def __init__(self, origin: Origin, options: ReadOptions, name: str = "") -> None:
        """Read the sheet. Raises DataError."""
        self.origin, self.name, self.size_bytes = origin, name or origin.name, origin.size_bytes
        path = origin.as_path()
        refuse_hostile(path, self.name)
        try:
            book = fastexcel.read_excel(path)
            self.sheets = tuple(book.sheet_names)
            sheet, cells = _choose(book, self.sheets, options.sheet)
        except fastexcel.FastExcelError as problem:
            raise _damaged(self.name, problem) from problem
        if sheet is None or cells is None:
            raise no_rows(self.name)
        self._is_chosen = sheet == options.sheet
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
        if len(self.sheets) > 1 and not self._is_chosen:
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


def _choose(book: Any, names: tuple[str, ...], wanted: str | None) -> tuple[str | None, pl.DataFrame | None]:
    """The sheet that is asked for, else the one with the largest table."""
    best: tuple[str | None, pl.DataFrame | None] = (None, None)
    for name in [wanted] if wanted in names else names:
        cells = _load(book, name)
        if cells is not None and (
            best[1] is None or cells.height * cells.width > best[1].height * best[1].width
        ):
            best = (name, cells)
    return best


def _load(book: Any, name: str | None) -> pl.DataFrame | None:
    """The cells of a sheet from its first row on, as texts; None when it is empty."""
    sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    if not sheet.width or not sheet.height:
        return None
    if sheet.width > MOST_COLUMNS:
        raise _too_many_cells(name or "", sheet.height, sheet.width)
    cells: pl.DataFrame = sheet.to_polars()
    return cells if _first_row(cells) < cells.height else None


def _first_row(cells: pl.DataFrame) -> int:
    """Where the table begins: titles and notes above it fill fewer than half of its columns."""
    filled = cells.select(pl.sum_horizontal(pl.all().is_not_null() & (pl.all() != "")))
    counts = filled.to_series()
    usual = int(counts.head(_LOOKED_AT_ROWS).max() or 0)
    least = max(1, (usual + 1) // 2)
    found = (counts >= least).arg_max() if (counts >= least).any() else None
    return cells.height if found is None else int(found)


def refuse_hostile(path: Any, name: str) -> None:
    """Raise DataError for a workbook that would unpack, or spread out, to more than memory holds.

    calamine lays a sheet out as a full rectangle, so that two cells in far corners cost as much as all between them.
    """
    if not zipfile.is_zipfile(path):
        return
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(member.file_size for member in archive.infolist())
            if total > LARGEST_WORKBOOK:
                raise _too_large(name, total)
            for member in archive.infolist():
                if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
                    _refuse_wide(archive, member, name)
                elif member.filename == "content.xml":
                    _refuse_repeated(archive, member, name)
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError) as problem:
        raise _damaged(name, problem) from problem


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        tail, read = b"", 0
        while block := stream.read(_READ_BYTES):
            read += len(block)
            if read > LARGEST_WORKBOOK:
                return
            yield tail + block
            tail = block[-_OVERLAP * 4 :]


def _refuse_wide(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    rows = columns = 1
    for piece in _pieces(archive, member):
        for number in _ROW_NUMBER.findall(piece):
            rows = max(rows, int(number))
        for letters, number in _CELL_PLACE.findall(piece):
            rows = max(rows, int(number))
            columns = max(columns, _column_number(letters))
    if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
        raise _too_many_cells(name, rows, columns)


def _refuse_repeated(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> None:
    """OpenDocument says "this cell a million times" in one line; only where the cell holds something does it cost."""
    repeated = {b"rows": 1, b"columns": 1}
    for piece in _pieces(archive, member):
        for kind, count in _REPEATED.findall(piece):
            repeated[kind] = max(repeated[kind], int(count))
    if repeated[b"rows"] * repeated[b"columns"] > MOST_CELLS:
        raise _too_many_cells(name, repeated[b"rows"], repeated[b"columns"])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _too_large(name: str, total: int) -> DataError:
    return DataError(
        f"{name} is too large for a workbook.",
        f"Unpacked it has {total:,} bytes; at most {LARGEST_WORKBOOK >> 20:,} MB can be read.",
        "Save the sheet as CSV, which is read piece by piece.",
    )


def _too_many_cells(name: str, rows: int, columns: int) -> DataError:
    return DataError(
        f"{name} spreads over too many cells.",
        f"A sheet reaches to row {rows:,} and column {columns:,}.",
        "Delete what stands far outside the table, or save the sheet as CSV.",
    )


def _damaged(name: str, problem: Exception) -> DataError:
    return DataError(
        f"{name} cannot be read as a workbook.",
        f"It is damaged, locked with a password, or of another kind: {str(problem).splitlines()[0][:200].rstrip('.')}.",
        "Open it in a spreadsheet program, save it again as xlsx or CSV, and choose that file.",
    )
