"""A little space set aside, so that a run whose disk is full can still say so."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from types import TracebackType

RESERVED_BYTES = 64 << 10


class DiskReserve:
    """Holds a file of 64 kB in a folder; :meth:`give_up` makes its space free for the last words."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ".reserve"

    def __enter__(self) -> DiskReserve:
        with contextlib.suppress(OSError), self._path.open("wb") as file:
            file.write(
                os.urandom(RESERVED_BYTES)
            )  # what can be compressed or left as a hole would reserve nothing
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_up()

    def give_up(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
