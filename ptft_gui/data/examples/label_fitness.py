"""Whether a column can be learned as classes, and if not, what was seen in it and what to do: one sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from ptft_gui.data.examples.column_look import HEAD_ROWS, ColumnLook
from ptft_gui.data.examples.findings import quoted
from ptft_gui.data.examples.missing_labels import missing_signs
from ptft_gui.data.examples.role_names import is_named
from ptft_gui.data.examples.text_patterns import could_be_label

FEWEST_ROWS = 3
"""A class of fewer rows cannot be both learned and tested."""

_SHORT_BYTES = 60
_MOST_STEPS = 20
_ROWS_OF_A_STEP = 20
_NUMBER = r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$"
_FRACTION = r"[.,]\d*[1-9]"
_NO_LABELS = "There is no column with labels: no column repeats a few short values."


def judge_labels(labels: pl.Series, rows: int, column: str) -> str | None:
    """Why the filled cells of a label column, trimmed, are no classes; None where they may be.

    ``rows`` is how many first rows were read: fewer than HEAD_ROWS are the whole table.
    """
    labels = _filled(labels)
    if labels.is_empty():
        return f"The first {rows:,} rows have no label in {column}."
    is_whole = rows < HEAD_ROWS  # the rows of a longer table may be sorted by label
    if labels.n_unique() == 1 and is_whole:
        return one_class(labels[0], len(labels), column)
    if are_measured(labels):
        return measured(labels, column)
    counts = labels.str.to_lowercase().value_counts(sort=True)
    most = int(counts["count"][0])
    if len(labels) >= 10 and most == 1:
        return f"Every row has another label in “{column}”: a class needs several rows to be learned."
    if is_whole and most < FEWEST_ROWS:
        seen = quoted(labels.unique(maintain_order=True).to_list(), 2)
        return (
            f"No label in “{column}” stands in {FEWEST_ROWS} rows: {len(labels):,} rows have a label, {seen}. "
            f"A class needs at least {FEWEST_ROWS} rows to be learned and tested, better 10 or more; add rows."
        )
    return None


def _filled(labels: pl.Series) -> pl.Series:
    """The labels without those that stand for none."""
    signs = missing_signs(labels.unique().to_list())
    return labels.filter((labels != "") & ~labels.is_in(sorted(signs)))


def one_class(label: str, count: int, column: str) -> str:
    """The sentence for labels that are all the same."""
    return (
        f"All {count:,} labels of {column} are “{label}”: a model needs at least two classes to tell apart."
    )


def are_measured(labels: pl.Series) -> bool:
    """Whether labels are measured numbers such as 3.72: with fractions, many different ones, few rows of each.

    Stars in half steps (0.5 to 5) are few different numbers, so they may be classes.
    """
    different = labels.n_unique()
    if different < FEWEST_ROWS or labels.str.contains(_NUMBER).mean() != 1.0:
        return False
    is_many = different > _MOST_STEPS or different == len(labels)
    has_fractions = bool(labels.str.contains(_FRACTION).any())
    return has_fractions and is_many and len(labels) < _ROWS_OF_A_STEP * different


def measured(labels: pl.Series, column: str, has_pair: bool = False) -> str:
    """The sentence for labels that are measured numbers."""
    shown = labels.filter(labels.str.contains(_FRACTION)).unique(maintain_order=True).head(2).to_list()
    use = (
        "They can be learned as how alike the two texts are."
        if has_pair
        else "Sort them into a few groups in a column of their own (low, middle, high)."
    )
    return (
        f"“{column}” holds numbers such as {' and '.join(shown)}, {labels.n_unique():,} different ones in "
        f"{len(labels):,} rows: such numbers are no classes. {use}"
    )


def why_no_label(looks: Sequence[ColumnLook], roles: Mapping[str, str], head: pl.DataFrame) -> str:
    """Why no column was taken as label, with the column that comes nearest and what was seen in it."""
    free = [look for look in looks if look.name not in roles.values()]
    if could_be := [look.name for look in free if could_be_label(look)][:3]:
        return f"No column is chosen as label; {' or '.join(could_be)} could be."
    has_pair = "text_pair" in roles and "score" in roles
    scores = [look for look in looks if has_pair and look.name == roles["score"]]
    singles = [look for look in (*free, *scores) if not look.is_list and look.filled > 1]
    for look in sorted(singles, key=lambda look: not is_named(look.name, "label")):
        cells = _filled(head[look.name].drop_nulls().str.strip_chars())
        if look.distinct == 1:
            return one_class(look.values[0][0], look.filled, look.name)
        if are_measured(cells):
            return measured(cells, look.name, has_pair)
        is_meant = is_named(look.name, "label") or (len(singles) == 1 and _is_short(look))
        if is_meant and (why := judge_labels(cells, head.height, look.name)):
            return why
    named = (look for look in free if not look.is_list and is_named(look.name, "label"))
    return next(filter(None, map(_why_not_taken, named)), _NO_LABELS)


def _why_not_taken(look: ColumnLook) -> str | None:
    """What was seen in a column that is named like a label and was not taken as one."""
    if not look.filled:
        return f"“{look.name}” is named like a label, but its first {look.rows:,} rows are empty."
    if look.distinct > 1:
        return (
            f"“{look.name}” is named like a label, but holds {look.distinct:,} different values in {look.filled:,} "
            "rows. Choose it as label if these are classes."
        )
    return None


def _is_short(look: ColumnLook) -> bool:
    return not look.is_number and look.references <= 0.5 and look.mean_bytes <= _SHORT_BYTES
