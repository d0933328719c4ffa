"""The rows of a run as examples, and in which order and company they are learned from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ptft_gui.core.errors import StoppedByPerson
from ptft_gui.data.examples.prepared import PartName, PreparedExamples
from ptft_gui.data.request import Progress, ShouldStop, never_stop, no_progress
from ptft_gui.engine.finetune.task import Example, Row, Task, TaskBatch

Numbers = NDArray[np.int64]
ROWS_AT_ONCE = 1024
_BATCHES_SORTED_TOGETHER = 50


@dataclass(frozen=True)
class PartExamples:
    """One part of the data: its rows, and examples that name their row by its place in ``rows``."""

    rows: list[Row]
    examples: list[Example]

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def lengths(self) -> Numbers:
        return np.fromiter((len(example) for example in self.examples), np.int64, len(self.examples))

    @property
    def cut_rows(self) -> int:
        """How many rows lost tokens."""
        return len({example.row for example in self.examples if example.cut})

    @property
    def lost_rows(self) -> int:
        """How many rows lost their answer with the tokens that were cut off."""
        return len({example.row for example in self.examples if example.notes.get("lost")})

    def learnable(self) -> PartExamples:
        """Without the examples that have nothing to learn from."""
        kept = [each for each in self.examples if each.target is not None and not each.notes.get("lost")]
        return PartExamples(self.rows, kept)

    def first_rows(self, most: int) -> PartExamples:
        """The first rows of the part, and the examples that belong to them."""
        if len(self.rows) <= most:
            return self
        return PartExamples(self.rows[:most], [each for each in self.examples if each.row < most])


def encode_rows(
    task: Task,
    rows: list[Row],
    should_stop: ShouldStop = never_stop,
    progress: Progress = no_progress,
) -> PartExamples:
    """All rows as examples. Raises StoppedByPerson."""
    examples: list[Example] = []
    for start in range(0, len(rows), ROWS_AT_ONCE):
        if should_stop():
            raise StoppedByPerson
        progress("Cutting the texts into tokens", start / len(rows))
        examples += task.encode(rows[start : start + ROWS_AT_ONCE], first=start)
    return PartExamples(rows, examples)


def read_rows(examples: PreparedExamples, part: PartName) -> list[Row]:
    """The rows of a part; they stay in memory while a run lasts."""
    return list(examples.rows(part))


def some_rows(rows: list[Row], options: Mapping[str, Any]) -> list[Row]:
    """The share of the rows that is to be learned from, in their order: a larger share holds the smaller one's rows.

    Each class keeps its share, and at least one row.
    """
    share = float(options.get("train_share") or 1.0)
    if share >= 1.0:
        return rows
    luck = np.random.default_rng([int(options.get("seed") or 0), len(rows)])
    groups: dict[str, list[int]] = {}
    for place in luck.permutation(len(rows)).tolist():
        groups.setdefault(str(rows[place].get("label")), []).append(place)
    kept = sorted(place for group in groups.values() for place in group[: max(1, round(share * len(group)))])
    return [rows[place] for place in kept]


def collate(task: Task, examples: Sequence[Example], padding: int) -> TaskBatch:
    """Examples filled up to the longest of them."""
    length = max(len(example) for example in examples)
    inputs = np.full((len(examples), length), padding, np.int64)
    mask = np.zeros((len(examples), length), np.int64)
    segments = np.zeros((len(examples), length), np.int64)
    has_segments = any(example.segments is not None for example in examples)
    for place, example in enumerate(examples):
        inputs[place, : len(example)] = example.ids
        mask[place, : len(example)] = 1
        if example.segments is not None:
            segments[place, : len(example)] = example.segments
    targets = task.targets(examples, length)
    return TaskBatch(
        torch.from_numpy(inputs),
        torch.from_numpy(mask),
        torch.from_numpy(segments) if has_segments else None,
        targets,
        task.weight(targets),
    )


def order_by_length(lengths: Numbers, batch: int, seed: int, epoch: int) -> Numbers:
    """An order in which batches of ``batch`` hold examples of like length, so that little is filled up.

    Chance decides which examples meet: of each fifty batches' worth, drawn at random, the examples are sorted by
    length and cut into batches, and these come in random order. An incomplete batch comes last.
    """
    luck = np.random.default_rng([seed, epoch])
    drawn = luck.permutation(len(lengths))
    many = batch * _BATCHES_SORTED_TOGETHER
    groups = [drawn[start : start + many] for start in range(0, len(drawn), many)]
    ordered = np.concatenate([group[np.argsort(lengths[group], kind="stable")] for group in groups])
    whole = len(ordered) // batch
    places = luck.permutation(whole)
    first: Numbers = ordered[: whole * batch].reshape(whole, batch)[places].reshape(-1)
    return np.concatenate([first, ordered[whole * batch :]])


def batches_by_length(lengths: Numbers, most_tokens: int, most_examples: int) -> Iterator[Numbers]:
    """All examples in batches of like length, the longest first: for looking, where order does not matter."""
    order = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(order):
        longest = max(int(lengths[order[start]]), 1)
        count = max(1, min(most_examples, most_tokens // longest))
        yield order[start : start + count]
        start += count


def padding_of(tokenizer: Any) -> int:
    """What fills a batch up; any token will do, for it is never looked at."""
    return int(tokenizer.pad_token_id or 0)
