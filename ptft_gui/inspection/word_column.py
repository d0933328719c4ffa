"""A column of a person's own file, to colour words by: ratings, groups, any number or name beside a word.

The file is read as every table is (CSV, TSV, workbook, JSON lines), or as lines of a word and a value. Which column
holds the words is seen by how many of its cells the model knows; a person may name both columns.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.inspection.model import OpenedModel
from ptft_gui.inspection.vector_table import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.inspection.words import find_row

MOST_CATEGORIES = 20
OTHERS = "others"
_MOST_ROWS = 2_000_000
_LOOKED_AT_ROWS = 2_000
_NUMBERS_SHARE = 0.9
_SHOWN_CELLS = 3
_WORD, _VALUE = "word", "value"

Kind = Literal["number", "category"]
Row = tuple[str | None, ...]


@dataclass(frozen=True)
class WordColumn:
    """``rows``: of the words found, int64 (n,); ``values``: float32 (n,), numbers or places in ``categories``.

    ``columns``: those that may be chosen instead; ``of``: how many different words the file holds.
    """

    rows: NDArray[np.int64]
    values: NDArray[np.float32]
    kind: Kind
    categories: list[str]
    columns: list[str]
    word_column: str
    column: str
    of: int
    sentence: str


def read_word_column(
    model: OpenedModel,
    path: Path,
    column: str | None = None,
    word_column: str | None = None,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
) -> WordColumn:
    """The values of a column beside the words that the model knows; of a word that comes twice the first.

    Raises :class:`ModelError` where no word is known or no column is left for a value,
    :class:`~ptft_gui.core.errors.DataError` for a file that cannot be read, :class:`StoppedByPerson`.
    """
    names, rows = _open(path, should_stop)
    beginning = []
    for row in rows:
        beginning.append(row)
        if len(beginning) == _LOOKED_AT_ROWS:
            break
    words_at = _chosen(names, word_column, path) if word_column else _column_of_words(model, names, beginning)
    value_at = _chosen(names, column, path) if column else _column_of_values(names, beginning, words_at)
    if value_at is None or value_at == words_at:
        raise ModelError(
            f"{path.name} holds words, but no value beside them.",
            f"Its columns are {', '.join(names)}.",
            "Choose a file with a second column: a number or a group for each word.",
        )
    pairs = ((row[words_at], row[value_at]) for row in _joined(beginning, rows, progress, should_stop))
    found, of = _values_of_words(model, pairs)
    if not found:
        raise _none_known(model, path, names[words_at], [row[words_at] for row in beginning])
    kind, values, categories = _as_numbers(list(found.values()))
    return WordColumn(
        np.array(list(found), np.int64),
        values,
        kind,
        categories,
        [name for place, name in enumerate(names) if place != words_at],
        names[words_at],
        names[value_at],
        of,
        f"{len(found):,} of the {of:,} words in {path.name} have a value and are in this vocabulary.",
    )


def _open(path: Path, should_stop: ShouldStop) -> tuple[list[str], Iterator[Row]]:
    """The names of the columns, and the rows."""
    from ptft_gui.data.tables.opening import open_table_path  # the libraries behind it take a moment

    table = open_table_path(path)
    frames = table.batches(should_stop=should_stop)
    if table.facts.kind == "text" or len(table.columns) < 2:
        first = table.columns[0].name
        cells = (cell for frame in frames for cell in frame[first].to_list())
        return [_WORD, _VALUE], (_cut(line) for cell in cells for line in str(cell or "").splitlines())
    names = [column.name for column in table.columns if not column.is_list]
    return names, (row for frame in frames for row in frame.select(names).iter_rows())


def _cut(line: str) -> Row:
    """A word and the value after its last white space."""
    word, _, value = line.strip().replace("\t", " ").rpartition(" ")
    return (word.strip() or None, value or None) if word else (value or None, None)


def _joined(
    beginning: list[Row], rows: Iterator[Row], progress: Progress, should_stop: ShouldStop
) -> Iterator[Row]:
    yield from beginning
    for number, row in enumerate(rows, len(beginning)):
        if number >= _MOST_ROWS:
            return
        if number % 10_000 == 0:
            if should_stop():
                raise StoppedByPerson
            progress(f"Reading row {number:,}", None)
        yield row


def _chosen(names: list[str], wanted: str, path: Path) -> int:
    if wanted in names:
        return names.index(wanted)
    raise ModelError(
        f'{path.name} has no column "{wanted}".',
        f"Its columns are {', '.join(names)}.",
        "Choose one of these.",
    )


def _column_of_words(model: OpenedModel, names: list[str], rows: list[Row]) -> int:
    """The column of which the model knows most cells; of equals the first."""
    known = [sum(find_row(model, row[place]) is not None for row in rows) for place in range(len(names))]
    return known.index(max(known))


def _column_of_values(names: list[str], rows: list[Row], words_at: int) -> int | None:
    """The first column of numbers, else the first of anything; those after the words come first."""
    others = [*range(words_at + 1, len(names)), *range(words_at)]
    filled = [place for place in others if any(row[place] for row in rows)]
    numbers = (p for p in filled if _share_of_numbers([row[p] for row in rows if row[p]]) >= _NUMBERS_SHARE)
    return next(numbers, filled[0] if filled else None)


def _values_of_words(
    model: OpenedModel, pairs: Iterable[tuple[str | None, str | None]]
) -> tuple[dict[int, str], int]:
    """The value of each row of the model, and how many different words there were."""
    found: dict[int, str] = {}
    words: set[str] = set()
    for word, value in pairs:
        if not word:
            continue
        words.add(word)
        row = find_row(model, word)
        if row is not None and value and value.strip():
            found.setdefault(row, value.strip())
    return found, len(words)


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < np.finfo(np.float32).max else None


def _share_of_numbers(cells: list[str | None]) -> float:
    return sum(_number(cell) is not None for cell in cells) / max(1, len(cells))


def _as_numbers(cells: list[str]) -> tuple[Kind, NDArray[np.float32], list[str]]:
    """Numbers where nearly all cells are, a stray one being the middle; else categories, the most frequent first."""
    numbers = [_number(cell) for cell in cells]
    known = [number for number in numbers if number is not None]
    if len(known) >= _NUMBERS_SHARE * len(cells):
        middle = float(np.median(known))
        return "number", np.array([middle if n is None else n for n in numbers], np.float32), []
    names = [name for name, _ in sorted(Counter(cells).items(), key=lambda pair: (-pair[1], pair[0]))]
    if len(names) > MOST_CATEGORIES:
        names = [*names[: MOST_CATEGORIES - 1], OTHERS]
    place = {name: number for number, name in enumerate(names)}
    return "category", np.array([place.get(cell, len(names) - 1) for cell in cells], np.float32), names


def _none_known(model: OpenedModel, path: Path, column: str, cells: list[str | None]) -> ModelError:
    shown = ", ".join([cell for cell in cells if cell][:_SHOWN_CELLS])
    return ModelError(
        f"{model.name} knows none of the words in {path.name} that have a value.",
        f'Its column "{column}" begins with {shown}.' if shown else f'Its column "{column}" is empty.',
        "Choose the column that holds the words, or a file of words of this model's language.",
    )
