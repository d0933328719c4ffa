"""Findings about labels: several in a cell, spellings, rare classes, labels that only the test part has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ptft_gui.data.examples import findings as f
from ptft_gui.data.examples import label_cells as cells
from ptft_gui.data.examples.class_list import name_numbers
from ptft_gui.data.examples.decided import USED, Mask
from ptft_gui.data.examples.findings import KINDS, quoted, rows_text
from ptft_gui.data.examples.label_cells import LabelCells
from ptft_gui.data.examples.row_groups import first_places
from ptft_gui.data.examples.rulings import Rulings
from ptft_gui.data.examples.separators import LABEL_JOIN

TINY, SMALL = 3, 10


class LabelDecisions:
    """The labels of all rows as decisions change them. ``task`` becomes multilabel where a person allows several."""

    def __init__(self, rulings: Rulings, empty_is_class: bool) -> None:
        self._rulings = rulings
        self._survey = rulings.survey
        self._cells = rulings.survey.labels
        self._empty_is_class = empty_is_class
        self.task = rulings.survey.task
        self.dropped: dict[str, list[str]] = {}
        counts = self._cell_counts(rulings.free())
        by_cell = {cell: count for cell, count in zip(self._cells, counts, strict=True) if count}
        self._labels = LabelCells.read(self._cells, by_cell, may_split=True)

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The labels of each cell."""
        return self._labels.names

    def name_numbers(self, names: Sequence[str]) -> dict[str, str]:
        """Give labels that are numbers their names, where they fit; which ones were named."""
        named = name_numbers({name for of_cell in self._labels.names for name in of_cell}, names)
        self._labels.rename(named)
        return named

    def settle_several(self) -> None:
        """Cells with several labels: the person must choose, unless the task allows them."""
        rows = self._rows_of_cells(self._labels.with_several()) & self._rulings.free()
        count = int(rows.sum())
        if self.task == "multilabel" or not count:
            return
        first = int(first_places(rows, 1)[0])
        example = self._cells[int(self._survey.label.read(first, first + 1)[0])].replace(LABEL_JOIN, "; ")
        verb = "cell holds" if count == 1 else "cells hold"
        sentence = f"{count:,} {verb} several labels, for example {quoted([example])}."
        choices = (
            KINDS["many_labels"].choices
            if self.task == "classification"
            else KINDS["many_labels"].choices[:2]
        )
        chosen = self._rulings.meet("many_labels", count, sentence, rows, must_ask=True, choices=choices)
        if chosen == f.FIRST:
            self._labels.keep_first()
        elif chosen == f.SEVERAL:
            self.task = "multilabel"
        else:
            self._rulings.leave_out("many_labels", rows)
            if not chosen:
                self._rulings.wait_for("many_labels")

    def join_spellings(self) -> None:
        """Labels that differ only in case or spaces, then those that look like slips of the pen."""
        self._labels.rename(cells.trimmed(self.counts()))
        self._join("label_case", cells.spellings(self.counts()), "differ only in case or spaces")
        self._join("label_spelling", cells.misspellings(self.counts()), "are written almost alike")

    def _join(self, key: str, new: Mapping[str, str], how: str) -> None:
        if not new:
            return
        counts = self.counts()
        name = max(new, key=lambda each: (counts[each], each))
        rows = self._rows_with(set(new)) & self._rulings.free()
        labels = len({*new, *new.values()})
        sentence = (
            f"{labels:,} labels {how}, for example {quoted([new[name], name])}: "
            f"{rows_text(int(rows.sum()))} with the rarer spelling."
        )
        if self._rulings.meet(key, int(rows.sum()), sentence, rows) == f.JOIN:
            self._labels.rename(new)

    def settle_rare(self) -> None:
        """Classes too small to be learned and tested. The person's own test rows are not counted."""
        for key, least in (("tiny_classes", TINY), ("small_classes", SMALL)):
            counts = self.counts(~self._rulings.is_test)
            rare = sorted(
                (name for name, count in counts.items() if 0 < count < least), key=lambda n: (counts[n], n)
            )
            if not rare:
                continue
            rows = self._rows_with(set(rare)) & self._rulings.free() & ~self._rulings.is_test
            listed = ", ".join(f"“{name[:40]}” ({counts[name]:,})" for name in rare[:3])
            more = f" and {len(rare) - 3:,} more" if len(rare) > 3 else ""
            what = "1 class has" if len(rare) == 1 else f"{len(rare):,} classes have"
            sentence = f"{what} fewer than {least} rows: {listed}{more}."
            chosen = self._rulings.meet(key, int(rows.sum()), sentence, rows)
            if chosen == f.JOIN:
                self._labels.rename(dict.fromkeys(rare, cells.OTHER))
            elif chosen == f.LEAVE_OUT:
                self.dropped[key] = rare
                self._drop(key, set(rare))

    def _drop(self, key: str, rare: set[str]) -> None:
        rows = self._rows_with(rare) & self._rulings.free()
        self._labels.drop(rare)
        without = [code for code, names in enumerate(self._labels.names) if not names]
        self._rulings.leave_out(key, rows & self._rows_of_cells(without, cells.NO_LABEL in rare))

    def settle_unseen(self) -> None:
        """Labels that only the person's own test rows have."""
        is_test = self._rulings.is_test
        unseen = set(+self.counts(is_test)) - set(+self.counts(~is_test))
        rows = self._rows_with(unseen) & self._rulings.free() & is_test
        count = int(rows.sum())
        if not count or not (self._rulings.free() & ~is_test).any():
            return
        verb = "test row has a label" if count == 1 else "test rows have labels"
        sentence = f"{count:,} {verb} that no row to learn from has: {quoted(sorted(unseen))}."
        if self._rulings.meet("unseen_labels", count, sentence, rows) == f.LEAVE_OUT:
            self._rulings.leave_out("unseen_labels", rows)

    def counts(self, rows: Mask | None = None) -> Counter[str]:
        """How many rows in use have each label."""
        chosen = self._rulings.free() if rows is None else self._rulings.free() & rows
        counts = self._labels.counts(self._cell_counts(chosen))
        if self._empty_is_class and (unlabelled := int((chosen & self._rows_of_cells([], True)).sum())):
            counts[cells.NO_LABEL] += unlabelled
        return counts

    def targets(self, rows: slice) -> npt.NDArray[np.uint64]:
        """The labels of some rows as one number each, equal for equal sets of labels."""
        sets: dict[frozenset[str], int] = {frozenset({cells.NO_LABEL}): 0}
        of_cell = [sets.setdefault(frozenset(names), len(sets)) for names in self._labels.names]
        return np.array([*of_cell, 0], np.uint64)[self._survey.label[rows]]

    def _cell_counts(self, rows: Mask) -> list[int]:
        counts: list[int] = self._survey.label_counts(rows).tolist()
        return counts

    def _rows_of_cells(self, codes: Sequence[int], with_empty: bool = False) -> Mask:
        """Rows whose cell is one of these; those with an empty cell too where ``with_empty``."""
        chosen = np.zeros(len(self._cells) + 1, np.bool_)
        chosen[list(codes)] = True
        chosen[-1] = with_empty  # the code of an empty cell is -1
        return self._survey.marks(self._survey.label, lambda codes: chosen[codes])

    def _rows_with(self, labels: set[str]) -> Mask:
        codes = [code for code, names in enumerate(self._labels.names) if not labels.isdisjoint(names)]
        rows = self._rows_of_cells(codes, self._empty_is_class and cells.NO_LABEL in labels)
        return np.asarray(rows & (self._rulings.fate == USED))
