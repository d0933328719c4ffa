"""How often words meet: the counts that GloVe explains, within a budget of memory.

Each thread counts one part of all possible pairs in a hash table of its own. A table that may grow no more is written,
sorted, to the disk and begun anew; in the end what was written is merged. The files have no name, so that nothing is
left over whatever happens to the process.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np

from ptft_gui.core.errors import PtftError, Remedy
from ptft_gui.engine.glove.tables import (
    SENTENCE_END,
    SLOT,
    Keys,
    Tokens,
    Weights,
    add_runs,
    empty_table,
    enlarge,
    fill,
    sorted_entries,
)

FEWEST_BYTES = 8 << 20
"""The least memory that counting can work with."""
_SMALLEST_TABLE = 1 << 12
_CHUNK_TOKENS, _CHUNK_MEETINGS = 500_000, 5_000_000
"""So many words, or meetings of two, are counted between two looks at whether to stop."""
_BYTES_A_PAIR = 16
_SHARE_OF_TABLES = 0.5

Progress = Callable[[int], bool]
"""Told how many words were read; returns whether to stop."""


@dataclass(frozen=True)
class Window:
    """Which pairs count: ``size`` words to the left of each word or, when ``is_symmetric``, to both sides."""

    size: int
    is_symmetric: bool


@dataclass
class _Run:
    """Sorted counts, in memory or in a file without a name."""

    keys: Keys
    weights: Weights

    def between(self, low: int, high: int) -> tuple[Keys, Weights]:
        """Copies of those whose key is at least ``low`` and less than ``high``."""
        start, end = np.searchsorted(self.keys, [low, high])
        return np.array(self.keys[start:end]), np.array(self.weights[start:end])


@dataclass
class PairCounts:
    """Counted pairs; read them once with :meth:`pieces`.

    ``vocabulary_size``: V; ``most_pairs``: at least as many as there are different stored pairs.
    """

    vocabulary_size: int
    window: Window
    is_spilled: bool
    _parts: list[list[_Run]] = field(repr=False)
    _budget_bytes: int = field(repr=False)

    @property
    def most_pairs(self) -> int:
        return sum(len(run.keys) for runs in self._parts for run in runs)

    def pieces(self) -> Iterator[tuple[Tokens, Tokens, Weights]]:
        """(rows, columns, weights) of different pairs, piece by piece; each piece is let go when the next is taken."""
        most = max(self._budget_bytes // 8 // _BYTES_A_PAIR, 1)
        while self._parts:
            for keys, weights in _merged(self._parts.pop(), most):
                rows, columns = np.divmod(keys, self.vocabulary_size)
                yield rows.astype(np.int32), columns.astype(np.int32), weights


def encode(
    sentences: Iterable[Sequence[str]], index: Mapping[str, int], chunk_tokens: int
) -> Iterator[tuple[Tokens, int]]:
    """Sentences as rows of known words, in pieces of whole sentences, each with how many words were read for it."""
    rows: list[int] = []
    read = 0
    for sentence in sentences:
        rows.extend([index[word] for word in sentence if word in index])
        rows.append(SENTENCE_END)
        read += len(sentence)
        if len(rows) >= chunk_tokens:
            yield np.array(rows, dtype=np.int32), read
            rows, read = [], 0
    if rows:
        yield np.array(rows, dtype=np.int32), read


def count_pairs(
    sentences: Iterable[Sequence[str]],
    index: Mapping[str, int],
    window: Window,
    budget_bytes: int,
    folder: Path,
    threads: int = 1,
    progress: Progress = lambda _words: False,
) -> PairCounts | None:
    """Count which known words meet how closely; None when ``progress`` said to stop.

    ``index``: row of each word. ``folder``: where files without a name go when ``budget_bytes`` do not suffice.
    Raises PtftError for a budget that holds nothing and for a full disk.
    """
    parts = _parts_of(budget_bytes, threads, len(index), window, folder)
    chunk_tokens = min(_CHUNK_TOKENS, _CHUNK_MEETINGS // window.size)
    read = 0
    with ThreadPoolExecutor(len(parts), thread_name_prefix="count") as pool:
        for tokens, words in encode(sentences, index, chunk_tokens):
            list(pool.map(lambda part, tokens=tokens: part.count(tokens), parts))
            read += words
            if progress(read):
                return None
        finished = list(pool.map(_Part.finish, parts))
    is_spilled = any(part.has_spilled for part in parts)
    return PairCounts(len(index), window, is_spilled, finished, budget_bytes)


def _parts_of(
    budget_bytes: int, threads: int, vocabulary_size: int, window: Window, folder: Path
) -> list[_Part]:
    slots_in_all = int(budget_bytes * _SHARE_OF_TABLES) // SLOT.itemsize
    parts = max(1, min(threads, slots_in_all // (2 * _SMALLEST_TABLE)))
    most_slots = 1 << max((slots_in_all // parts).bit_length() - 1, 0)
    if budget_bytes < FEWEST_BYTES or most_slots * 0.5 < 4 * window.size:
        raise _too_little_memory(budget_bytes)
    return [_Part(number, parts, most_slots, vocabulary_size, window, folder) for number in range(parts)]


class _Part:
    """One of several equal shares of all pairs, counted by one thread at a time."""

    def __init__(
        self, number: int, parts: int, most_slots: int, vocabulary_size: int, window: Window, folder: Path
    ) -> None:
        self._number, self._parts, self._most_slots = number, parts, most_slots
        self._shape = (vocabulary_size, window.size, window.is_symmetric)
        self._folder = folder
        self._table = empty_table(min(1 << 16, most_slots))
        self._used = 0
        self._runs: list[_Run] = []

    @property
    def has_spilled(self) -> bool:
        return len(self._runs) > 1

    def count(self, tokens: Tokens) -> None:
        """Take in a piece of text. Raises PtftError when the disk is full."""
        place = 0
        while True:
            place, self._used = fill(
                tokens, place, self._table, self._used, self._shape, self._number, self._parts
            )
            if place == len(tokens):
                return
            self._make_room()

    def finish(self) -> list[_Run]:
        """All that was counted, in sorted runs."""
        self._runs.append(_Run(*sorted_entries(self._table)))
        self._table = empty_table(1)
        return self._runs

    def _make_room(self) -> None:
        if 2 * len(self._table) <= self._most_slots:
            larger = empty_table(2 * len(self._table))
            enlarge(self._table, larger)
            self._table = larger
            return
        self._runs.append(_to_disk(sorted_entries(self._table), self._folder))
        self._table.fill(0)
        self._used = 0


def _to_disk(entries: tuple[Keys, Weights], folder: Path) -> _Run:
    """The same counts in a file that has no name and ends with the process."""
    count = len(entries[0])
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            for array in entries:
                write_all(file, array)
            file.flush()
            keys = np.memmap(file, np.int64, "r", 0, (count,))
            return _Run(keys, np.memmap(file, np.float64, "r", keys.nbytes, (count,)))
    except OSError as problem:
        raise disk_is_full(folder, problem) from problem


def write_all(file: IO[bytes], array: np.ndarray[Any, Any]) -> None:
    """Append an array's bytes, or raise the OSError that kept any of them from the disk."""
    file.write(np.ascontiguousarray(array).data)


def _merged(runs: list[_Run], most: int) -> Iterator[tuple[Keys, Weights]]:
    """The sum of several runs as sorted pieces of about ``most`` entries; weights add up in the order of the runs."""
    if len(runs) == 1:
        run = runs.pop()
        for start in range(0, len(run.keys), most):
            yield np.array(run.keys[start : start + most]), np.array(run.weights[start : start + most])
        return
    for low, high in pairwise(_cuts(runs, most)):
        found = [run.between(low, high) for run in runs]
        keys = np.concatenate([keys for keys, _ in found])
        weights = np.concatenate([weights for _, weights in found])
        order = np.argsort(keys, kind="stable")
        keys, weights = keys[order], weights[order]
        count = add_runs(keys, weights)
        yield keys[:count], weights[:count]


def _cuts(runs: list[_Run], most: int) -> list[int]:
    """Keys between which all runs together hold at most about ``most`` entries; the last is above every key."""
    stride = max(1, most // (4 * len(runs)))
    samples = np.sort(np.concatenate([run.keys[::stride] for run in runs]))
    end = max(int(run.keys[-1]) for run in runs if len(run.keys)) + 1
    inner = samples[:: max(1, most // stride // 2)][1:].tolist()
    return sorted({-1, *inner, end})


def disk_is_full(folder: Path, problem: OSError) -> PtftError:
    """The counts did not fit into the memory they may take, and not on the disk either."""
    return PtftError(
        "The counts of word pairs do not fit on the disk.",
        f"{problem.strerror or problem} ({folder}).",
        "Make room there, or let counting take more memory. Nothing was left behind.",
        (Remedy("show_disk_use", "Show what uses space"),),
    )


def _too_little_memory(budget_bytes: int) -> PtftError:
    return PtftError(
        "Counting may take too little memory.",
        f"{budget_bytes >> 20} MB hold not even one block of counts.",
        f"Set the memory for counting to {FEWEST_BYTES >> 20} MB or more.",
        (Remedy("new_run_with", "Let the program choose", {"memory_mb": None}),),
    )
