"""The corrections of a run together: both scores, each correction with its undo, and training again with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView

from ptft_gui.core.corrections import Correction, counted_words
from ptft_gui.gui.panels.run.row_corrections import RowCorrections, label_words
from ptft_gui.gui.panels.run.rows_to_try import in_a_line
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.labels import PlainLabel

_MOST_SEEN = 8


class CorrectionsCard(Card):
    """correctionsCard, there once something is corrected; ``train_requested`` asks for a run on corrected rows."""

    train_requested = Signal()

    def __init__(self, corrections: RowCorrections) -> None:
        super().__init__("", "")
        self.setObjectName("correctionsCard")
        self._corrections = corrections
        self._keys: list[int] = []
        self.set_title(self.tr("Your corrections"))
        self.set_caption(
            self.tr(
                "They are kept beside this run; your own file stays as it is. A run that is trained again learns from "
                "them, and each row stays in its part."
            )
        )
        self.train_button = SecondaryButton("", "resume")
        self.train_button.setObjectName("trainCorrectedButton")
        self.train_button.clicked.connect(self.train_requested)
        self.add_to_title_row(self.train_button)
        self.scores = PlainLabel("", TextStyle.STRONG)
        self.scores.setObjectName("correctedScores")
        self.note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.note.setObjectName("correctedNote")
        self.table = CellTable(self.tr("Your corrections"))
        self.table.setObjectName("correctionsTable")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.undo_button = SecondaryButton(self.tr("Take the chosen correction back"))
        self.undo_button.setObjectName("undoCorrectionButton")
        self.undo_button.clicked.connect(self._on_undo)
        row = QHBoxLayout()
        row.addWidget(self.undo_button, 0, Qt.AlignmentFlag.AlignLeft)
        row.addStretch(1)
        for widget in (self.scores, self.note, self.table):
            self.body.addWidget(widget)
        self.body.addLayout(row)
        self.hide()

    def show_corrections(self, found: Mapping[str, Any], part: str) -> None:
        """``found``: ``corrected`` of a report; ``part``: whose scores stand on the page."""
        listed = [each for each in found.get("corrections") or () if isinstance(each, Mapping)]
        problem = str(found.get("corrections_problem") or "")
        learned = bool(found.get("learned_count"))
        is_shown = bool(listed or problem or learned)
        self.setVisible(is_shown)
        if not is_shown:
            return
        self._keys = [int(each["key"]) for each in listed]
        self.scores.setText(self._scores_sentence(found, part))
        self.scores.setVisible(bool(self.scores.text()))
        self.note.setText(problem or self._note(found, listed))
        self.note.setVisible(bool(self.note.text()))
        self._show_list(listed)
        self._show_buttons(found, listed)

    def _show_list(self, listed: Sequence[Mapping[str, Any]]) -> None:
        heads = (self.tr("Text"), self.tr("Part"), self.tr("Was"), self.tr("Now"))
        parts = {"train": self.tr("training"), "val": self.tr("validation"), "test": self.tr("test")}
        rows = [
            (
                str(each["row"]),
                in_a_line(str(each.get("text") or self.tr("not among the answers of this run"))),
                parts.get(str(each.get("part")), ""),
                label_words(each.get("was")),
                self.tr("left out") if each.get("leave_out") else label_words(each.get("label")),
            )
            for each in listed
        ]
        self.table.setVisible(bool(rows))
        self.table.show_cells(heads, rows)
        if rows:
            self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
            self.table.selectRow(0)
        self.table.fit_height(_MOST_SEEN)

    def _show_buttons(self, found: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> None:
        may_change = self._corrections.may_change
        self.undo_button.setVisible(may_change and bool(listed))
        is_new = any(not each.get("is_learned") for each in listed)
        is_less = int(found.get("learned_count") or 0) > sum(bool(each.get("is_learned")) for each in listed)
        self.train_button.setVisible(may_change and (is_new or is_less))
        count = int(found.get("corrections_count") or len(listed))
        if not count:
            words = self.tr("Train again without corrections")
        elif count == 1:
            words = self.tr("Train again with 1 correction")
        else:
            words = self.tr("Train again with {count} corrections").format(count=f"{count:,}")
        self.train_button.setText(words)

    def _scores_sentence(self, found: Mapping[str, Any], part: str) -> str:
        if not found.get("after"):
            return ""
        before = {name: value for name, value, _ in found["before"]["scores"]}
        told = [
            self.tr("{name} {before} before, {after} after").format(
                name=self._name_of(name), before=_number(before.get(name)), after=_number(value)
            )
            for name, value, _ in found["after"]["scores"]
        ]
        where = self.tr("On the test rows:") if part == "test" else self.tr("On the held-out rows:")
        return f"{where} {'; '.join(told)}."

    def _note(self, found: Mapping[str, Any], listed: Sequence[Mapping[str, Any]]) -> str:
        notes = []
        if after := found.get("after"):
            words = self.tr(
                "Before: the answers held against the labels of your file, {before} rows. After: against the corrected "
                "ones, {after} rows (with another label: {labels}; left out: {out})."
            )
            counts = {"labels": found.get("labels"), "out": found.get("left_out")}
            rows = {"before": found["before"]["rows"], "after": after["rows"]}
            notes.append(words.format(**{key: f"{int(n or 0):,}" for key, n in (counts | rows).items()}))
            notes.append(
                self.tr(
                    "A score is only fair when right answers were checked as carefully as wrong ones: say so."
                )
            )
        learned = [each for each in listed if each.get("is_learned")]
        if learned:
            told = counted_words(_corrections(learned))
            notes.append(self.tr("This run has learned with {corrections}.").format(corrections=told))
        return " ".join(notes)

    def _name_of(self, score: str) -> str:
        names = {
            "accuracy": self.tr("accuracy"),
            "macro_f1": self.tr("macro F1"),
            "micro_f1": self.tr("micro F1"),
            "all_right": self.tr("all labels right"),
            "spearman": self.tr("order (Spearman)"),
            "pearson": self.tr("straight line (Pearson)"),
            "entity_f1": self.tr("F1 of whole names"),
            "exact_match": self.tr("exact match"),
            "f1": self.tr("F1"),
            "perplexity": self.tr("perplexity"),
        }
        return names.get(score, score)

    @Slot()
    def _on_undo(self) -> None:
        place = self.table.currentIndex().row()
        if 0 <= place < len(self._keys):
            self._corrections.undo_row(self._keys[place])


def _corrections(listed: Sequence[Mapping[str, Any]]) -> list[Correction]:
    names = Correction.model_fields
    return [Correction.model_validate({k: v for k, v in each.items() if k in names}) for each in listed]


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, int | float) else "-"
