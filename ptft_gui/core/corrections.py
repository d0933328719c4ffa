"""Labels that a person corrected and rows that they left out. The person's own file is never changed.

Two places hold them. ``corrections.jsonl`` in a run's folder is the side file in which a person collects them while
looking at that run's mistakes: one JSON object a line, the latest line for a row counts, and a line with ``undone``
takes the earlier ones back. ``RunSpec.data.corrections`` holds those that a run was asked to learn from, so that the
run can be repeated when nothing but its request is left.

A correction names its row twice: by number and by a fingerprint of its texts. Where another text stands in that row
by now, the correction is passed over, and said to be.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ptft_gui.core.errors import DataError

CORRECTIONS_FILE = "corrections.jsonl"
MOST_CORRECTIONS = 10_000
_MOST_BYTES = 32 << 20
_READ_TEXTS = ("text", "text_pair", "question", "context", "prompt", "tokens")
"""What a model reads of a row; what it answers is no part of the fingerprint."""

Label = str | list[str]


class Correction(BaseModel):
    """One row. ``key``: its number in the whole dataset, from 0 over all parts as they were brought; ``row``: its
    number in its file, for people; ``label``: what is right, of several labels a list, None where nothing is said of
    it; ``leave_out``: the row is neither learned from nor tested; ``was``: what the file says."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: int = Field(ge=0)
    row: int = Field(default=0, ge=0)
    fingerprint: str = Field(min_length=8, max_length=64)
    label: Label | None = None
    leave_out: bool = False
    was: Label | None = None

    @property
    def says_something(self) -> bool:
        return self.leave_out or self.label is not None


def fingerprint_of(row: Mapping[str, Any]) -> str:
    """What tells the texts of a row from others: a row of prepared examples, or a record of its answer."""
    told = [[name, row[name]] for name in _READ_TEXTS if row.get(name) is not None]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()[:16]


def given_label(row: Mapping[str, Any]) -> dict[str, Any]:
    """``{"label_given": ...}`` of a row of prepared examples whose label was corrected, nothing of another."""
    for name in ("label", "labels"):
        given = row.get(f"{name}_given")
        if name in row and given is not None and given != row[name]:
            return {"label_given": given}
    return {}


def read_corrections(path: Path) -> dict[int, Correction]:
    """The corrections that a file holds, by key; none where there is no file. A torn last line is passed over.

    Raises DataError for a file that cannot be read, is far too long, or holds something else.
    """
    return dict(_lines_of(path, {}))


def effective_corrections(given: Iterable[Correction], path: Path) -> dict[int, Correction]:
    """Those that a run learned from with what its side file says since. Raises DataError."""
    return dict(_lines_of(path, {each.key: each for each in given}))


def _lines_of(path: Path, found: dict[int, Correction]) -> dict[int, Correction]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _unreadable(path, f"It is longer than {_MOST_BYTES >> 20} MB.")
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError:
        return found
    except (OSError, UnicodeDecodeError) as problem:
        raise _unreadable(path, str(problem)) from problem
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            is_undone = record.pop("undone", False) is True
            correction = Correction.model_validate(record)
        except (ValueError, TypeError, AttributeError, RecursionError) as problem:
            if number == len(lines):  # torn in the middle of being written
                continue
            raise _unreadable(path, f"Line {number:,} is no correction.") from problem
        if is_undone:
            found.pop(correction.key, None)
        elif correction.says_something:
            found[correction.key] = correction
    if len(found) > MOST_CORRECTIONS:
        raise _unreadable(path, f"It holds {len(found):,} corrections; {MOST_CORRECTIONS:,} are the most.")
    return found


def add_correction(path: Path, correction: Correction, is_undone: bool = False) -> None:
    """Write one more line; whoever reads meanwhile sees it whole or passes it over. Raises DataError."""
    record = correction.model_dump(exclude_none=True) | ({"undone": True} if is_undone else {})
    line = json.dumps(record, ensure_ascii=False) + "\n"
    try:
        with open(path, "a+b") as stream:
            if stream.tell():
                stream.seek(-1, os.SEEK_END)
                line = line if stream.read(1) == b"\n" else "\n" + line
            stream.write(line.encode("utf-8", "replace"))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as problem:
        raise DataError(
            "The correction could not be saved.",
            f"The system said for {path}: {problem.strerror or problem}.",
            "Make room on the disk, or choose another place for the program's files (PTFT_HOME).",
        ) from problem


def counted_words(corrections: Iterable[Correction]) -> str:
    """ "3 corrected labels and 1 row left out"; empty for none."""
    left_out = labels = 0
    for each in corrections:
        left_out += each.leave_out
        labels += not each.leave_out
    parts = []
    if labels:
        parts.append("1 corrected label" if labels == 1 else f"{labels:,} corrected labels")
    if left_out:
        parts.append("1 row left out" if left_out == 1 else f"{left_out:,} rows left out")
    return " and ".join(parts)


def _unreadable(path: Path, why: str) -> DataError:
    return DataError(
        f"The corrections in {path.name} cannot be read.",
        why,
        "Move the file away to train on the labels as they were.",
    )
