"""Lines that come again and again: signatures, disclaimers, menus.

Counted with 64-bit hashes; the first eight million lines are looked at, so that memory stays flat on huge texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from ptft_gui.data.examples.copies import Hashes, text_hashes
from ptft_gui.data.examples.equal_hashes import KnownHashes, Places, shares
from ptft_gui.data.examples.number_files import Mask, NumberFile
from ptft_gui.data.request import ShouldStop, never_stop

MOST_LINES = 8_000_000
_SHORTEST_BYTES = 12  # "Yes." may come often; four Chinese signs are as long


@dataclass
class RepeatedLines:
    """``share`` is the part of all signs in lines after their first time, ``count`` how many such lines there are.

    ``hashes`` are the lines that come more than once, sorted. ``is_whole``: false where a text has more lines than are
    looked at.
    """

    share: float = 0.0
    count: int = 0
    hashes: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    is_whole: bool = True


class CountedLines(NamedTuple):
    """What was counted; of the rows, shape (rows,): ``touched`` hold a repeated line, ``emptied`` nothing else."""

    lines: RepeatedLines
    touched: Mask
    emptied: Mask


class LineCounter:
    """Counts the lines of texts. ``with_single``: a text of one line counts too (texts without labels).

    What is noted of each line lies on disk, in ``folder`` or where the system keeps temporary files.
    """

    def __init__(self, with_single: bool, folder: Path | None = None) -> None:
        self._with_single = with_single
        self._hashes = NumberFile(np.uint64, folder)
        self._rows = NumberFile(np.uint32, folder)
        self._signs = NumberFile(np.uint32, folder)
        self._is_beside_others = NumberFile(np.uint8, folder)
        self._all_signs = 0
        self._is_whole = True

    def add(self, texts: pl.Series, first_row: int, is_counted: Mask) -> None:
        """Count the lines of a batch whose first text is row ``first_row``. Raises OSError."""
        self._all_signs += int(texts.str.len_chars().sum() or 0)
        if len(self._hashes) > MOST_LINES:
            self._is_whole = False
            return
        if not self._with_single and not texts.str.contains("\n", literal=True).any():
            return
        lines = lines_of(texts, self._with_single, pl.Series(is_counted))
        self._hashes.add(text_hashes(lines["line"]))
        self._rows.add(lines["place"].to_numpy() + np.uint32(first_row))
        self._signs.add(lines["line"].str.len_chars().to_numpy())
        here = lines.select(pl.len().over("place") < pl.col("lines")).to_series()
        self._is_beside_others.add(here.to_numpy().astype(np.uint8))

    def finish(self, rows: int, should_stop: ShouldStop = never_stop) -> CountedLines:
        """What was found among ``rows`` rows. Raises OSError, StoppedByPerson."""
        again = np.zeros(len(self._hashes), np.bool_)
        several: list[Hashes] = []
        for share in shares(self._hashes, should_stop):
            known = KnownHashes()
            repeated: list[Places] = []
            for places, hashes in share:
                places, first = known.add(places, hashes)
                again[places[places != first]] = True
                repeated.append(np.unique(first[places != first]))
            of_share = np.isin(known.first, np.concatenate(repeated)) if repeated else slice(0)
            several.append(known.hashes[of_share])
        touched, has_other = np.zeros(rows, np.bool_), np.zeros(rows, np.bool_)
        signs = 0
        for piece, row in self._rows.pieces():
            is_again = again[piece]
            signs += int(self._signs[piece][is_again].sum(dtype=np.int64))
            touched[row[is_again]] = True
            has_other[row[~is_again | (self._is_beside_others[piece] > 0)]] = True
        lines = RepeatedLines(
            share=float(signs / max(self._all_signs, 1)),
            count=int(again.sum()),
            hashes=np.concatenate(several) if several else np.zeros(0, np.uint64),
            is_whole=self._is_whole,
        )
        return CountedLines(lines, touched, touched & ~has_other)


def lines_of(texts: pl.Series, with_single: bool, is_counted: pl.Series) -> pl.DataFrame:
    """The lines of texts that are long enough: ``place`` of the text, ``line`` (trimmed), ``lines`` in that text."""
    frame = pl.DataFrame({"text": texts, "counted": is_counted}).with_row_index("place")
    has_several = pl.col("text").str.contains("\n", literal=True)
    frame = frame.filter(pl.col("counted") & (pl.lit(with_single) | has_several))
    lines = frame.select("place", pl.col("text").str.split("\n").alias("line")).explode("line")
    lines = lines.with_columns(pl.col("line").str.strip_chars()).filter(pl.col("line") != "")
    lines = lines.with_columns(pl.len().over("place").alias("lines"))
    return lines.filter(pl.col("line").str.len_bytes() >= _SHORTEST_BYTES)


class LineFilter:
    """Takes repeated lines out of texts; it must see the batches that :class:`LineCounter` saw, in the same order."""

    def __init__(self, lines: RepeatedLines, with_single: bool) -> None:
        self._repeated = lines.hashes
        self._with_single = with_single
        self._seen: set[int] = set()
        self._lines = 0

    def apply(self, texts: pl.Series, is_counted: npt.NDArray[np.bool_]) -> pl.Series:
        """The texts without the lines that came before."""
        if self._lines > MOST_LINES or not len(self._repeated):
            return texts
        found = lines_of(texts, self._with_single, pl.Series(is_counted))
        self._lines += found.height
        hashes = text_hashes(found["line"])
        repeated = found.with_columns(hash=pl.Series(hashes)).filter(
            pl.Series(_members(hashes, self._repeated))
        )
        changed = list(texts)
        for place, lines, line_hashes in (
            repeated.group_by("place", maintain_order=True).agg("line", "hash").iter_rows()
        ):
            changed[place] = _without(changed[place], lines, [self._is_new(each) for each in line_hashes])
        return pl.Series(texts.name, changed, pl.String)

    def _is_new(self, line_hash: int) -> bool:
        if line_hash in self._seen:
            return False
        self._seen.add(line_hash)
        return True


def _without(text: str, lines: list[str], are_kept: list[bool]) -> str:
    """A text without some of its lines: ``lines`` are those in question, in order of their places."""
    if all(are_kept):
        return text
    asked, answers, kept = set(lines), iter(are_kept), []
    for line in text.split("\n"):
        if line.strip() not in asked or next(answers, True):
            kept.append(line)
    return "\n".join(kept).strip()


def _members(hashes: Hashes, ordered: Hashes) -> npt.NDArray[np.bool_]:
    """Which hashes stand in a sorted array."""
    places = np.minimum(np.searchsorted(ordered, hashes), len(ordered) - 1)
    return ordered[places] == hashes  # type: ignore[no-any-return]
