"""Lays a person's corrections over the rows of each part as they are written; the part of a row never changes by it.

What a correction is and where it comes from stands in :mod:`ptft_gui.core.corrections`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import polars as pl

from ptft_gui.core.corrections import Correction, Label, fingerprint_of
from ptft_gui.data.examples.findings import rows_text

_PART_WORDS = {
    "train": "to learn from",
    "val": "for choosing",
    "test": "for testing",
    "unlabelled": "set aside",
}
_MOST_NAMED = 5


class Corrector:
    """``labels`` and ``left_out``: how many corrections met a row of each part; ``skipped``: rows, by their number in
    their file, in which another text stands by now, or which are not used; ``counted``: what to add to the counts of
    the labels."""

    def __init__(self, corrections: Iterable[Correction]) -> None:
        self._waiting = {each.key: each for each in corrections}
        self.labels: Counter[str] = Counter()
        self.left_out: Counter[str] = Counter()
        self.skipped: list[int] = []
        self.counted: Counter[str] = Counter()

    def apply(self, examples: pl.DataFrame, part: str) -> pl.DataFrame:
        """The rows of one part with the right labels, without those that are left out."""
        if not self._waiting or examples["key"].is_in(list(self._waiting)).not_().all():
            return examples
        name = next((each for each in ("labels", "label") if each in examples.columns), None)
        values: list[Any] = examples[name].to_list() if name else []
        stays = [True] * examples.height
        for place, row in enumerate(examples.iter_rows(named=True)):
            correction = self._waiting.pop(int(row["key"]), None)
            if correction is None:
                continue
            if correction.fingerprint != fingerprint_of(row):
                self.skipped.append(correction.row)
            elif correction.leave_out:
                stays[place] = False
                self.left_out[part] += 1
                self._count(part, name and values[place], -1)
            elif name is not None and correction.label is not None:
                self._count(part, values[place], -1)
                values[place] = _as_kind(correction.label, name)
                self._count(part, values[place], 1)
                self.labels[part] += 1
        if name is not None:
            examples = examples.with_columns(pl.Series(name, values, examples.schema[name]))
        return examples.filter(pl.Series(stays, dtype=pl.Boolean))

    def _count(self, part: str, label: Any, sign: int) -> None:
        if part != "unlabelled":
            self.counted.update(dict.fromkeys([label] if isinstance(label, str) else label or (), sign))

    def finish(self) -> None:
        """All rows have been seen: what was not met belongs to rows that are not used, or are not there."""
        self.skipped += [each.row for each in self._waiting.values()]
        self._waiting.clear()

    def class_counts(self, classes: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Labels and their counts after the corrections, those of the file in their order, then the new ones."""
        counts = dict(classes)
        for label in sorted(self.counted):
            counts[label] = counts.get(label, 0) + self.counted[label]
        return {label: count for label, count in counts.items() if count > 0}

    def as_dict(self) -> dict[str, Any]:
        """For the facts: ``labels`` and ``left_out`` by part, ``skipped`` rows, ``sentence``."""
        return {
            "labels": dict(self.labels),
            "left_out": dict(self.left_out),
            "skipped": sorted(self.skipped),
            "sentence": self.sentence(),
        }

    def sentence(self) -> str:
        """What was corrected, for the run and its report; empty where nothing was."""
        parts = []
        if count := self.labels.total():
            are = "1 label was" if count == 1 else f"{count:,} labels were"
            parts.append(f"{are} corrected by hand ({_by_part(self.labels)}).")
        if count := self.left_out.total():
            are = "1 row was" if count == 1 else f"{count:,} rows were"
            parts.append(f"{are} left out by hand ({_by_part(self.left_out)}).")
        if self.skipped:
            parts.append(self._skipped_sentence())
        return " ".join(parts)

    def _skipped_sentence(self) -> str:
        rows = sorted(self.skipped)
        named = ", ".join(f"{row:,}" for row in rows[:_MOST_NAMED])
        more = f" and {len(rows) - _MOST_NAMED:,} more" if len(rows) > _MOST_NAMED else ""
        if len(rows) == 1:
            return f"1 correction was passed over: its text no longer stands in row {named}, or the row is not used."
        return (
            f"{len(rows):,} corrections were passed over: their texts no longer stand in rows {named}{more}, or the "
            f"rows are not used."
        )

    def sums(self, sums: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Where all rows went, with those that are left out by hand counted apart."""
        used = sum(count for part, count in self.left_out.items() if part != "unlabelled")
        aside = self.left_out["unlabelled"]
        if not used + aside:
            return sums
        less = {"used": used, "set_aside": aside}
        told = [{**each, "count": each["count"] - less.get(each["key"], 0)} for each in sums]
        return [*told, {"key": "corrections", "count": used + aside, "words": "left out by hand"}]

    def sum_sentence(self, sums: list[dict[str, Any]], sentence: str) -> str:
        """``sentence``: the sum as it was before; its first part, the sum itself, is told anew."""
        if not self.left_out.total():
            return sentence
        _, _, rest = sentence.partition(". ")
        told = self.sums(sums)
        total = rows_text(sum(each["count"] for each in told))
        parts = " + ".join(f"{each['count']:,} {each['words']}" for each in told)
        return f"{total} = {parts}. {rest}".strip()


def _by_part(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[part]:,} {words}" for part, words in _PART_WORDS.items() if counts[part])


def _as_kind(label: Label, name: str) -> Any:
    if name == "labels":
        return [label] if isinstance(label, str) else list(label)
    return label if isinstance(label, str) else (label[0] if label else None)
