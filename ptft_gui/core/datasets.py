"""The datasets that are ready to use, as the cards that describe them.

Each is a file ``resources/datasets/<id>/dataset.json``: what the dataset is called, how large it is, where it comes
from, and the watched words and questions that are true for it. The texts themselves are the data room's matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ptft_gui.core.resources import read_json_resource, resource_path


@dataclass(frozen=True)
class DatasetCard:
    """A bundled dataset in words.

    ``task`` and ``roles`` are set where the dataset is a table of ``rows`` examples for a task rather than plain text;
    ``gensim_file`` where its rows travel inside gensim.
    ``types_reaching`` maps a count to the number of different words that occur at least that often; ``questions`` are
    plain records: ``kind`` and what is asked and expected.
    """

    id: str
    title: str
    sentence: str
    language: str = ""
    documents: int = 0
    words: int = 0
    rows: int = 0
    task: str = ""
    roles: Mapping[str, str] = field(default_factory=dict, hash=False)
    gensim_file: str = ""
    types_reaching: Mapping[int, int] = field(default_factory=dict, hash=False)
    source: str = ""
    licence: str = ""
    watched_words: tuple[str, ...] = ()
    questions: tuple[dict[str, Any], ...] = field(default=(), hash=False)


def bundled_datasets() -> tuple[DatasetCard, ...]:
    """The cards of all bundled texts, the largest first."""
    return tuple(card for card in _bundled_cards() if not card.task)


def bundled_tables() -> tuple[DatasetCard, ...]:
    """The cards of all bundled tables of examples for a task, by task and id."""
    cards = (card for card in _bundled_cards() if card.task)
    return tuple(sorted(cards, key=lambda card: (card.task, card.language, card.id)))


@cache
def _bundled_cards() -> tuple[DatasetCard, ...]:
    files = resource_path("datasets").glob("*/dataset.json")
    cards = [_read_card(file.parent.name) for file in files]
    return tuple(sorted(cards, key=lambda card: (-card.words, card.id)))


def bundled_dataset(dataset: str) -> DatasetCard | None:
    """The card of the dataset that ``dataset`` names; None for a path (an existing path wins) or another name."""
    if Path(dataset).expanduser().exists():
        return None
    return next((card for card in _bundled_cards() if card.id == dataset), None)


def dataset_title(dataset: str) -> str:
    """What a dataset is called: a bundled one by its title, a file or folder by its name."""
    card = bundled_dataset(dataset)
    return card.title if card else Path(dataset).name or dataset


def _read_card(dataset_id: str) -> DatasetCard:
    record = read_json_resource("datasets", dataset_id, "dataset.json")
    return DatasetCard(
        id=dataset_id,
        title=record["title"],
        sentence=record.get("sentence", ""),
        language=record.get("language", ""),
        documents=int(record.get("documents", 0)),
        words=int(record.get("words", 0)),
        rows=int(record.get("rows", 0)),
        task=record.get("task", ""),
        roles=dict(record.get("roles", {})),
        gensim_file=record.get("gensim_file", ""),
        types_reaching={int(limit): types for limit, types in record.get("types_reaching", {}).items()},
        source=record.get("source", ""),
        licence=record.get("licence", ""),
        watched_words=tuple(record.get("watched_words", ())),
        questions=tuple(record.get("questions") or record.get("examples") or ()),
    )
