"""A column for each label: 1 where a text has it, 0 where it has not. Together they are the labels of the text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import polars as pl

from ptft_gui.data.examples.column_look import ColumnLook
from ptft_gui.data.examples.role_names import is_named

NONE_OF_THEM = "none"
"""The label of a text that has a 0 in every one of the columns."""

_YES = ("1", "1.0", "true", "yes")
_NO = ("0", "0.0", "false", "no")
_FEWEST = 3


def labels_of_flags(names: Sequence[str], separator: str) -> pl.Expr:
    """The names of the columns that say yes, ``separator`` between them; null where no cell says anything."""
    cells = {name: pl.col(name).str.strip_chars().str.to_lowercase() for name in names}
    chosen = [pl.when(cell.is_in(_YES)).then(pl.lit(name)) for name, cell in cells.items()]
    says_no = pl.any_horizontal([cell.is_in(_NO) for cell in cells.values()])
    joined = pl.concat_str(chosen, separator=separator, ignore_nulls=True)
    return pl.when(joined != "").then(joined).when(says_no).then(pl.lit(NONE_OF_THEM))


def find_flags(looks: Sequence[ColumnLook]) -> list[str]:
    """At least three columns side by side with nothing but 0 and 1, each with both in some rows, or all but a few rare
    ones; none where a column is named like a label."""
    if any(is_named(look.name, "label") and look.distinct > 1 and not _holds_flags(look) for look in looks):
        return []
    found: list[str] = []
    ordered = sorted(looks, key=lambda look: look.position)
    for _, group in groupby(
        enumerate(ordered), lambda pair: (_holds_flags(pair[1]), pair[1].position - pair[0])
    ):
        run = [look for _, look in group]
        both = sum(look.distinct > 1 for look in run)
        if _holds_flags(run[0]) and len(run) >= _FEWEST and 2 * both > len(run) and len(run) > len(found):
            found = [look.name for look in run]
    return found


def _holds_flags(look: ColumnLook) -> bool:
    values = {value.lower() for value, _ in look.values}
    return not look.is_list and look.filled > 0.9 * look.rows and bool(values) and values <= {*_YES, *_NO}
