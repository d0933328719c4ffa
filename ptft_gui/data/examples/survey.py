"""One pass over all rows: what the decisions and splits need to know of each, in a few numbers a row.

Texts are noted as numbers, equal ones as equal numbers, and all numbers lie on disk: memory stays flat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.examples.answers import judge_answers
from ptft_gui.data.examples.copies import EMPTY, Hashes, input_roles, text_hashes, together
from ptft_gui.data.examples.fields import Fields, read_score
from ptft_gui.data.examples.missing_labels import is_missing_text
from ptft_gui.data.examples.number_files import Mask, NumberFile, Numbers
from ptft_gui.data.examples.repeated_lines import CountedLines, LineCounter, RepeatedLines
from ptft_gui.data.examples.row_groups import Groups, numbered
from ptft_gui.data.examples.verdicts import is_rejected
from ptft_gui.data.request import ShouldStop, never_stop
from ptft_gui.data.tables.table import ROW, BadRow, OnBytes, PartKey, Table, ignore_bytes

PARTS: tuple[PartKey, ...] = ("train", "val", "test")
TRAIN, VAL, TEST = range(3)
NO_PART = -1
MOST_LABELS = 100_000
MOST_ROWS = 2**31

EMPTY_TEXT = 1
EMPTY_LABEL = 2
BAD_SCORE = 4
UNEQUAL_TAGS = 8
MISPLACED_ANSWER = 16
MISSING_ANSWER = 32
ONLY_REPEATED_LINES = 64
HAS_REPEATED_LINES = 128
REJECTED = 256

_PART_OF_NAME = {
    **dict.fromkeys(("train", "training", "learn"), TRAIN),
    **dict.fromkeys(("dev", "development", "val", "valid", "validation", "eval"), VAL),
    **dict.fromkeys(("test", "testing"), TEST),
}
_OF_A_DOCUMENT = np.uint64(0x5851F42D4C957F2D)
"""The name of a document is another text than a context of the same words."""
_GROUPED_BY = {"question-answering": ("context",), "reply": ("prompt",), **dict.fromkeys(
    ("pair-classification", "pair-similarity"), ("text", "text_pair")
)}  # fmt: skip

WatchFrame = Callable[[PartKey, pl.DataFrame, Hashes | None], None]
"""Is given the part, a frame of task columns, and the hashes of its examples where there are input columns."""

NUMBERS: Mapping[str, type[np.generic]] = {
    "row": np.uint64,
    "label": np.int32,
    "flags": np.uint16,
    "said": np.int8,
    "tokens": np.uint32,
    "target": np.uint64,
}


@dataclass
class Survey:
    """All rows of a table that could be read, in order of their parts; of each a few numbers, on disk.

    ``sizes`` how many rows stand in the file of each of PARTS. Of each row: ``row`` its number in its file; ``copies``
    a number for all that the model reads, equal for equal texts, 0 where no other row has it; ``groups`` the same for
    what must not be divided by a split (one, one for each text of a pair, or of a question its context and the document
    that it comes from); ``label`` the index of its cell in
    ``labels``, -1 for none; ``target`` the hash of what the model shall answer; ``flags``; ``said`` the part named in
    a column, -1 for none; ``tokens`` about how many pieces a tokenizer makes of it.
    """

    task: str
    sizes: tuple[int, int, int]
    row: NumberFile
    copies: Groups
    groups: tuple[Groups, ...]
    label: NumberFile
    target: NumberFile
    flags: NumberFile
    said: NumberFile
    tokens: NumberFile
    labels: list[str]
    has_said_parts: bool
    bad_row_count: int = 0
    bad_rows: list[BadRow] = field(default_factory=list)
    lines: RepeatedLines = field(default_factory=RepeatedLines)

    def __len__(self) -> int:
        return len(self.row)

    @property
    def origin(self) -> npt.NDArray[np.int8]:
        """The part whose file each row stands in, shape (rows,)."""
        return np.repeat(np.arange(len(PARTS), dtype=np.int8), self.sizes)

    @property
    def given(self) -> npt.NDArray[np.int8]:
        """The part that the person's own files or column give each row, -1 where they give none; shape (rows,)."""
        given = self.origin
        given[: self.sizes[TRAIN]] = self.said[: self.sizes[TRAIN]]
        return given

    @property
    def given_test(self) -> Mask:
        """Rows of a test part that the person brought: nothing may change them."""
        return np.asarray(self.given == TEST)

    def has(self, flag: int) -> Mask:
        """Rows with a mark, shape (rows,)."""
        return self.marks(self.flags, lambda flags: (flags & flag) != 0)

    def marks(self, numbers: NumberFile, test: Callable[[Numbers], Mask]) -> Mask:
        """Rows whose number passes a test, shape (rows,)."""
        found = np.zeros(len(self), np.bool_)
        for rows, piece in numbers.pieces():
            found[rows] = test(piece)
        return found

    def label_counts(self, rows: Mask) -> npt.NDArray[np.int64]:
        """How many of some rows have each cell of ``labels``, shape (cells,)."""
        counts = np.zeros(len(self.labels), np.int64)
        for piece, codes in self.label.pieces():
            own = codes[rows[piece]]
            counts += np.bincount(own[own >= 0], minlength=len(self.labels))
        return counts


def take_survey(
    table: Table,
    fields: Fields,
    on_bytes: OnBytes = ignore_bytes,
    should_stop: ShouldStop = never_stop,
    watch: WatchFrame | None = None,
    folder: Path | None = None,
    look: Callable[[pl.DataFrame], None] | None = None,
) -> Survey:
    """Read all rows once. ``watch`` is given every frame of task columns (statistics are counted from it), ``look``
    every frame as it was read.

    The numbers lie in files of ``folder``, or in files without a name. Raises DataError, StoppedByPerson, OSError.
    """
    rows = _Rows(fields, folder)
    bad = 0
    kept_bad: list[BadRow] = []
    for part in table.parts:
        for frame in table.batches(part.key, on_bytes, should_stop):
            if should_stop():
                raise StoppedByPerson
            if look is not None:
                look(frame)
            read = fields.read(frame)
            hashes = rows.add(part.key, read, fields.documents(frame))
            if watch is not None:
                watch(part.key, read, hashes)
        bad = table.bad_row_count
        kept_bad = list(table.bad_rows)
    return rows.finish(bad, kept_bad, should_stop)


class _Rows:
    """Collects the numbers of each batch."""

    def __init__(self, fields: Fields, folder: Path | None) -> None:
        self._fields, self._folder = fields, folder
        self._inputs = [role for role in input_roles(fields.task) if role in fields.roles]
        grouped = _GROUPED_BY.get(fields.task, ())
        self._grouped = [role for role in grouped if role in fields.roles]
        self._numbers = {
            name: NumberFile(dtype, folder, "" if name == "flags" else name)
            for name, dtype in NUMBERS.items()
        }
        self._hashes = NumberFile(np.uint64, folder)
        self._group_hashes = [NumberFile(np.uint64, folder) for _ in self._grouped]
        self._document_hashes = NumberFile(np.uint64, folder)
        self._codes: dict[str, int] = {}
        has_lines = "text" in fields.roles and fields.task in (PLAIN_TEXT, "classification", "multilabel")
        self._lines = LineCounter(fields.task == PLAIN_TEXT, folder) if has_lines else None
        self._sizes = dict.fromkeys(PARTS, 0)

    def add(self, part: PartKey, read: pl.DataFrame, documents: pl.Series | None = None) -> Hashes | None:
        """Note the numbers of a batch; the hashes of its examples."""
        said = self._said(read)
        numbers: dict[str, Numbers] = {
            "row": read[ROW].to_numpy(),
            "label": self._label_codes(read),
            "target": self._targets(read),
            "flags": self._flags(read),
            "said": said,
            "tokens": _tokens(read, self._inputs),
        }
        for name, piece in numbers.items():
            self._numbers[name].add(piece)
        of_role = {role: text_hashes(read[role]) for role in dict.fromkeys((*self._inputs, *self._grouped))}
        hashes = together([of_role[role] for role in self._inputs]) if self._inputs else None
        self._hashes.add(np.zeros(read.height, np.uint64) if hashes is None else hashes)
        for file, role in zip(self._group_hashes, self._grouped, strict=True):
            file.add(of_role[role])
        if documents is not None and self._grouped:
            named, own = text_hashes(documents), of_role[self._grouped[0]]
            self._document_hashes.add(np.where(named == EMPTY, own, named ^ _OF_A_DOCUMENT))
        if self._lines:
            is_test = (said == TEST) if part == "train" else np.full(read.height, part == "test")
            self._lines.add(read["text"], sum(self._sizes.values()), ~is_test)
        self._sizes[part] += read.height
        if sum(self._sizes.values()) > MOST_ROWS:
            raise _too_many_rows()
        return hashes

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

    def _flags(self, read: pl.DataFrame) -> npt.NDArray[np.uint16]:
        flags = np.zeros(read.height, np.uint16)
        task = self._fields.task
        for role in self._inputs:
            if not (task == "reply" and role == "reply"):
                flags[_is_empty(read, role)] |= EMPTY_TEXT
        if "verdict" in read.columns:
            flags[is_rejected(read["verdict"])] |= REJECTED
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

    def finish(self, bad_row_count: int, bad_rows: list[BadRow], should_stop: ShouldStop) -> Survey:
        """All rows together. Raises StoppedByPerson, OSError."""
        rows = sum(self._sizes.values())
        counted = self._lines.finish(rows, should_stop) if self._lines else None
        self._lines = None
        flags = self._final_flags(counted)
        copies = numbered([self._hashes], ["copies"], self._folder, should_stop)
        groups = copies
        if self._grouped:
            names = [f"group{place}" for place in range(len(self._grouped))]
            hashes = self._group_hashes
            if len(self._document_hashes):
                names, hashes = [*names, f"group{len(names)}"], [*hashes, self._document_hashes]
            groups = numbered(hashes, names, self._folder, should_stop)
        said = self._numbers["said"]
        names_parts = any((piece != NO_PART).any() for _, piece in said.pieces())
        return Survey(
            task=self._fields.task,
            sizes=(self._sizes["train"], self._sizes["val"], self._sizes["test"]),
            copies=copies[0],
            groups=groups,
            labels=list(self._codes),
            has_said_parts="split" in self._fields.roles and names_parts,
            bad_row_count=bad_row_count,
            bad_rows=bad_rows,
            lines=counted.lines if counted else RepeatedLines(),
            **self._numbers | {"flags": flags},
        )

    def _final_flags(self, counted: CountedLines | None) -> NumberFile:
        """The marks of all rows, with those of repeated lines, which are known at the end only."""
        found = NumberFile(NUMBERS["flags"], self._folder, "flags")
        for rows, flags in self._numbers["flags"].pieces():
            if counted:
                flags[counted.emptied[rows]] |= ONLY_REPEATED_LINES
                flags[counted.touched[rows]] |= HAS_REPEATED_LINES
            found.add(flags)
        return found


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
    if role in ("text", "text_pair"):
        return np.asarray(is_missing_text(cells))
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


def _too_many_rows() -> DataError:
    return DataError(
        f"This table has more than {MOST_ROWS:,} rows.",
        "So many cannot be counted one by one.",
        "Take a part of it, or several files.",
    )
