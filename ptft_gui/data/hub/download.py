"""Fetching a dataset of the hub into the library: whole or not at all, and never twice the same bytes."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.dataset_names import check_name, proposed_name
from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.fingerprints import files_under, print_file
from ptft_gui.core.hub.names import HubName
from ptft_gui.core.library import (
    FILES,
    Origin,
    StoredDataset,
    check_free,
    datasets_folder,
    now_text,
    write_dataset,
)
from ptft_gui.core.paths import home_folder
from ptft_gui.core.wording import bytes_text
from ptft_gui.data.hub.assembling import assemble
from ptft_gui.data.hub.connection import connect
from ptft_gui.data.hub.info import HubInfo, HubPart, hub_info
from ptft_gui.data.hub.keeping import fetch_all, kept_folder
from ptft_gui.data.hub.repository import HubFile
from ptft_gui.data.library.facts import Described, describe
from ptft_gui.data.library.staging import check_space, not_stored, put_in_place, staged_folder
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress

_KNOWN = {"train": ("train",), "validation": ("validation", "valid", "val", "dev"), "test": ("test",)}


def download(
    wanted: str,
    config: str = "",
    name: str | None = None,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
    home: Path | None = None,
) -> StoredDataset:
    """Fetch ``hub:ID`` or ``hub:ID:CONFIG`` into ``HOME/datasets/<name>/files/<ID>/``, one parquet file a split.

    What a broken or stopped download had fetched is kept, and the next call goes on from there. Raises DataError,
    StoppedByPerson.
    """
    place = home or home_folder()
    progress("Asking the hub", None)
    info = hub_info(wanted, config)
    asked = HubName(info.id, info.config)
    if not info.config:
        raise DataError(
            f'"{info.id}" holds {len(info.configs):,} sets.',
            f"{', '.join(info.configs[:12])}.",
            f"Choose one, for example hub:{info.id}:{info.configs[0]}.",
        )
    chosen = check_name(name) if name else _proposed_name(info)
    if name:
        check_free(place, chosen)
    parts, left_out = choose_parts(info.parts)
    with kept_folder(
        place, datasets_folder(place), f"{info.id}-{info.config}", info.revision, info.id
    ) as kept:
        size = sum(part.size_bytes for part in parts.values())
        check_space(kept, f'"{asked.id}"', 2 * size - sum(file.stat().st_size for file in kept.iterdir()))
        fetch_all(connect(), asked, info.revision, _places(parts, kept), progress, should_stop)
        stored = _store(place, info, chosen, bool(name), parts, left_out, kept, progress, should_stop)
        shutil.rmtree(kept, ignore_errors=True)
    return _with_facts(place, stored, progress, should_stop)


def choose_parts(parts: Sequence[HubPart]) -> tuple[dict[str, HubPart], list[str]]:
    """Which splits become train, validation and test, and a sentence for each that is left out.

    A split named exactly so comes first, then one whose name begins so (``validation_matched``); without a train
    split the largest one is trained on.
    """
    chosen: dict[str, HubPart] = {}
    for key, names in _KNOWN.items():
        exact = [part for part in parts if part.name.lower() in names]
        close = [part for part in parts if part.name.lower().startswith(names)]
        if exact or close:
            chosen[key] = (exact or close)[0]
    if "train" not in chosen:
        largest = max(parts, key=lambda part: part.size_bytes)
        chosen = {"train": largest, **{key: part for key, part in chosen.items() if part is not largest}}
    taken = {part.name for part in chosen.values()}
    left = [part for part in parts if part.name not in taken]
    return chosen, [f'The part "{part.name}" ({bytes_text(part.size_bytes)}) was left out.' for part in left]


def _proposed_name(info: HubInfo) -> str:
    short = info.id.rpartition("/")[2]
    is_telling = len(info.configs) > 1 and info.config != "default"
    return proposed_name(Path(f"{short}-{info.config}" if is_telling else short))


def _places(parts: dict[str, HubPart], kept: Path) -> list[tuple[HubFile, Path]]:
    return [
        (file, kept / f"{key}-{number:04}.parquet")
        for key, part in parts.items()
        for number, file in enumerate(part.files)
    ]


def _with_facts(
    home: Path, stored: StoredDataset, progress: Progress, should_stop: ShouldStop
) -> StoredDataset:
    """The same with what it holds; one that cannot be looked into is kept as it is, for it was fetched at a price."""
    try:
        found = describe(stored.request, progress, should_stop)
    except StoppedByPerson:
        return stored
    except DataError as problem:
        found = Described("parquet", facts={"notices": [problem.message]})
    notices = [*found.facts.get("notices", []), *stored.facts["notices"]]
    known = stored.model_copy(
        update={
            "format_name": found.format_name,
            "encoding": found.encoding,
            "facts": {**stored.facts, **found.facts, "notices": notices},
        }
    )
    write_dataset(home, known)
    return known


def _store(
    home: Path,
    info: HubInfo,
    name: str,
    is_name_given: bool,
    parts: dict[str, HubPart],
    left_out: list[str],
    kept: Path,
    progress: Progress,
    should_stop: ShouldStop,
) -> StoredDataset:
    with staged_folder(home) as folder:
        files = folder / FILES / proposed_name(Path(info.id.rpartition("/")[2]))  # what readers call it
        rows: dict[str, int] = {}
        try:
            files.mkdir(parents=True)
            for key in parts:
                progress(f"Putting {key} together", None)
                sources = sorted(kept.glob(f"{key}-*.parquet"))
                rows[key] = assemble(sources, files / f"{key}.parquet", lambda _rows: None, should_stop)
        except OSError as problem:
            raise not_stored(info.title, problem) from problem
        stored = StoredDataset(
            name=name,
            title=info.title,
            request=DataRequest(dataset=str(files)),
            is_copy=True,
            facts={
                "kind": "table",
                "rows": sum(rows.values()),
                "rows_of_parts": rows,
                "language": ", ".join(info.languages),
                "notices": [*info.notices, *left_out],
            },
            fingerprints=tuple(print_file(file, should_stop=should_stop) for file in files_under(files)),
            added=now_text(),
            origin=Origin(
                kind="hub",
                source=info.id,
                config=info.config,
                revision=info.revision,
                licence=info.licence,
            ),
        )
        return put_in_place(home, folder, stored, is_name_given)
