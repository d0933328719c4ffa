"""What is known to be wrong with rows before anything heavy is loaded for them."""

from __future__ import annotations

from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.prepared import PreparedExamples

_FEWEST_ROWS = 2


def check_examples(examples: PreparedExamples, task: str) -> None:
    """Raise DataError for rows from which nothing can be learned; most of it the data room has refused already."""
    rows, labels = examples.count("train"), examples.labels
    needs_labels = task in ("classification", "pair-classification", "multilabel")
    fewest = 1 if task == "multilabel" else 2
    if rows < _FEWEST_ROWS or (needs_labels and len(labels) < fewest):
        raise DataError(
            "There is too little to learn from.",
            f"{rows:,} rows"
            + (f" with {len(labels)} classes" if needs_labels else "")
            + " are left to train on.",
            "Add rows, or decide otherwise about the data.",
        )
