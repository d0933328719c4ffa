"""Score to report: the numbers that may be printed, with how sure they are and what they are to be held against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout, QWidget

from ptft_gui.gui.panels.run.evaluate.number_text import number_text
from ptft_gui.gui.panels.run.evaluate.verdict import verdict_above
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel

_FEW_LABELLED = 1_000


class ScoreCard(Card):
    """Accuracy and macro F1 on test rows (scoreCard); without test rows those on held-out rows, marked as such.

    ``said`` carries the sentence that the paragraph is on the clipboard; ``repeat_requested`` asks for the five runs
    that test every row once.
    """

    said = Signal(str)
    repeat_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("scoreCard")
        self._paragraph = self._told = ""
        self.copy_button = SecondaryButton(self.tr("Copy as methods paragraph"), "copy")
        self.copy_button.setObjectName("copyMethodsButton")
        self.copy_button.clicked.connect(self._on_copy)
        self.repeat_button = SecondaryButton(self.tr("Repeat 5 times"), "resume")
        self.repeat_button.setObjectName("repeatButton")
        self.repeat_button.setToolTip(
            self.tr(
                "Queues five runs with these settings. Each tests another fifth of the rows, so together they test "
                "every row once and show how much of the score is chance."
            )
        )
        self.repeat_button.clicked.connect(self.repeat_requested)
        for button in (self.repeat_button, self.copy_button):
            self.add_to_title_row(button)
        self._numbers = {key: self._make_number(key) for key in ("accuracy", "macro_f1", "majority")}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.HALF)
        for column, (key, title) in enumerate(
            (
                ("accuracy", self.tr("Accuracy: share answered right")),
                ("macro_f1", self.tr("Macro F1: all classes count alike")),
                ("majority", self.tr("For comparison")),
            )
        ):
            value, caption = self._numbers[key]
            grid.addWidget(PlainLabel(title, TextStyle.CAPTION, Role.QUIET_TEXT), 0, column)
            grid.addWidget(value, 1, column)
            grid.addWidget(caption, 2, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
        self.verdict = PlainLabel("", TextStyle.BODY)
        self.verdict.setObjectName("scoreVerdict")
        self.folds = PlainLabel("", TextStyle.STRONG)
        self.folds.setObjectName("scoreFolds")
        self.note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.note.setObjectName("scoreNote")
        self.body.addLayout(grid)
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.folds)
        self.body.addWidget(self.note)

    def _make_number(self, key: str) -> tuple[PlainLabel, PlainLabel]:
        value = PlainLabel("", TextStyle.HEADLINE)
        value.setObjectName(f"score_{key}")
        value.setWordWrap(False)
        caption = PlainLabel("", TextStyle.CAPTION)
        caption.setObjectName(f"score_{key}_interval")
        return value, caption

    def show_report(
        self, report: Mapping[str, Any], paragraph: str, may_repeat: bool = False, labelled: int = 0
    ) -> None:
        """``report``: as ``task_report`` gives it; ``paragraph``: for the methods section, empty for none.

        ``may_repeat``: whether its rows can be tested fifth by fifth; ``labelled``: how many rows have a label, 0 where
        that is not known.
        """
        self._paragraph = paragraph
        self.copy_button.setVisible(bool(paragraph))
        self.repeat_button.setVisible(may_repeat and not report.get("folds"))
        part = "test" if report.get("test") else "val"
        scores = report.get(part) or {}
        is_test = part == "test"
        self.set_title(self.tr("Score to report") if is_test else self.tr("Score on held-out rows"))
        rows = int(scores.get("rows") or 0)
        self._told = self._rows_sentence(rows, is_test)
        self.set_caption(self._told)
        for key, meaning in (("accuracy", ""), ("macro_f1", self._f1_words())):
            value, caption = self._numbers[key]
            value.setText(number_text(scores.get(key)))
            caption.setText(f"{self._interval(scores.get(f'{key}_interval'))}\n{meaning}".strip())
        value, caption = self._numbers["majority"]
        value.setText(number_text(scores.get("majority")))
        words = self.tr('right if "{label}" is always answered')
        caption.setText(words.format(label=scores.get("majority_label") or "") + self._bag_of_vectors(scores))
        self.verdict.setText(self._verdict(scores))
        self.verdict.setVisible(bool(self.verdict.text()))
        self.folds.setText(self._folds_sentence(report.get("folds")))
        self.folds.setVisible(bool(self.folds.text()))
        few = may_repeat and 0 < labelled < _FEW_LABELLED and not self.folds.text()
        notes = (self._looks(report.get("looks")) if is_test else "", self._advice() if few else "")
        self.note.setText(" ".join(filter(None, (*notes, self._note(scores, is_test)))))

    def _rows_sentence(self, rows: int, is_test: bool) -> str:
        if is_test:
            words = self.tr("On {rows} test rows, which were read once, when the run ended.")
        else:
            words = self.tr(
                "On {rows} held-out rows: validation, used to choose the best moment; not to report. This data has no "
                "test rows."
            )
        return words.format(rows=f"{rows:,}")

    def _bag_of_vectors(self, scores: Mapping[str, Any]) -> str:
        share = scores.get("bag_of_vectors")
        if not isinstance(share, int | float):
            return ""
        words = self.tr("{share}: word vectors learned from these rows alone, averaged over each text")
        return "\n" + words.format(share=number_text(share))

    def _verdict(self, scores: Mapping[str, Any]) -> str:
        """Held against the commonest class, and against a far smaller model where that does as well."""
        plain = self.tr('always answering "{label}"').format(label=scores.get("majority_label") or "")
        right, averaged = scores.get("accuracy"), scores.get("bag_of_vectors")
        told = verdict_above(plain, right, scores.get("accuracy_interval"), scores.get("majority"))
        if not told or not isinstance(averaged, int | float) or averaged < scores["accuracy"]:
            return told
        small = self.tr(
            "Word vectors alone do as well, so for these rows a smaller, faster model would be enough."
        )
        return f"{told} {small}"

    def _folds_sentence(self, folds: Any) -> str:
        if not isinstance(folds, Mapping):
            return ""
        if folds["done"] < folds["of"]:
            words = self.tr("Repeated: {done} of {of} parts are tested so far.")
            return words.format(done=folds["done"], of=folds["of"])
        words = self.tr(
            "Repeated {of} times: accuracy {accuracy} on {rows} rows, each tested once. The parts ranged from {low} to "
            "{high}; macro F1 {f1}, from {f1_low} to {f1_high}."
        )
        (low, high), (f1_low, f1_high) = folds["accuracy_range"], folds["macro_f1_range"]
        shares = {"accuracy": folds["accuracy"], "low": low, "high": high}
        shares |= {"f1": folds["macro_f1"], "f1_low": f1_low, "f1_high": f1_high}
        told = {key: f"{share:.2f}" for key, share in shares.items()}
        return words.format(of=folds["of"], rows=f"{folds['rows']:,}", **told)

    def _looks(self, looks: Any) -> str:
        if not isinstance(looks, int):
            return ""
        if looks <= 1:
            return self.tr("These test rows have been looked at once.")
        words = self.tr(
            "These test rows have been looked at {looks} times: the best of several tries is a little too good."
        )
        return words.format(looks=looks)

    def _advice(self) -> str:
        return self.tr(
            "With fewer than 1,000 labelled rows chance decides much: Repeat 5 times shows how much."
        )

    def _f1_words(self) -> str:
        return self.tr(
            "F1 of a class: high only where few of its rows are missed and few others taken for it"
        )

    def _interval(self, pair: Any) -> str:
        if not pair or pair[0] == pair[1]:  # all alike: drawing rows anew tells nothing
            return ""
        words = self.tr("95 % interval: {low} to {high}")
        return words.format(low=f"{pair[0]:.2f}", high=f"{pair[1]:.2f}")

    def _note(self, scores: Mapping[str, Any], is_test: bool) -> str:
        pair = scores.get("accuracy_interval")
        wide = (
            self.tr("95 % interval: where the true share lies in 95 of 100 cases.")
            if pair and pair[0] < pair[1]
            else ""
        )
        if pair and pair[1] - pair[0] > 0.1:
            words = self.tr(
                "With so few rows the true share may lie anywhere between {low} and {high}: more test rows would make "
                "it surer."
            )
            wide = words.format(low=f"{pair[0]:.2f}", high=f"{pair[1]:.2f}")
        people = self.tr(
            "If two people agree on only 85 % of these labels, no model can be shown to be better than that."
        )
        return f"{wide} {people}".strip() if is_test else wide

    def text(self) -> str:
        """The card in words."""
        parts = [self.accessibleName(), self._told]
        for value, caption in self._numbers.values():
            parts += [value.text(), caption.text()]
        parts.append(self.verdict.text())
        return " ".join(part for part in (*parts, self.folds.text(), self.note.text()) if part)

    def paragraph(self) -> str:
        return self._paragraph

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._paragraph)
        self.said.emit(self.tr("The paragraph is on the clipboard."))
