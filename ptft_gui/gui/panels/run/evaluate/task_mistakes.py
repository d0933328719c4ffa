"""Worst mistakes of every task but classes; the chosen one is shown in its text where there is a place to mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QAbstractItemView

from ptft_gui.core.wording import sure_text
from ptft_gui.gui.panels.run.evaluate.correctable_table import CorrectableTable
from ptft_gui.gui.panels.run.row_corrections import CorrectableRow, RowCorrections, correctable
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.coloured_text import ColouredText
from ptft_gui.gui.widgets.labels import PlainLabel

Mistake = Mapping[str, Any]
Place = tuple[int, int, int]
_MINE, _TRUE = 1, 0
"""Marks: what the model said, what is right."""


class MistakesCard(Card):
    """taskMistakes, and below it the chosen mistake in its text (mistakeText)."""

    def __init__(self, corrections: RowCorrections) -> None:
        super().__init__("", "")
        self.set_title(self.tr("Worst mistakes"))
        self._task = ""
        self._mistakes: tuple[Mistake, ...] = ()
        self.table = CorrectableTable(self.tr("Worst mistakes"), corrections)
        self.table.setObjectName("taskMistakes")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.title = PlainLabel("", TextStyle.STRONG)
        self.text = ColouredText()
        self.text.setObjectName("mistakeText")
        self.legend = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        for widget in (self.table, self.title, self.text, self.legend):
            self.body.addWidget(widget)

    def show_mistakes(self, task: str, mistakes: Sequence[Mistake]) -> None:
        """``mistakes``: as ``token_report`` gives them, the worst first; without any the card is not there."""
        self._task, self._mistakes = task, tuple(mistakes)
        self.setVisible(bool(mistakes))
        captions = {
            "question-answering": self.tr(
                "Answers the model was surest about and still wrong. Sometimes it is the given answer that is wrong."
            ),
            "tagging": self.tr("Sentences with most names missed or marked wrongly."),
            "reply": self.tr(
                "True replies that the model expected least. Surprise: how unlikely it found each token of the reply, "
                "in nats; 0 would be no surprise."
            ),
            "multilabel": self.tr(
                "Texts with most labels missed or wrongly given. Sometimes it is the file that is wrong: choose what "
                "stands in the last column to correct it."
            ),
            "pair-similarity": self.tr(
                "Largest differences: pairs whose given score and guess lie furthest apart."
            ),
        }
        self.set_caption(captions.get(task, ""))
        heads, rows = self._cells()
        self.table.show_rows(heads, rows, [_as_row(mistake) for mistake in self._mistakes])
        self.table.fit_height()
        if mistakes:
            self.table.selectRow(0)
            self._show(0)

    def _cells(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        heads: tuple[str, ...]
        if self._task == "question-answering":
            heads = (
                self.tr("Question"),
                self.tr("Right"),
                self.tr("Answered"),
                self.tr("F1"),
                self.tr("Sure"),
            )
            nothing = self.tr("no answer")
            return heads, [
                (
                    _row(m), str(m["question"]), " / ".join(m["answers"]) or nothing, str(m["answer"]) or nothing,
                    f"{float(m['f1']):.2f}", sure_text(float(m["score"])),
                )
                for m in self._mistakes
            ]  # fmt: skip
        if self._task == "tagging":
            heads = (self.tr("Sentence"), self.tr("Missed"), self.tr("Wrong"))
            return heads, [
                (_row(m), " ".join(m["words"]), str(m["missed"]), str(m["wrong"])) for m in self._mistakes
            ]
        if self._task == "multilabel":
            heads = (self.tr("Text"), self.tr("Missed"), self.tr("Wrong"))
            return heads, [
                (_row(m), str(m["text"]), ", ".join(m["missed"]), ", ".join(m["wrong"]))
                for m in self._mistakes
            ]
        if self._task == "pair-similarity":
            heads = (self.tr("First text"), self.tr("Second text"), self.tr("Given"), self.tr("Guessed"))
            return heads, [
                (
                    _row(m), str(m["text"]), str(m["text_pair"]), f"{float(m['label']):.2f}",
                    f"{float(m['predicted']):.2f}",
                )
                for m in self._mistakes
            ]  # fmt: skip
        heads = (self.tr("Prompt"), self.tr("True reply"), self.tr("Surprise"))
        return heads, [
            (_row(m), str(m["prompt"]), str(m["reply"]), f"{float(m['nats']):.2f}") for m in self._mistakes
        ]

    @Slot()
    def _on_row(self) -> None:
        row = self.table.currentIndex().row()
        if 0 <= row < len(self._mistakes):
            self._show(row)

    def _show(self, row: int) -> None:
        mistake = self._mistakes[row]
        self.legend.setText("")
        shown = {"question-answering": self._show_answer, "tagging": self._show_tags}
        shown.get(self._task, self._show_whole)(mistake)
        self.legend.setVisible(bool(self.legend.text()))

    def _show_whole(self, mistake: Mistake) -> None:
        """What the line of the table has no room for: the prompt and its reply, both texts, the text and its labels."""
        names = {"reply": ("prompt", "reply"), "pair-similarity": ("text", "text_pair")}
        if self._task in names:
            title, text = (str(mistake[name]) for name in names[self._task])
        else:
            given = self.tr("Right: {right}. Answered: {answered}.")
            nothing = self.tr("no label")
            right, answered = (", ".join(mistake[name]) or nothing for name in ("labels", "predicted"))
            title, text = given.format(right=right, answered=answered), str(mistake["text"])
        self.title.setText(title)
        self.text.show_marks(text, [])

    def _show_answer(self, mistake: Mistake) -> None:
        context, start = str(mistake["context"]), mistake["start"]
        places = [] if start is None else [(int(start), int(start) + len(str(mistake["answer"])), _MINE)]
        right = [(context.find(str(answer)), str(answer)) for answer in mistake["answers"]]
        true = [(place, place + len(answer), _TRUE) for place, answer in right if place >= 0]
        places = [*_outside(places, true), *true]
        self.title.setText(str(mistake["question"]))
        self.text.show_marks(context, places)
        self.legend.setText(
            self.tr(
                "Unbroken line: the right answer, where its words first stand. Dashes: what the model answered."
            )
        )

    def _show_tags(self, mistake: Mistake) -> None:
        words = [str(word) for word in mistake["words"]]
        starts, text = [], ""
        for word in words:
            starts.append(len(text))
            text += f"{word} "
        true = {tuple(name) for name in mistake["true"]}
        answered = {tuple(name) for name in mistake["answered"]}
        places = [
            (starts[first], starts[last - 1] + len(words[last - 1]), mark)
            for names, mark in ((true - answered, _TRUE), (answered - true, _MINE))
            for _, first, last in names
        ]
        self.title.setText(self._told(words, true - answered, answered - true))
        self.text.show_marks(text.rstrip(), places)
        self.legend.setText(
            self.tr("Unbroken line: a name that was missed. Dashes: what the model marked instead.")
        )

    def _told(self, words: Sequence[str], missed: set[Any], wrong: set[Any]) -> str:
        def names(found: set[Any]) -> str:
            return ", ".join(
                f"{' '.join(words[first:last])} ({kind})"
                for kind, first, last in sorted(found, key=lambda n: n[1])
            )

        parts = []
        if missed:
            parts.append(self.tr("Missed: {names}.").format(names=names(missed)))
        if wrong:
            parts.append(self.tr("Marked wrongly: {names}.").format(names=names(wrong)))
        return " ".join(parts)


def _outside(places: list[Place], others: list[Place]) -> list[Place]:
    """The parts of ``places`` that no other piece covers, so that both can be seen."""
    for first, last, _ in others:
        places = [
            (start, end, mark)
            for begin, close, mark in places
            for start, end in ((begin, min(close, first)), (max(begin, last), close))
            if start < end
        ]
    return places


def _as_row(mistake: Mistake) -> CorrectableRow | None:
    return correctable(
        mistake.get("row"),
        mistake.get("key"),
        mistake.get("fingerprint"),
        mistake.get("labels"),
        mistake.get("was"),
    )


def _row(mistake: Mistake) -> str:
    return str(mistake.get("row") or "")
