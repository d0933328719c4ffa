"""How the neighbours of one watched word came about in the course of a run."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from ptft_gui.core.summary import RunSummary
from ptft_gui.gui.panels.run.probe_history import Moment, moments, neighbours_at, watched_words
from ptft_gui.gui.panels.run.shown_run import ShownRun
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.word_grid import Cell, WordGrid

_COLUMNS, _ROWS = 5, 8


class WordHistoryCard(Card):
    """One watched word: its nearest words at five moments from the beginning to the end (wordHistory).

    ``has_history`` tells whether the run looked at a word more than once. ``word_activated`` carries a word of the
    table.
    """

    word_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._summary: RunSummary | None = None
        self.has_history = False
        self.set_title(self.tr("How a word found its place"))
        self.set_caption(self.tr("Its nearest words as training went on; a dot marks one that is new."))
        self._choice = QComboBox()
        self._choice.setObjectName("historyWord")
        self._choice.setAccessibleName(self.tr("Watched word"))
        self._choice.currentIndexChanged.connect(self._on_chosen)
        self.add_to_title_row(self._choice)
        self.grid = WordGrid()
        self.grid.setObjectName("wordHistory")
        self.grid.setAccessibleName(self.tr("Nearest words over the run"))
        self.grid.word_activated.connect(self.word_activated)
        self.body.addWidget(self.grid, 1)

    def show_run(self, shown: ShownRun) -> None:
        """Show the watched words of a run."""
        self._summary = shown.summary
        self._choice.blockSignals(True)
        self._choice.clear()
        self._choice.addItems(watched_words(shown.summary))
        self._choice.blockSignals(False)
        self.has_history = self._choice.count() > 0 and len(moments(shown.summary)) > 1
        self._on_chosen()

    @Slot(str)
    def choose(self, word: str) -> None:
        """Show ``word`` if it was watched."""
        place = self._choice.findText(word)
        if place >= 0:
            self._choice.setCurrentIndex(place)

    @Slot()
    def _on_chosen(self) -> None:
        word = self._choice.currentText()
        if self._summary is None or not word:
            return
        chosen = spread_moments(moments(self._summary))
        columns = [neighbours_at(self._summary, word, moment.step)[:_ROWS] for moment in chosen]
        seen: set[str] = set()
        marked: list[list[Cell]] = []
        for place, column in enumerate(columns):
            marked.append([Cell(c.word, c.similarity, place > 0 and c.word not in seen) for c in column])
            seen = {cell.word for cell in column}
        rows = [
            [column[rank] if rank < len(column) else Cell() for column in marked] for rank in range(_ROWS)
        ]
        self.grid.show_cells([self._head(moment, chosen[-1]) for moment in chosen], rows)

    def _head(self, moment: Moment, last: Moment) -> str:
        if moment.step == 0:
            return self.tr("before")
        if moment is last:
            return self.tr("end")
        return self.tr("epoch {epoch}").format(epoch=f"{moment.epoch:.1f}".removesuffix(".0"))


def spread_moments(all_moments: list[Moment], columns: int = _COLUMNS) -> list[Moment]:
    """The first, the last, and between them ever longer distances: most happens at the beginning."""
    last = len(all_moments) - 1
    places = sorted({round(last * (i / (columns - 1)) ** 2) for i in range(columns)})
    return [all_moments[place] for place in places] if all_moments else []
