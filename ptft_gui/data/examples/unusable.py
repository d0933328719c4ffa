"""Why nothing can be learned of a table once the findings are met: the file, the column, what was seen, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.decided import WITH_LABELS, Decided, Mask

_FILL_IN = "Fill in more of {column}, or choose another column."
_HINTS = {
    "tiny_classes": "A class needs at least 3 rows, better 10 or more: add rows, or choose another column.",
    "empty_text": "Choose another column as text.",
    **dict.fromkeys(("empty_label", "missing_label", "set_aside"), _FILL_IN),
    "bad_scores": "A score is a number such as 3.5 or 3,5: choose another column than {column}.",
}
_OTHERWISE = "Choose other columns, or another way to deal with the findings."


@dataclass(frozen=True)
class Named:
    """How a problem calls the file and the column of what is to be answered."""

    title: str = "this table"
    goal: str = ""

    @property
    def column(self) -> str:
        return f"“{self.goal}”" if self.goal else "the label column"


def why_unusable(decided: Decided, named: Named, free: Mask) -> DataError | None:
    """A problem where no row is left, or one class only; None where something can be learned.

    A choice that a person must make first is no problem.
    """
    if decided.waits_for:
        return None
    if not free.any():
        return DataError(
            f"No row of {named.title} is left to learn from.",
            decided.sum_sentence(),
            _HINTS.get(_chief_reason(decided), _OTHERWISE).format(column=named.column),
        )
    if decided.task in WITH_LABELS and len(decided.classes) == 1:
        only, count = decided.classes[0]
        return DataError(
            f"{named.column[:1].upper()}{named.column[1:]} has only one class.",
            f"All {count:,} labels in {named.title} are “{only}”. A model needs at least two classes to tell apart.",
            "Choose another label column.",
        )
    return None


def _chief_reason(decided: Decided) -> str:
    """What most rows were lost for."""
    lost = [part for part in decided.sums() if part["key"] != "used"]
    return str(max(lost, key=lambda part: part["count"])["key"]) if lost else ""
