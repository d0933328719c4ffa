"""Labels that a person corrected. They stand in a side file; the person's own file is never changed.

``corrections.jsonl`` holds one record a line: ``key`` (the number of the row in the whole dataset, counted from 0 over
training, validation and test as they were brought), ``row`` (its number in its file, for people), ``label`` and
``was``. The latest line for a key counts.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from ptft_gui.core.errors import DataError

CORRECTIONS = "corrections.jsonl"


@dataclass(frozen=True)
class Correction:
    """One corrected row. Of several labels ``label`` is a list."""

    key: int
    row: int
    label: str | list[str]
    was: str | list[str] | None = None


def read_corrections(path: Path | None) -> dict[int, Correction]:
    """The corrections of a file by key; none where there is no file. A torn last line is passed over.

    Raises DataError for a file that cannot be read or holds something else.
    """
    if path is None or not path.exists():
        return {}
    found: dict[int, Correction] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise _unreadable(path, str(problem)) from problem
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            correction = Correction(**json.loads(line))
            found[int(correction.key)] = correction
        except (ValueError, TypeError) as problem:
            if number == len(lines):
                continue
            raise _unreadable(path, f"Line {number:,} is no correction.") from problem
    return found


def add_correction(path: Path, correction: Correction) -> None:
    """Write one more correction; whoever reads meanwhile sees it whole or not at all. Raises DataError."""
    line = json.dumps(asdict(correction), ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "a+b") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                line = line if stream.read(1) == b"\n" else "\n" + line
            stream.write(line.encode())
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as problem:
        raise DataError(
            "The correction could not be saved.",
            f"The system said for {path}: {problem.strerror or problem}.",
            "Make room on the disk, or choose another place for the program's files (PTFT_HOME).",
        ) from problem


def _unreadable(path: Path, why: str) -> DataError:
    return DataError(
        f"The corrections in {path.name} cannot be read.",
        why,
        "Move the file away to train on the labels as they were.",
    )
