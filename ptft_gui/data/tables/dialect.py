"""How a file of separated values is written: separator, quotation marks, header, number of columns.

Nothing is taken from the file's ending. Every separator is tried with and without quotation marks on the beginning of
the file; the pair that cuts most rows into the same number of columns wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ptft_gui.data.tables.header import first_row_names_columns
from ptft_gui.data.tables.records import MARK, SINGLE_MARK, Quirk, Record, read_records

DELIMITERS = "\t;|,^\x01\x1f~"
_RARE_DELIMITERS = ":#$&*%=+/§¦¤¬•"
DELIMITER_NAMES = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    "^": "caret",
    " ": "space",
    "~": "tilde",
    "\x01": "sign 1",
    "\x1f": "sign 31",
}
SPACE = " "
NO_DELIMITER = "\x1f"
"""Given to readers that want one where a file has a single column."""
_TRIED_CHARACTERS = 1 << 17
_TRIED_ROWS = 1000
_QUIRKS: tuple[tuple[Quirk, str], ...] = (("space", ', "'), ("backslash", '\\"'))
_COUNTED_ROWS = 30_000
_HEADER_ROWS = 300
_LEAST_SHARE_OF_A_WIDTH = 0.01
_LEAST_ROWS_OF_A_WIDTH = 3
_LEAST_SHARE_OF_WRAPPED = 0.9
_LEAST_SHARE_OF_SINGLE = 0.5
_FEWEST_SPACED_ROWS, _LEAST_SPACED_SHARE = 4, 0.98
_MOST_LINES_ABOVE = 20


@dataclass(frozen=True)
class Dialect:
    """``fewest`` to ``width`` columns are usual in this file; shorter rows are filled up with nothing."""

    delimiter: str
    is_quoted: bool
    has_header: bool
    width: int
    fewest: int
    share: float
    """The share of rows that have the commonest number of columns."""
    rows: int
    """How many rows were looked at."""
    quirk: Quirk = ""
    mark: str = MARK


@dataclass(frozen=True)
class _Trial:
    """One way of reading a text, and what came of it. ``has_marks``: there are quotation marks, and they count.

    ``marked`` rows hold quotation marks, in ``wrapped`` ones a cell stands between two of them.
    """

    delimiter: str
    is_quoted: bool
    width: int = 0
    share: float = 0.0
    faults: int = 0
    rows: int = 0
    quirk: Quirk = ""
    mark: str = MARK
    is_end: bool = True
    has_marks: bool = False
    marked: int = 0
    wrapped: int = 0

    @property
    def evidence(self) -> tuple[float, bool]:
        return round(self.share, 2), self.has_marks and not self.faults


def sniff_dialect(
    text: str,
    probes: Sequence[str] = (),
    delimiter: str | None = None,
    has_header: bool | None = None,
    is_whole: bool = True,
) -> Dialect | None:
    """How ``text``, the beginning of a file in whole lines, is written; None where it holds no row.

    ``probes`` are whole lines from further on; they show rows of another width that the beginning lacks.
    ``is_whole``: the text is all of the file, so that its last row ends with it.
    """
    trial = _best_trial(text, [delimiter] if delimiter else list(DELIMITERS), is_whole)
    if trial is None:
        return None
    first, *others = [record.cells for record in islice(_records(text, trial), _HEADER_ROWS)]
    if has_header is None:
        has_header = first_row_names_columns(first, others)
    widths, spans = Counter[int](), 0
    for record in islice(_records(text, trial), _COUNTED_ROWS):
        widths[len(record.cells)] += 1
        spans += record.lines > 1
    if not spans:  # else a stretch from further on may begin inside a cell
        for probe in probes:
            widths.update(len(record.cells) for record in _records(probe, trial))
    fewest, width = _usual_widths(widths)
    return Dialect(
        trial.delimiter,
        trial.is_quoted,
        has_header,
        width,
        fewest,
        trial.share,
        widths.total(),
        trial.quirk,
        trial.mark,
    )


def _records(text: str, trial: _Trial) -> Iterator[Record]:
    return read_records(text, trial.delimiter, trial.is_quoted, trial.is_end, trial.quirk, trial.mark)


def _best_trial(text: str, delimiters: list[str], is_whole: bool) -> _Trial | None:
    start = _whole_lines(text, _TRIED_CHARACTERS)
    is_end = is_whole and len(start) == len(text)
    trials = [_quoting(start, delimiter, is_end) for delimiter in delimiters if delimiter in start]
    one = _quoting(start, ",", is_end)  # a single column, quoted as spreadsheets do
    if one is None:
        return None
    tables = [trial for trial in trials if trial and trial.width > 1]
    parts_names = any(trial.delimiter in start.split("\n", 1)[0] for trial in tables)
    if not parts_names and len(delimiters) > 1 and (rare := _rarely_parted(start, is_end)):
        tables = [rare]
    elif not tables and len(delimiters) > 1 and (spaced := _spaced(start, is_end)):
        tables = [spaced]
    if not tables:
        return one if one.is_quoted and one.share == 1 else _single_column(one)
    first_line = start.split("\n", 1)[0]
    best = max(
        tables,
        key=lambda trial: (
            *trial.evidence,
            trial.delimiter in first_line,
            -_rank(trial.delimiter, delimiters),
        ),
    )
    if best.share < 0.6 and len(delimiters) > 1 and best.delimiter not in first_line:
        return _single_column(one)
    return best if len(start) == len(text) else _quoting(text, best.delimiter, is_whole, _COUNTED_ROWS)


def _single_column(one: _Trial) -> _Trial:
    return _Trial(NO_DELIMITER, False, 1, 1.0, 0, one.rows)


def _whole_lines(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text.rfind("\n", 0, length) + 1
    return text[:cut] if cut else text[:length]


def _quoting(text: str, delimiter: str, is_end: bool, most_rows: int = _TRIED_ROWS) -> _Trial | None:
    """The best of reading with quotation marks, with single ones, and without."""
    if (single := _single_marks(text, delimiter, is_end, most_rows)) is not None:
        return single
    asked = _Trial(delimiter, True, is_end=is_end)
    quoted = _try(text, asked, most_rows)
    for quirk, sign in _QUIRKS:
        if quoted is not None and sign.replace(",", delimiter) in text:
            other = _try(text, replace(asked, quirk=quirk), most_rows)
            quoted = max(quoted, other or quoted, key=lambda trial: trial.share - trial.faults / trial.rows)
    if quoted is None or '"' not in text:
        keeps_marks = delimiter in "\t\x01\x1f"  # files of this kind hardly ever quote
        return quoted and replace(quoted, is_quoted=not keeps_marks)
    plain = _try(text, replace(asked, is_quoted=False), most_rows)
    assert plain is not None
    if plain.wrapped >= _LEAST_SHARE_OF_WRAPPED * plain.marked and quoted.share > 0.5:
        return replace(
            quoted, has_marks=True
        )  # cells are quoted on purpose; a mark that is not closed costs its row
    if plain.share > quoted.share + 0.02 and plain.width > 1:
        return plain
    has_faults = quoted.faults > 0 or quoted.rows < plain.rows
    is_same = plain.width == quoted.width > 1 and plain.share >= quoted.share
    return plain if has_faults and is_same else replace(quoted, has_marks=True)


def _single_marks(text: str, delimiter: str, is_end: bool, most_rows: int) -> _Trial | None:
    """Reading with single quotation marks, where most rows have a cell between two of them; else None.

    Apostrophes inside a cell and a quotation at its beginning are no such marks.
    """
    if SINGLE_MARK + delimiter not in text and delimiter + SINGLE_MARK not in text:
        return None
    asked = _Trial(delimiter, False, is_end=is_end, mark=SINGLE_MARK)
    plain = _try(text, asked, most_rows)
    if plain is None or plain.wrapped < _LEAST_SHARE_OF_SINGLE * plain.rows:
        return None
    quirk: Quirk = "backslash" if "\\'" in text else ""
    quoted = _try(text, replace(asked, is_quoted=True, quirk=quirk), most_rows)
    if quoted is None or quoted.faults or quoted.share < max(plain.share, _LEAST_SHARE_OF_WRAPPED):
        return None
    return replace(quoted, has_marks=True)


def _spaced(text: str, is_end: bool) -> _Trial | None:
    """Cells parted by spaces: only beyond doubt, with every text between marks and every row of one width."""
    if SPACE not in text:
        return None
    for mark in (MARK, SINGLE_MARK):
        plain = _try(text, _Trial(SPACE, False, is_end=is_end, mark=mark), _TRIED_ROWS)
        if (
            plain is None
            or plain.rows < _FEWEST_SPACED_ROWS
            or plain.marked < _LEAST_SHARE_OF_WRAPPED * plain.rows
        ):
            continue
        quoted = _try(text, _Trial(SPACE, True, is_end=is_end, mark=mark), _TRIED_ROWS)
        if (
            quoted is not None
            and quoted.width > 1
            and not quoted.faults
            and quoted.share >= _LEAST_SPACED_SHARE
        ):
            return replace(quoted, has_marks=True)
    return None


def _rarely_parted(text: str, is_end: bool) -> _Trial | None:
    """Cells parted by a sign that texts are full of: only beyond doubt, with every row of one width under names."""
    first = text.split("\n", 1)[0]
    for sign in _RARE_DELIMITERS:
        trial = _quoting(text, sign, is_end) if sign in first else None
        if trial is None or trial.width < 2 or trial.rows < _FEWEST_SPACED_ROWS or trial.faults:
            continue
        names, *others = [record.cells for record in islice(_records(text, trial), _HEADER_ROWS)]
        if trial.share >= _LEAST_SPACED_SHARE and first_row_names_columns(names, others):
            return trial
    return None


def _rank(delimiter: str, delimiters: list[str]) -> int:
    return delimiters.index(delimiter) if delimiter in delimiters else len(delimiters)


def _try(text: str, asked: _Trial, most_rows: int) -> _Trial | None:
    """What is found when a text is read in one way; the row that a cut-off text ends in is left aside."""
    widths: Counter[int] = Counter()
    faults = last_line = marked = wrapped = 0
    for record in islice(_records(text, asked), most_rows):
        widths[len(record.cells)] += 1
        faults += record.has_fault
        if not asked.is_quoted:
            marked += any(asked.mark in cell for cell in record.cells)
            wrapped += any(len(cell) > 1 and cell[0] == cell[-1] == asked.mark for cell in record.cells)
        last_line = record.line + record.lines
    if not asked.is_end and widths.total() < most_rows and last_line * 2 < text.count("\n"):
        return _try(text, replace(asked, is_end=True), most_rows)  # a mark near the beginning is never closed
    if not widths:
        return None
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    total = widths.total()
    share = rows / total
    return replace(asked, width=width, share=share, faults=faults, rows=total, marked=marked, wrapped=wrapped)


def lines_above(text: str, dialect: Dialect) -> int:
    """How many lines stand above the table: titles and dates that programs write over what they export.

    They have fewer columns than any row of the table; what follows them has as many as the others.
    """
    if dialect.width < 2:
        return 0
    read = read_records(text, dialect.delimiter, dialect.is_quoted, quirk=dialect.quirk, mark=dialect.mark)
    records = list(islice(read, _HEADER_ROWS))
    wide = (place for place, record in enumerate(records) if len(record.cells) >= dialect.fewest)
    first = next(wide, 0)
    if not 0 < first <= _MOST_LINES_ABOVE or _lacks_one_name(records, first, dialect):
        first = 0
    if padded := _padded_above([record.cells for record in records[first:]]):
        return records[first + padded].line
    return records[first].line if first else 0


def _padded_above(rows: Sequence[Sequence[str]]) -> int:
    """How many rows above the table a spreadsheet filled up with empty cells: titles, a blank row, names of groups.

    They fill fewer than half of the columns, and the row below them names the columns.
    """
    usual = max((_filled(row) for row in rows), default=0)
    least = max(2, (usual + 1) // 2)
    first = next((place for place, row in enumerate(rows) if _filled(row) >= least), 0)
    if not 0 < first <= _MOST_LINES_ABOVE or len(rows) <= first + 1:
        return 0
    return first if first_row_names_columns(rows[first], rows[first + 1 :]) else 0


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _lacks_one_name(records: Sequence[Record], first: int, dialect: Dialect) -> bool:
    """Whether the one row above is a header without a name over the names of the rows, as R writes it."""
    if first > 1 or len(records[0].cells) != dialect.width - 1:
        return False
    others = [record.cells for record in records[first + 1 :]]
    return not first_row_names_columns(records[first].cells, others)


def _usual_widths(widths: Counter[int]) -> tuple[int, int]:
    """The least and the greatest number of columns that is no exception."""
    total = widths.total()
    commonest = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    least = max(_LEAST_ROWS_OF_A_WIDTH, total * _LEAST_SHARE_OF_A_WIDTH)
    usual = [width for width, rows in widths.items() if rows >= least and width > 1] or [commonest]
    return min(*usual, commonest), max(*usual, commonest)
