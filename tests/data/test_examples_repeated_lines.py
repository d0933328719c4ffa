"""Repeated lines, counted and taken out in batches, against the plain way of doing it."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ptft_gui.data.examples.copies import fold_text
from ptft_gui.data.examples.repeated_lines import LineCounter, LineFilter

_LINES = [
    "short",
    "",
    "  ",
    "a line that is long enough",
    "A line  that is long enough ",
    "another long line here",
]
_LINES += ["这是一行足够长的中文", "one more line of its own"]
_TEXTS = st.lists(st.lists(st.sampled_from(_LINES), max_size=5).map("\n".join), max_size=12)


def _plainly(texts: list[str], counted: list[bool], with_single: bool) -> tuple[list[str], int, set[int]]:
    """Texts without lines that came before, how many those were, and the texts that held nothing else."""
    seen: set[str] = set()
    out, repeated, emptied = [], 0, set()
    for place, (text, is_counted) in enumerate(zip(texts, counted, strict=True)):
        if not is_counted or (not with_single and "\n" not in text):
            out.append(text)
            continue
        kept, lost, filled = [], 0, 0
        for line in text.split("\n"):
            filled += bool(line.strip())
            is_long = len(line.strip().encode()) >= 12
            if is_long and fold_text(line) in seen:
                lost += 1
                continue
            if is_long:
                seen.add(fold_text(line))
            kept.append(line)
        repeated += lost
        out.append("\n".join(kept).strip() if lost else text)
        if lost and lost == filled:
            emptied.add(place)
    return out, repeated, emptied


@settings(max_examples=300, deadline=None)
@given(texts=_TEXTS, step=st.integers(1, 5), with_single=st.booleans(), data=st.data())
def test_batches_give_what_the_plain_way_gives(
    texts: list[str], step: int, with_single: bool, data: st.DataObject
) -> None:
    counted = data.draw(st.lists(st.booleans(), min_size=len(texts), max_size=len(texts)))
    wanted, repeated, emptied = _plainly(texts, counted, with_single)
    counter = LineCounter(with_single)
    starts = range(0, len(texts), step)
    for start in starts:
        batch = pl.Series(texts[start : start + step], dtype=pl.String)
        counter.add(batch, start, np.array(counted[start : start + step], np.bool_))
    lines, touched, found = counter.finish(len(texts))
    assert lines.count == repeated
    assert set(np.flatnonzero(found).tolist()) == emptied
    assert not (found & ~touched).any()
    assert 0 <= lines.share <= 1

    cleaner = LineFilter(lines, with_single)
    cleaned: list[str] = []
    for start in starts:
        batch = pl.Series(texts[start : start + step], dtype=pl.String)
        cleaned += cleaner.apply(batch, np.array(counted[start : start + step], np.bool_)).to_list()
    assert cleaned == wanted
