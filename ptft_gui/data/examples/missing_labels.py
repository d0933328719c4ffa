"""Words that programs write where a cell is empty: no class of their own, unless they are one.

``nan``, ``<NA>`` or ``#N/A`` name no class of anybody. ``None`` and ``NA`` may be one ("None" beside "Mild" and
"Severe", "NA" beside "EU" and "AS"): they count as signs only where the column holds a certain sign too, or where they
are written unlike every other label. ``none`` is a word that people write, and always a class. ``ignore`` beside
``accept`` and ``reject`` is a row that was skipped.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from ptft_gui.data.examples.verdicts import skipped_label

CERTAIN = frozenset(
    {"nan", "NaN", "NAN", "<NA>", "NaT", "#N/A", "#NA", "#NV", "N/A", "n/a", "null", "NULL", "Null"}
)
"""What pandas, spreadsheets, databases and JSON write for nothing; see pandas.read_csv, ``na_values``."""

_IN_TEXTS = ("nan", "NaN", "<NA>", "#N/A", "NULL")


def missing_signs(labels: Iterable[str]) -> frozenset[str]:
    """Which of the different labels of a column stand for "no label"."""
    cells = {label: label.strip() for label in labels}
    if skipped := skipped_label(frozenset(cells)):
        return skipped
    found = {label for label, cell in cells.items() if cell in CERTAIN}
    others = [cell for label, cell in cells.items() if label not in found and cell not in ("None", "NA")]
    unlike = {"None": not any(cell[:1].isupper() for cell in others), "NA": not any(map(str.isupper, others))}
    doubtful = {label for label, cell in cells.items() if cell in unlike and (found or unlike[cell])}
    return frozenset(found | doubtful) if others else frozenset()


def is_missing_text(text: pl.Series) -> pl.Series:
    """Which texts are nothing, or but a sign for it."""
    trimmed = text.fill_null("").str.strip_chars()
    return (trimmed == "") | trimmed.is_in(_IN_TEXTS)
