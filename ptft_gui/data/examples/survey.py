"""One pass over all rows: what the decisions and splits need to know of each, in a few numbers a row.

Texts are held as numbers, equal ones as equal numbers, so memory stays flat: about 40 bytes for each row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.tasks import PLAIN_TEXT
from ptft_gui.data.examples.answers import judge_answers
from ptft_gui.data.examples.copies import Hashes, example_hashes, input_roles, text_hashes
from ptft_gui.data.examples.fields import Fields, read_score
from ptft_gui.data.examples.repeated_lines import LineCounter, RepeatedLines
from ptft_gui.data.examples.row_groups import Groups, numbered
from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.data.tables.table import ROW, BadRow, OnBytes, PartKey, Table, ignore_bytes

PARTS: tuple[PartKey, ...] = ("train", "val", "test")
TRAIN, VAL, TEST = range(3)
NO_PART = -1
MOST_LABELS = 100_000

EMPTY_TEXT = 1
EMPTY_LABEL = 2
BAD_SCORE = 4
UNEQUAL_TAGS = 8
MISPLACED_ANSWER = 16
MISSING_ANSWER = 32
ONLY_REPEATED_LINES = 64

_PART_OF_NAME = {
    **dict.fromkeys(("train", "training", "learn"), TRAIN),
    **dict.fromkeys(("dev", "development", "val", "valid", "validation", "eval"), VAL),
    **dict.fromkeys(("test", "testing"), TEST),
}
_GROUPED_BY = {"question-answering": ("context",), "reply": ("prompt",), **dict.fromkeys(
    ("pair-classification", "pair-similarity"), ("text", "text_pair")
)}  # fmt: skip

WatchFrame = Callable[[PartKey, pl.DataFrame], None]


@dataclass
class Survey:
    """All rows of a table that could be read, in order of their parts.

    Arrays of shape (rows,): ``origin`` the part whose file a row stands in; ``row`` its number there; ``copies`` a
    number for all that the model reads, equal for equal texts; ``groups`` numbers that must not be divided by a split
    (one array, or one for each text of a pair); ``label`` the index of its cell in ``labels``, -1 for none; ``target``
    the hash of what the model shall answer; ``flags``; ``said`` the part named in a column, -1 for none; ``tokens``
    about how many pieces a tokenizer makes of it.
    """

    task: str
    origin: npt.NDArray[np.int8]
    row: npt.NDArray[np.uint64]
    copies: Groups
    groups: tuple[Groups, ...]
    label: npt.NDArray[np.int32]
    target: Hashes
    flags: npt.NDArray[np.uint8]
    said: npt.NDArray[np.int8]
    tokens: npt.NDArray[np.uint32]
    labels: list[str]
    has_said_parts: bool
    bad_row_count: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    lines: RepeatedLines = field(default_factory=RepeatedLines)

    def __len__(self) -> int:
        return len(self.row)

    @property
    def given(self) -> npt.NDArray[np.int8]:
        """The part that the person's own files or column give each row, -1 where they give none."""
        return np.where(self.origin != TRAIN, self.origin, self.said)

    @property
    def given_test(self) -> npt.NDArray[np.bool_]:
        """Rows of a test part that the person brought: nothing may change them."""
        return np.asarray((self.origin == TEST) | ((self.said == TEST) & (self.origin == TRAIN)))


def take_survey(
    table: Table,
    fields: Fields,
    on_bytes: OnBytes = ignore_bytes,
    should_stop: ShouldStop = never_stop,
    watch: WatchFrame | None = None,
) -> Survey:
    """Read all rows once. ``watch`` is given every frame of task columns (statistics are counted from it).

    Raises DataError, StoppedByPerson.
    """
    rows = _Rows(fields)
    bad = 0
    kept_bad: list[BadRow] = []
    for part in table.parts:
        for frame in table.batches(part.key, on_bytes, should_stop):
            if should_stop():
                raise StoppedByPerson
            read = fields.read(frame)
            rows.add(part.key, read)
            if watch is not None:
                watch(part.key, read)
        bad = table.bad_row_count
        kept_bad = list(table.bad_rows)
    return rows.finish(bad, kept_bad)


class _Rows:
    """Collects the numbers of each batch."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._inputs = [role for role in input_roles(fields.task) if role in fields.roles]
        grouped = _GROUPED_BY.get(fields.task, ())
        self._grouped = [role for role in grouped if role in fields.roles]
        self._pieces: list[dict[str, npt.NDArray[Any]]] = []
        self._codes: dict[str, int] = {}
        has_lines = "text" in fields.roles and fields.task in (PLAIN_TEXT, "classification", "multilabel")
        self._lines = LineCounter(fields.task == PLAIN_TEXT) if has_lines else None
        self._rows = 0

    def add(self, part: PartKey, read: pl.DataFrame) -> None:
        said = self._said(read)
        origin = np.full(read.height, PARTS.index(part), np.int8)
        piece: dict[str, npt.NDArray[Any]] = {
            "origin": origin,
            "row": read[ROW].to_numpy(),
            "copies": example_hashes([read[role] for role in self._inputs]),
            "label": self._label_codes(read),
            "target": self._targets(read),
            "flags": self._flags(read),
            "said": said,
            "tokens": _tokens(read, self._inputs),
        }
        for place, role in enumerate(self._grouped):
            piece[f"group{place}"] = text_hashes(read[role])
        if self._lines:
            is_test = (origin == TEST) | (said == TEST)
            self._lines.add(read["text"], self._rows, ~is_test)
        self._rows += read.height
        self._pieces.append(piece)

    def _said(self, read: pl.DataFrame) -> npt.NDArray[np.int8]:
        if "split" not in read.columns:
            return np.full(read.height, NO_PART, np.int8)
        named = (
            read["split"]
            .str.to_lowercase()
            .replace_strict(_PART_OF_NAME, default=NO_PART, return_dtype=pl.Int8)
        )
        return np.asarray(named, np.int8)

    def _label_codes(self, read: pl.DataFrame) -> npt.NDArray[np.int32]:
        if "label" not in read.columns:
            return np.full(read.height, -1, np.int32)
        cells = read["label"]
        here = cells.drop_nulls().unique(maintain_order=True).to_list()
        codes = {cell: self._codes.setdefault(cell, len(self._codes)) for cell in here}
        if len(self._codes) > MOST_LABELS:
            raise too_many_labels(self._fields.roles["label"])
        if not codes:
            return np.full(read.height, -1, np.int32)
        return np.asarray(cells.replace_strict(codes, default=-1, return_dtype=pl.Int32), np.int32)

    def _targets(self, read: pl.DataFrame) -> Hashes:
        for role in ("score", "tags"):
            if role in read.columns and self._fields.task in ("pair-similarity", "tagging"):
                return text_hashes(read[role])
        return np.zeros(read.height, np.uint64)

    def _flags(self, read: pl.DataFrame) -> npt.NDArray[np.uint8]:
        flags = np.zeros(read.height, np.uint8)
        task = self._fields.task
        for role in self._inputs:
            if not (task == "reply" and role == "reply"):
                flags[_is_empty(read, role)] |= EMPTY_TEXT
        goal = _GOALS.get(task)
        if goal and goal in read.columns:
            flags[_is_empty(read, goal)] |= EMPTY_LABEL
        if task == "pair-similarity" and "score" in read.columns:
            number = read.select(
                read_score(pl.col("score")).is_null() & pl.col("score").is_not_null()
            ).to_series()
            flags[number.to_numpy()] |= BAD_SCORE
        if task == "tagging" and {"tokens", "tags"} <= set(read.columns):
            unequal = (read["tokens"].list.len() != read["tags"].list.len()) & (read["tags"].list.len() > 0)
            flags[unequal.to_numpy()] |= UNEQUAL_TAGS
        if task == "question-answering" and {"context", "answer"} <= set(read.columns):
            judged = judge_answers(read)
            flags[judged.misplaced] |= MISPLACED_ANSWER
            flags[judged.missing] |= MISSING_ANSWER
        return flags

    def finish(self, bad_row_count: int, bad_rows: list[BadRow]) -> Survey:
        def joined(name: str, dtype: type[np.generic]) -> npt.NDArray[Any]:
            found = [piece.pop(name) for piece in self._pieces]
            return np.concatenate(found) if found else np.zeros(0, dtype)

        copies = numbered([joined("copies", np.uint64)])
        grouped = [joined(f"group{place}", np.uint64) for place in range(len(self._grouped))]
        groups = numbered(grouped) if grouped else copies
        lines = self._lines.finish() if self._lines else RepeatedLines()
        flags = joined("flags", np.uint8)
        flags[lines.emptied] |= ONLY_REPEATED_LINES
        said = joined("said", np.int8)
        return Survey(
            task=self._fields.task,
            origin=joined("origin", np.int8),
            row=joined("row", np.uint64),
            copies=copies[0],
            groups=groups,
            label=joined("label", np.int32),
            target=joined("target", np.uint64),
            flags=flags,
            said=said,
            tokens=joined("tokens", np.uint32),
            labels=list(self._codes),
            has_said_parts="split" in self._fields.roles and bool((said != NO_PART).any()),
            bad_row_count=bad_row_count,
            bad_rows=bad_rows,
            lines=lines,
        )


_GOALS = {
    "classification": "label",
    "multilabel": "label",
    "pair-classification": "label",
    "pair-similarity": "score",
    "tagging": "tags",
    "reply": "reply",
}


def _is_empty(read: pl.DataFrame, role: str) -> npt.NDArray[np.bool_]:
    cells = read[role]
    if isinstance(cells.dtype, pl.List):
        return np.asarray(cells.list.len().fill_null(0) == 0)
    return np.asarray(cells.fill_null("").str.strip_chars() == "")


def _tokens(read: pl.DataFrame, roles: list[str]) -> npt.NDArray[np.uint32]:
    """About how many pieces a tokenizer makes: one for four signs of spaced writing, one for each Chinese sign."""
    total = np.zeros(read.height, np.float64)
    for role in roles:
        cells = read[role]
        if isinstance(cells.dtype, pl.List):
            total += 1.3 * cells.list.len().fill_null(0).to_numpy()
            continue
        signs = cells.str.len_chars().fill_null(0).to_numpy().astype(np.float64)
        wide = (cells.str.len_bytes().fill_null(0).to_numpy() - signs) / 2
        total += np.maximum(signs - wide, 0) / 4.2 + wide
    return np.minimum(total, 2**32 - 1).astype(np.uint32)


def too_many_labels(column: str) -> DataError:
    """A label column that is none, in words."""
    return DataError(
        f"{column} holds more than {MOST_LABELS:,} different labels.",
        "A class needs several rows to be learned; this column has another value in almost every row.",
        "Choose another label column.",
    )
