"""A JSON file that is one document: a list of objects, an object of lists, an object with one list in it, SQuAD."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import polars as pl

from ptft_gui.core.data_request import ReadOptions
from ptft_gui.core.errors import DataError
from ptft_gui.data.encoding_names import COMMON_ENCODINGS, encoding_name
from ptft_gui.data.tables.cells import BATCH_ROWS, frame_of, in_pieces
from ptft_gui.data.tables.held import open_whole
from ptft_gui.data.tables.json_lines import JsonLinesFile, not_json
from ptft_gui.data.tables.json_values import (
    CellMaker,
    Unreadable,
    cells_of,
    columns_of,
    flatten,
    nested_names,
    nesting_notices,
    parse_json,
    plain_columns,
)
from ptft_gui.data.tables.origin import Origin, decoded
from ptft_gui.data.tables.questions import COLUMNS, ROLES, AnswerCount, is_question_file, question_rows
from ptft_gui.data.tables.reader import FileReader, Reading, no_rows
from ptft_gui.data.tables.table import Column, TableFacts

LARGEST_DOCUMENT = 200 << 20
_FEWEST_RECORDS = 1


class JsonFile:
    """A JSON document; it is read whole, so its size is limited. Rows are counted from 1."""

    def __init__(self, origin: Origin, options: ReadOptions, name: str = "") -> None:
        """Read the document. Raises DataError."""
        self.origin, self.name, self.size_bytes = origin, name or origin.name, origin.size_bytes
        samples = origin.samples()
        scanned = origin.scan(samples, options.encoding)
        self._encoding = scanned.encoding
        document = self._read()
        self._notices = scanned.notices()
        self._roles: dict[str, str] = {}
        self._sheet = ""
        self._choices: dict[str, tuple[str, ...]] = {"encoding": COMMON_ENCODINGS}
        self.columns: tuple[Column, ...]
        is_asking = is_question_file(document)
        frames = list(self._question_frames(document) if is_asking else self._row_frames(document, options))
        if not frames:
            raise no_rows(self.name)
        self._frame = pl.concat(frames, rechunk=False)
        self.facts = TableFacts(
            title=self.name,
            kind="questions" if self._roles else "table",
            format_name="Question file" if self._roles else "JSON",
            encoding=self._encoding,
            encoding_name=encoding_name(self._encoding),
            sheet=self._sheet,
            given_roles=self._roles,
            choices=self._choices,
            notices=tuple(self._notices),
        )

    def _read(self) -> Any:
        blocks, size = [], 0
        for block in self.origin.blocks():
            size += len(block)
            if size > LARGEST_DOCUMENT:
                raise _too_large(self.name)
            blocks.append(block)
        text = "".join(decoded(blocks, self._encoding))
        del blocks
        self._may_be_broken = "\\ud" in text or "\\uD" in text
        try:
            return parse_json(text)
        except Unreadable as problem:
            raise not_json(self.name, str(problem)) from None

    def _question_frames(self, document: dict[str, Any]) -> Iterator[pl.DataFrame]:
        self.columns, self._roles = COLUMNS, ROLES
        count = AnswerCount()
        yield from _frames(COLUMNS, question_rows(document, count))
        self._notices += count.notices(self.name)

    def _row_frames(self, document: Any, options: ReadOptions) -> Iterator[pl.DataFrame]:
        lists = record_lists(document)
        if not lists:
            raise _no_list(self.name)
        chosen = options.sheet if options.sheet in lists else max(lists, key=lambda name: len(lists[name]))
        if len(lists) > 1:
            self._sheet, self._choices["sheet"] = chosen, tuple(lists)
            if chosen != options.sheet:
                self._notices.append(_of_several(self.name, len(lists), chosen, options.sheet))
        if columns := plain_columns(lists[chosen]):
            self.columns, maker = columns, CellMaker(columns)
            yield from _frames(columns, (maker.cells(value, self._may_be_broken) for value in lists[chosen]))
            return
        rows = [flatten(value) for value in lists[chosen]]
        self.columns = columns_of(rows)
        self._notices += nesting_notices(self.name, nested_names(rows))
        try:
            yield from _frames(self.columns, (cells_of(row, self.columns) for row in rows))
        except RecursionError:
            raise not_json(self.name, "Its parts lie too deep inside one another.") from None

    def batches(self, reading: Reading) -> Iterator[pl.DataFrame]:
        """All rows in order."""
        done = 0
        for piece in in_pieces(self._frame):
            reading.check()
            before = self.size_bytes * done // self._frame.height
            done += piece.height
            reading.on_bytes(self.size_bytes * done // self._frame.height - before)
            yield piece


def open_json(origin: Origin, options: ReadOptions) -> FileReader:
    """A JSON file of either kind: one document, or one on each line whatever its ending says."""
    start = origin.source.head(1 << 16)
    first, _, rest = start.strip().partition(b"\n")
    if first.startswith(b"{") and first.rstrip(b"\r \t").endswith(b"}") and rest.lstrip().startswith(b"{"):
        return JsonLinesFile(origin, options)
    return open_whole(JsonFile, origin, options)


def record_lists(document: Any) -> dict[str, list[Any]]:
    """The lists of rows in a document, by name; the document itself is "", where it is one."""
    if isinstance(document, list):
        return {"rows": document} if document else {}
    if not isinstance(document, dict):
        return {}
    if records := _columns_as_rows(document):
        return {"rows": records}
    found = {key: value for key, value in document.items() if _holds_records(value)}
    if not found:
        for key, value in document.items():
            inner = record_lists(value) if isinstance(value, dict) else {}
            found |= {f"{key}.{name}" if name != "rows" else key: rows for name, rows in inner.items()}
    if not found and document and all(isinstance(value, dict) for value in document.values()):
        return {"rows": [{"key": key, **value} for key, value in document.items()]}
    return found


def _holds_records(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) >= _FEWEST_RECORDS
        and all(isinstance(v, dict) for v in value[:20])
    )


def _columns_as_rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    """An object of equally long lists (or of objects with the same keys, as pandas writes) turned into rows."""
    values = list(document.values())
    if not values:
        return []
    if all(isinstance(value, list) for value in values):
        if len({len(value) for value in values}) == 1 and not all(_holds_records(value) for value in values):
            return [dict(zip(document, cells, strict=True)) for cells in zip(*values, strict=True)]
        return []
    if all(isinstance(value, dict) for value in values) and len(values) > 1:
        keys = list(values[0])
        if keys and all(key.isdecimal() for key in keys) and all(list(value) == keys for value in values):
            return [{name: value[key] for name, value in document.items()} for key in keys]
    return []


def _of_several(name: str, count: int, chosen: str, wanted: str | None) -> str:
    if wanted:
        return f'{name} holds no list "{wanted}"; "{chosen}" is read.'
    return f'{name} holds {count} lists; "{chosen}" is read.'


def _frames(columns: tuple[Column, ...], rows: Iterable[list[Any]]) -> Iterator[pl.DataFrame]:
    waiting, number = iter(rows), 1
    while taken := list(islice(waiting, BATCH_ROWS)):
        yield frame_of(columns, taken, range(number, number + len(taken)))
        number += len(taken)


def _too_large(name: str) -> DataError:
    return DataError(
        f"{name} is too large to be read as one JSON document.",
        f"It has more than {LARGEST_DOCUMENT >> 20} MB, and all of it must be in memory at once.",
        "Save it as JSON lines (one object a line), CSV or parquet, which are read piece by piece.",
    )


def _no_list(name: str) -> DataError:
    return DataError(
        f"No table was found in {name}.",
        "It is JSON, but it holds no list of objects that could be rows.",
        'Choose a file like [{"text": "...", "label": "..."}, ...].',
    )
