"""What a person corrects among the rows of the shown run: what is known of each row, and how it is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from ptft_gui.core.corrections import CORRECTIONS_FILE, Correction, Label, add_correction
from ptft_gui.core.errors import PtftError

_MOST_OFFERED = 40
_ONE_LABEL = ("classification", "pair-classification")
_SEVERAL_LABELS = "multilabel"


@dataclass(frozen=True)
class CorrectableRow:
    """A row as an answer names it. ``label``: what counts as right in this run; ``was``: what the file says."""

    key: int
    row: int
    fingerprint: str
    label: Label | None = None
    was: Label | None = None


def correctable(
    row: Any, key: Any, fingerprint: Any, label: Any = None, was: Any = None
) -> CorrectableRow | None:
    """None for a row that an older run recorded without its key."""
    if not isinstance(key, int) or not isinstance(fingerprint, str) or not fingerprint:
        return None
    return CorrectableRow(key, row if isinstance(row, int) and row >= 0 else 0, fingerprint, label, was)


def row_of_answer(row: Sequence[Any]) -> CorrectableRow | None:
    """The row of ``[row, text, label, predicted, share, key, fingerprint, was]``, as ``answered_rows`` gives them."""
    if len(row) < 8:
        return None
    return correctable(row[0], row[5], row[6], row[2], row[7])


class RowCorrections(QObject):
    """``changed``: a correction was made or taken back; ``failed`` carries a :class:`PtftError`."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._task = ""
        self._labels: tuple[str, ...] = ()
        self._known: dict[int, Correction] = {}

    def show(
        self, run_path: str, task: str, labels: Sequence[str], found: Mapping[str, Any], may_change: bool
    ) -> None:
        """``found``: ``corrected`` of a report; without ``may_change`` rows are only marked."""
        is_readable = not found.get("corrections_problem")
        self._path = Path(run_path) / CORRECTIONS_FILE if may_change and is_readable else None
        self._task, self._labels = task, tuple(labels)
        self.learn(found)

    def learn(self, found: Mapping[str, Any]) -> None:
        """What is corrected by now."""
        self._known = {}
        for each in found.get("corrections") or ():
            try:
                told = {name: each[name] for name in Correction.model_fields if name in each}
                self._known[int(each["key"])] = Correction.model_validate(told)
            except (KeyError, TypeError, ValueError):
                continue

    @property
    def may_change(self) -> bool:
        return self._path is not None

    def correction_of(self, row: CorrectableRow | None) -> Correction | None:
        """What was corrected of a row; None for one that stands as it is, or holds another text by now."""
        found = self._known.get(row.key) if row is not None else None
        return (
            found if found is not None and row is not None and found.fingerprint == row.fingerprint else None
        )

    def words_of(self, row: CorrectableRow | None) -> str:
        """What stands in the column *Correction*."""
        correction = self.correction_of(row)
        if correction is None:
            return self.tr("Correct ...") if row is not None and self.may_change else ""
        if correction.leave_out:
            return self.tr("left out")
        return self.tr("now: {label}").format(label=label_words(correction.label))

    def menu_of(self, row: CorrectableRow, parent: QWidget) -> QMenu:
        """What can be done about a row."""
        menu = QMenu(parent)
        menu.setObjectName("correctionMenu")
        correction = self.correction_of(row)
        now = row.label if correction is None or correction.label is None else correction.label
        if self._task in _ONE_LABEL:
            self._offer_label(menu, row, now)
        elif self._task == _SEVERAL_LABELS:
            self._offer_labels(menu, row, now)
        out = menu.addAction(self.tr("Leave this row out"), partial(self._leave_out, row))
        out.setObjectName("leaveOutAction")
        out.setEnabled(correction is None or not correction.leave_out)
        if correction is not None:
            menu.addSeparator()
            back = menu.addAction(self.tr("Take the correction back"), partial(self.undo, correction))
            back.setObjectName("undoCorrectionAction")
        return menu

    def _offer_label(self, menu: QMenu, row: CorrectableRow, now: Label | None) -> None:
        right = menu.addMenu(self.tr("The label should be"))
        right.setObjectName("rightLabelMenu")
        label: str
        for label in self._labels[:_MOST_OFFERED]:
            action = self._checkable(right, label, label == now)
            action.triggered.connect(partial(self._set_label, row, label))

    def _offer_labels(self, menu: QMenu, row: CorrectableRow, now: Label | None) -> None:
        right = menu.addMenu(self.tr("The labels should be"))
        right.setObjectName("rightLabelMenu")
        given = [now] if isinstance(now, str) else list(now or ())
        label: str
        for label in self._labels[:_MOST_OFFERED]:
            wanted = [each for each in given if each != label] if label in given else [*given, label]
            action = self._checkable(right, label, label in given)
            action.triggered.connect(partial(self._set_label, row, wanted))

    def _checkable(self, menu: QMenu, label: str, is_on: bool) -> QAction:
        action = menu.addAction(label.replace("&", "&&")[:80])
        action.setCheckable(True)
        action.setChecked(is_on)
        return action

    # writing

    def _set_label(self, row: CorrectableRow, label: Label, _checked: bool = False) -> None:
        if _as_set(label) == _as_set(row.was):  # as the file has it: nothing is corrected any more
            if (known := self.correction_of(row)) is not None:
                self.undo(known)
            return
        self._write(self._correction(row, label=label))

    def _leave_out(self, row: CorrectableRow) -> None:
        self._write(self._correction(row, leave_out=True))

    def _correction(self, row: CorrectableRow, **more: Any) -> Correction:
        return Correction(key=row.key, row=row.row, fingerprint=row.fingerprint, was=row.was, **more)

    def undo(self, correction: Correction) -> None:
        """Take a correction back."""
        self._write(correction, is_undone=True)

    def undo_row(self, key: int) -> None:
        """Take back what was corrected of a row."""
        if key in self._known:
            self.undo(self._known[key])

    def _write(self, correction: Correction, is_undone: bool = False) -> None:
        if self._path is None:
            return
        try:
            add_correction(self._path, correction, is_undone)
        except PtftError as problem:
            self.failed.emit(problem)
            return
        if is_undone:
            self._known.pop(correction.key, None)
        else:
            self._known[correction.key] = correction
        self.changed.emit()


def label_words(label: Label | None) -> str:
    """A label, or several, as they stand in a cell."""
    if label is None:
        return ""
    return label if isinstance(label, str) else ", ".join(label) or "-"


def _as_set(label: Label | None) -> frozenset[str] | None:
    return None if label is None else frozenset([label] if isinstance(label, str) else label)
