"""What may be found in a person's rows, and the ways to deal with each finding.

Every finding has a default that drops no row silently: the sum under the list names every row
(:mod:`ptft_gui.data.examples.decisions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from ptft_gui.core.errors import DataError

SHOWN_ROWS = 200

LEAVE_OUT = "leave_out"
KEEP = "keep"
STOP = "stop"
SET_ASIDE = "set_aside"
OWN_CLASS = "own_class"
FIRST = "first"
SEVERAL = "several"
JOIN = "join"
ONE_SIDE = "one_side"
KEEP_ONE = "keep_one"
SEARCH = "search"
LEARN = "learn"
CUT = "cut"


@dataclass(frozen=True)
class Choice:
    """One way to deal with a finding."""

    key: str
    title: str


@dataclass(frozen=True)
class FindingKind:
    """A kind of finding. ``left_out`` completes "12 ..." in the sum for rows that are not used because of it."""

    key: str
    default: str
    choices: tuple[Choice, ...]
    left_out: str


_LEAVE_ROWS = Choice(LEAVE_OUT, "Leave these rows out")
_STOP = Choice(STOP, "Stop, I will mend the file")

KINDS = {
    kind.key: kind
    for kind in (
        FindingKind("bad_rows", LEAVE_OUT, (_LEAVE_ROWS, _STOP), "that could not be read"),
        FindingKind(
            "no_part",
            LEAVE_OUT,
            (_LEAVE_ROWS, Choice(LEARN, "Learn from them")),
            "whose part is not named, left out",
        ),
        FindingKind(
            "rejected",
            LEAVE_OUT,
            (_LEAVE_ROWS, Choice(LEARN, "Learn from them all the same")),
            "rejected or skipped when they were marked, left out",
        ),
        FindingKind(
            "empty_text",
            LEAVE_OUT,
            (_LEAVE_ROWS, Choice(KEEP, "Keep them as empty texts")),
            "with empty text, left out",
        ),
        FindingKind(
            "empty_label",
            SET_ASIDE,
            (
                Choice(SET_ASIDE, "Set aside, classified at the end"),
                _LEAVE_ROWS,
                Choice(OWN_CLASS, "Make “no label” a class"),
            ),
            "without label, left out",
        ),
        FindingKind(
            "missing_label",
            LEAVE_OUT,
            (
                _LEAVE_ROWS,
                Choice(SET_ASIDE, "Set aside, classified at the end"),
                Choice(KEEP, "Keep them: these are classes"),
            ),
            "with a sign for “no label”, left out",
        ),
        FindingKind("bad_scores", LEAVE_OUT, (_LEAVE_ROWS, _STOP), "whose score is no number, left out"),
        FindingKind(
            "unequal_tags", LEAVE_OUT, (_LEAVE_ROWS, _STOP), "with more or fewer tags than words, left out"
        ),
        FindingKind(
            "missing_answers",
            LEAVE_OUT,
            (_LEAVE_ROWS, _STOP),
            "whose answer does not stand in the context, left out",
        ),
        FindingKind(
            "misplaced_answers",
            SEARCH,
            (Choice(SEARCH, "Take the nearest place; an answer that stands nowhere is dropped"), _LEAVE_ROWS),
            "whose answer stands elsewhere than said, left out",
        ),
        FindingKind(
            "repeated_lines",
            KEEP,
            (Choice(KEEP_ONE, "Keep one of each"), Choice(KEEP, "Keep all")),
            "of nothing but repeated lines, left out",
        ),
        FindingKind(
            "many_labels",
            "",
            (Choice(FIRST, "Keep the first"), _LEAVE_ROWS, Choice(SEVERAL, "Allow several labels per text")),
            "with several labels, left out",
        ),
        FindingKind(
            "label_case",
            JOIN,
            (Choice(JOIN, "Join them under the commonest spelling"), Choice(KEEP, "Keep them apart")),
            "",
        ),
        FindingKind(
            "label_spelling",
            JOIN,
            (Choice(JOIN, "Join them under the commonest spelling"), Choice(KEEP, "Keep them apart")),
            "",
        ),
        FindingKind(
            "conflicts",
            LEAVE_OUT,
            (
                _LEAVE_ROWS,
                Choice(FIRST, "Keep the first of each"),
                Choice(KEEP, "Keep all, on the same side"),
            ),
            "that are equal texts with different {answers}, left out",
        ),
        FindingKind(
            "equal_texts",
            ONE_SIDE,
            (Choice(ONE_SIDE, "Keep all, on the same side"), Choice(KEEP_ONE, "Keep one of each")),
            "that are copies, left out",
        ),
        FindingKind(
            "leaks",
            LEAVE_OUT,
            (Choice(LEAVE_OUT, "Leave them out of training"), Choice(KEEP, "Keep them on both sides")),
            "that stand in a held-out part too, left out of training",
        ),
        FindingKind(
            "tiny_classes",
            LEAVE_OUT,
            (Choice(LEAVE_OUT, "Leave these classes out"), Choice(JOIN, "Join them as “other”")),
            "of classes with fewer than 3 rows, left out",
        ),
        FindingKind(
            "small_classes",
            KEEP,
            (
                Choice(KEEP, "Keep these classes"),
                Choice(LEAVE_OUT, "Leave these classes out"),
                Choice(JOIN, "Join them as “other”"),
            ),
            "of classes with fewer than 10 rows, left out",
        ),
        FindingKind(
            "unseen_labels",
            KEEP,
            (Choice(KEEP, "Keep them; they cannot be answered rightly"), _LEAVE_ROWS),
            "with a label that no training row has, left out",
        ),
        FindingKind("long_texts", CUT, (Choice(CUT, "The model reads the beginning"),), ""),
    )
}


@dataclass(frozen=True)
class Finding:
    """Something found in the rows. ``chosen`` is "" where a person must choose first.

    ``rows`` are places in the survey, shape (at most SHOWN_ROWS,).
    """

    key: str
    count: int
    sentence: str
    default: str
    chosen: str
    must_ask: bool = False
    choices: tuple[Choice, ...] = ()
    rows: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64), compare=False)

    def as_dict(self) -> dict[str, Any]:
        """The finding as plain data for the window."""
        return {
            "finding": self.key,
            "count": self.count,
            "sentence": self.sentence,
            "default": self.default,
            "chosen": self.chosen,
            "must_ask": self.must_ask,
            "choices": [{"key": choice.key, "title": choice.title} for choice in self.choices],
        }


def check_decisions(decisions: Mapping[str, str]) -> None:
    """Raise DataError for a finding or a choice that does not exist."""
    for key, chosen in decisions.items():
        if key not in KINDS:
            raise DataError(
                f"There is no finding called {key}.",
                f"Known are {', '.join(KINDS)}.",
                "Use one of these names.",
            )
        choices = [choice.key for choice in KINDS[key].choices]
        if chosen not in choices:
            raise DataError(
                f"{key} cannot be decided by {chosen}.",
                f"The choices are {', '.join(choices)}.",
                "Use one of these.",
            )


def rows_text(count: int) -> str:
    """ "1 row", "1,204 rows"."""
    return "1 row" if count == 1 else f"{count:,} rows"


def quoted(names: list[str], most: int = 3) -> str:
    """Names in quotation marks, the first few: “a”, “b” and 4 more."""
    shown = ", ".join(f"“{name[:40]}”" for name in names[:most])
    return shown if len(names) <= most else f"{shown} and {len(names) - most:,} more"
