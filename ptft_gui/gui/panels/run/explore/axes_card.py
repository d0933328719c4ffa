"""Own axes: two words or lists of words span one, and words are placed along it; two axes make a plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.example_chips import ExampleChips
from ptft_gui.gui.panels.run.explore.axis_row import Axis, AxisRow, words_in
from ptft_gui.gui.panels.run.explore.word_input import WordInput
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.axis_strip import AxisStrip
from ptft_gui.gui.widgets.buttons import QuietButton, SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.empty_state import EmptyState
from ptft_gui.gui.widgets.flow_layout import FlowLayout
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable, save_picture
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote

if TYPE_CHECKING:
    from ptft_gui.gui.widgets.word_map import WordMap

_FREQUENT, _NEIGHBOURS, _OWN = "frequent", "neighbours", "own"
_TOPN = 300
_LOW = 480
"""Height in pixels below which placed words take the room of what says how to place some."""


@dataclass(frozen=True)
class _Placed:
    """Words and their values, float32 (n, axes); ``names``: the two ends of each axis."""

    words: tuple[str, ...]
    values: Any
    counts: Any
    names: tuple[tuple[str, str], ...]


class AxesCard(Card):
    """One axis is drawn as a strip (axisStrip), two as a plane. ``word_activated`` carries a word that was chosen."""

    word_activated = Signal(str)
    remedy_chosen = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("axesCard")
        self.setAccessibleName(self.tr("Your own axes"))
        self._what = self.tr(
            "Two opposite words, or lists of words, make an axis; other words are placed between them."
        )
        self.set_caption(self._what)
        self._asker = asker
        self._model_path, self._query = "", ""
        self._placed: _Placed | None = None
        self._near: list[str] = []
        self._question = OneQuestion(asker)
        self._plane: WordMap | None = None
        self._rows = (AxisRow(asker, "axis1"), AxisRow(asker, "axis2"))
        for row in self._rows:
            row.submitted.connect(self.place)
        self.export = ExportButton("axesExport", self.table, self._save_picture)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        self._build()
        self._set_second(False)

    def _build(self) -> None:
        self._examples = ExampleChips(self.tr("Tested on this text:"), "axisExample")
        self._examples.chosen.connect(self._on_example)
        self._sentence = PlainLabel("", TextStyle.CAPTION, Role.QUIET_TEXT)
        self._sentence.setObjectName("axesSentence")
        self._problem = ProblemNote()
        self._problem.word_chosen.connect(self._on_close_word)
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        self.strip = AxisStrip()
        self.strip.setAccessibleName(self.tr("Words along the axis"))
        self.strip.word_activated.connect(self.word_activated)
        self._empty = EmptyState(
            self.tr(
                "Type two opposite words above. Words that lean to one of them will stand nearer to its side."
            ),
            icon="chart",
        )
        self._stack = QStackedWidget()
        for page in (self._empty, self.strip):
            self._stack.addWidget(page)
        for widget in (*self._rows, self._make_tools(), self._examples, self._problem):
            self.body.addWidget(widget)
        self.body.addWidget(self._stack, 1)
        self.body.addWidget(self._sentence)

    def _make_tools(self) -> QWidget:
        tools = QWidget()
        flow = FlowLayout(tools, Space.SMALL)
        self.which = QComboBox()
        self.which.setObjectName("axesWords")
        self.which.setAccessibleName(self.tr("Which words are placed"))
        self.which.addItem(self.tr("{n} commonest words").format(n=_TOPN), _FREQUENT)
        self.which.addItem(self.tr("Nearest words of the one at the left"), _NEIGHBOURS)
        self.which.addItem(self.tr("My own words"), _OWN)
        self.which.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.which.setMinimumContentsLength(14)
        self.which.view().setMinimumWidth(280)
        self.which.activated.connect(self._on_which_chosen)
        self.own = WordInput(self._asker)
        self.own.setObjectName("axesOwnWords")
        self.own.setAccessibleName(self.tr("Words to place"))
        self.own.setPlaceholderText(self.tr("Words, with spaces between"))
        self.own.setMinimumWidth(200)
        self.own.returnPressed.connect(self.place)
        self.own.hide()
        self.second = QuietButton(self.tr("Second axis"))
        self.second.setObjectName("secondAxisButton")
        self.second.setCheckable(True)
        self.second.toggled.connect(self._set_second)
        self._place_button = SecondaryButton(self.tr("Place words"))
        self._place_button.setObjectName("placeWordsButton")
        self._place_button.clicked.connect(self.place)
        for widget in (self.which, self.own, self.second, self._place_button, self.export):
            flow.addWidget(widget)
        return tools

    # --- showing a run -----------------------------------------------------------------------------------------

    def show_model(self, path: str, examples: Sequence[str]) -> None:
        """Place words of this model; ``examples``: axes that are known to hold for its text, "man - woman"."""
        self._question.drop()
        self._model_path, self._query, self._near, self._placed = path, "", [], None
        for row in self._rows:
            row.set_model(path)
        self.own.set_model(path)
        self._examples.show_texts(examples)
        self._problem.hide()
        self._sentence.hide()
        self.export.setEnabled(False)
        self._stack.show()
        self._stack.setCurrentWidget(self._empty)
        self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """The picture first, where there is one and little room."""
        is_short = self._placed is not None and self.height() < _LOW
        self.set_caption("" if is_short else self._what)
        self._examples.setVisible(bool(self._examples.texts()) and not is_short)

    def examples(self) -> tuple[str, ...]:
        return self._examples.texts()

    def set_word(self, word: str, neighbours: Sequence[str]) -> None:
        """The word that is asked for at the left, with its nearest."""
        self._query, self._near = word, [word, *neighbours]
        if self.which.currentData() == _NEIGHBOURS and self._placed is not None and self.isVisible():
            self.place()

    @Slot(bool)
    def _set_second(self, is_on: bool) -> None:
        self._rows[1].setVisible(is_on)
        if not is_on:
            self._rows[1].clear()

    @Slot(str)
    def _on_example(self, text: str) -> None:
        axes = [Axis.from_text(part) for part in text.split(" / ")]
        self.second.setChecked(len(axes) > 1)
        for row, axis in zip(self._rows, axes, strict=False):
            row.show_axis(axis)
        self.place()

    @Slot()
    def _on_which_chosen(self) -> None:
        is_own = self.which.currentData() == _OWN
        self.own.setVisible(is_own)
        if is_own:
            self.own.setFocus()
        elif self._placed is not None:
            self.place()

    # --- asking ------------------------------------------------------------------------------------------------

    def axes(self) -> list[Axis]:
        """The axes as they are typed; one without both ends is left out."""
        return [axis for row in self._rows if (axis := row.axis()).is_whole]

    @Slot()
    def place(self) -> None:
        """Place the chosen words along the axes that are typed."""
        if not self._model_path:
            return
        if not self.axes():
            self._say_what_is_missing(self.tr("An axis needs a word at both of its ends."))
            return
        which = self.which.currentData()
        wanted = {_OWN: words_in(self.own.text()), _NEIGHBOURS: self._near}.get(which)
        if wanted is not None and not wanted:
            self._say_what_is_missing(
                self.tr("Type the words that you want to place.")
                if which == _OWN
                else self.tr("Ask for a word at the left; its nearest words are placed.")
            )
            return
        self._ask(wanted)

    def _say_what_is_missing(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        self._sentence.show()

    def _ask(self, words: list[str] | None) -> None:
        self._problem.hide()
        self._say_what_is_missing(self.tr("Placing the words ..."))
        axes = [{"negative": list(axis.negative), "positive": list(axis.positive)} for axis in self.axes()]
        arguments: dict[str, object] = {
            "model": self._model_path, "axes": axes, "words": words, "topn": _TOPN,
        }  # fmt: skip
        self._question.ask("axes", arguments, self._on_answer, self._on_problem)

    def _on_answer(self, result: dict[str, Any]) -> None:
        values = np.asarray(result["values"], dtype=np.float32).reshape(len(result["words"]), -1)
        names = tuple((str(low), str(high)) for low, high in result["names"])
        placed = self._placed = _Placed(tuple(map(str, result["words"])), values, result.get("counts"), names)
        self._show_sentence(result)
        self._share_height()
        self.export.setEnabled(bool(placed.words))
        self._stack.show()
        if not placed.words:
            self._stack.setCurrentWidget(self._empty)
        elif len(names) == 1:
            self.strip.show_words(placed.words, values[:, 0], names[0], [self._query, *self._ends()])
            self._stack.setCurrentWidget(self.strip)
        else:
            self._show_plane(placed)

    def _ends(self) -> list[str]:
        """The words that span the axes."""
        return [word for axis in self.axes() for word in (*axis.negative, *axis.positive)]

    def _show_sentence(self, result: dict[str, Any]) -> None:
        unknown = [str(word) for word in result.get("unknown") or ()]
        parts = [str(result.get("sentence") or "")]
        if unknown and not any(word in parts[0] for word in unknown):
            parts.append(self.tr("Not known to this model: {words}.").format(words=", ".join(unknown)))
        self._sentence.setText(" ".join(part for part in parts if part))
        self._sentence.setVisible(bool(self._sentence.text()))

    def _show_plane(self, placed: _Placed) -> None:
        from ptft_gui.gui.widgets.word_map import MapPoints, WordMap

        if self._plane is None:
            self._plane = WordMap()
            self._plane.setObjectName("axesPlane")
            self._plane.setAccessibleName(self.tr("Words on the plane of two axes"))
            self._plane.word_activated.connect(self.word_activated)
            self._stack.addWidget(self._plane)
        self._plane.set_points(MapPoints(placed.words, placed.values, placed.counts))
        self._plane.set_axis_names(placed.names[0], placed.names[1])
        self._plane.set_highlight([self._query] if self._query in placed.words else [])
        self._plane.set_watched(self._ends())
        self._stack.setCurrentWidget(self._plane)

    def _on_problem(self, problem: PtftError) -> None:
        self._sentence.hide()
        self._stack.hide()
        self._problem.show_problem(problem)
        self._unknown = getattr(problem, "word", "")

    @Slot(str)
    def _on_close_word(self, word: str) -> None:
        for row in self._rows:
            row.replace(self._unknown, word)
        self.place()

    # --- taking along ------------------------------------------------------------------------------------------

    def table(self) -> ListTable:
        """Every placed word with its value on each axis."""
        placed = self._placed
        if placed is None:
            return ListTable("axes", ("word",), ())
        heads = ("word", *(f"{low} to {high}" for low, high in placed.names))
        order = np.argsort(placed.values[:, 0], kind="stable").tolist()
        rows = tuple((placed.words[row], *placed.values[row].tolist()) for row in order)
        return ListTable("axes", heads, rows)

    def _save_picture(self, path: Path) -> None:
        if self._plane is not None and self._placed is not None and len(self._placed.names) > 1:
            self._plane.export_picture(path)
            return
        size = self.strip.size()
        save_picture(lambda painter: self.strip.draw(painter, size), size, path, self.strip.in_words())


def axis_examples(questions: Sequence[dict[str, Any]]) -> list[str]:
    """The axes that are known to hold for a dataset."""
    return [str(question["text"]) for question in questions if question.get("kind") == "axis"]
