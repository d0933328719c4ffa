"""Fetching a dataset of the hub into the library: whole or not at all, and never twice the same bytes."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.dataset_names import check_name, proposed_name
from ptft_gui.core.errors import DataError, StoppedByPerson
from ptft_gui.core.fingerprints import files_under, print_file
from ptft_gui.core.library import (
    FILES,
    Origin,
    StoredDataset,
    check_free,
    datasets_folder,
    library_lock,
    now_text,
    write_dataset,
)
from ptft_gui.core.locks import lock_holder, try_lock
from ptft_gui.core.paths import home_folder
from ptft_gui.core.wording import bytes_text
from ptft_gui.data.hub.assembling import assemble
from ptft_gui.data.hub.connection import Hub, connect, told_in_words
from ptft_gui.data.hub.fetching import fetch
from ptft_gui.data.hub.info import HubInfo, HubPart, hub_info
from ptft_gui.data.hub.names import HubName
from ptft_gui.data.library.facts import Described, describe
from ptft_gui.data.library.staging import check_space, not_stored, put_in_place, staged_folder
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress

_PREFIX = ".download-"
_GIVEN_UP_DAYS = 14
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
    with _kept_folder(place, info) as kept:
        size = sum(part.size_bytes for part in parts.values())
        check_space(kept, f'"{asked.id}"', 2 * size - sum(file.stat().st_size for file in kept.iterdir()))
        _fetch_all(connect(), asked, info, parts, kept, progress, should_stop)
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


@contextmanager
def _kept_folder(home: Path, info: HubInfo) -> Iterator[Path]:
    """Where the files of this very state of the dataset are gathered; it outlives a broken download.

    Raises DataError when another process is fetching the same.
    """
    slug = re.sub(r"[^A-Za-z0-9]+", "-", f"{info.id}-{info.config}")[:120]
    folder = datasets_folder(home) / f"{_PREFIX}{slug}-{info.revision[:12]}"
    with library_lock(home):
        life = try_lock(folder.with_suffix(".lock"))
        if life is None:
            raise DataError(
                f'"{info.id}" is being downloaded already.', hint="Wait for the other download to end."
            )
        try:
            for earlier in datasets_folder(home).glob(f"{_PREFIX}*/"):
                if earlier != folder and _is_useless(earlier, slug):
                    shutil.rmtree(earlier, ignore_errors=True)
                    earlier.with_suffix(".lock").unlink(missing_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as problem:
            life.release()
            raise not_stored(info.title, problem) from problem
    try:
        yield folder
    finally:
        with library_lock(home):  # nobody may take the lock between its release and its end
            life.release()
            if not folder.exists():
                folder.with_suffix(".lock").unlink(missing_ok=True)


def _is_useless(earlier: Path, slug: str) -> bool:
    """Whether a half fetched dataset is of no use: the hub gives out another state of it now, or it was given up."""
    if lock_holder(earlier.with_suffix(".lock")) is not None:
        return False
    is_other_state = earlier.name.rpartition("-")[0] == f"{_PREFIX}{slug}"
    return is_other_state or time.time() - earlier.stat().st_mtime > _GIVEN_UP_DAYS * 86_400


def _fetch_all(
    hub: Hub,
    asked: HubName,
    info: HubInfo,
    parts: dict[str, HubPart],
    kept: Path,
    progress: Progress,
    should_stop: ShouldStop,
) -> None:
    from huggingface_hub import hf_hub_url

    size = sum(part.size_bytes for part in parts.values())
    done = 0

    def on_bytes(count: int) -> None:
        nonlocal done
        done += count
        told = f"Downloading {asked.id}: {bytes_text(done)} of {bytes_text(size)}"
        progress(told, min(1.0, done / size) if size else None)

    with told_in_words(asked, hub, size):
        for key, part in parts.items():
            for number, file in enumerate(part.files):
                url = hf_hub_url(
                    asked.id, file.path, repo_type="dataset", revision=info.revision, endpoint=hub.endpoint
                )
                fetch(hub, url, file, kept / f"{key}-{number:04}.parquet", on_bytes, should_stop)


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
