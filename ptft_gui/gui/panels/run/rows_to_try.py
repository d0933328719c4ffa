"""Rows of a run's own data that it did not learn from, to be put to its model with a click."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from ptft_gui.core.rundir import PREDICTIONS_FILE, RunDir

BETWEEN = "\n---\n"
"""Parts the two texts of a pair, as in a probe."""
_MOST = 4
_READ_BYTES = 256 << 10
"""Some rows are enough: a file of a million answers is not read for four examples."""
_LONGEST = 600
Record = Mapping[str, Any]


def held_out_rows(run: RunDir) -> list[Record]:
    """The first rows that it was scored on, as far as they can be read; none where a run kept no answers."""
    try:
        with (run.path / PREDICTIONS_FILE).open("rb") as file:
            lines = file.read(_READ_BYTES).splitlines()
    except OSError:
        return []
    found: list[Record] = []
    for line in lines:
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):  # the last may have been cut in its middle
            continue
        if isinstance(record, dict):
            found.append(record)
    return found


def rows_to_try(rows: Sequence[Record], most: int = _MOST) -> list[Record]:
    """Up to ``most`` of them, as unlike as their labels are; none of a recording, which kept no texts."""
    seen: set[str] = set()
    groups: dict[str, list[Record]] = {}
    for record in rows:
        text = text_to_try(record)
        if not text or len(text) > _LONGEST or text in seen or text == f"row {record.get('row')}":
            continue
        seen.add(text)
        groups.setdefault(_label_of(record), []).append(record)
    if len(groups) > 1 and any("tokens" in record for record in groups.get("", ())):
        del groups[""]  # sentences without a name show nothing
    return _as_unlike([groups[label] for label in sorted(groups)], most)


def text_to_try(record: Record) -> str:
    """What a person would type for this row: its text or texts, its question, its prompt, its words."""
    if isinstance(record.get("tokens"), list):
        return " ".join(str(word) for word in record["tokens"])
    for name in ("question", "prompt"):
        if record.get(name):
            return str(record[name])
    first, second = (str(record.get(name) or "").strip() for name in ("text", "text_pair"))
    if "text_pair" not in record:
        return first
    return f"{first}{BETWEEN}{second}" if first and second else ""


def right_answer(record: Record) -> str:
    """What the data says of this row, in a few words; "" where it says nothing that can be told so."""
    tr = QCoreApplication.translate
    for name, nothing in (
        ("labels", tr("RowsToTry", "no label")),
        ("answers", tr("RowsToTry", "no answer in the text")),
    ):
        if isinstance(record.get(name), list):
            several = record[name] if name == "labels" else record[name][:1]
            return ", ".join(str(each) for each in several) or nothing
    told = record.get("label", record.get("reply"))
    return "" if told is None else f"{told:g}" if isinstance(told, int | float) else str(told)


def scale_of(rows: Sequence[Record]) -> tuple[float, float] | None:
    """Between which numbers the scores of the rows lie; None where they have none."""
    scores = [row["label"] for row in rows if isinstance(row.get("label"), int | float)]
    return (min(scores), max(scores)) if scores else None


def in_columns(text: str) -> tuple[str, ...]:
    """Both texts of a pair, or the one there is."""
    return tuple(text.split(BETWEEN, 1))


def in_a_line(text: str, longest: int | None = None) -> str:
    """A text on one line; of a pair both. ``longest``: so many signs of each at most."""
    first, mark, second = text.partition(BETWEEN)
    if not mark:
        return _cut(text, longest)
    words = QCoreApplication.translate("RowsToTry", "{first} / {second}")
    return words.format(first=_cut(first, longest), second=_cut(second, longest))


def _cut(text: str, longest: int | None) -> str:
    words = " ".join(text.split())
    return words if longest is None or len(words) <= longest else f"{words[:longest].rstrip()}..."


def _label_of(record: Record) -> str:
    """By what rows are told apart: the right label, the labels, the kinds of names, the text that a question is about,
    or the score, so that it sorts as numbers do."""
    if isinstance(record.get("tags"), list):
        return " ".join(sorted({str(tag) for tag in record["tags"]} - {"O"}))
    label = record.get("label", record.get("labels", record.get("context")))
    return f"{label:012.4f}" if isinstance(label, int | float) else str(label or "")


def _as_unlike(groups: Sequence[list[Record]], most: int) -> list[Record]:
    """One row of each label, evenly among the labels where there are many; then a second of each, and so on."""
    if len(groups) > most:
        step = (len(groups) - 1) / max(most - 1, 1)
        groups = [groups[round(place * step)] for place in range(most)]
    deepest = max((len(group) for group in groups), default=0)
    in_turn = [group[depth] for depth in range(deepest) for group in groups if depth < len(group)]
    return in_turn[:most]
