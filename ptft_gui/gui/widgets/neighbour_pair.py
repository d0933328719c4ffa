"""Two lists of nearest words side by side; what stands in both is marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ptft_gui.gui.theme import Role, Space, TextStyle
from ptft_gui.gui.widgets.labels import ElidedLabel, PlainLabel
from ptft_gui.gui.widgets.list_export import CellValue, ListTable
from ptft_gui.gui.widgets.similarity_table import SimilarityTable


@dataclass(frozen=True)
class Words:
    """One of the two lists; ``nothing`` is said where it is empty."""

    title: str
    rows: Sequence[tuple[str, float]] = field(default_factory=tuple)
    nothing: str = ""


class _Side(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.title = ElidedLabel("", TextStyle.STRONG)
        self.nothing = PlainLabel("", TextStyle.BODY, Role.QUIET_TEXT)
        self.table = SimilarityTable()
        self.table.setObjectName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.SMALL)
        column.addWidget(self.title)
        column.addWidget(self.nothing)
        column.addWidget(self.table, 1)

    def show_words(self, words: Words, shared: set[str]) -> None:
        self.title.setText(words.title)
        self.nothing.setText(words.nothing)
        self.nothing.setVisible(bool(words.nothing))
        self.table.setAccessibleName(words.title)
        self.table.set_rows(list(words.rows), shared)
        self.table.scrollToTop()


class NeighbourPair(QWidget):
    """``word_activated`` carries a word of either list."""

    word_activated = Signal(str)

    def __init__(self, left_name: str, right_name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left, self.right = _Side(left_name), _Side(right_name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.LARGE)
        for side in (self.left, self.right):
            side.table.word_activated.connect(self.word_activated)
            row.addWidget(side, 1)

    def show_pair(self, left: Words, right: Words) -> None:
        """Show both lists instead of those before."""
        shared = {word for word, _ in left.rows} & {word for word, _ in right.rows}
        self.left.show_words(left, shared)
        self.right.show_words(right, shared)

    def table(self, name: str, query: str) -> ListTable:
        """Both lists as one table, with the title of each in its rows."""
        rows: list[tuple[CellValue, ...]] = []
        for side in (self.left, self.right):
            ranked = enumerate(side.table.rows(), 1)
            rows += [(query, side.title.full_text(), rank, word, value) for rank, (word, value) in ranked]
        return ListTable(name, ("query", "model", "rank", "word", "similarity"), tuple(rows))
