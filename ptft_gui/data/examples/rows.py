"""All rows of a dataset as they stand, for a model that answers them; nothing is left out and nothing divided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.examples.asking import ask
from ptft_gui.data.tables.table import ROW


def text_rows(request: DataRequest) -> Iterator[dict[str, Any]]:
    """Records ``id`` (the row's name, else its number in its file), ``text`` and ``label`` (None where there is none).

    A file without labels will do. Raises DataError for a dataset without a text column, now or while it is read.
    """
    asked = ask(request.model_copy(update={"task": None}))
    roles = asked.roles
    text = roles.get("text") or ask(request.model_copy(update={"task": PLAIN_TEXT})).roles.get("text")
    if text is None:
        raise DataError(
            f"{asked.table.facts.title} has no column with texts.",
            f"Its columns are: {', '.join(column.name for column in asked.table.columns)}.",
            "Call the column of the texts “text” in the file; on the command line: --text COLUMN.",
        )
    columns = {"id": roles.get("id", ROW), "text": text, "label": roles.get("label")}

    def records() -> Iterator[dict[str, Any]]:
        for part in asked.table.parts:
            for frame in asked.table.batches(part.key):
                for row in frame.iter_rows(named=True):
                    yield {name: row[column] if column else None for name, column in columns.items()}

    return records()
