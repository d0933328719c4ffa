"""The Try it room of a model that answers questions from a text: the answer stands out where the text says it."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHeaderView, QLineEdit

from ptft_gui.core.datasets import bundled_dataset
from ptft_gui.core.wording import sure_text
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.task_room import PlainField, TaskFileCard, TaskRoom
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.coloured_text import ColouredText
from ptft_gui.gui.widgets.labels import PlainLabel

_CONTEXT_LINES = 9
_MOST_SHOWN = 20_000


class AnsweringRoom(TaskRoom):
    """questionInput and contextInput at the left; answerHeadline, answerInContext and otherAnswers at the right."""

    def __init__(self, asker: Asker) -> None:
        file = TaskFileCard(
            asker,
            self.tr("Answer a whole file of questions"),
            self.tr(
                "A file with questions and the texts they are about. Every question gets its answer and how sure the "
                "model is, in a new file; yours stays as it is."
            ),
            "answers",
        )
        super().__init__(asker, self.tr("Your question"), self.tr("Answer"), file, "{label}: {text}")
        self.setObjectName("answeringRoom")
        self.setAccessibleName(self.tr("Ask questions about a text"))
        self._examples: dict[str, str] = {}
        self.question = QLineEdit()
        self.question.setObjectName("questionInput")
        self.question.setAccessibleName(self.tr("Question"))
        self.question.setPlaceholderText(self.tr("Type a question about the text below"))
        self.context = PlainField("contextInput", self.tr("Text that may hold the answer"), _CONTEXT_LINES)
        self.context.setPlaceholderText(self.tr("Type or paste the text that may hold the answer"))
        for widget in (self.question, self.context, self.asked):
            self.input_card.body.addWidget(widget)
        self.headline.setObjectName("answerHeadline")
        self.place = ColouredText()
        self.place.setObjectName("answerInContext")
        self._others_title = PlainLabel(self.tr("What else came into question"), TextStyle.STRONG)
        self.others = CellTable(self.tr("Other answers"))
        self.others.setObjectName("otherAnswers")
        self.note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        for part in (self.right, self.place, self._others_title, self.others, self.note):
            self.answer_card.body.addWidget(part)
        self.question.textChanged.connect(self._on_changed)
        self.context.textChanged.connect(self._on_changed)
        self.asked.chosen.connect(self.ask)
        self.set_hint(self.tr("The words of the text that answer the question will stand out here."))
        self.rest()

    def show_model(self, shown: ShownRun) -> None:
        super().show_model(shown)
        spec = shown.summary.spec
        card = bundled_dataset(spec.data.dataset) if spec else None
        found = [each for each in (card.questions if card else ()) if each.get("kind") == "answer"]
        nothing = self.tr("Paste a text first, then ask something that it answers in its own words.")
        own = self.offer(shown, [str(each["question"]) for each in found], nothing)
        self._examples = {str(each["question"]): str(each["context"]) for each in (*found, *own)}
        self.question.clear()
        self.context.clear()
        if self._examples:
            self.ask(next(iter(self._examples)))

    def focus_input(self) -> None:
        self.question.setFocus()

    @Slot(str)
    def ask(self, question: str) -> None:
        """Put a question, about the text of the example where it is one."""
        if question in self._examples:
            self.context.setPlainText(self._examples[question])
        self.question.setText(question)
        self.ask_now()

    @Slot()
    def _on_changed(self) -> None:
        self.type_on()

    @Slot()
    def ask_now(self) -> None:
        self._typing.stop()
        question, context = self.question.text(), self.context.toPlainText()
        if not self._model_path or not question.strip() or not context.strip():
            self._question.drop()
            self.rest()
            return
        arguments: dict[str, object] = {"model": self._model_path, "question": question, "context": context}
        self.put("answer", arguments, partial(self._on_answer, question, context))

    def _on_answer(self, question: str, context: str, result: dict[str, Any]) -> None:
        start, end = result.get("start"), result.get("end")
        has_answer = isinstance(start, int) and isinstance(end, int)
        text = str(result.get("text") or "")
        self.show_answer(
            text if has_answer else self.tr("No answer stands in this text"), str(result["sentence"])
        )
        self.show_right(question if self._examples.get(question) == context else "")
        shown = context[:_MOST_SHOWN]
        self.place.show_marks(shown, [(start, end, 0)] if has_answer else [])  # type: ignore[list-item]
        self._show_others(result, has_answer)
        self.before.ask({"question": question, "context": context}, shown)
        self.asked.note(question, text or self.tr("no answer"))
        self._examples.setdefault(question, context)

    def _show_others(self, result: dict[str, Any], has_answer: bool) -> None:
        pieces = [each for each in result.get("pieces") or () if not has_answer or each[1] != result["start"]]
        rows = [(str(n), str(piece[0]), sure_text(float(piece[3]))) for n, piece in enumerate(pieces[:4], 1)]
        self._others_title.setVisible(bool(rows))
        self.others.setVisible(bool(rows))
        self.others.show_cells((self.tr("Words of the text"), self.tr("Sure")), rows)
        self.others.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.others.fit_height()
        words = self.tr("“The text does not say” came into question too: {share} sure.")
        self.note.setText(
            words.format(share=sure_text(float(result.get("silence") or 0.0))) if has_answer else ""
        )
        self.note.setVisible(has_answer)

    def _show(self, has_answer: bool) -> None:
        super()._show(has_answer)
        for widget in (self.place, self._others_title, self.others, self.note):
            widget.setVisible(has_answer)
