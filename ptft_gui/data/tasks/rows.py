"""All rows of a dataset as a task reads them; nothing is left out and nothing divided.

What a model reads (question and context, words, a prompt, two texts) must be there; what it shall answer may be
missing. :mod:`ptft_gui.data.examples.rows` is the same for plain texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.tasks import get_role
from ptft_gui.data.examples.answers import placed_answers
from ptft_gui.data.examples.asking import Asked, ask
from ptft_gui.data.examples.fields import Fields
from ptft_gui.data.examples.rows import text_rows
from ptft_gui.data.tables.table import ROW

NEEDED = {
    "question-answering": ("question", "context"),
    "tagging": ("tokens",),
    "pair-classification": ("text", "text_pair"),
    "pair-similarity": ("text", "text_pair"),
    "reply": ("prompt",),
}
"""What a model of each task must be given."""


def task_rows(request: DataRequest, task: str) -> Iterator[dict[str, Any]]:
    """Records with ``id`` (the row's name, else its number in its file) and what the task reads.

    For ``question-answering`` ``question context answers answer_starts``, the latter None where the file has no
    answers; ``tagging`` ``tokens tags``, of a file of plain texts ``text``; ``reply`` ``prompt reply``; of pairs
    ``text text_pair label score``. Raises DataError for a dataset that lacks what is needed.
    """
    asked = ask(request.model_copy(update={"task": task}))
    missing = [role for role in NEEDED[task] if role not in asked.roles]
    if missing and task == "tagging":
        return ({"id": row["id"], "text": row["text"] or ""} for row in text_rows(request))
    if missing:
        names = " and ".join(get_role(role).title.lower() for role in missing)
        raise DataError(
            f"{asked.table.facts.title} has no column for: {names}.",
            f"Its columns are: {', '.join(column.name for column in asked.table.columns)}.",
            f"Name it: {' '.join(f'{get_role(role).flag} COLUMN' for role in missing)}.",
        )
    return _records(asked, task)


def _records(asked: Asked, task: str) -> Iterator[dict[str, Any]]:
    fields = Fields(task, {r: c for r, c in asked.roles.items() if r != "split"}, asked.table.columns)
    for part in asked.table.parts:
        for frame in asked.table.batches(part.key):
            read = fields.read(frame)
            if task == "question-answering":
                read = _with_answers(read)
            named = read["id"] if "id" in read.columns else pl.Series(read[ROW]).cast(pl.String)
            for number, record in zip(named.to_list(), read.iter_rows(named=True), strict=True):
                record.pop(ROW)
                yield {**record, "id": number}


def _with_answers(read: pl.DataFrame) -> pl.DataFrame:
    """``answers`` and ``answer_starts`` instead of the columns of the file: those that stand in the context."""
    if "answer" not in read.columns:
        return read
    texts, places = placed_answers(read)
    found = [
        pl.Series("answers", texts, pl.List(pl.String)),
        pl.Series("answer_starts", places, pl.List(pl.Int64)),
    ]
    return read.drop("answer", "answer_start", strict=False).with_columns(found)


def names_of_rows(request: DataRequest, task: str) -> list[str] | None:
    """The name of each row of the whole dataset in order, by its ``key``; None where rows have no names."""
    asked = ask(request.model_copy(update={"task": task}))
    column = asked.roles.get("id")
    if column is None:
        return None
    names: list[str] = []
    for part in asked.table.parts:
        for frame in asked.table.batches(part.key):
            names += [str(name or "") for name in frame[column].to_list()]
    return names
