"""A recorded run: an ordinary run folder that is played again, and the tape that gives its events by their time.

``recording.json`` beside ``spec.json`` and ``events.jsonl`` names every file with its size and checksum; there are the
snapshots and the small ``model/``, but no checkpoints. A recording is read as it is and never written to. Any ended
run can be played the same way; only what is to travel is saved as a recording.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ptft_gui.core.errors import PtftError
from ptft_gui.core.eventlog import EventReader
from ptft_gui.core.events import FINAL_EVENTS, AnyEvent
from ptft_gui.core.rundir import EVALUATION_FILE, PREDICTIONS_FILE, RunDir

RECORDING_FILE = "recording.json"
RECORDING_FORMAT = 1
ONE_FILE_SUFFIX = ".ptftrun"
_MOST_MANIFEST_BYTES = 1 << 18
_MOST_FILES = 400
MOST_RECORDING_BYTES = 512 << 20
_MOST_LOG_BYTES = 64 << 20
_HASHED_UP_TO = 64 << 20
"""The checksums of larger recordings are not looked at: reading them all would keep a person waiting."""
_FOLDERS = ("snapshots", "model")
_FILES = ("spec.json", "events.jsonl", "title.txt", EVALUATION_FILE, PREDICTIONS_FILE)
_LONGEST_IDLE_SECONDS = 1.0
_LONGEST_PREPARING_SECONDS = 0.4
"""Between two events before the first step is done."""
_IDLE_AFTER = frozenset(("queued", "paused", *FINAL_EVENTS))


class RecordingError(PtftError):
    """A recording that cannot be opened, played or saved."""


class RecordedFile(BaseModel):
    """One file of a recording; ``path`` is relative to its folder, with forward slashes."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    path: str = Field(max_length=200)
    bytes: int = Field(ge=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Recording(BaseModel):
    """What ``recording.json`` says. ``seconds``: how long the run took, in played time."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)

    format: int = RECORDING_FORMAT
    title: str = Field(default="", max_length=200)
    sentence: str = Field(default="", max_length=400)
    lesson: str = Field(default="", max_length=80)
    program: str = Field(default="", max_length=40)
    seconds: float = Field(default=0.0, ge=0, allow_inf_nan=False)
    files: tuple[RecordedFile, ...] = Field(max_length=_MOST_FILES)


def is_recording(folder: Path) -> bool:
    return (folder / RECORDING_FILE).is_file()


def read_recording(folder: Path) -> Recording:
    """The manifest of a recording whose files were found to be as it says. Raises :class:`RecordingError`."""
    text = _manifest_text(folder / RECORDING_FILE)
    recording = parse_recording(text, str(folder / RECORDING_FILE))
    is_hashed = sum(file.bytes for file in recording.files) <= _HASHED_UP_TO
    for file in recording.files:
        _check_file(folder, file, is_hashed)
    return recording


def parse_recording(text: str, where: str) -> Recording:
    """Decode a manifest and check that its files are those of a run. Raises :class:`RecordingError`."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        raise RecordingError(f"{where} is not a recording.", detail="It is not JSON.") from None
    version = record.get("format") if isinstance(record, dict) else None
    if isinstance(version, int) and version > RECORDING_FORMAT:
        raise RecordingError(
            f"{where} was made by a newer ptft-gui.",
            detail=f"Its format is number {version}; this program plays up to number {RECORDING_FORMAT}.",
            hint="Update this program and try again.",
        )
    try:
        recording = Recording.model_validate(record)
    except ValidationError as problem:
        first = problem.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise RecordingError(f"{where} is not a recording.", detail=f"{field}: {first['msg']}.") from None
    _check_names(recording, where)
    return recording


def _manifest_text(path: Path) -> str:
    try:
        if path.stat().st_size > _MOST_MANIFEST_BYTES:
            raise RecordingError(
                f"{path} is too large for a list of files.", hint="Choose another recording."
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise RecordingError(
            f"{path.parent} is not a recorded run.",
            detail=f"There is no {RECORDING_FILE} in it.",
            hint="Choose the folder that was saved with Save as recording.",
        ) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise RecordingError(f"{path} cannot be read.", detail=str(problem)) from None


def _check_names(recording: Recording, where: str) -> None:
    """Only the files of a run, inside the folder, and no more of them than a recording may hold."""
    names = [file.path for file in recording.files]
    for name in names:
        if not _is_name_of_a_run(name):
            raise RecordingError(
                f"{where} names a file that is no part of a run: {name}.", hint="Choose another recording."
            )
    for needed in ("spec.json", "events.jsonl"):
        if needed not in names:
            raise RecordingError(f"{where} lists no {needed}.", hint="Save the recording again.")
    if sum(file.bytes for file in recording.files) > MOST_RECORDING_BYTES:
        raise RecordingError(
            f"{where} is larger than a recording may be.",
            detail=f"{MOST_RECORDING_BYTES >> 20} MB is the most.",
            hint="Open the run itself instead.",
        )


def _is_name_of_a_run(name: str) -> bool:
    path = PurePosixPath(name)
    if (
        path.is_absolute()
        or "\\" in name
        or str(path) != name
        or any(part.startswith(".") for part in path.parts)
    ):
        return False
    return name in _FILES or (len(path.parts) == 2 and path.parts[0] in _FOLDERS)


def _check_file(folder: Path, file: RecordedFile, is_hashed: bool) -> None:
    path = folder / file.path
    try:
        if path.is_symlink() or path.parent.is_symlink():
            raise RecordingError(f"{path} leads out of the recording.", hint="Choose another recording.")
        if path.stat().st_size != file.bytes:
            raise _damaged(path, f"It has {path.stat().st_size:,} bytes, {file.bytes:,} were saved.")
        if is_hashed and _sha256(path) != file.sha256:
            raise _damaged(path, "Its checksum is not the one that was saved.")
    except FileNotFoundError:
        raise _damaged(path, "It is missing.") from None
    except OSError as problem:
        raise _damaged(path, problem.strerror or str(problem)) from None


def _damaged(path: Path, detail: str) -> RecordingError:
    return RecordingError(
        f"The recording is not whole: {path.name}.", detail, "Copy the recording again, or save it anew."
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def describe_files(folder: Path) -> tuple[RecordedFile, ...]:
    """The files of a run in ``folder`` that belong into a recording, by name."""
    return tuple(
        RecordedFile(path=name, bytes=(folder / name).stat().st_size, sha256=_sha256(folder / name))
        for name in sorted(_names_in(folder))
    )


def _names_in(folder: Path) -> Iterator[str]:
    yield from (name for name in _FILES if (folder / name).is_file())
    for part in _FOLDERS:
        if (folder / part).is_dir():
            yield from (
                f"{part}/{entry.name}"
                for entry in os.scandir(folder / part)
                if entry.is_file(follow_symlinks=False) and not entry.name.startswith(".")
            )


class Tape:
    """The events of a run, each with the moment at which it is played.

    ``moments``: shape (n,), seconds from the beginning, never falling. Time in which nothing is to be seen - a queue,
    a pause, the gap before a later attempt, the preparation - is shortened.
    """

    def __init__(self, events: Sequence[AnyEvent]) -> None:
        self.events = list(events)
        self.moments = _moments(self.events)

    @property
    def seconds(self) -> float:
        return float(self.moments[-1]) if len(self.moments) else 0.0

    def count_until(self, moment: float) -> int:
        """How many events have happened by then; those of the very beginning have at moment 0."""
        return int(np.searchsorted(self.moments, moment, side="right"))


def _moments(events: Sequence[AnyEvent]) -> NDArray[np.float64]:
    moments = np.zeros(len(events))
    longest = _LONGEST_PREPARING_SECONDS
    for place in range(1, len(events)):
        before, event = events[place - 1], events[place]
        if before.event in _IDLE_AFTER:
            longest = _LONGEST_IDLE_SECONDS
        passed = max(0.0, event.time - before.time) if before.time and event.time else 0.0
        moments[place] = moments[place - 1] + min(passed, longest)
        if event.event == "started":
            longest = _LONGEST_PREPARING_SECONDS
        elif event.event in ("running", "evaluated"):  # it trains, or goes on
            longest = float("inf")
    return moments


def read_tape(run: RunDir) -> Tape:
    """The tape of a run. Raises :class:`RecordingError` when there is nothing to play, or far too much."""
    try:
        size = run.events_file.stat().st_size
    except OSError:
        raise RecordingError(f"{run.path} holds no log to play.", hint="Choose another run.") from None
    if size > _MOST_LOG_BYTES:
        raise RecordingError(
            f"The log of {run.name} is too long to be played back.",
            detail=f"It has {size >> 20} MB; {_MOST_LOG_BYTES >> 20} MB is the most.",
            hint="Look at the run itself: its chart shows everything.",
        )
    events = EventReader(run.events_file).read_all()
    if not any(event.event == "steps" for event in events):
        raise RecordingError(f"{run.name} never began to train, so there is nothing to play.")
    return Tape(events)
