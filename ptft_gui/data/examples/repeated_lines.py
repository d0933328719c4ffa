"""Lines that come again and again: signatures, disclaimers, menus.

Counted with 64-bit hashes; the first eight million lines are looked at, so that memory stays flat on huge texts.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from ptft_gui.data.examples.copies import Hashes, text_hashes

MOST_LINES = 8_000_000
_SHORTEST_BYTES = 12  # "Yes." may come often; four Chinese signs are as long


@dataclass
class RepeatedLines:
    """``share`` is the part of all signs in lines after their first time, ``count`` how many such lines there are.

    ``emptied`` are the numbers of rows that hold nothing else, ``touched`` those that hold one; ``hashes`` the lines
    that come more than once, sorted. ``is_whole``: false where a text has more lines than are looked at.
    """

    share: float = 0.0
    count: int = 0
    hashes: Hashes = field(default_factory=lambda: np.zeros(0, np.uint64))
    emptied: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    touched: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    is_whole: bool = True


class LineCounter:
    """Counts the lines of texts. ``with_single``: a text of one line counts too (texts without labels)."""

    def __init__(self, with_single: bool) -> None:
        self._with_single = with_single
        self._hashes: list[Hashes] = []
        self._rows: list[npt.NDArray[np.int64]] = []
        self._signs: list[npt.NDArray[np.uint32]] = []
        self._in_row: list[npt.NDArray[np.uint32]] = []
        self._lines = 0
        self._all_signs = 0
        self._is_whole = True

    def add(self, texts: pl.Series, first_row: int, is_counted: npt.NDArray[np.bool_]) -> None:
        """Count the lines of a batch whose first text is row ``first_row``."""
        self._all_signs += int(texts.str.len_chars().sum() or 0)
        if self._lines > MOST_LINES:
            self._is_whole = False
            return
        lines = lines_of(texts, self._with_single, pl.Series(is_counted))
        hashes = text_hashes(lines["line"])
        self._hashes.append(hashes)
        self._rows.append(lines["place"].to_numpy().astype(np.int64) + first_row)
        self._signs.append(lines["line"].str.len_chars().to_numpy().astype(np.uint32))
        self._in_row.append(lines["lines"].to_numpy().astype(np.uint32))
        self._lines += len(hashes)

    def finish(self) -> RepeatedLines:
        if not self._lines:
            return RepeatedLines(is_whole=self._is_whole)
        hashes = np.concatenate(self._hashes)
        rows, signs = np.concatenate(self._rows), np.concatenate(self._signs)
        in_row = np.concatenate(self._in_row)
        again, distinct = _comes_again(hashes)
        repeated_rows, counts = np.unique(rows[again], return_counts=True)
        lines_of_row = np.zeros(len(repeated_rows), np.int64)
        lines_of_row[np.searchsorted(repeated_rows, rows[again])] = in_row[again]
        return RepeatedLines(
            share=float(signs[again].sum() / max(self._all_signs, 1)),
            count=int(again.sum()),
            hashes=distinct,
            emptied=repeated_rows[counts >= lines_of_row],
            touched=repeated_rows,
            is_whole=self._is_whole,
        )


def lines_of(texts: pl.Series, with_single: bool, is_counted: pl.Series) -> pl.DataFrame:
    """The lines of texts that are long enough: ``place`` of the text, ``line`` (trimmed), ``lines`` in that text."""
    frame = pl.DataFrame({"text": texts, "counted": is_counted}).with_row_index("place")
    has_several = pl.col("text").str.contains("\n", literal=True)
    frame = frame.filter(pl.col("counted") & (pl.lit(with_single) | has_several))
    lines = frame.select("place", pl.col("text").str.split("\n").alias("line")).explode("line")
    lines = lines.with_columns(pl.col("line").str.strip_chars()).filter(pl.col("line") != "")
    lines = lines.with_columns(pl.len().over("place").alias("lines"))
    return lines.filter(pl.col("line").str.len_bytes() >= _SHORTEST_BYTES)


def _comes_again(hashes: Hashes) -> tuple[npt.NDArray[np.bool_], Hashes]:
    """Which hashes stand earlier already, and those that come more than once, sorted."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    equal = np.zeros(len(hashes), np.bool_)
    equal[1:] = ordered[1:] == ordered[:-1]
    again = np.zeros(len(hashes), np.bool_)
    again[order] = equal
    return again, np.unique(ordered[equal])


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
