"""A file on disk as it was when it was looked at, whatever happens to it while it is read."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from ptft_gui.core.errors import DataError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


class PlainFile(io.FileIO):
    """The first ``size_bytes`` of a file: one that grows is read to the size it was seen at.

    Raises DataError when it has vanished, may not be read, was changed since it was seen, or became shorter.
    """

    def __init__(self, path: Path, size_bytes: int, mtime_ns: int) -> None:
        self._path = path
        self._size_bytes = size_bytes
        try:
            super().__init__(path, "rb")
        except OSError as problem:
            raise unreadable(path, problem) from problem
        status = os.fstat(self.fileno())
        if status.st_size < size_bytes or (status.st_size == size_bytes and status.st_mtime_ns != mtime_ns):
            self.close()
            raise _changed(path, size_bytes, status.st_size)

    @property
    def packed_bytes(self) -> int:
        """How far it has been read."""
        return self.tell()

    def readinto(self, buffer: WriteableBuffer) -> int:
        room = memoryview(buffer).cast("B")
        left = max(self._size_bytes - self.tell(), 0)
        try:
            count = super().readinto(room[:left]) or 0
        except OSError as problem:
            raise unreadable(self._path, problem) from problem
        if left and len(room) and not count:
            raise _changed(self._path, self._size_bytes, self.tell())
        return count

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            return self.readall()
        data = bytearray(min(size, max(self._size_bytes - self.tell(), 0)))
        return bytes(memoryview(data)[: self.readinto(data)])

    def readall(self) -> bytes:
        pieces = []
        while piece := self.read(1 << 20):
            pieces.append(piece)
        return b"".join(pieces)

    def seek(self, place: int, whence: int = io.SEEK_SET, /) -> int:
        if whence == io.SEEK_END:
            return super().seek(self._size_bytes + place)
        return super().seek(place, whence)


def shown(name: str) -> str:
    """A name that a person did not choose, for people: no sign in it can disturb the line it stands in."""
    if name.isprintable() and len(name) <= 200:
        return name
    clean = "".join(sign if sign.isprintable() else "\ufffd" for sign in name)
    return clean if len(clean) <= 200 else "…" + clean[-199:]


def unreadable(path: Path, problem: OSError) -> DataError:
    """A file or folder that the system would not open, in words."""
    if isinstance(problem, FileNotFoundError):
        return DataError(
            f"There is no file {shown(path.name)} any more.",
            f"Looked for {shown(str(path))}.",
            "Choose the file again.",
        )
    if isinstance(problem, PermissionError):
        return DataError(
            f"{shown(path.name)} may not be read.",
            f"The system does not give this user the right to read {shown(str(path))}.",
            "Change its permissions, or copy it to a folder of your own.",
        )
    return DataError(
        f"{shown(path.name)} cannot be read.",
        f"The system said: {problem.strerror or problem}.",
        "Copy the file to this computer's own disk and choose the copy.",
    )


def _changed(path: Path, seen: int, now: int) -> DataError:
    size = f"it had {seen:,} bytes and now has {now:,}" if now != seen else "another program wrote to it"
    return DataError(
        f"{shown(path.name)} was changed while it was read.",
        f"Since it was first looked at, {size}.",
        "Wait until nothing writes to it any more, and choose it again.",
    )
