"""The counts as training pairs: shuffled once with a seed, in memory or, when they are too many, in a file.

Training takes them in batches. Each epoch takes the batches in an order of its own, and within a batch those of the
same rare word together; both orders are drawn from (seed, epoch): going on from a checkpoint needs to remember none.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from ptft_gui.engine.glove.counting import PairCounts, disk_is_full, write_all
from ptft_gui.engine.glove.kernel import PAIR, Pairs, grouped

_BYTES_WHILE_SHUFFLED = 40
"""Of memory a pair while all are shuffled at once: twice the pair, its place, and what it is made from."""
_MOST_FILES = 200

HeedStop = Callable[[], None]


@dataclass(frozen=True)
class TrainingPairs:
    """n stored pairs in random order.

    ``records``: :data:`~ptft_gui.engine.glove.kernel.PAIR`, shape (n,), mapped from a file without a name when
    ``is_on_disk``. ``are_mirrored``: each stands for both directions. ``directed``: pairs that an epoch trains.
    """

    records: Pairs
    are_mirrored: bool
    is_on_disk: bool
    directed: int

    def __len__(self) -> int:
        return len(self.records)

    def batch(self, number: int, size: int) -> Pairs:
        """The pairs of a batch, in memory."""
        return np.array(self.records[number * size : (number + 1) * size])


@dataclass(frozen=True)
class EpochOrder:
    """In which order an epoch takes its batches, and each batch its pairs; ``is_kept``: as they are stored."""

    seed: int
    epoch: int
    batches: int
    is_kept: bool

    def numbers(self) -> list[int]:
        """The batches of the epoch, in order."""
        if self.is_kept:
            return list(range(self.batches))
        numbers: list[int] = np.random.default_rng([self.seed, self.epoch]).permutation(self.batches).tolist()
        return numbers

    def within(self, number: int, pairs: Pairs) -> Pairs:
        """Pairs of a batch in the order in which they are trained."""
        if self.is_kept:
            return pairs
        factor = 2 * int(np.random.default_rng([self.seed, self.epoch, number]).integers(1 << 30)) + 1
        return grouped(pairs, factor)


def gather_pairs(
    counts: PairCounts,
    seed: int,
    budget_bytes: int,
    folder: Path,
    heed_stop: HeedStop,
    is_reference: bool = False,
) -> TrainingPairs:
    """Take the counts up as training pairs; they are used up by it.

    With ``is_reference`` both directions of a symmetric count are pairs of their own, each at a place of its own.
    ``heed_stop`` is called between two pieces and may raise. Raises PtftError for a full disk.
    """
    rng = np.random.default_rng([seed, 0xC0])
    splits = is_reference and counts.window.is_symmetric
    most = counts.most_pairs * (2 if splits else 1)
    pieces = _records(counts, splits, heed_stop)
    if most * _BYTES_WHILE_SHUFFLED <= budget_bytes:
        parts = list(pieces)
        joined = np.concatenate(parts) if parts else np.empty(0, PAIR)
        parts.clear()
        records, is_on_disk = joined[rng.permutation(len(joined))], False
    else:
        try:
            records, is_on_disk = _shuffled_on_disk(pieces, most, rng, budget_bytes, folder, heed_stop), True
        except OSError as problem:
            raise disk_is_full(folder, problem) from problem
    are_mirrored = counts.window.is_symmetric and not is_reference
    return TrainingPairs(records, are_mirrored, is_on_disk, _directed(records, are_mirrored))


def _directed(records: Pairs, are_mirrored: bool) -> int:
    if not are_mirrored:
        return len(records)
    alone = 0
    for start in range(0, len(records), 1 << 22):
        piece = records[start : start + (1 << 22)]
        alone += int(np.count_nonzero(piece["row"] == piece["column"]))
    return 2 * len(records) - alone


def _records(counts: PairCounts, splits: bool, heed_stop: HeedStop) -> Iterator[Pairs]:
    for rows, columns, weights in counts.pieces():
        heed_stop()
        if splits:
            differ = rows != columns
            rows, columns = (
                np.concatenate([rows, columns[differ]]),
                np.concatenate([columns, rows[differ]]),
            )
            weights = np.concatenate([weights, weights[differ]])
        records = np.empty(len(rows), PAIR)
        records["row"], records["column"], records["log"] = rows, columns, np.log(weights)
        yield records


def _shuffled_on_disk(
    pieces: Iterator[Pairs],
    most: int,
    rng: np.random.Generator,
    budget_bytes: int,
    folder: Path,
    heed_stop: HeedStop,
) -> Pairs:
    """Deal the pairs out to files at random, then shuffle each file in memory: every order is equally likely."""
    files = min(_MOST_FILES, 1 + most * _BYTES_WHILE_SHUFFLED // budget_bytes)
    with ExitStack() as opened:
        dealt = [opened.enter_context(tempfile.TemporaryFile(dir=folder)) for _ in range(files)]
        for records in pieces:
            to = rng.integers(files, size=len(records))
            order = np.argsort(to, kind="stable")
            ends = np.searchsorted(to[order], np.arange(files + 1))
            for number, file in enumerate(dealt):
                write_all(file, records[order[ends[number] : ends[number + 1]]])
        return _joined(dealt, rng, folder, heed_stop)


def _joined(dealt: Sequence[IO[bytes]], rng: np.random.Generator, folder: Path, heed_stop: HeedStop) -> Pairs:
    count = 0
    with tempfile.TemporaryFile(dir=folder) as whole:
        for file in dealt:
            heed_stop()
            file.seek(0)
            records = np.frombuffer(file.read(), dtype=PAIR)
            file.close()  # its room on the disk is free before the next is needed
            write_all(whole, records[rng.permutation(len(records))])
            count += len(records)
        whole.flush()
        mapped: Pairs = np.memmap(whole, PAIR, "r", 0, (count,)) if count else np.empty(0, PAIR)
    return mapped  # the mapping holds the file, which has no name
