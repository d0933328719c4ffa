"""Adding a dataset to the library: read once, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.dataset_names import check_name, proposed_name
from ptft_gui.core.errors import DataError
from ptft_gui.core.fingerprints import FilePrint, print_file, unreadable
from ptft_gui.core.library import (
    FILES,
    Origin,
    StoredDataset,
    check_free,
    now_text,
)
from ptft_gui.core.paths import home_folder
from ptft_gui.data.library.checking import BytesWatch
from ptft_gui.data.library.facts import describe
from ptft_gui.data.library.files import files_of, roots_of
from ptft_gui.data.library.staging import check_space, not_stored, put_in_place, staged_folder
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress


def add_dataset(
    request: DataRequest,
    name: str | None = None,
    is_copy: bool = False,
    progress: Progress = no_progress,
    should_stop: ShouldStop = never_stop,
    home: Path | None = None,
) -> StoredDataset:
    """Put a file or folder into the library: by reference, or copied.

    Every file is read once, to its fingerprint; what it holds is found out with the choices of ``request``. Without a
    ``name`` one is made from the file's, with a number where it is taken. A text that cannot be read, a person's stop
    and a killed process leave nothing behind. Raises DataError, StoppedByPerson.
    """
    place = home or home_folder()
    asked = _with_whole_paths(request)
    title = Path(asked.dataset).name
    chosen = check_name(name) if name else proposed_name(Path(asked.dataset))
    if name:
        check_free(place, chosen)
    with staged_folder(place) as folder:
        before = _state_of_files(asked)
        found = describe(asked, progress, should_stop)
        taken = (
            _take_copy(asked, folder, progress, should_stop)
            if is_copy
            else _take(asked, progress, should_stop)
        )
        if _state_of_files(asked) != before:
            raise DataError(
                f"{title} was written to while it was read.",
                hint="Wait until the other program has finished with it, then try again.",
            )
        stored = StoredDataset(
            name=chosen,
            title=title,
            request=taken.request,
            is_copy=is_copy,
            format_name=found.format_name,
            encoding=found.encoding,
            preparation=found.preparation,
            facts=found.facts,
            fingerprints=taken.prints,
            added=now_text(),
            origin=Origin(kind="file", source=asked.dataset),
        )
        return put_in_place(place, folder, stored, is_name_given=bool(name))


@dataclass(frozen=True)
class _Taken:
    """The files of a request, read once: its paths, in the library where they were copied, and their fingerprints."""

    request: DataRequest
    prints: tuple[FilePrint, ...]


def _with_whole_paths(request: DataRequest) -> DataRequest:
    if not request.dataset.strip():
        raise DataError("No file is chosen yet.", hint="Choose a file or a folder.")
    paths = {
        key: str(Path(value).expanduser().absolute())
        for key in ("dataset", "val", "test")
        if (value := getattr(request, key))
    }
    return request.model_copy(update=paths)


def _state_of_files(request: DataRequest) -> dict[Path, tuple[int, int]]:
    """Size and time of every file of a request; DataError for one that is missing."""
    files = [file for root in roots_of(request).values() for file in files_of(root)]
    try:
        return {file: ((found := file.stat()).st_size, found.st_mtime_ns) for file in files}
    except OSError as problem:
        raise unreadable(Path(problem.filename or request.dataset), problem) from problem


def _take(request: DataRequest, progress: Progress, should_stop: ShouldStop) -> _Taken:
    files = [file for root in roots_of(request).values() for file in files_of(root)]
    watch = BytesWatch(f"Reading {Path(request.dataset).name}", _size(files), progress)
    return _Taken(request, tuple(print_file(file, watch, should_stop) for file in files))


def _take_copy(request: DataRequest, folder: Path, progress: Progress, should_stop: ShouldStop) -> _Taken:
    """Copy all files to ``files/``, those held out to ``files-val/`` and ``files-test/`` beside it."""
    found = {key: (root, files_of(root)) for key, root in roots_of(request).items()}
    total = _size([file for _, files in found.values() for file in files])
    title = Path(request.dataset).name
    check_space(folder, title, total)
    watch = BytesWatch(f"Copying {title}", total, progress)
    prints: list[FilePrint] = []
    places: dict[str, str] = {}
    try:
        for key, (root, files) in found.items():
            base = folder / (FILES if key == "dataset" else f"{FILES}-{key}") / root.name
            places[key] = str(base)
            for file in files:
                target = base / file.relative_to(root) if root.is_dir() else base
                prints.append(print_file(file, watch, should_stop, copy_to=target))
    except OSError as problem:
        raise not_stored(title, problem) from problem
    return _Taken(request.model_copy(update=places), tuple(prints))


def _size(files: list[Path]) -> int:
    try:
        return sum(file.stat().st_size for file in files)
    except OSError as problem:
        raise unreadable(Path(problem.filename or files[0]), problem) from problem
