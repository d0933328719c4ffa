"""The Try it room of a model that marks names: the text with its names in colours, and a table of them."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHeaderView

from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.panels.run.try_it.mark_legend import marked_kinds
from ptft_gui.gui.panels.run.try_it.task_room import PlainField, TaskFileCard, TaskRoom
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.cell_table import CellTable
from ptft_gui.gui.widgets.coloured_text import MARKS, ColouredText
from ptft_gui.gui.widgets.labels import PlainLabel

_LINES = 7
_NUMBERED = re.compile(r"LABEL_\d+")
"""What transformers calls a kind that its folder does not name."""
_LONGEST_EXAMPLE = 300


class TaggingRoom(TaskRoom):
    """tagInput at the left; taggedText, tagLegend and nameTable at the right."""

    def __init__(self, asker: Asker) -> None:
        file = TaskFileCard(
            asker,
            self.tr("Mark the names of a whole file"),
            self.tr(
                "A file of texts, or of words line by line. Every word gets its tag, in a new file; yours stays as it "
                "is."
            ),
            "tags",
        )
        super().__init__(asker, self.tr("Your text"), self.tr("Names in it"), file, "{label}: {text}")
        self.setObjectName("taggingRoom")
        self.setAccessibleName(self.tr("Mark names in a text"))
        self.input = PlainField("tagInput", self.tr("Text to mark names in"), _LINES)
        self.input.setPlaceholderText(self.tr("Type or paste a text; its names are marked as you type."))
        for widget in (self.input, self.asked):
            self.input_card.body.addWidget(widget)
        self.marked = ColouredText()
        self.marked.setObjectName("taggedText")
        self.legend = ColouredText()
        self.legend.setObjectName("tagLegend")
        self.table = CellTable(self.tr("Names that were found"))
        self.table.setObjectName("nameTable")
        self.note = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        for part in (self.marked, self.legend, self.table, self.note):
            self.answer_card.body.addWidget(part)
        self.input.textChanged.connect(self._on_changed)
        self.asked.chosen.connect(self.ask)
        self.set_hint(self.tr("The names of your text will be marked here, each kind in its own way."))
        self.rest()

    def show_model(self, shown: ShownRun) -> None:
        super().show_model(shown)
        probes = [name for name in shown.summary.probes if len(name) <= _LONGEST_EXAMPLE]
        nothing = self.tr("Best is a whole sentence with names in it, like those it was trained on.")
        self.offer(shown, probes[:3], nothing)
        self.input.clear()

    def focus_input(self) -> None:
        self.input.setFocus()

    @Slot(str)
    def ask(self, text: str) -> None:
        """Put ``text`` into the field and mark its names."""
        self.input.setPlainText(text)
        self.ask_now()

    @Slot()
    def _on_changed(self) -> None:
        self.type_on()

    @Slot()
    def ask_now(self) -> None:
        self._typing.stop()
        text = self.input.toPlainText()
        if not self._model_path or not text.strip():
            self._question.drop()
            self.rest()
            return
        arguments: dict[str, object] = {"model": self._model_path, "text": text}
        self.put("tag", arguments, partial(self._on_answer, text))

    def _on_answer(self, text: str, result: dict[str, Any]) -> None:
        kinds = [str(kind) for kind in result.get("kinds") or ()]
        number = {kind: place for place, kind in enumerate(kinds)}
        names = [(str(n), str(k), float(s), int(a), int(b)) for n, k, s, a, b in result.get("names") or ()]
        self.show_answer("", str(result.get("sentence") or ""))
        self.marked.show_marks(text, [(a, b, number.get(kind, 0)) for _, kind, _, a, b in names])
        self._show_legend(kinds, {kind for _, kind, *_ in names})
        rows = [(str(n), name, kind, f"{share:.2f}") for n, (name, kind, share, *_) in enumerate(names, 1)]
        self.table.show_cells((self.tr("Name"), self.tr("Kind"), self.tr("Sure")), rows)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.fit_height()
        self.table.setVisible(bool(rows))
        self.asked.note(text, self._count_words(len(names)))
        self.before.ask({"text": text}, text)

    def _count_words(self, count: int) -> str:
        if not count:
            return self.tr("no name")
        return self.tr("1 name") if count == 1 else self.tr("{count} names").format(count=f"{count:,}")

    def _show_legend(self, kinds: list[str], seen: set[str]) -> None:
        """The kinds that the model knows, those that were found marked as they are in the text."""
        lead = self.tr("It knows these kinds:")
        self.legend.show_marks(*marked_kinds(lead, kinds, kinds, seen, self.tr("names")))
        marks = {place % len(MARKS) for place, kind in enumerate(kinds) if kind in seen}
        same = len(marks) < len(seen)
        notes = []
        if kinds and all(_NUMBERED.fullmatch(kind) for kind in kinds):
            notes.append(
                self.tr(
                    "The model's folder only numbers its kinds, so nothing tells which of them means “no name”; "
                    "usually it is {first}. Names stand in config.json, under id2label."
                ).format(first=kinds[0])
            )
        if same:
            notes.append(self.tr("Some kinds share a colour; the table tells which is which."))
        self.note.setText(" ".join(notes))
        self.note.setVisible(bool(notes))

    def _show(self, has_answer: bool) -> None:
        super()._show(has_answer)
        for widget in (self.marked, self.legend, self.table, self.note):
            widget.setVisible(has_answer)
