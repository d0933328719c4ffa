"""Lines that begin with their labels, as fastText reads them: ``__label__positive a film to remember``."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.data.encoding_names import COMMON_ENCODINGS, encoding_name
from ptft_gui.data.tables.cells import LONGEST_CELL, RowBatches, clean
from ptft_gui.data.tables.origin import Origin, decoded
from ptft_gui.data.tables.reader import Reading
from ptft_gui.data.tables.table import Column, TableFacts

MARK = "__label__"
BETWEEN_LABELS = "; "
_JUDGED_LINES = 200
_LEAST_SHARE = 0.95
_FEWEST_LINES = 3


class LabelledLinesFile:
    """A text a line, its labels before it; several are one cell, with semicolons between them.

    The number of a row is that of its line. Source of the form: https://fasttext.cc/docs/en/supervised-tutorial.html
    """

    columns: tuple[Column, ...] = (Column("label"), Column("text"))

    def __init__(self, origin: Origin, options: ReadOptions) -> None:
        """Look at the beginning of the file. Raises DataError."""
        self.origin, self.name, self.size_bytes = origin, origin.name, origin.size_bytes
        scanned = origin.scan(origin.samples(), options.encoding)
        self._encoding = scanned.encoding
        self.facts = TableFacts(
            title=self.name,
            kind="table",
            format_name="Lines that begin with their label",
            encoding=self._encoding,
            encoding_name=encoding_name(self._encoding),
            choices={"encoding": COMMON_ENCODINGS},
            has_header=False,
            given_roles={"text": "text", "label": "label"},
            notices=tuple(scanned.notices()),
        )

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """The lines in order; one that is longer than a cell may be is left out and told of."""
        waiting = RowBatches(self.columns)
        blocks = decoded(self.origin.blocks(reading.on_bytes), self._encoding)
        for number, line in _lines(blocks):
            if not line.strip():
                continue
            if len(line) > LONGEST_CELL:
                reading.bad.add(self.name, number, f"It is longer than {LONGEST_CELL:,} signs.")
                continue
            if (frame := waiting.add(_cells(line), number, len(line))) is not None:
                yield frame
        if (frame := waiting.rest()) is not None:
            yield frame


def are_labelled_lines(text: str) -> bool:
    """Whether the beginning of a text is of this kind."""
    lines = [line for line in text.split("\n", _JUDGED_LINES)[:_JUDGED_LINES] if line.strip()]
    marked = sum(line.startswith(MARK) for line in lines)
    return len(lines) >= _FEWEST_LINES and marked >= _LEAST_SHARE * len(lines)


def open_labelled_lines(origin: Origin, options: ReadOptions) -> LabelledLinesFile | None:
    """The reader of such a file; None for another text. Raises DataError."""
    if (
        options.delimiter
        or options.has_header
        or not origin.source.head(len(MARK) + 3).lstrip(b"\xef\xbb\xbf").startswith(MARK.encode())
    ):
        return None
    samples = origin.samples()
    text = "".join(decoded(samples[:1], origin.scan(samples, options.encoding).encoding))
    return LabelledLinesFile(origin, options) if are_labelled_lines(text) else None


def _cells(line: str) -> list[str | None]:
    """A line without a label has an empty one; it stays a row."""
    labels = []
    rest = line.strip()
    while rest.startswith(MARK):
        label, _, rest = rest.partition(" ")
        labels.append(label.removeprefix(MARK))
        rest = rest.lstrip()
    return [clean(BETWEEN_LABELS.join(labels)) or None, clean(rest) or None]


def _lines(blocks: Iterator[str]) -> Iterator[tuple[int, str]]:
    """Numbers and lines; what is held of an endless line is no more than makes it too long for a cell."""
    number, held = 1, ""
    for block in blocks:
        *lines, last = block.split("\n")
        for line in lines:
            yield number, held + line
            number, held = number + 1, ""
        held = (held + last)[: LONGEST_CELL + 1]
    if held:
        yield number, held
