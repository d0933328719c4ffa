"""How large the sheets of a workbook are, found out before they are read.

calamine lays a sheet out as a full rectangle, so that two cells in far corners cost as much as all between them. What
is overlooked here ends the process that reads them (sheets.py); here it gets a sentence that helps.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from ptft_gui.core.errors import DataError
from ptft_gui.data.tables.cells import MOST_COLUMNS

LARGEST_WORKBOOK = 1 << 30
MOST_CELLS = 50_000_000
_READ_BYTES = 1 << 20
_LONGEST_TAG = 256
_ROW = re.compile(rb"<(?:\w{1,9}:)?row\b(?:[^>]{0,200}?\br=\"(\d{1,18}))?")
_CELL = re.compile(rb"<(?:\w{1,9}:)?c\b(?:[^>]{0,200}?\br=\"([A-Z]{1,9})(\d{1,18}))?")
_DAMAGE = (zipfile.BadZipFile, OSError, EOFError, zlib.error, expat.ExpatError)
_READ_ENDINGS = (".xml", ".rels", ".bin")
_VALUES = ("office:value-type", "calcext:value-type")


def refuse_hostile(path: Path, name: str) -> None:
    """Raise DataError for a workbook that would unpack, or spread out, to more than memory holds."""
    if not zipfile.is_zipfile(path):
        return  # an old xls file is small or none
    try:
        with zipfile.ZipFile(path) as archive:
            total = sum(member.file_size for member in archive.infolist())
            if total > LARGEST_WORKBOOK:
                raise _too_large(name, total)
            for member in archive.infolist():
                rows, columns = _size(archive, member)
                if rows * columns > MOST_CELLS or columns > MOST_COLUMNS:
                    raise too_many_cells(name, rows, columns)
    except (*_DAMAGE, RuntimeError, NotImplementedError) as problem:
        raise damaged_workbook(name, problem) from problem


def _size(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[int, int]:
    """The last row and column of a sheet; small for members that are no sheets.

    Those are read through, too: one whose size is told too small is found out by its sum.
    """
    if member.filename.startswith("xl/worksheets/") and member.filename.endswith(".xml"):
        return _excel_size(_blocks(archive, member))
    if member.filename == "content.xml":
        return _open_document_size(_blocks(archive, member))
    if member.filename.endswith(_READ_ENDINGS):
        for _block in _blocks(archive, member):
            pass
    return 1, 1


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as stream:
        while block := stream.read(_READ_BYTES):
            yield block


def _excel_size(blocks: Iterator[bytes]) -> tuple[int, int]:
    """By the places that rows and cells tell; those that tell none follow one another."""
    last_row = last_column = row_count = cell_count = 0
    held = b""
    for block in blocks:
        piece = held + block
        cut = max(piece.rfind(b"<"), len(piece) - _LONGEST_TAG)  # a tag may go on in the next block
        piece, held = piece[:cut], piece[cut:]
        for number in _ROW.findall(piece):
            row_count += 1
            last_row = max(last_row, int(number or 0))
        for letters, number in _CELL.findall(piece):
            cell_count += not letters
            last_row = max(last_row, int(number or 0))
            last_column = max(last_column, _column_number(letters))
    if (
        last_row > 2 * row_count + 1000
    ):  # far-flung rows: how many cells without a place each holds is not told
        last_column = max(last_column, cell_count)
    return max(last_row, row_count), last_column


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _open_document_size(blocks: Iterator[bytes]) -> tuple[int, int]:
    """OpenDocument says "this cell a million times" in one line; only one that holds something takes room."""
    sizes = _OpenDocumentSizes()
    parser = expat.ParserCreate()
    parser.StartElementHandler = sizes.start
    for block in blocks:
        parser.Parse(block)
    parser.Parse(b"", True)
    return sizes.last_row, sizes.last_column


class _OpenDocumentSizes:
    def __init__(self) -> None:
        self.last_row = self.last_column = 0
        self._row = self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._row = 0
        elif name == "table:table-row":
            self._row += _count(attributes, "table:number-rows-repeated")
            self._column = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._column += _count(attributes, "table:number-columns-repeated")
            if any(key in attributes for key in _VALUES):
                self.last_row = max(self.last_row, self._row)
                self.last_column = max(self.last_column, self._column)


def _count(attributes: dict[str, str], key: str) -> int:
    told = attributes.get(key, "1")[:12]
    return int(told) if told.isdecimal() else 1


def _too_large(name: str, total: int) -> DataError:
    return DataError(
        f"{name} is too large for a workbook.",
        f"Unpacked it has {total:,} bytes; at most {LARGEST_WORKBOOK >> 20:,} MB can be read.",
        "Save the sheet as CSV, which is read piece by piece.",
    )


def too_many_cells(name: str, rows: int = 0, columns: int = 0) -> DataError:
    """A sheet that reaches too far, in words."""
    seen = (
        f"A sheet reaches to row {rows:,} and column {columns:,}." if rows else "It does not fit into memory."
    )
    return DataError(
        f"{name} spreads over too many cells.",
        seen,
        "Delete what stands far outside the table, or save the sheet as CSV.",
    )


def damaged_workbook(name: str, problem: BaseException) -> DataError:
    """A workbook that cannot be read, in words."""
    seen = " ".join(str(problem).split())[:200].rstrip(".") or "it breaks off"
    return DataError(
        f"{name} cannot be read as a workbook.",
        f"It is damaged, locked with a password, or of another kind: {seen}.",
        "Open it in a spreadsheet program, save it again as xlsx or CSV, and choose that file.",
    )
