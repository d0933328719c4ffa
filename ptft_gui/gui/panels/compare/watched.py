"""The nearest words of one watched word in every run, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from ptft_gui.core.events import Probe
from ptft_gui.gui.panels.compare.compared_run import ComparedRun, short_titles
from ptft_gui.gui.theme import Role, TextStyle
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ExportButton, ListTable
from ptft_gui.gui.widgets.word_grid import Cell, WordGrid

_ROWS = 10


class WatchedCard(Card):
    """Choose a word (comparedWord); each run's last look at it is a column (comparedWatched)."""

    said = Signal(str)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._runs: tuple[ComparedRun, ...] = ()
        self.set_title(self.tr("Watched words"))
        self.set_caption(
            self.tr(
                "The nearest words at the end, each with how near it is (1 is the nearest there can be); a dot marks "
                "those that stand in every list."
            )
        )
        self.word = QComboBox()
        self.word.setObjectName("comparedWord")
        self.word.setAccessibleName(self.tr("Watched word"))
        self.word.currentIndexChanged.connect(self._show)
        self.export = ExportButton("comparedWatchedExport", self.table)
        self.export.said.connect(self.said)
        self.export.failed.connect(self.failed)
        self.add_to_title_row(self.word)
        self.add_to_title_row(self.export)
        self._note = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._note.setObjectName("comparedWatchedNote")
        self.grid = WordGrid()
        self.grid.setObjectName("comparedWatched")
        self.grid.setAccessibleName(self.tr("Nearest words in every run"))
        self.body.addWidget(self._note)
        self.body.addWidget(self.grid, 1)

    def show_runs(self, runs: Sequence[ComparedRun]) -> None:
        """Show the watched words of these runs; the chosen word stays chosen."""
        self._runs = tuple(runs)
        words = list(dict.fromkeys(word for run in runs for word in run.probes()))
        in_all = [word for word in words if all(word in run.probes() for run in runs)]
        words.sort(key=lambda word: word not in in_all)
        if words != [self.word.itemText(row) for row in range(self.word.count())]:
            chosen = self.word.currentText()
            self.word.blockSignals(True)
            self.word.clear()
            self.word.addItems(words)
            self.word.setCurrentIndex(max(self.word.findText(chosen), 0))
            self.word.blockSignals(False)
        self._show()

    @Slot()
    def _show(self) -> None:
        word = self.word.currentText()
        columns = [_cells(run.probes().get(word)) for run in self._runs]
        titles = short_titles(self._runs)
        missing = [title for title, column in zip(titles, columns, strict=True) if not column]
        for widget in (self.word, self.grid):
            widget.setVisible(bool(word))
        self.export.setEnabled(bool(word))
        self._note.setText(self._what_is_missing(word, missing))
        self._note.setVisible(bool(self._note.text()))
        shared = (
            set.intersection(*({cell.word for cell in column} for column in columns)) if columns else set()
        )
        rows = [
            [
                Cell(column[rank].word, column[rank].similarity, column[rank].word in shared)
                if rank < len(column)
                else Cell()
                for column in columns
            ]
            for rank in range(max((len(column) for column in columns), default=0))
        ]
        self.grid.show_cells(titles, rows)

    def _what_is_missing(self, word: str, missing: Sequence[str]) -> str:
        if not word:
            return self.tr(
                "None of these runs watched a word. Words to watch are chosen on the New run page."
            )
        if not missing:
            return ""
        words = self.tr("{word} was not watched by {runs}.")
        return words.format(word=word, runs=", ".join(missing))

    def table(self) -> ListTable:
        """The grid as it is shown."""
        heads = tuple(part for title in self.grid.heads() for part in (title, "similarity"))
        rows = tuple(
            tuple(part for cell in row for part in (cell.word, cell.similarity)) for row in self.grid.cells()
        )
        return ListTable(f"watched-{self.word.currentText()}", heads, rows)


def _cells(probe: Probe | None) -> list[Cell]:
    """The answer of a probe; what is no neighbour is left out, so that an edited log shows what it can."""
    answer = probe.answer if probe is not None and isinstance(probe.answer, list) else []
    found = []
    for entry in answer[:_ROWS]:
        if isinstance(entry, list | tuple) and len(entry) > 1 and isinstance(entry[1], int | float):
            found.append(Cell(str(entry[0]), float(entry[1])))
    return found
