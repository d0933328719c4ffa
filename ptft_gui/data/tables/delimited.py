"""Files of separated values: csv, tsv and their relatives.

The bytes are cut into blocks of whole records. A block that is as it should be goes to polars, which reads it at full
speed; one that holds a row of another width or a stray quotation mark is read record by record (records.py), so that
every row is either given or told of. The number of a row is that of the line its record begins on, as an editor
shows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from itertools import islice

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.encoding_names import COMMON_ENCODINGS, encoding_name
from ptft_gui.data.tables.blocks import Block, block_of
from ptft_gui.data.tables.cells import (
    LONGEST_CELL,
    MOST_COLUMNS,
    column_names,
    empty_as_null,
    frame_of,
    in_pieces,
)
from ptft_gui.data.tables.dialect import (
    DELIMITER_NAMES,
    DELIMITERS,
    NO_DELIMITER,
    Dialect,
    lines_above,
    sniff_dialect,
)
from ptft_gui.data.tables.origin import Origin, decoded
from ptft_gui.data.tables.reader import Reading, is_panic, no_rows
from ptft_gui.data.tables.records import Record, RecordReader, read_records, split_lines
from ptft_gui.data.tables.table import ROW, Column, TableFacts

_LONGEST_RECORD = 2 * LONGEST_CELL


class DelimitedFile:
    """One file of separated values; reads :class:`~ptft_gui.data.tables.reader.FileReader`."""

    def __init__(self, origin: Origin, options: ReadOptions) -> None:
        """Look at the beginning of the file. Raises DataError."""
        self.origin, self.name, self.size_bytes = origin, origin.name, origin.size_bytes
        samples = origin.samples()
        scanned = origin.scan(samples, options.encoding)
        self.encoding = scanned.encoding
        is_whole = origin.is_whole(samples)
        texts = _sample_texts(samples, self.encoding, is_whole)
        self._lone_cr = "\r" in texts[0] and "\n" not in texts[0]
        if self._lone_cr:
            texts = [text.replace("\r", "\n") for text in texts]
        given, texts[0] = _named_separator(texts[0])
        self._skipped_lines = int(given is not None)
        delimiter = options.delimiter or given
        dialect = sniff_dialect(texts[0], texts[1:], delimiter, options.has_header, is_whole)
        if dialect is None:
            raise no_rows(self.name)
        above = lines_above(texts[0], dialect)
        if above:
            texts[0] = _after_lines(texts[0], above)
            self._skipped_lines += above
            dialect = sniff_dialect(texts[0], texts[1:], delimiter, options.has_header, is_whole) or dialect
        if dialect.width > MOST_COLUMNS:
            raise _too_many_columns(self.name, dialect)
        self.dialect = self._with_header(dialect, texts[0])
        self.facts = self._facts([*scanned.notices(), *_above_in_words(self.name, above)])

    def _with_header(self, dialect: Dialect, text: str) -> Dialect:
        records = read_records(
            text, dialect.delimiter, dialect.is_quoted, quirk=dialect.quirk, mark=dialect.mark
        )
        first = next(records).cells
        cells = list(first) if dialect.has_header else []
        while len(cells) > dialect.width and not cells[-1].strip():
            cells.pop()
        if dialect.has_header and len(cells) == dialect.width - 1 == dialect.fewest - 1:
            cells.insert(0, "")  # R writes no name over the names of the rows
        width = max(dialect.width, len(cells))
        names = column_names(cells + [""] * (width - len(cells)))
        self.columns = tuple(map(Column, names))
        return replace(dialect, width=width)

    def _facts(self, notices: list[str]) -> TableFacts:
        dialect = self.dialect
        delimiter = "" if dialect.delimiter == NO_DELIMITER and dialect.width == 1 else dialect.delimiter
        kind = DELIMITER_NAMES.get(delimiter, f'"{delimiter}"') if delimiter else ""
        return TableFacts(
            title=self.name,
            kind="table",
            format_name=f"Values separated by {kind}" if kind else "One value a line",
            encoding=self.encoding,
            encoding_name=encoding_name(self.encoding),
            delimiter=delimiter,
            has_header=dialect.has_header,
            choices={"encoding": COMMON_ENCODINGS, "delimiter": tuple(DELIMITERS[:5])},
            notices=tuple(notices),
        )

    def further(self, count: int, _names: Collection[str], seconds: float) -> Iterator[pl.DataFrame]:
        """Rows of the samples behind the first one. A sample that begins inside a cell gives rows of odd widths,
        which are passed over."""
        dialect = self.dialect
        samples = [b"", *self.origin.later_samples(seconds)]
        for text in _sample_texts(samples, self.encoding, is_whole=False)[1:]:
            records = islice(
                read_records(
                    text, dialect.delimiter, dialect.is_quoted, quirk=dialect.quirk, mark=dialect.mark
                ),
                count,
            )
            whole = [each.cells for each in records if len(each.cells) == dialect.width and not each.is_cut]
            yield empty_as_null(frame_of(self.columns, whole, [0] * len(whole)))

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """All rows in order."""
        blocks = self.origin.blocks(reading.on_bytes)
        texts = decoded(blocks, self.encoding, self._lone_cr)
        passage = _Passage(self, reading)
        for text in texts:
            reading.check()
            yield from passage.feed(text)
        yield from passage.finish()


class _Passage:
    """One passage through the text of a file: what is held back until its record is whole, and the line it is on."""

    def __init__(self, file: DelimitedFile, reading: Reading) -> None:
        self._file, self._dialect, self._reading = file, file.dialect, reading
        dialect = file.dialect
        accepts = range(dialect.fewest, dialect.width + 1)
        self._records = RecordReader(
            dialect.delimiter, dialect.is_quoted, accepts, dialect.quirk, dialect.mark
        )
        self._held = ""
        self._line = 1
        self._to_skip = file._skipped_lines
        self._has_header = file.dialect.has_header
        self._in_endless_line = False

    def feed(self, text: str) -> Iterator[pl.DataFrame]:
        cut = text.rfind("\n") + 1
        if not cut:
            self._hold(text)
            return
        whole, self._held = self._held + text[:cut], text[cut:]
        if self._in_endless_line:
            whole = self._leave_endless_line(whole)
        yield from self._read(whole, is_end=False)

    def finish(self) -> Iterator[pl.DataFrame]:
        while self._held and not self._in_endless_line:
            whole, self._held = self._held, ""
            yield from self._read(whole if whole.endswith("\n") else whole + "\n", is_end=True)

    def _hold(self, text: str) -> None:
        """Keep a part of a line; of one that is longer than any row may be, nothing is kept."""
        if self._in_endless_line:
            return
        self._held += text
        if len(self._held) > _LONGEST_RECORD:
            self._held, self._in_endless_line = "", True
            self._add_bad(self._line, _too_long())

    def _leave_endless_line(self, whole: str) -> str:
        self._in_endless_line = False
        self._line += 1
        return whole[whole.index("\n") + 1 :]

    def _read(self, whole: str, is_end: bool) -> Iterator[pl.DataFrame]:
        whole = self._without_first_lines(whole)
        is_fast = self._dialect.delimiter.isascii() and not self._dialect.quirk
        block = block_of(whole, self._dialect) if whole and is_fast else None
        if block is None:
            yield from self._read_carefully(whole, is_end)
            return
        frame = _parse(block, self._file, self._line)
        if frame is None:
            yield from self._read_carefully(whole, is_end)
            return
        self._line += block.lines
        self._held = whole[block.length :] + self._held
        yield from in_pieces(frame)

    def _without_first_lines(self, whole: str) -> str:
        """The text without the line that names the separator and without the header."""
        while self._to_skip and whole:
            whole = whole[whole.index("\n") + 1 :] if "\n" in whole else ""
            self._to_skip -= 1
            self._line += 1
        if self._has_header and whole:
            lines = split_lines(whole)
            header = next(self._records.read(lines, is_end=True), None)
            if header is not None:
                self._has_header = False
            self._line += self._records.consumed
            whole = "".join(lines[self._records.consumed :])
        return whole

    def _read_carefully(self, whole: str, is_end: bool) -> Iterator[pl.DataFrame]:
        lines = split_lines(whole)
        rows: list[list[str | None]] = []
        numbers: list[int] = []
        for record in self._records.read(lines, is_end, gives_up_first=len(whole) > _LONGEST_RECORD):
            number = self._line + record.line
            cells = self._checked(record, number)
            if cells is not None:
                rows.append(cells)
                numbers.append(number)
        self._line += self._records.consumed
        self._held = "".join(lines[self._records.consumed :]) + self._held
        if rows:
            yield from in_pieces(empty_as_null(frame_of(self._file.columns, rows, numbers)))

    def _checked(self, record: Record, number: int) -> list[str | None] | None:
        """The cells of a record, as many as there are columns; None when it is left out, and told of."""
        cells, width = record.cells, self._dialect.width
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        if record.is_too_long:
            self._add_bad(number, _too_long())
        elif record.is_cut or not self._dialect.fewest <= len(cells) <= width:
            self._add_bad(number, self._reason(record))
        else:
            return [*cells, *[None] * (width - len(cells))]
        return None

    def _reason(self, record: Record) -> str:
        width, fewest = self._dialect.width, self._dialect.fewest
        others = f"{width:,}" if width == fewest else f"{fewest:,} to {width:,}"
        columns = "1 column" if len(record.cells) == 1 else f"{len(record.cells):,} columns"
        counted = len(record.cells) != width
        reason = f"It has {columns}, the others have {others}." if counted else ""
        if record.is_cut:
            return f"{reason} A quotation mark in it is probably not closed.".strip()
        return reason

    def _add_bad(self, number: int, reason: str) -> None:
        self._reading.bad.add(self._file.name, number, reason)


def _parse(block: Block, file: DelimitedFile, line: int) -> pl.DataFrame | None:
    """The block as polars reads it; None when polars does not see the rows that were counted."""
    names = [column.name for column in file.columns]
    try:
        frame = pl.read_csv(
            block.data,
            has_header=False,
            separator=file.dialect.delimiter,
            quote_char=file.dialect.mark if file.dialect.is_quoted else None,
            schema=dict.fromkeys(names, pl.String),
            truncate_ragged_lines=True,
            raise_if_empty=False,
        )
    except BaseException as problem:
        if isinstance(problem, pl.exceptions.PolarsError) or is_panic(problem):
            return None
        raise
    if frame.height != block.starts.size:
        return None
    frame = frame.with_columns(pl.Series(ROW, block.starts + line, dtype=pl.UInt64))
    if block.is_blank.any():
        frame = frame.filter(pl.Series(~block.is_blank))
    return empty_as_null(frame)


def _sample_texts(samples: list[bytes], encoding: str, is_whole: bool) -> list[str]:
    """The samples as texts of whole lines; those from further on begin after a line end."""
    first = "".join(decoded(samples[:1], encoding))
    if not is_whole:
        first = first[: first.rfind("\n") + 1] or first
    if encoding.startswith(("utf-16", "utf-32")):
        return [first]
    others = ["".join(decoded([sample], encoding)) for sample in samples[1:]]
    return [first, *(text[text.find("\n") + 1 : text.rfind("\n") + 1] for text in others)]


def _named_separator(text: str) -> tuple[str | None, str]:
    """The separator that a first line ``sep=;`` names, which Excel reads, and the text after it."""
    first, _, rest = text.partition("\n")
    first = first.rstrip("\r")
    if len(first) == 5 and first.lower().startswith("sep="):
        return first[4], rest
    return None, text


def _after_lines(text: str, count: int) -> str:
    start = 0
    for _ in range(count):
        start = text.index("\n", start) + 1
    return text[start:]


def _above_in_words(name: str, count: int) -> list[str]:
    if not count:
        return []
    lines = "1 line stands" if count == 1 else f"{count} lines stand"
    return [f"{lines} above the table in {name} and {'is' if count == 1 else 'are'} passed over."]


def _too_many_columns(name: str, dialect: Dialect) -> DataError:
    kind = DELIMITER_NAMES.get(dialect.delimiter, dialect.delimiter)
    return DataError(
        f"{name} has too many columns.",
        f"Separated by {kind}, its rows have {dialect.width:,} columns or more; "
        f"at most {MOST_COLUMNS:,} can be read.",
        "Choose another separator, or a file with a row on each line.",
    )


def _too_long() -> str:
    return f"One of its cells is longer than {LONGEST_CELL // 1_000_000} million signs."
