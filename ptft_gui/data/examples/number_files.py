"""Numbers of rows on disk: what one pass notes of each row, however many there are.

Numbers are added piece by piece and read back piece by piece, so memory does not grow with the rows. As long as all
are equal (no row has a label, no row names its part) nothing is written but how many there are.
"""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

PIECE_ROWS = 1 << 18
"""So many numbers are looked at at a time."""

Numbers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


class NumberFile:
    """Numbers of one type, shape (rows,), on disk.

    With a ``folder`` and a ``name`` they lie in a file that can be opened again (:meth:`reopen`); without one in a file
    that has no name and is gone when nobody uses it any more, however the program ends. All methods raise OSError.
    """

    def __init__(self, dtype: npt.DTypeLike, folder: Path | None = None, name: str = "") -> None:
        self.dtype = np.dtype(dtype)
        self._folder, self._name = folder, name if folder else ""
        self._rows = 0
        self._same: int | None = None
        self._file: int | None = None

    @classmethod
    def reopen(cls, folder: Path, name: str, facts: dict[str, Any]) -> NumberFile:
        """The numbers that :meth:`facts` told of. Raises OSError, and ValueError where the file is not whole."""
        found = cls(facts["dtype"], folder, name)
        found._rows, found._same = int(facts["rows"]), facts["same"]
        if found._rows and found._same is None:
            found._keep(os.open(folder / name, os.O_RDONLY | os.O_CLOEXEC))
            if os.fstat(found._descriptor).st_size != found._rows * found.dtype.itemsize:
                raise ValueError(f"{name} is not whole")
        return found

    def facts(self) -> dict[str, Any]:
        """What must be known to open the file again, ready for JSON."""
        return {"dtype": self.dtype.str, "rows": self._rows, "same": self._same}

    def __len__(self) -> int:
        return self._rows

    @property
    def _descriptor(self) -> int:
        assert self._file is not None
        return self._file

    def _keep(self, descriptor: int) -> None:
        self._file = descriptor
        weakref.finalize(self, os.close, descriptor)

    def add(self, numbers: Numbers) -> None:
        """Write further numbers after those that are there."""
        if not len(numbers):
            return
        if self._file is None:
            if not self._rows:
                self._same = int(numbers[0])
            if self._same is not None and bool((numbers == self._same).all()):
                self._rows += len(numbers)
                return
            self._begin_file()
        self._write(numbers)
        self._rows += len(numbers)

    def _begin_file(self) -> None:
        if self._name:
            assert self._folder is not None
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._keep(os.open(self._folder / self._name, flags, 0o600))
        else:
            descriptor, path = tempfile.mkstemp(prefix=".rows-", dir=self._folder)
            self._keep(descriptor)
            os.unlink(path)
        same, self._same = self._same, None
        for start in range(0, self._rows, PIECE_ROWS):
            self._write(np.full(min(PIECE_ROWS, self._rows - start), same, self.dtype))

    def _write(self, numbers: Numbers) -> None:
        left = np.ascontiguousarray(numbers, self.dtype).view(np.uint8).data
        while len(left):
            left = left[os.write(self._descriptor, left) :]

    def read(self, start: int, stop: int) -> Numbers:
        """The numbers of rows ``start`` to ``stop``, shape (stop - start,)."""
        stop = min(stop, self._rows)
        found = np.empty(max(stop - start, 0), self.dtype)
        if self._same is not None:
            found.fill(self._same)
            return found
        left, at = found.view(np.uint8).data, start * self.dtype.itemsize
        while len(left):
            count = os.preadv(self._descriptor, [left], at)
            if not count:
                raise OSError(f"{self._name or 'a file of numbers'} became shorter while it was read")
            left, at = left[count:], at + count
        return found

    def pieces(self) -> Iterator[tuple[slice, Numbers]]:
        """All numbers in order, each piece with the rows it holds."""
        for start in range(0, self._rows, PIECE_ROWS):
            rows = slice(start, min(start + PIECE_ROWS, self._rows))
            yield rows, self.read(rows.start, rows.stop)

    def __getitem__(self, chosen: slice | Mask) -> Numbers:
        """The numbers of some rows: one after the other, or where a mask of shape (rows,) is true."""
        if isinstance(chosen, slice):
            start, stop, _ = chosen.indices(self._rows)
            return self.read(start, stop)
        found = [numbers[chosen[rows]] for rows, numbers in self.pieces()]
        return np.concatenate(found) if found else np.empty(0, self.dtype)
