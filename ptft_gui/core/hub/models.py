"""Models of the Hugging Face hub on this computer: each in a folder of its own, whole, of one exact state.

``HOME/models/<owner>--<name>--<state>/`` holds the model as other programs read it, and ``hub.json``, which says where
it came from. A run names it ``hub:OWNER/NAME@STATE``, so that it means the same everywhere and for ever.
"""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ptft_gui.core.errors import DataError
from ptft_gui.core.hub.names import HubName, parse_hub_model

HUB_FILE = "hub.json"
_MOST_BYTES = 1 << 20


@dataclass(frozen=True)
class HubModel:
    """A model that was fetched. ``revision``: its exact state; ``languages`` as its page calls them, codes mostly;
    ``added``: when, in UTC."""

    id: str
    revision: str
    folder: Path
    licence: str = ""
    languages: tuple[str, ...] = ()
    size_bytes: int = 0
    added: str = ""

    @property
    def reference(self) -> str:
        """How a run and the command line name it."""
        return str(HubName(self.id, revision=self.revision, kind="model"))

    @property
    def title(self) -> str:
        return self.id.rpartition("/")[2]


def models_folder(home: Path) -> Path:
    return home / "models"


def folder_of(home: Path, model_id: str, revision: str) -> Path:
    """Where that state of a model lies, or would."""
    return models_folder(home) / f"{model_id.replace('/', '--')}--{revision[:12]}"


def list_models(home: Path) -> list[HubModel]:
    """What was fetched, the newest first; a folder that does not say what it is, is none."""
    found = [_read(card.parent) for card in models_folder(home).glob(f"[!.]*/{HUB_FILE}")]
    return sorted((model for model in found if model is not None), key=lambda m: m.added, reverse=True)


def find_model(home: Path, name: HubName) -> HubModel | None:
    """The fetched model of that name: of the state that is named, else the newest fetched."""
    for model in list_models(home):
        is_state = name.is_exact and model.revision.startswith(name.revision)
        if model.id.lower() == name.id.lower() and (is_state or not name.revision):
            return model
    return None


def get_model(home: Path, reference: str) -> HubModel:
    """The fetched model behind ``hub:OWNER/NAME@STATE``. Raises :class:`DataError` when it is not here."""
    name = parse_hub_model(reference)
    found = find_model(home, name)
    if found is None:
        raise DataError(
            f'"{name.short}" is not on this computer.',
            f"It is {name}, a model of the network.",
            f"Fetch it: ptft-gui data download --model {name}, or choose From the network under Start from.",
        )
    return found


def write_hub_file(folder: Path, model: HubModel) -> None:
    """Say in a model's folder where it came from. Raises :class:`OSError`."""
    record = {key: value for key, value in asdict(model).items() if key != "folder"}
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    (folder / HUB_FILE).write_text(text, encoding="utf-8")


def remove_model(home: Path, name: HubName) -> HubModel:
    """Delete a fetched model. Raises :class:`DataError` when it is not here or cannot be deleted."""
    found = get_model(home, str(name))
    hidden = found.folder.with_name(f".removed-{uuid.uuid4().hex[:12]}")
    try:
        found.folder.rename(hidden)
        shutil.rmtree(hidden)
    except OSError as problem:
        raise DataError(
            f"{found.title} cannot be deleted.", f"{problem.strerror or problem}: {found.folder}."
        ) from problem
    return found


def _read(folder: Path) -> HubModel | None:
    try:
        card = folder / HUB_FILE
        record = json.loads(card.read_text(encoding="utf-8")) if card.stat().st_size < _MOST_BYTES else None
        return _model_of(folder, record)
    except (OSError, ValueError, RecursionError, TypeError):
        return None


def _model_of(folder: Path, record: Any) -> HubModel | None:
    if not isinstance(record, dict) or not all(
        isinstance(record.get(key), str) for key in ("id", "revision")
    ):
        return None
    known = {field.name for field in fields(HubModel)} - {"folder", "languages"}
    languages = tuple(str(language) for language in record.get("languages") or ())
    return HubModel(folder=folder, languages=languages, **{key: record[key] for key in known & set(record)})
