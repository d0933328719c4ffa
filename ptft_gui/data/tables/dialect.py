"""How a file of separated values is written: separator, quotation marks, header, number of columns.

Nothing is taken from the file's ending. Every separator is tried with and without quotation marks on the beginning of
the file; the pair that cuts most rows into the same number of columns wins.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from ptft_gui.data.tables.header import first_row_names_columns
from ptft_gui.data.tables.records import read_records

DELIMITERS = "\t;|,^\x01\x1f~"
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
NO_DELIMITER = "\x1f"
"""Given to readers that want one where a file has a single column."""
_TRIED_CHARACTERS = 1 << 17
_TRIED_ROWS = 1000
_LEAST_SHARE_OF_A_WIDTH = 0.01
_LEAST_ROWS_OF_A_WIDTH = 3


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


@dataclass(frozen=True)
class _Trial:
    delimiter: str
    is_quoted: bool
    width: int
    share: float
    faults: int
    rows: int

    @property
    def is_table(self) -> bool:
        return self.width > 1


def sniff_dialect(
    text: str,
    probes: Sequence[str] = (),
    delimiter: str | None = None,
    has_header: bool | None = None,
) -> Dialect | None:
    """How ``text``, the beginning of a file in whole lines, is written; None where it holds no row.

    ``probes`` are whole lines from further on; they show rows of another width that the beginning lacks.
    """
    trial = _best_trial(text, [delimiter] if delimiter else list(DELIMITERS))
    if trial is None:
        return None
    records = list(read_records(text, trial.delimiter, trial.is_quoted, is_end=True))
    widths = Counter(len(record.cells) for record in records)
    if not any(record.lines > 1 for record in records):
        for probe in probes:
            found = read_records(probe, trial.delimiter, trial.is_quoted, is_end=True)
            widths.update(len(record.cells) for record in found)
    fewest, width = _usual_widths(widths)
    first, others = records[0].cells, [record.cells for record in records[1:]]
    if has_header is None:
        has_header = first_row_names_columns(first, others)
    return Dialect(trial.delimiter, trial.is_quoted, has_header, width, fewest, trial.share)


def _best_trial(text: str, delimiters: list[str]) -> _Trial | None:
    start = _whole_lines(text, _TRIED_CHARACTERS)
    trials = [_quoting(start, delimiter) for delimiter in delimiters if delimiter in start]
    one = _quoting(start, ",")  # a single column, quoted as spreadsheets do
    if one is None:
        return None
    tables = [trial for trial in trials if trial and trial.is_table]
    if not tables:
        return one if one.is_quoted and one.share == 1 else _single_column(one)
    best = max(tables, key=lambda trial: (round(trial.share, 2), -delimiters.index(trial.delimiter)))
    if best.share < 0.6 and len(delimiters) > 1 and best.delimiter not in start.split("\n", 1)[0]:
        return _single_column(one)
    return best if len(start) == len(text) else _quoting(text, best.delimiter, None)


def _single_column(one: _Trial) -> _Trial:
    return _Trial(NO_DELIMITER, False, 1, 1.0, 0, one.rows)


def _whole_lines(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    cut = text.rfind("\n", 0, length) + 1
    return text[:cut] if cut else text[:length]


def _quoting(text: str, delimiter: str, most_rows: int | None = _TRIED_ROWS) -> _Trial | None:
    """The better of reading with quotation marks and without."""
    quoted = _trial(text, delimiter, True, most_rows)
    if quoted is None or '"' not in text:
        keeps_marks = delimiter in "\t\x01\x1f"  # files of this kind hardly ever quote
        return quoted and replace(quoted, is_quoted=not keeps_marks)
    plain = _trial(text, delimiter, False, most_rows)
    assert plain is not None
    if plain.share > quoted.share + 0.02:
        return plain
    has_faults = quoted.faults > 0 or quoted.rows < plain.rows
    return plain if has_faults and plain.width == quoted.width and plain.share >= quoted.share else quoted


def _trial(text: str, delimiter: str, is_quoted: bool, most_rows: int | None) -> _Trial | None:
    widths: Counter[int] = Counter()
    faults = 0
    for record in islice(read_records(text, delimiter, is_quoted, is_end=True), most_rows):
        widths[len(record.cells)] += 1
        faults += record.has_fault
    if not widths:
        return None
    width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
    return _Trial(delimiter, is_quoted, width, rows / widths.total(), faults, widths.total())


def _usual_widths(widths: Counter[int]) -> tuple[int, int]:
    """The least and the greatest number of columns that is no exception."""
    total = widths.total()
    commonest = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    least = max(_LEAST_ROWS_OF_A_WIDTH, total * _LEAST_SHARE_OF_A_WIDTH)
    usual = [width for width, rows in widths.items() if rows >= least and width > 1] or [commonest]
    return min(*usual, commonest), max(*usual, commonest)
