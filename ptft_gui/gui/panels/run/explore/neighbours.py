"""Asking which words are nearest to a word, and walking on from one to the next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from ptft_gui.core.errors import PtftError
from ptft_gui.core.rundir import slug
from ptft_gui.gui.panels.run.example_chips import ExampleChips
from ptft_gui.gui.panels.run.explore.word_input import WordInput
from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.asker import Asker
from ptft_gui.gui.widgets.buttons import IconButton, QuietButton, SecondaryButton
from ptft_gui.gui.widgets.card import Card
from ptft_gui.gui.widgets.file_dialog import FileDialog
from ptft_gui.gui.widgets.labels import PlainLabel
from ptft_gui.gui.widgets.list_export import ListTable, not_written, save_table
from ptft_gui.gui.widgets.problem_note import ProblemNote
from ptft_gui.gui.widgets.similarity_table import SimilarityTable

_TOPN = 12


class NeighboursCard(Card):
    """Query (neighbourQuery), table (neighbourTable), the way back, copy and CSV.

    ``asked`` carries a word whose neighbours are shown, ``found`` the same with the list of its neighbours,
    ``remedy_chosen`` a :class:`Remedy`, ``said`` a sentence for the person, ``failed`` a :class:`PtftError`.
    """

    asked = Signal(str)
    found = Signal(str, object)
    remedy_chosen = Signal(object)
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, asker: Asker, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._asker = asker
        self._model_path = ""
        self._question = ""
        self._word = ""
        self._visited: list[str] = []
        self._pending = ""
        self.set_title(self.tr("Nearest words"))
        self._build_query()
        self._heading = PlainLabel("", TextStyle.STRONG)
        self._heading.setObjectName("neighbourHeading")
        self._problem = ProblemNote()
        self._problem.word_chosen.connect(self.ask)
        self._problem.remedy_chosen.connect(self.remedy_chosen)
        self._examples = ExampleChips(self.tr("For example:"), "neighbourExample")
        self._examples.chosen.connect(self.ask)
        self._hint = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.table = SimilarityTable()
        self.table.word_activated.connect(self.ask)
        self._build_foot()
        for widget in (self._examples, self._heading, self._problem):
            self.body.addWidget(widget)
        self.body.addWidget(self._hint)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self._foot)
        self._room = QWidget()  # keeps what is above at the top while there is no table
        self.body.addWidget(self._room, 1)

    def _build_query(self) -> None:
        self.query = WordInput(self._asker)
        self.query.setObjectName("neighbourQuery")
        self.query.setAccessibleName(self.tr("Word whose nearest words you want to see"))
        self.query.setPlaceholderText(self.tr("Type a word"))
        self.query.returnPressed.connect(self._on_submitted)
        self._find = SecondaryButton(self.tr("Find"))
        self._find.setObjectName("findButton")
        self._find.clicked.connect(self._on_submitted)
        self._back = IconButton("back", self.tr("Back to the word before"))
        self._back.setObjectName("backButton")
        self._back.clicked.connect(self.go_back)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        for widget, stretch in ((self._back, 0), (self.query, 1), (self._find, 0)):
            row.addWidget(widget, stretch)
        self.body.addLayout(row)

    def _build_foot(self) -> None:
        self._foot = QWidget()
        self._copy = QuietButton(self.tr("Copy"), "copy")
        self._copy.setObjectName("copyNeighboursButton")
        self._copy.clicked.connect(self._on_copy)
        self._save = QuietButton(self.tr("Save as CSV..."), "download")
        self._save.setObjectName("saveNeighboursButton")
        self._save.clicked.connect(self._on_save)
        row = QHBoxLayout(self._foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._copy)
        row.addWidget(self._save)
        row.addStretch(1)

    # showing a run

    def show_model(self, path: str, examples: list[str]) -> None:
        """Ask this model from now on; ``examples`` are words that have clear neighbours in it."""
        self._model_path, self._word, self._visited = path, "", []
        self.query.set_model(path)
        self.query.clear()
        self._examples.show_texts(examples)
        self._hint.setText(
            self.tr("A word's nearest words are those that stand among the same neighbours in the text.")
        )
        self._show_state()

    def examples(self) -> tuple[str, ...]:
        """The words that are offered."""
        return self._examples.texts()

    def word(self) -> str:
        """The word whose neighbours are shown, or an empty text."""
        return self._word

    def focus_query(self) -> None:
        self.query.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.query.selectAll()

    # asking

    @Slot()
    def _on_submitted(self) -> None:
        if self.query.text().strip():
            self.ask(self.query.text().strip())

    @Slot(str)
    def ask(self, word: str) -> None:
        """Show the nearest words of ``word``; the one shown before can be gone back to."""
        self._ask(word, is_back=False)

    @Slot()
    def go_back(self) -> None:
        """Show the word before."""
        if self._visited:
            self._ask(self._visited[-1], is_back=True)

    def _ask(self, word: str, is_back: bool) -> None:
        if not self._model_path:
            return
        self.query.setText(word)
        self.table.set_rows([])  # the neighbours of one word never stand under the name of another
        self._pending, self._is_going_back = word, is_back
        self._question = self._asker.ask(
            "similar",
            {"model": self._model_path, "text": word, "topn": _TOPN},
            self._on_neighbours,
            self._on_problem,
        )

    def _on_neighbours(self, result: dict[str, Any]) -> None:
        rows = [(str(word), float(cosine)) for word, cosine, *_ in result.get("neighbours", [])]
        self._remember()
        self._word = self._pending
        self._problem.hide()
        self.table.set_rows(rows)
        self.table.scrollToTop()
        known = " ".join(str(word) for word in result.get("words", [])) or self._word
        self._heading.setText(self.tr("Nearest to {word}").format(word=known))
        self.table.setAccessibleName(self.tr("Words nearest to {word}").format(word=known))
        self._show_state()
        self.asked.emit(known)
        self.found.emit(known, [word for word, _ in rows])

    def _remember(self) -> None:
        """Walking on puts the word shown before on the way back; going back takes it off."""
        if self._is_going_back:
            self._visited.pop()
        elif self._word and self._word != self._pending:
            self._visited.append(self._word)

    def _on_problem(self, problem: PtftError) -> None:
        self._remember()
        self._word = ""
        self.table.set_rows([])
        self._show_state()
        self._hint.hide()
        self._problem.show_problem(problem)

    def _show_state(self) -> None:
        has_rows = bool(self.table.rows()) and bool(self._word)
        self._problem.hide()
        self._heading.setVisible(has_rows)
        self.table.setVisible(has_rows)
        self._foot.setVisible(has_rows)
        self._hint.setVisible(not has_rows)
        self._room.setVisible(not has_rows)
        self._back.setEnabled(bool(self._visited))

    # taking along

    @Slot()
    def _on_copy(self) -> None:
        self.table.copy_rows()
        self.said.emit(self.tr("The words are on the clipboard."))

    @Slot()
    def _on_save(self) -> None:
        start = f"{self.list_table().name}.csv"
        dialog = FileDialog(self, self.tr("Save the nearest words"), start, self.tr("Table (*.csv)"))
        dialog.setObjectName("saveNeighboursDialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.save_csv)
        dialog.open()

    @Slot(str)
    def save_csv(self, name: str) -> None:
        """Write the table to a file; the outcome is told by signals."""
        try:
            save_table(self.list_table(), Path(name))
        except OSError as failure:
            self.failed.emit(not_written(name, failure))
            return
        self.said.emit(self.tr("Saved as {name}").format(name=name))

    def list_table(self) -> ListTable:
        """The table, each row with the word that was asked for, so that several lists can be joined."""
        rows = tuple(
            (self._word, rank, word, value) for rank, (word, value) in enumerate(self.table.rows(), 1)
        )
        name = f"nearest-{slug(self._word) or 'words'}"
        return ListTable(name, ("query", "rank", "word", "similarity"), rows)
