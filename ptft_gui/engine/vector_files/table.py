"""Collects words and their numbers while a vector file is read, without trusting what the file says of itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray

from ptft_gui.core.errors import ModelError, StoppedByPerson
from ptft_gui.core.wording import bytes_text
from ptft_gui.engine.vectors import WordVectors

Floats = NDArray[np.float32]
Progress = Callable[[str, float | None], None]
ShouldStop = Callable[[], bool]

LONGEST_TOKEN_BYTES = 64 << 10
MOST_DIMENSIONS = 100_000
_BLOCK_NUMBERS = 1 << 20
_MEMORY_SHARE = 0.8
_BYTES_A_WORD = 150
"""About what a word takes beside its numbers, as a text and in tables of words."""


def no_progress(_text: str, _fraction: float | None) -> None:
    """For callers that do not watch."""


def never_stop() -> bool:
    """For callers that cannot be stopped."""
    return False


class VectorTable:
    """Rows come in one by one; memory grows with what was really read, never with what a header promises."""

    def __init__(self, path: Path, dimensions: int, should_stop: ShouldStop = never_stop) -> None:
        if not 1 <= dimensions <= MOST_DIMENSIONS:
            raise not_vectors(path, f"It speaks of {dimensions:,} numbers a word.")
        self._path = path
        self.dimensions = dimensions
        self._should_stop = should_stop
        self._memory_limit = psutil.virtual_memory().available * _MEMORY_SHARE
        self._block_rows = max(1, _BLOCK_NUMBERS // dimensions)
        self._words: list[str] = []
        self._blocks: list[Floats] = []
        self._begin_block()
        self._replaced = self._empty = 0

    def _begin_block(self) -> None:
        self._block = np.empty((self._block_rows, self.dimensions), np.float32)
        self._filled = 0

    def __len__(self) -> int:
        return len(self._words)

    def add(self, token: bytes, values: Floats) -> None:
        """Append a word and its numbers, shape (d,). Raises :class:`ModelError`, :class:`StoppedByPerson`."""
        if len(token) > LONGEST_TOKEN_BYTES:
            raise not_vectors(self._path, f"Word number {len(self) + 1:,} has {len(token):,} bytes.")
        word = token.decode("utf-8", "replace")
        self._replaced += "\ufffd" in word
        self._words.append(word)
        self._block[self._filled] = values
        self._filled += 1
        if self._filled == self._block_rows:
            self._close_block()

    def _close_block(self) -> None:
        block = self._block[: self._filled]
        bad = np.flatnonzero(~np.isfinite(block).all(axis=1))
        if len(bad):
            word = self._words[len(self) - self._filled + int(bad[0])]
            raise ModelError(
                f"{self._path.name} cannot be used as word vectors.",
                f'The vector of "{word[:80]}" holds a number that is not finite.',
                "Write the vectors again from the program that made them.",
            )
        if self._should_stop():
            raise StoppedByPerson
        self._blocks.append(block)
        needed = len(self) * (self.dimensions * 4 + _BYTES_A_WORD)
        if needed > self._memory_limit:
            raise _too_large(self._path, needed)
        self._begin_block()

    def finish(self, kind: str) -> tuple[WordVectors, list[str]]:
        """The vectors in file order, each word once, and what a person should know about them."""
        self._close_block()
        kept = self._rows_to_keep()
        vectors = _join(self._blocks, len(self), self.dimensions)
        words, notices = self._words, self._notices(len(kept))
        if not kept:
            raise not_vectors(self._path, "It holds no word.")
        if len(kept) < len(words):
            words, vectors = [words[row] for row in kept], vectors[kept]
        config = {"name": self._path.name, "format": kind}
        return WordVectors(words, np.zeros(len(words), np.int64), vectors, config), notices

    def _rows_to_keep(self) -> list[int]:
        first: dict[str, int] = {}
        for row, word in enumerate(self._words):
            if word:
                first.setdefault(word, row)
            else:
                self._empty += 1
        return list(first.values())

    def _notices(self, kept: int) -> list[str]:
        said = []
        if doubles := len(self) - self._empty - kept:
            said.append(
                f"{doubles:,} words stand in {self._path.name} more than once; the first of each is used."
            )
        if self._replaced:
            said.append(
                f"{self._replaced:,} words are not UTF-8; the signs that cannot be read became \ufffd."
            )
        if self._empty:
            said.append(f"{self._empty:,} rows without a word were left out.")
        return said


def _join(blocks: list[Floats], rows: int, dimensions: int) -> Floats:
    """One array from many, freeing them one by one, so that the table is never held twice."""
    joined = np.empty((rows, dimensions), np.float32)
    position = rows
    while blocks:
        block = blocks.pop()
        joined[position - len(block) : position] = block
        position -= len(block)
    return joined


def not_vectors(path: Path, seen: str) -> ModelError:
    """A file that does not hold word vectors, in words."""
    return ModelError(
        f"{path.name} holds no word vectors.",
        seen,
        "Choose a vector file (word2vec text or binary, GloVe text, projector TSV), or a run's folder.",
    )


def cut_short(path: Path, found: int, promised: int) -> ModelError:
    """A file that ends before its header says, in words."""
    return ModelError(
        f"{path.name} is not whole.",
        f"Its first line promises {promised:,} words; it ends after {found:,}.",
        "The copy or download probably broke off: fetch the file again.",
    )


def _too_large(path: Path, needed: int) -> ModelError:
    return ModelError(
        f"{path.name} does not fit in this computer's memory.",
        f"More than {bytes_text(needed)} are needed; "
        f"{bytes_text(psutil.virtual_memory().available)} are free.",
        "Close other programs, or use a file with fewer words.",
    )
