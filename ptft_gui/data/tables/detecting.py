"""Which reader a file needs: told by its first bytes, its ending and, for texts, by what stands in it."""

from __future__ import annotations

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.naming import TAG_SUFFIXES
from ptft_gui.data.table_marks import OFTEN_IN_PROSE, end_like_prose
from ptft_gui.data.tables.columnar import ARROW_START, PARQUET_START, STREAM_START, ColumnarFile
from ptft_gui.data.tables.delimited import DelimitedFile
from ptft_gui.data.tables.held import open_whole
from ptft_gui.data.tables.json_file import open_json
from ptft_gui.data.tables.json_lines import JsonLinesFile
from ptft_gui.data.tables.labelled_lines import open_labelled_lines
from ptft_gui.data.tables.origin import Origin, decoded
from ptft_gui.data.tables.reader import FileReader, Reading
from ptft_gui.data.tables.table import ROW
from ptft_gui.data.tables.tag_files import TagFile, tagged_width
from ptft_gui.data.tables.workbook import OLD_EXCEL_START, WorkbookFile

_DELIMITED = frozenset({".csv", ".tsv", ".tab", ".psv"})
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"})
_COLUMNAR = frozenset({".parquet", ".pq", ".arrow", ".feather", ".ipc"})
_DOCUMENTS = frozenset(".docx .docm .dotx .doc .odt .pptx .ppt .odp .epub .pages .key".split())
_MARKED_UP = frozenset({".html", ".htm", ".xhtml", ".xml"})
_JSON_LINES = frozenset({".jsonl", ".ndjson"})
_LEAST_SHARE = {"\t": 0.9, "\x01": 0.9, "\x1f": 0.9, "|": 0.95, "^": 0.95, "~": 0.98, ",": 0.98, ";": 0.98}
_JUDGED_SIGNS = 1 << 16
_FEWEST_ROWS = 4
_ENOUGH_ROWS_WITHOUT_HEADER = 10
_TRIED_JSON_BYTES = 1 << 16


def open_file(origin: Origin, options: ReadOptions) -> FileReader | None:
    """The reader of a file; None for a text that is no table. Raises DataError."""
    suffix, start = origin.source.suffix, origin.source.head(8)
    if reader := _by_bytes(origin, options, suffix, start):
        return reader
    if suffix == ".json":
        return open_json(origin, options)
    if suffix in _JSON_LINES:
        return JsonLinesFile(origin, options)
    if suffix in TAG_SUFFIXES:
        return TagFile(origin, options)
    if suffix in _DELIMITED:
        return _tagged(origin, options, needs_blank_lines=True) or DelimitedFile(origin, options)
    return _by_contents(origin, options, suffix)


def _by_bytes(origin: Origin, options: ReadOptions, suffix: str, start: bytes) -> FileReader | None:
    is_stream = start.startswith(STREAM_START) and suffix in _COLUMNAR
    if start.startswith((PARQUET_START, ARROW_START)) or is_stream or suffix in _COLUMNAR:
        return ColumnarFile(origin, options)
    is_packed = start.startswith((b"PK\x03\x04", OLD_EXCEL_START))
    if is_packed and suffix in _DOCUMENTS:
        raise DataError(
            f"{origin.name} is a document of a word processor or another program, which is not opened here.",
            "Only plain texts and tables are.",
            "Open it in that program, save it as plain text (.txt, UTF-8), and choose that file.",
        )
    if is_packed or (suffix in _WORKBOOKS and not _is_text(start)):
        return open_whole(WorkbookFile, origin, options)
    return None


def _is_text(start: bytes) -> bool:
    """Whether a workbook is none: programs do write tables of text under that ending."""
    return bool(start) and b"\0" not in start and start.isascii()


def _tagged(origin: Origin, options: ReadOptions, needs_blank_lines: bool = False) -> TagFile | None:
    if options.delimiter or options.has_header:
        return None
    samples = origin.samples()
    text = "".join(decoded(samples[:1], origin.scan(samples, options.encoding).encoding))
    if needs_blank_lines and "\n\n" not in text.replace("\r", ""):
        return None
    return TagFile(origin, options) if tagged_width(text) else None


def _by_contents(origin: Origin, options: ReadOptions, suffix: str) -> FileReader | None:
    if labelled := open_labelled_lines(origin, options):
        return labelled
    if tagged := _tagged(origin, options):
        return tagged
    start = origin.source.head(_TRIED_JSON_BYTES).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] in (b"{", b"["):
        try:
            return open_json(origin, options)
        except DataError:
            pass  # a text may begin with a bracket
    if suffix in _MARKED_UP and not options.delimiter:
        return None
    table = DelimitedFile(origin, options)
    if options.delimiter:
        return table
    is_prose = table.dialect.delimiter in OFTEN_IN_PROSE and _reads_like_prose(origin, options)
    return table if not is_prose and _is_table(table) else None


def _reads_like_prose(origin: Origin, options: ReadOptions) -> bool:
    samples = origin.samples()
    text = "".join(decoded(samples[:1], origin.scan(samples, options.encoding).encoding))
    return end_like_prose([line for line in text[:_JUDGED_SIGNS].split("\n")[:-1] if line.strip()])


def _is_table(table: DelimitedFile) -> bool:
    """Whether a file that does not claim to be one is a table beyond doubt: prose has separators here and there."""
    dialect = table.dialect
    least = _LEAST_SHARE.get(dialect.delimiter)
    if dialect.width < 2 or least is None or dialect.share < least:
        return False
    if dialect.delimiter not in OFTEN_IN_PROSE:
        return dialect.rows > 1
    frame = next(iter(table.batches(Reading())), None)
    if frame is None or _filled_columns(frame) < 2:
        return False  # verse, where every line ends in a comma
    return dialect.rows >= (_FEWEST_ROWS if dialect.has_header else _ENOUGH_ROWS_WITHOUT_HEADER)


def _filled_columns(frame: pl.DataFrame) -> int:
    """How many columns hold something in one row of five or more."""
    return sum(
        frame.height - frame[name].null_count() >= frame.height / 5 for name in frame.columns if name != ROW
    )
