"""Texts whose names were marked by the places of their signs, as annotation programs save them.

doccano writes ``[[0, 5, "PER"], ...]`` or ``[{"start_offset": 0, "end_offset": 5, "label": "PER"}, ...]``, spaCy and
Prodigy ``[{"start": 0, "end": 5, "label": "PERSON"}, ...]``, Label Studio ``[{"value": {"start": 0, "end": 5, "labels":
["PER"]}}, ...]``. Here such a text becomes its words, each with a tag (B-PER, I-PER, O).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from ptft_gui.core.word_places import find_words
from ptft_gui.data.tables.read_table import ReadTable
from ptft_gui.data.tables.table import Column, Table

_LOOKED_AT_ROWS = 200
_FEWEST_MARKED = 3
_MOST_TEXTS = 50
_LEAST_SHARE = 0.9
_LONGEST_CELL = 1 << 20
_MOST_LABEL_SIGNS = 60
_STARTS, _ENDS = ("start", "start_offset", "begin"), ("end", "end_offset")
_LABELS = ("label", "labels", "entity", "entity_group", "type", "tag", "entity_type")
_OUTSIDE = "O"


@dataclass(frozen=True)
class Mark:
    """A piece ``text[start:end]`` that has a label."""

    start: int
    end: int
    label: str


class MarkedSpans(ReadTable):
    """A table with two columns more: the words of its texts and a tag for each."""

    def __init__(self, table: Table, text: str, marks: str) -> None:
        """``text`` is the column of texts, ``marks`` that of the places in them."""
        self._text, self._marks = text, marks
        self._words, self._tags = f"{text}: words", f"{marks}: tags"
        super().__init__(table, [*table.columns, Column(self._words, True), Column(self._tags, True)])

    def further(self, names: Sequence[str]) -> pl.DataFrame:
        """Rows from further on; of the words nothing more is told."""
        return self._table.further([name for name in names if name not in (self._words, self._tags)])

    def _read(self, frame: pl.DataFrame) -> pl.DataFrame:
        cells = zip(frame[self._text].to_list(), frame[self._marks].to_list(), strict=True)
        rows = [tagged_words(text or "", read_marks(marks) or []) for text, marks in cells]
        kind = pl.List(pl.String)
        return frame.with_columns(
            pl.Series(self._words, [words for words, _ in rows], kind),
            pl.Series(self._tags, [tags for _, tags in rows], kind),
        )


def with_spans_read(table: Table) -> Table:
    """The table with words and tags where a column marks places of a text; itself where none does."""
    names = [column.name for column in table.columns if not column.is_list]
    if table.facts.kind != "table" or len(names) < 2 or table.facts.given_roles:
        return table
    head = table.head(_LOOKED_AT_ROWS)
    for marks in names:
        first = next((cell for cell in head[marks].to_list() if cell), "")
        if not first.startswith("["):
            continue
        found = [read_marks(cell) for cell in head[marks].to_list()]
        if sum(map(bool, found)) < _FEWEST_MARKED or any(cell is None for cell in found):
            continue
        for text in names[:_MOST_TEXTS]:
            if text != marks and _do_fit(head[text].to_list(), found):
                return MarkedSpans(table, text, marks)
    return table


def _do_fit(texts: Sequence[str | None], found: Sequence[list[Mark] | None]) -> bool:
    """Whether nearly all marks lie inside their texts and begin and end at words."""
    fitting = total = 0
    for text, marks in zip(texts, found, strict=True):
        ends = {place for span in find_words(text or "") for place in span} if marks else set()
        for mark in marks or ():
            total += 1
            fitting += mark.start in ends and mark.end in ends
    return total > 0 and fitting >= _LEAST_SHARE * total


def read_marks(cell: str | None) -> list[Mark] | None:
    """The marks of one cell, none for an empty one; None where it holds something else."""
    if not cell or not cell.strip():
        return []
    if not cell.lstrip().startswith("[") or len(cell) > _LONGEST_CELL:
        return None
    try:
        items = json.loads(cell)
    except (ValueError, RecursionError):
        return None
    marks = [_mark(item) for item in items]
    return [mark for mark in marks if mark] if all(marks) else None


def _mark(item: Any) -> Mark | None:
    if isinstance(item, dict):
        inside = item.get("value")
        record = inside if isinstance(inside, dict) else item
        item = [
            next((record[key] for key in keys if key in record), None) for keys in (_STARTS, _ENDS, _LABELS)
        ]
    if not isinstance(item, list) or len(item) != 3:
        return None
    label = item[2][0] if isinstance(item[2], list) and len(item[2]) == 1 else item[2]
    start, end = _place(item[0]), _place(item[1])
    if start is None or end is None or not start < end or not isinstance(label, str) or not label.strip():
        return None
    return Mark(start, end, label.strip()[:_MOST_LABEL_SIGNS])


def _place(value: Any) -> int | None:
    """A place in a text; numbers may have become text on their way here."""
    text = str(value)
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def tagged_words(text: str, marks: Sequence[Mark]) -> tuple[list[str], list[str]]:
    """The words of a text and the tag of each. A word is cut where a mark begins or ends inside it; of marks that
    overlap the one that begins first counts, of those the longest."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, -mark.end)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    edges = sorted({place for mark in kept for place in (mark.start, mark.end)})
    words, tags, at, edge = [], [], 0, 0
    began: Mark | None = None
    for start, end in find_words(text):
        while edge < len(edges) and edges[edge] <= start:
            edge += 1
        while start < end:
            stop = min(end, edges[edge]) if edge < len(edges) else end
            while at < len(kept) and kept[at].end <= start:
                at += 1
            here = kept[at] if at < len(kept) and kept[at].start <= start else None
            words.append(text[start:stop])
            tags.append(f"{'I' if here is began else 'B'}-{here.label}" if here else _OUTSIDE)
            began, start = here, stop
            edge += stop < end
    return words, tags
