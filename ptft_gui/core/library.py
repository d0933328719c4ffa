"""The library of datasets: what a person brought once and may use again under a name.

``HOME/datasets/<name>/dataset.json`` holds all that is known of one: how it is asked for, what it holds, where it came
from, and the fingerprint of every file. The texts stay where they are (a reference) or lie in ``files/`` beside it (a
copy); a file outside the library is never touched. Inside ``dataset.json`` the paths of a copy are relative, so that
a home may be moved.
"""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from ptft_gui.core.atomic import sync_folder, write_text_atomically
from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.dataset_names import check_name
from ptft_gui.core.errors import DataError
from ptft_gui.core.family.options import unknown_name_problem
from ptft_gui.core.fingerprints import FilePrint, ShouldStop, differences, in_words, never_stop
from ptft_gui.core.locks import short_lock
from ptft_gui.core.rundir import LIVE_STATES, list_runs

FORMAT_VERSION = 1
FILES = "files"
CARD = "dataset.json"
TRASH = ".trash"
TRASH_DAYS = 7
_threads = threading.RLock()


class Origin(BaseModel):
    """Where a dataset came from. ``source``: a path, the id of a bundled dataset, or an id on the hub."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Literal["file", "bundled", "hub"] = "file"
    source: str = ""
    config: str = ""
    revision: str = ""
    licence: str = ""


class StoredDataset(BaseModel):
    """One dataset of the library.

    ``request`` is the whole request for it, its paths absolute. ``facts`` is what was found out when it was added, as
    far as it is known: ``rows words documents bytes language`` and more. ``former_names`` are those it had before it
    was renamed; runs still find it under them.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    format_version: int = FORMAT_VERSION
    name: str
    title: str
    request: DataRequest
    is_copy: bool = False
    format_name: str = ""
    encoding: str = ""
    preparation: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    fingerprints: tuple[FilePrint, ...] = ()
    added: str = ""
    origin: Origin = Origin()
    former_names: tuple[str, ...] = ()

    @property
    def path(self) -> Path:
        """The file or folder that is read."""
        return Path(self.request.dataset)

    @property
    def size_bytes(self) -> int:
        return sum(file.size for file in self.fingerprints)


@dataclass(frozen=True)
class DatasetState:
    """Whether the files of a dataset are as they were when it was added, and what is different in words."""

    kind: Literal["unchanged", "changed", "missing"]
    sentence: str = ""


def datasets_folder(home: Path) -> Path:
    return home / "datasets"


@contextmanager
def library_lock(home: Path) -> Iterator[None]:
    """Hold the library for a moment, against other processes and threads. Raises DataError where it is read-only."""
    folder = datasets_folder(home)
    with _threads:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = short_lock(folder / ".lock")
            lock.__enter__()
        except OSError as problem:
            raise _unwritable(folder, problem) from problem
        try:
            yield
        finally:
            lock.__exit__(None, None, None)


def now_text() -> str:
    """This moment as it stands in ``dataset.json``."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def free_name(home: Path, wanted: str) -> str:
    """``wanted``, or with a number behind it where the name is taken."""
    taken = {name.casefold() for name in _names(home)}
    names = (wanted if number == 1 else f"{wanted}-{number}" for number in range(1, 10_000))
    return next(name for name in names if name.casefold() not in taken)


def _names(home: Path) -> list[str]:
    folder = datasets_folder(home)
    try:
        return sorted(p.name for p in folder.iterdir() if not p.name.startswith(".") and p.is_dir())
    except OSError:
        return []


def check_free(home: Path, name: str) -> None:
    """Raise DataError where a dataset of this name is there; large and small letters count as the same."""
    if name.casefold() in {known.casefold() for known in _names(home)}:
        raise DataError(
            f'There is a dataset named "{name}" already.',
            hint="Choose another name, or remove that one first.",
        )


def list_datasets(home: Path) -> list[StoredDataset]:
    """All datasets of the library, the newest first; those that cannot be read are left to :func:`unreadable_names`."""
    found = []
    for name in _names(home):
        try:
            found.append(read_dataset(home, name))
        except DataError:
            continue
    return sorted(found, key=lambda dataset: dataset.added, reverse=True)


def unreadable_names(home: Path) -> list[str]:
    """The folders of the library whose ``dataset.json`` is missing or damaged."""
    readable = {dataset.name for dataset in list_datasets(home)}
    return [name for name in _names(home) if name not in readable]


def find_dataset(home: Path, name: str) -> StoredDataset | None:
    """The dataset of this name, else the one that had it before it was renamed, else None.

    Raises DataError where it is there and cannot be read.
    """
    wanted = unicodedata.normalize("NFC", name).strip()
    if wanted in _names(home):
        return read_dataset(home, wanted)
    return next((known for known in list_datasets(home) if wanted in known.former_names), None)


def get_dataset(home: Path, name: str) -> StoredDataset:
    """The dataset of this name; raises DataError with the closest names."""
    found = find_dataset(home, name)
    if found is None:
        if not (names := _names(home)):
            raise DataError(
                f'There is no dataset "{name}" in the library.',
                hint="The library is empty; add a file first.",
            )
        problem = unknown_name_problem("dataset in the library", name, names)
        raise DataError(problem.message, problem.detail, problem.hint)
    return found


def read_dataset(home: Path, name: str) -> StoredDataset:
    """The dataset in the folder of this name; raises DataError."""
    folder = datasets_folder(home) / name
    try:
        record = json.loads((folder / CARD).read_text(encoding="utf-8"))
        if not isinstance(record, dict):
            raise ValueError("it holds a list or a single value")
        if int(record.get("format_version", FORMAT_VERSION)) > FORMAT_VERSION:
            raise DataError(
                f"The dataset {name} was stored by a newer ptft-gui.",
                hint="Update this program and try again.",
            )
        stored = StoredDataset.model_validate(record)
    except OSError as problem:
        reason = f"{folder / CARD}: {problem.strerror or problem}."
        raise DataError(f"The dataset {name} cannot be read.", reason, _ADD_AGAIN) from problem
    except (ValueError, ValidationError, TypeError) as problem:
        reason = f"{folder / CARD} is damaged."
        raise DataError(f"The dataset {name} cannot be read.", reason, _ADD_AGAIN) from problem
    return _with_paths(stored.model_copy(update={"name": name}), lambda path: _absolute(folder, path))


_ADD_AGAIN = "Remove it from the library and add its file again."


def write_dataset(home: Path, dataset: StoredDataset) -> None:
    """Store all that is known of a dataset, in one step; its folder is made where it is missing. Raises DataError."""
    folder = datasets_folder(home) / check_name(dataset.name)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_card(folder, dataset)
    except OSError as problem:
        raise _unwritable(folder, problem) from problem


def write_card(folder: Path, dataset: StoredDataset) -> None:
    """Write ``dataset.json`` into ``folder``, the paths below it relative. Raises :class:`OSError`."""
    plain = _with_paths(dataset, lambda path: _relative(folder, path)).model_dump(mode="json")
    text = json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False) + "\n"
    write_text_atomically(folder / CARD, text)


def _with_paths(dataset: StoredDataset, change: Any) -> StoredDataset:
    request = dataset.request
    paths = {key: change(value) for key in ("dataset", "val", "test") if (value := getattr(request, key))}
    prints = tuple(file.model_copy(update={"path": change(file.path)}) for file in dataset.fingerprints)
    return dataset.model_copy(update={"request": request.model_copy(update=paths), "fingerprints": prints})


def _absolute(folder: Path, path: str) -> str:
    return path if os.path.isabs(path) else str(folder.absolute() / path)


def _relative(folder: Path, path: str) -> str:
    base = folder.absolute()
    return Path(path).relative_to(base).as_posix() if Path(path).is_relative_to(base) else path


def rename(home: Path, old: str, new: str) -> StoredDataset:
    """Give a dataset another name; runs that used it find it under the old one too. Raises DataError."""
    name = check_name(new)
    with library_lock(home):
        stored = get_dataset(home, old)
        if name == stored.name:
            return stored
        if name.casefold() != stored.name.casefold():
            check_free(home, name)
        folder = datasets_folder(home) / stored.name
        former = tuple(dict.fromkeys((*stored.former_names, stored.name)))
        try:
            write_card(folder, stored.model_copy(update={"former_names": former, "name": name}))
            folder.rename(folder.with_name(name))
            sync_folder(folder.parent)
        except OSError as problem:
            raise _unwritable(folder, problem) from problem
        return read_dataset(home, name)


def remove(home: Path, name: str, runs: Path | None = None) -> Path:
    """Move a dataset to the trash, a copy with its files; returns where it lies now. A reference's file is not touched.

    :func:`restore` brings it back for seven days. Raises DataError, also for a copy that a run of the folder ``runs``
    is training on.
    """
    with library_lock(home):
        _refuse_in_use(home, name, runs)
        folder = datasets_folder(home) / (name if name in _names(home) else get_dataset(home, name).name)
        target = datasets_folder(home) / TRASH / f"{folder.name}~{time.time_ns() // 1_000_000}"
        try:
            target.parent.mkdir(mode=0o700, exist_ok=True)
            folder.rename(target)
            sync_folder(folder.parent)
        except OSError as problem:
            raise _unwritable(folder, problem) from problem
    empty_trash(home)
    return target


def _refuse_in_use(home: Path, name: str, runs: Path | None) -> None:
    try:
        stored = find_dataset(home, name)
    except DataError:  # a damaged one may always go
        return
    if stored is None or runs is None or not stored.is_copy:
        return
    names = {stored.name, *stored.former_names, stored.request.dataset}
    for run in list_runs(runs):
        if _dataset_of(run.spec_file) in names and run.state() in LIVE_STATES:
            raise DataError(
                f'The dataset "{stored.name}" is in use.',
                f'The run "{run.title()}" is training on it.',
                "Stop the run first, or wait until it has ended.",
            )


def restore(home: Path, trashed: Path) -> StoredDataset:
    """Undo :func:`remove`; raises DataError where the name has been taken since."""
    name = trashed.name.rpartition("~")[0]
    with library_lock(home):
        check_free(home, name)
        try:
            trashed.rename(datasets_folder(home) / name)
            sync_folder(datasets_folder(home))
        except OSError as problem:
            raise DataError(
                f'The dataset "{name}" cannot be brought back.',
                f"{problem.strerror or problem}.",
                "Add its file again.",
            ) from problem
        return read_dataset(home, name)


def list_trash(home: Path) -> list[Path]:
    """What was removed and can be brought back, the latest first."""
    trash = datasets_folder(home) / TRASH
    try:
        found = [path for path in trash.iterdir() if path.name.rpartition("~")[2].isdigit()]
    except OSError:
        return []
    return sorted(found, key=_removed_at, reverse=True)


def _removed_at(trashed: Path) -> float:
    return int(trashed.name.rpartition("~")[2]) / 1000


def empty_trash(home: Path, older_than_days: float = TRASH_DAYS) -> None:
    """Delete for good what has been in the trash for longer than that."""
    limit = time.time() - older_than_days * 86_400
    for path in list_trash(home):
        if _removed_at(path) < limit:
            shutil.rmtree(path, ignore_errors=True)


def used_in(runs: Path, dataset: StoredDataset) -> int:
    """In how many runs of the folder this dataset was used: their spec names it, or the file it refers to."""
    return count_uses(datasets_of_runs(runs), dataset)


def datasets_of_runs(runs: Path) -> Counter[str]:
    """What the runs of a folder were trained on, as their specs name it, and how many runs each."""
    named = (_dataset_of(run.spec_file) for run in list_runs(runs))
    return Counter(name for name in named if name)


def count_uses(named: Counter[str], dataset: StoredDataset) -> int:
    """How many of the runs that :func:`datasets_of_runs` counted used this dataset."""
    names = {dataset.name, *dataset.former_names, dataset.request.dataset}
    return sum(named[name] for name in names)


def _dataset_of(spec_file: Path) -> str | None:
    try:
        return str(json.loads(spec_file.read_text(encoding="utf-8"))["data"]["dataset"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def state_of(dataset: StoredDataset, should_stop: ShouldStop = never_stop) -> DatasetState:
    """Whether the files are as they were: by size and time, read again only where those differ.

    Raises StoppedByPerson.
    """
    root = None if dataset.origin.kind == "hub" else dataset.path
    found = differences(dataset.fingerprints, root, should_stop)
    if not found:
        return DatasetState("unchanged")
    gone = [one for one in found if one.kind == "missing"]
    if len(gone) == len(dataset.fingerprints) or not dataset.path.exists():
        return DatasetState("missing", f"{dataset.path.name} is no longer where it was ({dataset.path}).")
    return DatasetState("changed", f"Since it was added, {in_words(found)}.")


def _unwritable(folder: Path, problem: OSError) -> DataError:
    return DataError(
        f"The library of datasets cannot be changed at {folder}.",
        f"{problem.strerror or problem}.",
        "Free some space there, or choose another home for the program (PTFT_HOME).",
    )
