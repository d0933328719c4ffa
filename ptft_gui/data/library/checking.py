"""Whether the files of a dataset are still those that were added, or those that a run was trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ptft_gui.core.data_request import DataRequest
from ptft_gui.core.fingerprints import FilePrint, differences, in_words, print_file
from ptft_gui.core.library import DatasetState, get_dataset, state_of
from ptft_gui.core.paths import home_folder
from ptft_gui.data.library.files import files_of, roots_of
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress


def check_dataset(name: str, home: Path | None = None, should_stop: ShouldStop = never_stop) -> DatasetState:
    """Whether a dataset of the library is unchanged, changed or missing. Raises DataError, StoppedByPerson."""
    return state_of(get_dataset(home or home_folder(), name), should_stop)


def fingerprints_of(
    request: DataRequest, progress: Progress = no_progress, should_stop: ShouldStop = never_stop
) -> list[dict[str, Any]]:
    """The fingerprint of every file that a request names, as plain data for a run's record; none for a bundled text.

    Raises DataError, StoppedByPerson.
    """
    files = [file for root in roots_of(request).values() for file in files_of(root)]
    watch = BytesWatch("Reading", sum(file.stat().st_size for file in files), progress)
    return [print_file(file, watch, should_stop).model_dump() for file in files]


def has_changed(fingerprints: Iterable[Mapping[str, Any] | FilePrint]) -> str | None:
    """One sentence when files are no longer those a run was trained on, else None."""
    prints = [
        one if isinstance(one, FilePrint) else FilePrint.model_validate(dict(one)) for one in fingerprints
    ]
    found = differences(prints)
    return f"Since this run was trained, {in_words(found)}." if found else None


class BytesWatch:
    """Turns bytes that were read into progress."""

    def __init__(self, text: str, total: int, progress: Progress) -> None:
        self._text, self._total, self._progress = text, total, progress
        self._done = 0

    def __call__(self, count: int) -> None:
        self._done += count
        self._progress(self._text, min(1.0, self._done / self._total) if self._total else None)
