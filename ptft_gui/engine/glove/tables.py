"""The innermost loop of counting: a hash table of word pairs, filled from text as row numbers.

Compiled by numba; without the global interpreter lock, so that each thread may fill a table of its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ptft_gui.engine.compiled import compiled

SENTENCE_END = -1
"""Stands between two sentences in a text of row numbers; no pair reaches across it."""

SLOT = np.dtype([("key", np.int64), ("weight", np.float64)])
"""A slot of a table: ``row * V + column`` plus one (0 is empty) and the summed weight, side by side in memory."""

MOST_FILLED = 0.7
"""A table that is fuller than this is enlarged or written away: probing would become slow."""

Tokens = NDArray[np.int32]
Table = NDArray[Any]
Keys = NDArray[np.int64]
Weights = NDArray[np.float64]


@compiled
def _mixed(key: int) -> np.uint64:
    """A well spread number: the finalizer of splitmix64 (Steele et al. 2014)."""
    mixed = np.uint64(key)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


@compiled
def fill(
    tokens: Tokens,
    start: int,
    table: Table,
    used: int,
    shape: tuple[int, int, bool],
    part: int,
    parts: int,
) -> tuple[int, int]:
    """Count pairs from ``tokens[start:]`` until the text ends or the table is full; returns (place, slots used).

    ``tokens``: rows of known words, :data:`SENTENCE_END` after each sentence; words that are not in the vocabulary were
    left out, so they take up no distance. ``shape``: (V, window, whether both sides count). Each word meets the words
    up to ``window`` places to its left, with weight 1 / distance (section 4.2 of the paper). When both sides count the
    table of pairs is symmetric: only (smaller row, larger row) is kept, and a word that meets itself counts twice, as
    in the reference program. ``part``: this call counts the pairs whose key falls into this of ``parts`` parts.

    ``table``: a power of two of slots. Sums run in the order of the text, whatever the number of parts.
    """
    vocabulary_size, window, is_symmetric = shape
    mask = np.uint64(len(table) - 1)
    limit = int(len(table) * MOST_FILLED) - 2 * window
    begin = start
    while begin > 0 and tokens[begin - 1] != SENTENCE_END:
        begin -= 1
    for place in range(start, len(tokens)):
        target = tokens[place]
        if target == SENTENCE_END:
            begin = place + 1
            continue
        if used > limit:
            return place, used
        for distance in range(1, min(window, place - begin) + 1):
            context = tokens[place - distance]
            row, column = context, target
            if is_symmetric and context > target:
                row, column = target, context
            key = np.int64(row) * vocabulary_size + column + 1
            mixed = _mixed(key)
            if parts > 1 and (mixed >> np.uint64(40)) % np.uint64(parts) != np.uint64(part):
                continue
            slot = mixed & mask
            while table[slot].key != key:
                if table[slot].key == 0:
                    table[slot].key = key
                    used += 1
                    break
                slot = (slot + np.uint64(1)) & mask
            table[slot].weight += 1.0 / distance
            if is_symmetric and row == column:
                table[slot].weight += 1.0 / distance
    return len(tokens), used


@compiled
def enlarge(table: Table, larger: Table) -> None:
    """Move all entries into an empty, larger table."""
    mask = np.uint64(len(larger) - 1)
    for entry in table:
        if entry.key != 0:
            slot = _mixed(entry.key) & mask
            while larger[slot].key != 0:
                slot = (slot + np.uint64(1)) & mask
            larger[slot].key = entry.key
            larger[slot].weight = entry.weight


@compiled
def add_runs(keys: Keys, weights: Weights) -> int:
    """Sum the weights of equal neighbouring keys in place; returns how many different keys there are."""
    if len(keys) == 0:
        return 0
    last = 0
    for place in range(1, len(keys)):
        if keys[place] == keys[last]:
            weights[last] += weights[place]
        else:
            last += 1
            keys[last] = keys[place]
            weights[last] = weights[place]
    return last + 1


def empty_table(slots: int) -> Table:
    """``slots``: a power of two."""
    return np.zeros(slots, dtype=SLOT)


def sorted_entries(table: Table) -> tuple[Keys, Weights]:
    """Keys (row * V + column) in rising order, with their weights."""
    entries = table[table["key"] != 0]
    order = np.argsort(entries["key"])
    return entries["key"][order] - 1, entries["weight"][order]
