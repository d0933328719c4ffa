"""The map of meaning on the Explore tab: how it is asked for, drawn, coloured, searched and taken along."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.gui.panels.run.explore.map_foot import MapFoot
from ptft_gui.gui.panels.run.explore.map_tools import (
    GROUP,
    PCA,
    VALUE,
    Colouring,
    MapChoice,
    MapTools,
    first_of,
)
from ptft_gui.gui.panels.run.explore.own_column import OwnColumn, OwnColumns
from ptft_gui.gui.panels.run.explore.selection import SelectionList
from ptft_gui.gui.theme import Space
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable
from ptft_gui.gui.widgets.one_question import OneQuestion
from ptft_gui.gui.widgets.problem_note import ProblemNote

if TYPE_CHECKING:
    from ptft_gui.gui.widgets.word_map import MapPoints, WordMap

_CLUSTERS, _SEED = 8, 1
_MOVE_MS = 700
_WARM_AFTER_MS = 5_000
_MOST_ALWAYS = 1_000
"""Words that are always on the map: the watched ones and those asked for last."""


class MapCard(Card):
    """Asks for a map when it is first seen, and draws it (embeddingMap).

    ``word_activated`` carries a word of the map, ``watched`` the words that are marked from now on, ``said`` a
    sentence, ``failed`` a :class:`PtftError`.
    """

    word_activated = Signal(str)
    watched = Signal(object)
    remedy_chosen = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self.setObjectName("mapCard")
        self.setAccessibleName(self.tr("Map of meaning"))
        self._model_path = ""
        self._watched: list[str] = []
        self._searched: list[str] = []
        self._highlight: list[str] = []
        self._asked_words: list[str] = []
        self._drawn: dict[str, Any] = {}
        self._drawn_choice: MapChoice | None = None
        self._is_due = False
        self._column: OwnColumn | None = None
        self._asker, self._has_warmed = asker, False
        self._warm_timer = QTimer(self, singleShot=True, interval=_WARM_AFTER_MS)
        self._warm_timer.timeout.connect(self._warm)
        self._question = OneQuestion(asker)
        self.columns = OwnColumns(asker, self)
        self._map: WordMap | None = None
        self.tools = MapTools()
        self.export = ExportButton("mapExport", self.table, self._save_picture)
        self.tools.flow.addWidget(self.export)
        self.selection = SelectionList()
        self._problem = ProblemNote()
        self._problem.word_chosen.connect(self.word_activated)
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._place = QVBoxLayout()
        self._middle = QHBoxLayout()
        self._middle.setSpacing(Space.MEDIUM)
        self._middle.addLayout(self._place, 1)
        self._middle.addWidget(self.selection)
        self.foot = MapFoot()
        self.foot.cancelled.connect(self.give_up)
        self.body.addWidget(self.tools)
        self.body.addWidget(self._problem)
        self.body.addLayout(self._middle, 1)
        self.body.addWidget(self.foot)

    def _connect(self) -> None:
        self.tools.changed.connect(self._on_choice_changed)
        self.tools.colouring_changed.connect(self._on_colouring_changed)
        self.tools.column_requested.connect(self.columns.ask_for_file)
        self.tools.column_chosen.connect(self._on_column_chosen)
        self.columns.found.connect(self._on_column)
        self.columns.failed.connect(self._on_no_column)
        self.tools.lasso_toggled.connect(self._on_lasso_toggled)
        self.tools.show_all_requested.connect(self._on_show_all)
        self.selection.word_activated.connect(self.word_activated)
        self.selection.watch_requested.connect(self._on_watch_requested)
        self.selection.cleared.connect(self._on_selection_cleared)
        for part in (self.selection, self.export):
            part.said.connect(self.said)
            part.failed.connect(self.failed)

    @property
    def map(self) -> WordMap:
        """The map itself, made when it is first needed."""
        if self._map is None:
            from ptft_gui.gui.widgets.word_map import WordMap

            self._map = WordMap()
            self._map.word_activated.connect(self.word_activated)
            self._map.selection_changed.connect(self.selection.show_words)
            self._map.lasso_changed.connect(self.tools.lasso.setChecked)
            self._map.set_empty_sentence(self.tr("The words of this model will stand here."))
            self._map.set_colouring(self._colouring())
            self._place.addWidget(self._map)
        return self._map

    # --- showing a run -----------------------------------------------------------------------------------------

    def show_model(self, path: str, watched: Sequence[str]) -> None:
        """Draw this model from now on; ``watched``: words to mark, always on the map."""
        self._question.drop()
        self._model_path, self._watched = path, list(watched)
        self._searched, self._highlight = [], []
        self._drawn, self._drawn_choice = {}, None
        self._problem.hide()
        self.columns.set_model(path)
        if self._column is not None and self.tools.colouring() == VALUE:
            self.columns.read(self._column.path, self._column.name)
        self.selection.show_words([])
        self.foot.rest()
        if self._map is not None:
            self._map.set_points(self._points())
        self._is_due = True
        self._ask_if_due()

    def show_word(self, word: str, neighbours: Sequence[str]) -> None:
        """Mark the word that was asked for, and its neighbours; a word that is not drawn yet is asked for."""
        self._highlight = [word, *neighbours]
        self._searched = [word, *(w for w in self._searched if w != word)][:_MOST_ALWAYS]
        self._show_highlight()
        if self._drawn and not self._question.is_waiting and word not in self._drawn["places"]:
            self._ask(self._drawn_choice or self.tools.choice())

    def _show_highlight(self) -> None:
        if not self._drawn or not self._highlight:
            return
        self.map.set_highlight(self._highlight)
        if self._is_out_of_view(self._highlight[0]):
            self.map.centre_on(self._highlight[0])

    def _is_out_of_view(self, word: str) -> bool:
        row = self.map.scene.row(word)
        if row is None:
            return False
        x, y = self.map.on_screen()[row].tolist()
        return not self.map.rect().contains(round(x), round(y))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_if_due()

    def _ask_if_due(self) -> None:
        if self._is_due and self._model_path and self.isVisible():
            self._is_due = False
            self._ask_for_choice()

    # --- asking ------------------------------------------------------------------------------------------------

    @Slot()
    def _on_choice_changed(self) -> None:
        if self._model_path:
            self._ask_for_choice()

    def _ask_for_choice(self) -> None:
        """A slow map has the quick one of the same words before it, so that there is something to see at once."""
        wanted = self.tools.choice()
        first = first_of(wanted)
        needs_first = wanted != first and not _shows(self._drawn_choice, first)
        self._ask(first if needs_first else wanted)

    def _ask(self, choice: MapChoice) -> None:
        self._problem.hide()
        self._asked_words = self._always()
        arguments: dict[str, object] = {
            "model": self._model_path,
            "method": choice.method,
            "dimensions": choice.dimensions,
            "words": self._asked_words,
            "sample": choice.sample,
            "clusters": _CLUSTERS,
            "seed": _SEED,
        }
        self.map.set_empty_sentence(
            self.tr("The words are being placed. The line below says how far that is.")
        )
        self.foot.work(None, self.tr("Placing the words ..."), self.tools.cost_sentence())
        self._question.ask(
            "map", arguments, partial(self._on_map, choice), self._on_problem, self._on_progress
        )

    def _always(self) -> list[str]:
        """Words that must be on the map: the last one asked for, the watched ones, those asked for before."""
        words = [*self._searched[:1], *self._watched, *self._searched[1:]]
        return list(dict.fromkeys(words))[:_MOST_ALWAYS]

    def _on_map(self, choice: MapChoice, result: dict[str, Any]) -> None:
        self.tools.set_vocabulary(int(result.get("of") or 0))
        self._draw(choice, result)
        wanted = self.tools.choice()
        if choice.method == PCA and wanted != choice and first_of(wanted) == choice:
            self._ask(wanted)
        elif self._highlight and self._is_missing(self._highlight[0]):
            self._ask(choice)
        elif not self._has_warmed:
            self._warm_timer.start()

    @Slot()
    def _warm(self) -> None:
        """Whoever looks at a map for a while may ask for a slow one next: what it needs is made ready meanwhile."""
        if self.isVisible() and not self._question.is_waiting and not self._has_warmed:
            self._has_warmed = True
            self._asker.ask("warm_maps", {}, _ignore, _ignore)

    def _is_missing(self, word: str) -> bool:
        """Whether a person asked for a word while the map was being made that could not be on it yet."""
        return word not in self._drawn["places"] and word not in self._asked_words

    def _draw(self, choice: MapChoice, result: dict[str, Any]) -> None:
        words = list(result["words"])
        is_same = words == self._drawn.get("words") and _shows(self._drawn_choice, choice, is_any_method=True)
        self._drawn = {**result, "words": words, "places": dict.fromkeys(words)}
        self._drawn_choice = choice
        if is_same:
            self.map.move_points(result["positions"], _MOVE_MS)
        else:
            self.map.set_points(self._points())
            self.map.set_colouring(self._colouring())
            self.map.set_watched(self._watched)
        self._show_highlight()
        self._say_what_is_seen()

    def _say_what_is_seen(self) -> None:
        explained = self._drawn.get("explained")
        share = ""
        if explained is not None:
            words = self.tr("This view holds {share} of what tells the words apart.")
            share = words.format(share=f"{100 * float(explained):.0f} %")
        method = self._drawn_choice.method if self._drawn_choice is not None else ""
        self.foot.rest(str(self._drawn.get("sentence") or ""), share, self.tools.method_sentence(method))

    def _on_problem(self, problem: PtftError) -> None:
        self.foot.rest()
        self._problem.show_problem(problem)
        self.map.set_empty_sentence(self.tr("No map was made. Choose how to make one above."))
        if self._drawn_choice is not None:
            self.tools.set_method(self._drawn_choice.method)

    def _on_progress(self, sentence: str, fraction: float | None) -> None:
        self.foot.work(fraction, sentence, self.tools.cost_sentence())

    @Slot()
    def give_up(self) -> None:
        """Keep the map that is there."""
        self._question.drop()
        if self._drawn_choice is None:
            self.foot.rest()
            self.map.set_empty_sentence(self.tr("No map was made. Choose how to make one above."))
            return
        self.tools.set_method(self._drawn_choice.method)
        self._say_what_is_seen()

    # --- colour ------------------------------------------------------------------------------------------------

    @Slot()
    def _on_colouring_changed(self) -> None:
        if self._column is not None:
            self._redraw()  # what the points carry is another matter then
        elif self._map is not None:
            self._map.set_colouring(self._colouring())

    def _colouring(self) -> Colouring:
        """How the map is to colour the words: a column of names is drawn as groups are."""
        chosen = self.tools.colouring()
        is_category = self._column is not None and self._column.is_category
        return GROUP if chosen == VALUE and is_category else chosen

    @Slot(object, str)
    def _on_column(self, column: OwnColumn, sentence: str) -> None:
        self._column = column
        self._problem.hide()
        self.tools.set_column(column.name, column.columns)
        self.said.emit(sentence)

    @Slot(object)
    def _on_no_column(self, problem: PtftError) -> None:
        self._problem.show_problem(problem)
        if self._column is not None:
            self.tools.set_column(self._column.name, self._column.columns)

    @Slot(str)
    def _on_column_chosen(self, name: str) -> None:
        if self._column is not None:
            self.columns.read(self._column.path, name)

    def _redraw(self) -> None:
        if self._drawn:
            self.map.set_points(self._points(), keep_view=True)
            self.map.set_colouring(self._colouring())
            self.map.set_watched(self._watched)
            self._show_highlight()

    def _points(self) -> MapPoints:
        """What the map shows: with clusters, or with a person's own column."""
        from ptft_gui.gui.widgets.word_map import MapPoints

        words = self._drawn.get("words", [])
        groups = self._drawn.get("clusters")
        names = tuple(", ".join(name) for name in self._drawn.get("cluster_names") or ())
        column, values = self._column if self.tools.colouring() == VALUE else None, None
        if column is not None and column.is_category:
            groups, names = column.groups(words), column.categories
        elif column is not None:
            values = column.numbers(words)
        return MapPoints(
            words=words,
            positions=np.asarray(self._drawn.get("positions", np.empty((0, 2))), dtype=np.float32),
            counts=self._drawn.get("counts"),
            groups=groups,
            group_names=names,
            values=values,
            value_name=column.name if column is not None else "",
        )

    # --- taking along ------------------------------------------------------------------------------------------

    @Slot(bool)
    def _on_lasso_toggled(self, is_on: bool) -> None:
        self.map.set_lasso(is_on)

    @Slot()
    def _on_show_all(self) -> None:
        self.map.show_all()

    @Slot(object)
    def _on_watch_requested(self, words: list[str]) -> None:
        self._watched = list(dict.fromkeys([*self._watched, *words]))[:_MOST_ALWAYS]
        self.map.set_watched(self._watched)
        self.watched.emit(list(self._watched))
        self.said.emit(self.tr("{n} words are marked on the map.").format(n=f"{len(self._watched):,}"))

    @Slot()
    def _on_selection_cleared(self) -> None:
        self.tools.lasso.setChecked(False)
        self.map.clear_selection()

    def table(self) -> ListTable:
        """The words that are drawn, with their places."""
        positions = np.asarray(self._drawn.get("positions", np.empty((0, 2))))
        counts = self._drawn.get("counts")
        heads = ("word", "count", *("x", "y", "z")[: positions.shape[1]])
        numbers = np.zeros(len(positions), np.int64) if counts is None else counts
        rows = zip(self._drawn.get("words", ()), numbers.tolist(), positions.tolist(), strict=True)
        return ListTable("map", heads, tuple((word, count, *place) for word, count, place in rows))

    def _save_picture(self, path: Path) -> None:
        self.map.export_picture(path)


def _ignore(_: object) -> None:
    """Nobody waits for the answer."""


def _shows(drawn: MapChoice | None, wanted: MapChoice, is_any_method: bool = False) -> bool:
    """Whether what is drawn is what is wanted, or of the same words in as many dimensions."""
    if drawn is None:
        return False
    is_alike = (drawn.dimensions, drawn.sample) == (wanted.dimensions, wanted.sample)
    return is_alike and (is_any_method or drawn.method == wanted.method)
