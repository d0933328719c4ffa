"""Where the rows of a bundled table lie: in the resources, or in gensim, which carries one along."""

from __future__ import annotations

from pathlib import Path

from ptft_gui.core.datasets import DatasetCard, bundled_tables
from ptft_gui.core.errors import DataError
from ptft_gui.core.resources import resource_path
from ptft_gui.data.bundled import gensim_texts

ROWS_FILE = "rows.jsonl"


def find_bundled_table(dataset: str) -> DatasetCard | None:
    """The card of the bundled table of this id."""
    return next((card for card in bundled_tables() if card.id == dataset), None)


def bundled_table_path(card: DatasetCard) -> Path:
    """The file with its rows. Raises DataError where a build of gensim comes without it."""
    path = _place(card)
    if not path.is_file():
        raise DataError(
            f"The dataset {card.title} is not available here.",
            why_unavailable(card),
            "Choose another dataset, or install gensim again with its test data.",
        )
    return path


def why_unavailable(card: DatasetCard) -> str:
    """Why a bundled table cannot be used; empty when it can."""
    if _place(card).is_file():
        return ""
    return f"It travels inside gensim, and this build of gensim comes without it ({card.gensim_file})."


def _place(card: DatasetCard) -> Path:
    if card.gensim_file:
        return gensim_texts() / card.gensim_file
    return resource_path("datasets", card.id, ROWS_FILE)
