"""Score to report of every task but classes: the numbers, their intervals, and what they are held against."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QGridLayout

from ptft_gui.core.telling.methods_paragraph import silence_sentence
from ptft_gui.core.wording import three_digits
from ptft_gui.gui.panels.run.evaluate.number_text import UNKNOWN, number_text
from ptft_gui.gui.panels.run.evaluate.task_folds import folds_words
from ptft_gui.gui.panels.run.evaluate.verdict import verdict_of
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.buttons import SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel

_WIDE = 0.1
_MOST_NATS = 7.0
"""Beyond it, more than a thousand times as likely, a ratio says less than the margin itself."""
Told = tuple[str, str, str]
"""Title, number, caption."""


class NumbersCard(Card):
    """Three numbers side by side (taskScoreCard) with a sentence below.

    ``said`` tells that something is on the clipboard; ``repeat_requested`` asks for the five runs that test every row
    once.
    """

    said = Signal(str)
    repeat_requested = Signal()

    def __init__(self) -> None:
        super().__init__("", "")
        self.setObjectName("taskScoreCard")
        self.copy_button = SecondaryButton(self.tr("Copy the scores as a sentence"), "copy")
        self.copy_button.setObjectName("copyScoresButton")
        self.copy_button.clicked.connect(self._on_copy)
        self.methods_button = SecondaryButton(self.tr("Copy as methods paragraph"), "copy")
        self.methods_button.setObjectName("copyTaskMethodsButton")
        self.methods_button.clicked.connect(self._on_copy_methods)
        self.repeat_button = SecondaryButton(self.tr("Repeat 5 times"), "resume")
        self.repeat_button.setObjectName("repeatTaskButton")
        self.repeat_button.setToolTip(
            self.tr(
                "Queues five runs with these settings. Each tests another fifth of the rows, so together they test "
                "every row once and show how much of the score is chance."
            )
        )
        self.repeat_button.clicked.connect(self.repeat_requested)
        for button in (self.repeat_button, self.copy_button, self.methods_button):
            self.add_to_title_row(button)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.LARGE)
        grid.setVerticalSpacing(Space.HALF)
        self._cells: list[tuple[PlainLabel, PlainLabel, PlainLabel]] = []
        for column in range(3):
            title = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
            value, caption = PlainLabel("", TextStyle.HEADLINE), PlainLabel("", TextStyle.CAPTION)
            value.setObjectName(f"taskScore{column + 1}")
            value.setWordWrap(False)
            for row, label in enumerate((title, value, caption)):
                grid.addWidget(label, row, column, Qt.AlignmentFlag.AlignTop)
            grid.setColumnStretch(column, 1)
            self._cells.append((title, value, caption))
        self.note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self.note.setObjectName("taskScoreNote")
        self.verdict = PlainLabel("", TextStyle.BODY)
        self.verdict.setObjectName("taskVerdict")
        self.folds = PlainLabel("", TextStyle.STRONG)
        self.folds.setObjectName("taskScoreFolds")
        self.body.addLayout(grid)
        self.body.addWidget(self.verdict)
        self.body.addWidget(self.folds)
        self.body.addWidget(self.note)
        self._sentence = self._paragraph = ""

    def sentence(self) -> str:
        """What *Copy* puts on the clipboard."""
        return self._sentence

    def paragraph(self) -> str:
        """What *Copy as methods paragraph* puts on the clipboard; empty where no test rows were scored."""
        return self._paragraph

    def show_more(self, paragraph: str, folds: Any, looks: Any, may_repeat: bool, why_not: str) -> None:
        """``folds``, ``looks``: as ``token_report`` gives them; ``why_not``: why the rows cannot be tested fifth by
        fifth, where that should be said."""
        self._paragraph = paragraph
        self.methods_button.setVisible(bool(paragraph))
        self.copy_button.setVisible(not paragraph)
        self.repeat_button.setVisible(may_repeat and not folds)
        told = folds_words(folds)
        self.folds.setText(told)
        self.folds.setVisible(bool(told))
        notes = [self.note.text(), "" if told or may_repeat else why_not]
        if isinstance(looks, int) and looks > 1:
            words = self.tr(
                "These test rows have been looked at {looks} times: the best of several tries is a little too good."
            )
            notes.insert(0, words.format(looks=looks))
        self.note.setText(" ".join(filter(None, notes)))

    def show_report(
        self, task: str, scores: Mapping[str, Any], is_test: bool, guessing: float | None = None
    ) -> None:
        """``scores``: of one part, as ``evaluation.json`` holds them; ``guessing``: the loss of guessing alone."""
        self.set_title(self.tr("Score to report") if is_test else self.tr("Score on held-out rows"))
        rows = f"{int(scores['rows']):,}"
        words = (
            self.tr("On {rows} test rows, which were read once, when the run ended.")
            if is_test
            else self.tr(
                "On {rows} held-out rows: validation, used to choose the best moment; not to report. This data has no "
                "test rows."
            )
        )
        self.set_caption(words.format(rows=rows))
        makers = {
            "question-answering": self._of_answers,
            "tagging": self._of_tags,
            "reply": self._of_replies,
            "multilabel": self._of_labels,
            "pair-similarity": self._of_likeness,
        }
        told, definition, wide = makers[task](scores)
        for labels, texts in zip(self._cells, told, strict=True):
            for label, text in zip(labels, texts, strict=True):
                label.setText(text)
        self.verdict.setText(verdict_of(task, scores, guessing))
        self.verdict.setVisible(bool(self.verdict.text()))
        self.note.setText(" ".join(filter(None, (self._unsure(wide), definition))))
        numbers = "; ".join(
            f"{title}: {number} {caption}".strip()
            for title, number, caption in told
            if number not in ("", UNKNOWN)
        )
        self._sentence = f"{words.format(rows=rows)} {numbers}. {definition}"

    def _of_answers(self, scores: Mapping[str, Any]) -> tuple[list[Told], str, Any]:
        has, none = scores.get("answered") or {}, scores.get("unanswered") or {}
        told = [
            (
                self.tr("Exact match: answers right word for word"),
                number_text(scores["exact_match"]),
                self._interval(scores["exact_match_interval"]),
            ),
            (
                self.tr("F1: words in common, 1 is all of them"),
                number_text(scores["f1"]),
                self._interval(scores["f1_interval"]),
            ),
        ]
        if none.get("rows"):
            words = self.tr(
                "F1 of the {has} with an answer: {f1}\nof the {none} without one left unanswered: {exact}"
            )
            caption = words.format(
                has=f"{has['rows']:,}", f1=number_text(has.get("f1")), none=f"{none['rows']:,}",
                exact=number_text(none["exact_match"]),
            )  # fmt: skip
            told.append(
                (self.tr("Always “no answer”, for comparison"), number_text(scores["always_none"]), caption)
            )
        else:
            told.append(
                (
                    self.tr("Questions without an answer"),
                    "0",
                    self.tr("All questions have an answer in their text."),
                )
            )
        words = (
            self.tr(
                "Counted sign by sign, on the longest piece in common, as is usual for Chinese (CMRC 2018)."
            )
            if scores.get("definition") == "cmrc"
            else self.tr(
                "Counted without capitals, punctuation and articles, against the best of several right answers, as is "
                "usual for questions (SQuAD)."
            )
        )
        return told, f"{words} {self._silence(scores)}".strip(), scores["f1_interval"]

    def _silence(self, scores: Mapping[str, Any]) -> str:
        """From when on it says that there is no answer; "" where it always gives one."""
        threshold = scores.get("no_answer_threshold")
        if not isinstance(threshold, int | float) or isinstance(threshold, bool):
            return ""
        if abs(threshold) > _MOST_NATS:
            return silence_sentence(scores)
        words = self.tr(
            "It says “no answer” where that is more than {times} times as likely to it as the best passage; this "
            "limit was chosen on the validation rows."
        )
        return words.format(times=three_digits(math.exp(threshold)))

    def _of_tags(self, scores: Mapping[str, Any]) -> tuple[list[Told], str, Any]:
        words = self.tr("precision {precision}, recall {recall}")
        shares = words.format(
            precision=number_text(scores["entity_precision"]), recall=number_text(scores["entity_recall"])
        )
        counts = self.tr("{right} of {there} names found; {found} marked").format(
            right=f"{scores['right']:,}", there=f"{scores['entities']:,}", found=f"{scores['found']:,}"
        )
        told = [
            (
                self.tr("F1 of whole names"),
                number_text(scores["entity_f1"]),
                f"{self._interval(scores['entity_f1_interval'])}\n{shares}".strip(),
            ),
            (self.tr("Macro F1: all kinds count alike"), number_text(scores["macro_f1"]), counts),
            (
                self.tr("Words with the right tag"),
                number_text(scores["token_accuracy"]),
                self.tr("not to report: most words are no name, so marking none scores high too"),
            ),
        ]
        words = self.tr(
            "A name is right when its kind, its first and its last word are, as is usual for names (CoNLL)."
        )
        return told, words, scores["entity_f1_interval"]

    def _of_replies(self, scores: Mapping[str, Any]) -> tuple[list[Told], str, Any]:
        loss = self.tr(
            "loss: {loss} nats a token; one nat less makes the right token 2.7 times as likely"
        ).format(loss=number_text(scores["loss"]))
        told = [
            (self.tr("Perplexity of the true replies"), number_text(scores["perplexity"]), loss),
            (
                self.tr("First guess right"),
                number_text(scores["accuracy"]),
                self.tr("of {tokens} tokens").format(tokens=f"{scores['tokens']:,}"),
            ),
            (
                self.tr("How good the replies are"),
                UNKNOWN,
                self.tr("No number can tell, only people can: read some in Try it."),
            ),
        ]
        words = self.tr(
            "Perplexity: as unsure as if it chose blindly among so many tokens each time; 1 would be certain. Only the "
            "reply is measured, not the prompt."
        )
        return told, words, None

    def _of_labels(self, scores: Mapping[str, Any]) -> tuple[list[Told], str, Any]:
        told = [
            (
                self.tr("Micro F1: every label given counts alike"),
                number_text(scores.get("micro_f1")),
                self._interval(scores.get("micro_f1_interval")),
            ),
            (
                self.tr("Macro F1: every kind of label counts alike"),
                number_text(scores.get("macro_f1")),
                self._interval(scores.get("macro_f1_interval")),
            ),
            (
                self.tr("Texts with all labels right"),
                number_text(scores.get("accuracy")),
                self._interval(scores.get("accuracy_interval")),
            ),
        ]
        words = self.tr("A label is given from a share of {threshold} on; each is decided by itself.")
        definition = words.format(threshold=f"{float(scores.get('threshold') or 0.5):.2f}")
        if scores.get("majority") is not None:
            plain = self.tr('Always answering "{label}" alone gives micro F1 {share}.')
            definition += " " + plain.format(
                label=scores.get("majority_label"), share=number_text(scores["majority"])
            )
        return told, definition, scores.get("micro_f1_interval")

    def _of_likeness(self, scores: Mapping[str, Any]) -> tuple[list[Told], str, Any]:
        plain = self.tr("{apart} if their mean is always answered").format(
            apart=number_text(scores["always_mean"])
        )
        told = [
            (
                self.tr("Same order (Spearman)"),
                number_text(scores["spearman"]),
                self._interval(scores.get("spearman_interval")),
            ),
            (
                self.tr("Straight line (Pearson)"),
                number_text(scores["pearson"]),
                self._interval(scores.get("pearson_interval")),
            ),
            (self.tr("Mean difference, in points of your scale"), number_text(scores["mean_error"]), plain),
        ]
        words = self.tr(
            "1 is full agreement with the given scores, 0 none. Spearman looks at the order of the pairs only, Pearson "
            "also at the distances."
        )
        return told, words, scores.get("spearman_interval")

    def _interval(self, pair: Any) -> str:
        if not pair or pair[0] == pair[1]:
            return ""
        words = self.tr("95 % interval: {low} to {high}")
        return words.format(low=f"{pair[0]:.2f}", high=f"{pair[1]:.2f}")

    def _unsure(self, pair: Any) -> str:
        if not pair or pair[0] == pair[1]:
            return ""
        if pair[1] - pair[0] <= _WIDE:
            return self.tr("95 % interval: where the true score lies in 95 of 100 cases.")
        words = self.tr("With so few rows the true score may lie anywhere between {low} and {high}.")
        return words.format(low=f"{pair[0]:.2f}", high=f"{pair[1]:.2f}")

    @Slot()
    def _on_copy_methods(self) -> None:
        QGuiApplication.clipboard().setText(self._paragraph)
        self.said.emit(self.tr("The paragraph is on the clipboard."))

    @Slot()
    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._sentence)
        self.said.emit(self.tr("The sentence is on the clipboard."))
