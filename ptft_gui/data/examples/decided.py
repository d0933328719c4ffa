"""What became of every row, and the sum that proves that none was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ptft_gui.core.errors import DataError
from ptft_gui.data.examples.findings import KINDS, Finding, rows_text

USED = 0
SET_ASIDE = 1
FIRST_REASON = 2
WITH_LABELS = ("classification", "multilabel", "pair-classification")

Mask = npt.NDArray[np.bool_]


@dataclass
class Decided:
    """What becomes of every row.

    ``fate`` has shape (rows,): USED, SET_ASIDE, or an index into ``reasons`` (finding keys) plus FIRST_REASON.
    ``names[c]`` are the labels of cell c of the survey; ``classes`` all labels of used rows, the commonest first.
    ``waits_for`` are findings that a person must decide first; ``dropped`` finding -> the classes left out by it.
    """

    task: str
    fate: npt.NDArray[np.uint8]
    reasons: list[str]
    findings: list[Finding]
    names: list[tuple[str, ...]]
    classes: list[tuple[str, int]]
    bad_rows: int
    copies_kept: int = 0
    drops_repeated_lines: bool = False
    empty_is_class: bool = False
    waits_for: list[str] = field(default_factory=list)
    problem: DataError | None = None
    notices: list[str] = field(default_factory=list)
    dropped: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def used(self) -> Mask:
        return np.asarray(self.fate == USED)

    @property
    def set_aside(self) -> Mask:
        return np.asarray(self.fate == SET_ASIDE)

    def sums(self) -> list[dict[str, Any]]:
        """Where all rows went: ``key``, ``count`` and the words behind the count; the counts add up to all rows."""
        counts = _counted(self.fate)
        found = [
            ("used", counts[USED], "used"),
            ("set_aside", counts[SET_ASIDE], _SET_ASIDE.get(self.task, "set aside")),
        ]
        found += [
            (reason, counts[place + FIRST_REASON], self._words(reason))
            for place, reason in enumerate(self.reasons)
        ]
        found.append(("bad_rows", self.bad_rows, KINDS["bad_rows"].left_out))
        return [
            {"key": key, "count": count, "words": words}
            for key, count, words in found
            if count or key == "used"
        ]

    def _words(self, reason: str) -> str:
        if reason in self.waits_for:
            return "with several labels, waiting for your choice"
        answer = {"pair-similarity": "scores", "tagging": "tags"}.get(self.task, "labels")
        words = KINDS[reason].left_out.replace("{answers}", answer)
        names = self.dropped.get(reason, ())
        if not names:
            return words
        quoted = ", ".join(f"“{name[:_LONGEST_NAME]}”" for name in names[:_NAMED])
        more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
        return words.replace(", left out", f" ({quoted}{more}), left out")

    def sum_sentence(self) -> str:
        """ "4,000 rows = 3,105 used + 612 without label, set aside + 83 with several labels, left out." """
        sums = self.sums()
        total = sum(each["count"] for each in sums)
        parts = " + ".join(f"{each['count']:,} {each['words']}" for each in sums)
        sentence = f"{rows_text(total)} = {parts}."
        if self.copies_kept:
            are = "1 is a copy" if self.copies_kept == 1 else f"{self.copies_kept:,} are copies"
            sentence += f" Of the rows used, {are}; equal texts stay on one side."
        return sentence


_NAMED, _LONGEST_NAME = 3, 40
_SET_ASIDE = {
    **dict.fromkeys(WITH_LABELS, "without label, set aside"),
    "pair-similarity": "without score, set aside",
    "tagging": "without tags, set aside",
    "reply": "without reply, set aside",
}


def _counted(fate: npt.NDArray[np.uint8]) -> Counter[int]:
    values, counts = np.unique(fate, return_counts=True)
    return Counter(dict(zip(values.tolist(), counts.tolist(), strict=True)))
