"""A label that the first rows hide: the file is sorted by it, and could not be read out of order to see that at once.

The pass over all rows keeps a few cells of every stretch; from these the label is guessed anew.
"""

from __future__ import annotations

import polars as pl

from ptft_gui.core.family.tasks import PLAIN_TEXT
from ptft_gui.data.examples.asking import Asked
from ptft_gui.data.examples.column_look import constant_columns, look_again, look_at_columns
from ptft_gui.data.examples.roles import guess_roles

_KEPT_OF_A_FRAME = 50
_MOST_FRAMES = 512


class LaterLabel:
    """Is shown all rows in order, and says at the end which column should have been the label."""

    def __init__(self, asked: Asked) -> None:
        """Looks for nothing where a person chose another task or a column, or where a label was found."""
        self._asked = asked
        self._kept: list[pl.DataFrame] = []
        self._step, self._seen = 1, 0
        is_open = asked.task == PLAIN_TEXT and "label" not in asked.roles and not asked.request.roles
        self._looks = look_at_columns(asked.table.columns, asked.head) if is_open else ()
        self._names = constant_columns(self._looks, asked.head, asked.table) if is_open else []

    def add(self, frame: pl.DataFrame) -> None:
        """Keep a few cells of a batch; of very many batches every second, fourth ... is kept."""
        self._seen += 1
        if not self._names or frame.is_empty() or self._seen % self._step:
            return
        rows = frame.select(self._names).gather_every(max(1, frame.height // _KEPT_OF_A_FRAME))
        self._kept.append(rows.tail(_KEPT_OF_A_FRAME))
        if len(self._kept) > _MOST_FRAMES:
            self._kept = self._kept[1::2]
            self._step *= 2

    def found(self) -> dict[str, str] | None:
        """``column`` and ``reason`` of the label; None where there is still none."""
        if not self._kept:
            return None
        looks = look_again(self._looks, self._asked.head, pl.concat(self._kept))
        guesses = guess_roles(self._asked.table, self._asked.head, looks=looks)
        label = next((guess for guess in guesses if guess.role == "label"), None)
        return {"column": label.column, "reason": label.reason} if label else None
