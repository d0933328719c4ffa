"""Rows as their task needs them: the columns of a file become text, label, tokens, question and so on.

A role may join several columns: its column is then written ``instruction + input``; filled cells are joined by an
empty line. Of labels these are columns of 0 and 1 (:mod:`flag_columns`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from ptft_gui.core.family.tasks import get_task
from ptft_gui.data.examples.chats import split_conversations
from ptft_gui.data.examples.flag_columns import labels_of_flags
from ptft_gui.data.examples.separators import LABEL_JOIN
from ptft_gui.data.tables.table import ROW, Column

JOIN = " + "
# SubjQA and QuAC write one of these words at the end of a context and as the answer of a question that has none.
_NO_ANSWER = ("ANSWERNOTFOUND", "CANNOTANSWER")
_NO_ANSWER_AT_END = rf"\s*\b({'|'.join(_NO_ANSWER)})\s*$"
_DOCUMENT_NAMES = ("title", "document", "document_id", "doc_id", "article", "article_id")
_INTEGER = re.compile(r"-?\d+")
_LIST_OF_NUMBERS = r"^\s*\["


@dataclass(frozen=True)
class Fields:
    """Which columns fill which roles of a task."""

    task: str
    roles: Mapping[str, str]
    columns: tuple[Column, ...]

    def read(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A frame with ROW and one column per role of the task.

        ``text text_pair question prompt reply split`` are texts, trimmed, empty for null; ``context`` is not trimmed;
        ``label`` and ``score`` are null where empty; ``tokens tags answer`` are lists of texts, ``answer_start`` a list
        of whole numbers (-1 where there is none).
        """
        made = [pl.col(ROW)]
        made += [
            self._field(role).alias(role) for role in get_task(self.task).all_roles if role in self.roles
        ]
        read = frame.select(made)
        if self._is_chat:
            prompts, replies = split_conversations(frame[self.roles["prompt"]])
            read = read.with_columns(prompts.alias("prompt"), replies.alias("reply"))
        if self.task == "question-answering":
            read = _without_marks_of_no_answer(read)
        if "answer_start" in read.columns:
            read = read.with_columns(_aligned_starts())
        return read

    def documents(self, frame: pl.DataFrame) -> pl.Series | None:
        """The document that each context of a question comes from; None where no column names it."""
        if self.task != "question-answering":
            return None
        taken = {name for written in self.roles.values() for name in (written, *written.split(JOIN))}
        columns = {column.name.lower(): column.name for column in self.columns if not column.is_list}
        name = next((columns[name] for name in _DOCUMENT_NAMES if name in columns), None)
        if name is None or name in taken or name not in frame.columns:
            return None
        return frame[name].cast(pl.String).fill_null("")

    @property
    def _is_chat(self) -> bool:
        """Whether prompts and replies stand together in the cells of one column."""
        lists = {column.name for column in self.columns if column.is_list}
        prompt, reply = self.roles.get("prompt"), self.roles.get("reply")
        return self.task == "reply" and prompt is not None and prompt == reply and prompt not in lists

    def _field(self, role: str) -> pl.Expr:
        names = split_columns(self.roles[role], [column.name for column in self.columns])
        lists = {column.name for column in self.columns if column.is_list}
        if role in ("tokens", "tags"):
            return _as_list(names[0], lists, separator=r"\s+")
        if role == "answer":
            return _as_list(names[0], lists, separator=None)
        if role == "answer_start":
            return _starts(names[0], lists)
        if role == "label" and len(names) > 1:
            return labels_of_flags(names, LABEL_JOIN)
        if role in ("label", "score"):
            text = pl.col(names[0]).list.join(LABEL_JOIN) if names[0] in lists else pl.col(names[0])
            return pl.when(text.str.strip_chars() != "").then(text)
        if role == "context" and names[0] not in lists:
            return pl.col(names[0]).fill_null("")  # untrimmed: answers are found by counting its signs
        return _joined(names, lists)


def split_columns(written: str, names: Sequence[str]) -> list[str]:
    """The columns that a role names: one, or several joined by ``+``."""
    if written in names:
        return [written]
    parts = [part.strip() for part in written.split("+")]
    return parts if len(parts) > 1 and all(part in names for part in parts) else [written]


def _joined(names: Sequence[str], lists: set[str]) -> pl.Expr:
    texts = [pl.col(name).list.join("\n") if name in lists else pl.col(name) for name in names]
    trimmed = [text.fill_null("").str.strip_chars() for text in texts]
    if len(trimmed) == 1:
        return trimmed[0]
    filled = [pl.when(text != "").then(text) for text in trimmed]
    return pl.concat_str(filled, separator="\n\n", ignore_nulls=True)


def _as_list(name: str, lists: set[str], separator: str | None) -> pl.Expr:
    if name in lists:
        return pl.col(name).fill_null([])
    text = pl.col(name).fill_null("").str.strip_chars()
    if separator is None:
        return pl.when(text != "").then(pl.concat_list(text)).otherwise(pl.lit([], dtype=pl.List(pl.String)))
    pieces = text.str.replace_all(separator, " ").str.split(" ")
    return pieces.list.eval(pl.element().filter(pl.element() != ""))


def _starts(name: str, lists: set[str]) -> pl.Expr:
    """Numbers from ``12``, ``(12, 34)`` (start and end) or ``[12, 50]`` (two starts)."""
    number = r"-?\d+"
    if name in lists:
        first = pl.element().str.extract(r"(-?\d+)").cast(pl.Int64, strict=False).fill_null(-1)
        return pl.col(name).fill_null([]).list.eval(first)
    text = pl.col(name).fill_null("")
    found = text.str.extract_all(number).list.eval(pl.element().cast(pl.Int64, strict=False).fill_null(-1))
    return pl.when(text.str.contains(_LIST_OF_NUMBERS)).then(found).otherwise(found.list.head(1))


def _without_marks_of_no_answer(read: pl.DataFrame) -> pl.DataFrame:
    """Take the words that mean "there is no answer" out of answers and the ends of contexts."""
    real = pl.element().filter(~pl.element().str.strip_chars().is_in(_NO_ANSWER) & (pl.element() != ""))
    changes = [pl.col("answer").list.eval(real).alias("answer")] if "answer" in read.columns else []
    if "context" in read.columns:
        changes.append(pl.col("context").str.replace(_NO_ANSWER_AT_END, ""))
    return read.with_columns(changes)


def _aligned_starts() -> pl.Expr:
    """As many starts as answers: those of answers that are none fall away."""
    answers = pl.col("answer").list.len()
    same = pl.col("answer_start").list.len() == answers
    none = pl.lit(-1, dtype=pl.Int64).repeat_by(answers)
    return pl.when(same).then(pl.col("answer_start")).otherwise(none)


def read_score(text: pl.Expr) -> pl.Expr:
    """The number that a cell holds, with decimal point or comma; null where it holds none."""
    plain = text.str.strip_chars().str.replace(r"^([+-]?\d+),(\d+)$", "$1.$2")
    number = plain.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)
