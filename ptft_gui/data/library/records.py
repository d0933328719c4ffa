"""The datasets a person may choose from, as plain data for the window and for ``ptft-gui data list``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from ptft_gui.core.datasets import DatasetCard, bundled_datasets, bundled_tables
from ptft_gui.core.errors import PtftError
from ptft_gui.core.family.data_options import PREPARATION_KEYS
from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.core.hub.gallery import GALLERY
from ptft_gui.core.library import (
    StoredDataset,
    count_uses,
    datasets_of_runs,
    list_datasets,
    state_of,
    unreadable_names,
)
from ptft_gui.core.paths import home_folder, runs_folder
from ptft_gui.data.request import ShouldStop, never_stop

Record = dict[str, Any]


def library_records(
    home: Path | None = None, runs: Path | None = None, should_stop: ShouldStop = never_stop
) -> list[Record]:
    """The datasets of the library, the newest first, then the bundled ones; a damaged one says so in ``state``.

    Each record holds ``name title sentence kind task rows words language used_in state state_sentence origin licence
    is_bundled path added bytes``; ``state`` is unchanged, changed, missing or unreadable. Raises StoppedByPerson.
    """
    place = home or home_folder()
    named = datasets_of_runs(runs or runs_folder())
    stored = [
        dataset_record(dataset, count_uses(named, dataset), should_stop) for dataset in list_datasets(place)
    ]
    damaged = [_unreadable(name, place) for name in unreadable_names(place)]
    bundled = [_bundled(card, named[card.id]) for card in (*bundled_datasets(), *bundled_tables())]
    return [*stored, *damaged, *bundled]


def gallery_records() -> list[Record]:
    """The gallery of the hub; ``id`` is what :func:`ptft_gui.data.hub.download` takes."""
    return [{**asdict(card), "id": card.reference, "hub_id": card.id} for card in GALLERY]


def dataset_record(dataset: StoredDataset, used_in: int = 0, should_stop: ShouldStop = never_stop) -> Record:
    """One dataset of the library, its files looked at for change."""
    state = state_of(dataset, should_stop)
    facts = dataset.facts
    return {
        **_EMPTY,
        "name": dataset.name,
        "title": dataset.title,
        "sentence": _sentence(dataset),
        "kind": str(facts.get("kind", "text")),
        "task": dataset.request.task or str(facts.get("task", "")),
        "rows": int(facts.get("rows") or 0),
        "words": int(facts.get("words") or 0),
        "language": language_name(str(facts.get("language") or "")),
        "used_in": used_in,
        "state": state.kind,
        "state_sentence": state.sentence,
        "origin": _origin(dataset),
        "licence": dataset.origin.licence,
        "path": str(dataset.path),
        "added": dataset.added,
        "bytes": dataset.size_bytes,
        "notices": list(facts.get("notices", [])),
        "preparation": {
            key: dataset.preparation[key] for key in PREPARATION_KEYS if key in dataset.preparation
        },
    }


def language_name(code: str) -> str:
    """A language by name where it is one of the usual codes, else as it was given."""
    return _LANGUAGES.get(code, code)


_LANGUAGES = {
    "ar": "Arabic",
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "pt": "Portuguese",
    "ru": "Russian",
    "zh": "Chinese",
}


def _sentence(dataset: StoredDataset) -> str:
    form = ", ".join(part for part in (dataset.format_name, dataset.encoding) if part)
    return f"Read as {form}." if form else ""


def _origin(dataset: StoredDataset) -> str:
    origin = dataset.origin
    if origin.kind == "hub":
        return f"hub:{origin.source}" + (f":{origin.config}" if origin.config else "")
    return "copied from your file" if dataset.is_copy else "your file"


def _bundled(card: DatasetCard, used_in: int) -> Record:
    return {
        **_EMPTY,
        "name": card.id,
        "title": card.title,
        "sentence": card.sentence,
        "kind": "table" if card.task else "text",
        "task": card.task or PLAIN_TEXT,
        "rows": card.rows,
        "words": card.words,
        "documents": card.documents,
        "language": language_name(card.language),
        "used_in": used_in,
        "origin": "comes with the program",
        "licence": card.licence,
        "is_bundled": True,
        **_availability(card),
    }


def _availability(card: DatasetCard) -> Record:
    """Whether a bundled text is really there; one that travels inside another package may not be."""
    if card.task:
        from ptft_gui.data.bundled_tables import why_unavailable

        reason = why_unavailable(card)
        return {"state": "missing", "state_sentence": reason} if reason else {}
    from ptft_gui.data.bundled import bundled_ids, is_available

    can_be_used, reason = is_available(card.id) if card.id in bundled_ids() else (True, "")
    return {} if can_be_used else {"state": "missing", "state_sentence": reason}


def _unreadable(name: str, home: Path) -> Record:
    from ptft_gui.core.library import read_dataset

    try:
        return dataset_record(read_dataset(home, name))  # mended since it was listed
    except PtftError as problem:
        return {
            **_EMPTY,
            "name": name,
            "title": name,
            "state": "unreadable",
            "state_sentence": problem.as_sentence(),
        }


_EMPTY: Record = {
    "name": "",
    "title": "",
    "sentence": "",
    "kind": "text",
    "task": "",
    "rows": 0,
    "words": 0,
    "documents": 0,
    "language": "",
    "used_in": 0,
    "state": "unchanged",
    "state_sentence": "",
    "origin": "",
    "licence": "",
    "is_bundled": False,
    "path": "",
    "added": "",
    "bytes": 0,
    "notices": [],
}
