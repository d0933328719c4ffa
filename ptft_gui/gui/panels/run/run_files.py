"""The files of a run with their sizes, read from the disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ptft_gui.core.fingerprints import FilePrint, differences, in_words
from ptft_gui.core.rundir import RunDir, folder_bytes

_LOG_BYTES = 32_768
_LOG_LINES = 200


@dataclass(frozen=True)
class FileRow:
    """A file or folder of the run: its name, its size in bytes, how many files a folder holds."""

    name: str
    size: int
    files: int | None = None


@dataclass(frozen=True)
class OnDisk:
    """What a look at the disk found; ``changes`` is what became of the text since the run was trained, in words."""

    rows: tuple[FileRow, ...]
    log: str
    changes: str | None = None

    @property
    def size(self) -> int:
        return sum(row.size for row in self.rows)


def look(run: RunDir, text: Sequence[FilePrint] | None = None) -> OnDisk:
    """Every file of the run and the last lines of its log; may wait for the disk.

    With ``text``, what the files of its text were, they are compared; without, ``changes`` stays None.
    """
    try:
        paths = sorted(run.path.iterdir(), key=lambda path: (path.is_file(), path.name))
    except OSError:
        paths = []
    rows = tuple(_row(path) for path in paths if not path.name.startswith("."))
    changes = None if text is None else in_words(differences(text))
    return OnDisk(rows, log_tail(run.log_file), changes)


def prints_of(records: object) -> list[FilePrint]:
    """The fingerprints in what a run resolved; none where there are none, or damaged ones."""
    try:
        return [FilePrint.model_validate(record) for record in records]  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return []


def _row(path: Path) -> FileRow:
    try:
        if path.is_dir():
            return FileRow(
                f"{path.name}/", folder_bytes(path), sum(1 for p in path.rglob("*") if p.is_file())
            )
        return FileRow(path.name, path.stat().st_size)
    except OSError:  # it vanished meanwhile
        return FileRow(path.name, 0)


def log_tail(path: Path) -> str:
    """The last lines of what the worker printed, at most 200; an unreadable log has none."""
    try:
        with path.open("rb") as file:
            start = max(0, path.stat().st_size - _LOG_BYTES)
            file.seek(start)
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
    lines = text.splitlines()
    return "\n".join((lines[1:] if start else lines)[-_LOG_LINES:])
