"""The texts a run reads, whatever they came in: plain files, an export of Wikipedia, the rows of a table."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.encoding import ScannedFile
from ptft_gui.data.naming import PartKey, exact_part
from ptft_gui.data.reading import BytesRead, is_dump, read_blocks
from ptft_gui.data.request import CorpusRequest, ShouldStop, never_stop
from ptft_gui.data.sources import DataFiles
from ptft_gui.data.table_marks import could_be_table

if TYPE_CHECKING:
    import polars as pl

    from ptft_gui.data.tables.table import Table

_SAMPLE_ROWS = 1000
_LOOKED_AT_FILES = 5
_MARK_BYTES = 1 << 16
_OFFICE_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""A document of an office program under the name of a text: separators in its packed bytes are chance."""
# Lists of words are short pieces, lists of paragraphs or verses long ones.
_WORD_CHARACTERS = 8


@dataclass
class RowTexts:
    """The texts in one part of a table: each row is a document.

    ``columns`` are joined by line breaks. With ``named`` only rows whose cell in that column names the part are taken.
    ``rows``, ``empty_rows`` and ``sha256`` (of the texts) are known once all blocks have been read.
    """

    table: Table
    part: PartKey
    columns: tuple[str, ...]
    name: str
    size_bytes: int
    should_stop: ShouldStop = never_stop
    named: tuple[str, PartKey] | None = None
    remarks: tuple[str, ...] = ()
    rows: int = 0
    empty_rows: int = 0
    sha256: str = ""

    @property
    def encoding_name(self) -> str:
        return self.table.facts.encoding_name

    def notices(self) -> list[str]:
        is_first = self.part == "train" and (self.named is None or self.named[1] == "train")
        return [*self.table.facts.notices, *self.remarks] if is_first else []

    def blocks(self, on_bytes: BytesRead = lambda _count: None) -> Iterator[str]:
        """The text of every row that holds one."""
        digest = hashlib.sha256()
        self.rows = self.empty_rows = 0
        for frame in self.table.batches(self.part, on_bytes, self.should_stop):
            for text in _texts(rows_of_part(frame, *self.named) if self.named else frame, self.columns):
                self.rows += 1
                if not text.strip():
                    self.empty_rows += 1
                    continue
                digest.update(text.encode("utf-8", "surrogatepass") + b"\n")
                yield text + "\n"
        self.sha256 = digest.hexdigest()


Texts = ScannedFile | RowTexts


def read_texts(texts: Texts, on_bytes: BytesRead = lambda _count: None) -> Iterator[str]:
    """The text in blocks; where :func:`blocks_are_documents`, each block is one."""
    return texts.blocks(on_bytes) if isinstance(texts, RowTexts) else read_blocks(texts, on_bytes)


def blocks_are_documents(texts: Texts) -> bool:
    """Whether each block is a document of its own: the row of a table, an article of Wikipedia."""
    return isinstance(texts, RowTexts) or is_dump(texts.source)


def first_text(texts: Texts) -> str:
    """The beginning of the text, for judging it."""
    return "".join(islice(read_texts(texts), _SAMPLE_ROWS if blocks_are_documents(texts) else 1))


def is_table(files: DataFiles, request: CorpusRequest) -> bool:
    """Whether files are read as a table: by their kind, by what stands in them, or because a column was named.

    A text that is to be cut at spaces only is taken as it is, whatever stands in it. Raises DataError when there is no
    such column.
    """
    if files.kind in ("table", "tags"):
        return True
    if request.text_column is None:
        return files.kind == "text" and request.preparation != "none" and _holds_table(files, request)
    from ptft_gui.data.examples.roles import check_roles

    table = _open(files, request)
    check_roles(table, {"text": request.text_column})
    return table.facts.given_roles.get("text") != request.text_column


def _holds_table(files: DataFiles, request: CorpusRequest) -> bool:
    """Whether the largest plain file holds a table; a folder of many texts is none."""
    if not 0 < len(files.train) <= _LOOKED_AT_FILES:
        return False
    source = max(files.train, key=lambda found: found.size_bytes)
    head = source.head(_MARK_BYTES)
    if head.startswith(_OFFICE_STARTS) or not could_be_table(head.decode("utf-8", "replace")):
        return False
    from ptft_gui.data.tables.detecting import open_file
    from ptft_gui.data.tables.origin import Origin

    return open_file(Origin(source), request.read) is not None


def open_rows(
    request: CorpusRequest, files: DataFiles, should_stop: ShouldStop = never_stop
) -> tuple[RowTexts, RowTexts | None]:
    """The texts to train on and those held out by the files themselves. Raises DataError."""
    table = _open(files, request)
    columns = _text_columns(table, request.text_column)
    parts = {part.key: part for part in table.parts}

    def of(key: PartKey) -> RowTexts:
        return RowTexts(table, key, columns, files.root.name, parts[key].size_bytes, should_stop)

    first: PartKey = "train" if "train" in parts else next(iter(parts))
    if list(parts) == ["train"] and (column := _split_column(table, request)):
        return _by_column(of("train"), column, should_stop)
    return of(first), of("val") if "val" in parts and first != "val" else None


def _split_column(table: Table, request: CorpusRequest) -> str | None:
    """The column that says which part a row belongs to, unless a person divides the text in another way."""
    from ptft_gui.data.examples.roles import HEAD_ROWS, check_roles, guess_roles

    if request.split != "auto" or request.val_fraction is not None or request.split_column == "":
        return None
    if request.split_column:
        check_roles(table, {"split": request.split_column})
        return request.split_column
    guesses = guess_roles(table, table.head(HEAD_ROWS), task=PLAIN_TEXT)
    return next((guess.column for guess in guesses if guess.role == "split"), None)


def _by_column(whole: RowTexts, column: str, should_stop: ShouldStop) -> tuple[RowTexts, RowTexts | None]:
    """The rows to train on and those held out, as a column says. Raises DataError when none is to be trained on."""
    counted = count_parts(whole.table, column, should_stop)
    if not counted["train"]:
        raise DataError(
            f"No row of {whole.name} is meant to be learned from.",
            f"In the column {column} no cell says train.",
            "Choose another column for the part, or leave that role open.",
        )
    left = counted.total() - counted["train"] - counted["val"]
    said = f"The column {column} says what is learned from: {counted['train']:,} rows, and {counted['val']:,} held out."
    aside = f" {left:,} of the test part or of none were left aside." if left else ""
    train = replace(whole, named=(column, "train"), remarks=(said + aside,))
    return train, replace(whole, named=(column, "val")) if counted["val"] else None


def count_parts(table: Table, column: str, should_stop: ShouldStop = never_stop) -> Counter[PartKey | None]:
    """How many rows name each part in a column; None counts those that name none."""
    counted: Counter[PartKey | None] = Counter()
    for frame in table.batches("train", should_stop=should_stop):
        for cell, count in frame.get_column(column).value_counts().iter_rows():
            counted[exact_part((cell or "").strip())] += count
    return counted


def rows_of_part(frame: pl.DataFrame, column: str, part: PartKey) -> pl.DataFrame:
    """The rows whose cell in ``column`` names ``part``, however it is written."""
    import polars as pl

    cells = frame.get_column(column).drop_nulls().unique().to_list()
    return frame.filter(pl.col(column).is_in([cell for cell in cells if exact_part(cell.strip()) == part]))


def _open(files: DataFiles, request: CorpusRequest) -> Table:
    from ptft_gui.data.tables.opening import open_table  # polars is needed for tables only

    return open_table(DataRequest(dataset=str(files.root), val=request.val, read=request.read))


def _text_columns(table: Table, chosen: str | None) -> tuple[str, ...]:
    """The columns that hold the text: those a person chose, else the likeliest."""
    from ptft_gui.data.examples.fields import split_columns
    from ptft_gui.data.examples.roles import HEAD_ROWS, check_roles, guess_roles

    names = [column.name for column in table.columns]
    if chosen:
        check_roles(table, {"text": chosen})
        return tuple(split_columns(chosen, names))
    head = table.head(HEAD_ROWS)
    guesses = guess_roles(table, head, task=PLAIN_TEXT)
    if found := next((guess.column for guess in guesses if guess.role == "text"), None):
        return tuple(split_columns(found, names))
    return (max(names, key=lambda name: sum(map(len, _texts(head, (name,))))),)


def _texts(frame: pl.DataFrame, columns: Iterable[str]) -> Iterator[str]:
    """The text of every row; empty where there is none."""
    cells = [_cells(frame.get_column(name)) for name in columns]
    if len(cells) == 1:
        return (text or "" for text in cells[0])
    return ("\n".join(text for text in row if text) for row in zip(*cells, strict=True))


def _cells(column: pl.Series) -> list[Any]:
    import polars as pl

    if not isinstance(column.dtype, pl.List):
        return list(column.to_list())
    lengths = column.explode().drop_nulls().str.len_chars()
    mean = lengths.mean() if len(lengths) else 0
    is_words = isinstance(mean, (int, float)) and mean < _WORD_CHARACTERS
    return list(column.list.join(" " if is_words else "\n").to_list())
