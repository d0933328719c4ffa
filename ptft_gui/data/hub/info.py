"""What a dataset of the hub holds and weighs, asked before anything is downloaded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from ptft_gui.core.errors import DataError
from ptft_gui.core.hub.gallery import gallery_card
from ptft_gui.core.hub.names import HubName, parse_hub_id
from ptft_gui.data.hub.connection import TIMEOUT_S, Hub, connect, told_in_words
from ptft_gui.data.hub.described import HubColumn, columns_of, described, rows_of
from ptft_gui.data.hub.repository import HubFile, files_of, texts_of

PARQUET_EXPORT = "refs/convert/parquet"
"""The branch where the hub keeps every public dataset as parquet files, ``<config>/<split>/0000.parquet``."""
_SHARD = re.compile(r"(.+?)(?:[-_.]?\d{4,5}(?:-of-\d+)?)?(?:-[0-9a-f]{16})?\.parquet")


@dataclass(frozen=True)
class HubPart:
    """A split: ``rows`` is None where the hub does not tell."""

    name: str
    files: tuple[HubFile, ...]
    rows: int | None = None

    @property
    def size_bytes(self) -> int:
        return sum(file.size for file in self.files)


@dataclass(frozen=True)
class HubInfo:
    """A dataset of the hub. ``revision`` is the exact state that ``parts`` belong to."""

    id: str
    title: str
    licence: str
    languages: tuple[str, ...]
    configs: tuple[str, ...]
    config: str
    revision: str
    parts: tuple[HubPart, ...] = ()
    columns: tuple[HubColumn, ...] = ()
    notices: tuple[str, ...] = field(default=())

    @property
    def size_bytes(self) -> int:
        return sum(part.size_bytes for part in self.parts)

    def as_dict(self) -> dict[str, Any]:
        """The same as plain data."""
        parts = [
            {"name": part.name, "rows": part.rows, "bytes": part.size_bytes, "files": len(part.files)}
            for part in self.parts
        ]
        return {
            **{key: value for key, value in asdict(self).items() if key != "parts"},
            "parts": parts,
            "bytes": self.size_bytes,
        }


def hub_info(wanted: str, config: str = "") -> HubInfo:
    """Size, licence, splits and columns of ``hub:ID`` or ``hub:ID:CONFIG``; nothing of it is downloaded.

    Where a dataset has several configurations and none is named, ``config`` and ``parts`` stay empty. Raises DataError.
    """
    name = parse_hub_id(wanted, config)
    hub = connect()
    known = gallery_card(name.id)
    with told_in_words(name, hub, known.size_bytes if known else None):
        card = hub.api().dataset_info(name.id, timeout=TIMEOUT_S)
        tree, revision = _parquet_files(hub, name)
    configs = _by_config(tree)
    if not configs:
        raise DataError(
            f'"{name.id}" cannot be used here.',
            "The hub has no parquet files of it; it would need a program of its own to be read, and none is run.",
            f"Download a file of it by hand at {hub.page_of(name)}, or choose another dataset.",
        )
    chosen = _chosen_config(name, configs)
    data = dict(card.card_data.to_dict()) if card.card_data else {}
    told = described(data, chosen)
    return HubInfo(
        id=str(card.id),
        title=str(data.get("pretty_name") or (known.title if known else card.id)),
        licence=texts_of(data.get("license") or data.get("licence"), card.tags, "license:"),
        languages=tuple(texts_of(data.get("language"), card.tags, "language:").split(", "))[:20],
        configs=tuple(configs),
        config=chosen,
        revision=revision,
        parts=_parts(configs[chosen], rows_of(told)) if chosen else (),
        columns=columns_of(told),
        notices=tuple(_notices(chosen, configs)),
    )


def _parquet_files(hub: Hub, name: HubName) -> tuple[list[HubFile], str]:
    """The parquet files of the hub's own export, else those that its owner put there, and their exact revision."""
    from huggingface_hub.errors import RevisionNotFoundError

    try:
        export = hub.api().dataset_info(
            name.id, revision=PARQUET_EXPORT, files_metadata=True, timeout=TIMEOUT_S
        )
        found = _parquet(export)
        if found:
            return found, str(export.sha)
    except RevisionNotFoundError:
        pass
    own = hub.api().dataset_info(name.id, files_metadata=True, timeout=TIMEOUT_S)
    return _parquet(own), str(own.sha)


def _parquet(repository: Any) -> list[HubFile]:
    return [file for file in files_of(repository) if file.path.endswith(".parquet")]


Splits = dict[str, list[HubFile]]


def _by_config(files: Iterable[HubFile]) -> dict[str, Splits]:
    """Configuration -> split -> files, from ``mrpc/train/0000.parquet`` or ``data/train-00000-of-00001.parquet``."""
    found: dict[str, Splits] = {}
    for file in files:
        *folders, last = file.path.split("/")
        shard = _SHARD.fullmatch(last)
        is_export = len(folders) >= 2 and last.removesuffix(".parquet").isdigit()
        split = folders[-1] if is_export else (shard.group(1) if shard else last)
        parents = [part for part in (folders[:-1] if is_export else folders) if part != "data"]
        config = parents[0] if parents else "default"
        found.setdefault(config, {}).setdefault(split.removeprefix("partial-"), []).append(file)
    return found


def _chosen_config(name: HubName, configs: Mapping[str, Any]) -> str:
    """The configuration that is meant: the one named, the one the gallery means, the only one, or ``default``."""
    known = gallery_card(name.id)
    wanted = name.config or (known.config if known and known.config in configs else "")
    if wanted in configs:
        return wanted
    is_renamed = known is not None and known.config == wanted  # by its owner, since the gallery was written
    if len(configs) == 1 and (not wanted or is_renamed):
        return next(iter(configs))
    if wanted:
        raise DataError(
            f'"{name.id}" has no configuration "{wanted}".',
            f"It has {', '.join(list(configs)[:12])}.",
            f"Write for example hub:{name.id}:{next(iter(configs))}.",
        )
    return "default" if "default" in configs else ""


def _parts(splits: Splits, rows: Mapping[str, int]) -> tuple[HubPart, ...]:
    order = {"train": 0, "validation": 1, "test": 2}
    parts = [HubPart(name, tuple(files), rows.get(name)) for name, files in splits.items()]
    return tuple(sorted(parts, key=lambda part: order.get(part.name, 9)))


def _notices(chosen: str, configs: Mapping[str, Splits]) -> Iterable[str]:
    if not chosen:
        yield f"It holds {len(configs):,} sets; choose one: {', '.join(list(configs)[:12])}."
    elif any("/partial-" in file.path for files in configs[chosen].values() for file in files):
        yield "It is very large; the hub offers only its beginning in this form."
    if chosen and len(configs) > 1:
        others = [config for config in configs if config != chosen]
        yield f"This is its set {chosen}; it also holds {', '.join(others[:12])}."
