"""A column that says whether the person who marked a row accepted it: ``accept``, ``reject`` or ``ignore``.

Prodigy writes it as ``answer`` beside every row, and keeps the rows that were rejected or skipped in the same file.
Where no other column can be learned, the verdict itself is what the rows were marked with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from ptft_gui.data.examples.column_look import ColumnLook
from ptft_gui.data.examples.role_patterns import Pick

ACCEPTED = "accept"
REJECTED = ("reject", "ignore")
_NAMES = ("answer", "verdict", "decision")


def find_verdict(looks: Sequence[ColumnLook]) -> Pick | None:
    """The column of verdicts, where there is one."""
    for look in looks:
        values = {value.casefold() for value, _ in look.values}
        is_named = look.name.strip().casefold() in _NAMES
        if is_named and not look.is_list and values and values <= {ACCEPTED, *REJECTED}:
            listed = ", ".join(value for value, _ in look.values)
            return Pick(
                "verdict", look.name, f"its values say what the annotator thought of a row ({listed})"
            )
    return None


def is_rejected(cells: pl.Series) -> npt.NDArray[np.bool_]:
    """Which rows were rejected or skipped, shape (rows,)."""
    return np.asarray(cells.fill_null("").str.strip_chars().str.to_lowercase().is_in(REJECTED))


def skipped_label(labels: frozenset[str]) -> frozenset[str]:
    """``ignore`` where the verdicts themselves are the labels: it says that nobody wanted to decide."""
    plain = {label.strip().casefold() for label in labels}
    is_verdict = "ignore" in plain and ACCEPTED in plain and plain <= {ACCEPTED, *REJECTED}
    return frozenset(label for label in labels if is_verdict and label.strip().casefold() == "ignore")
