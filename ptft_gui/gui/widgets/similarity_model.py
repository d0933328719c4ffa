"""Words with their similarities as a table model, and as text for the clipboard and for files."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ptft_gui.core.spreadsheets import harmless

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    RANK = 0
    WORD = 1
    SIMILARITY = 2


@dataclass(frozen=True)
class Neighbour:
    """A word and its cosine similarity (-1 to 1); ``is_new`` when it was not in the list before."""

    word: str
    similarity: float
    is_new: bool = False


class SimilarityModel(QAbstractTableModel):
    """Neighbours in the order they were given, numbered from 1."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Neighbour, ...] = ()

    @property
    def rows(self) -> tuple[Neighbour, ...]:
        return self._rows

    def set_rows(self, rows: Sequence[tuple[str, float]], new_words: Collection[str] = ()) -> None:
        """Show ``rows``, pairs of (word, similarity); the words in ``new_words`` are marked."""
        self.beginResetModel()
        self._rows = tuple(Neighbour(word, float(value), word in new_words) for word, value in rows)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (str(index.row() + 1), row.word, f"{row.similarity:.2f}")[index.column()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() != Column.WORD:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{index.row() + 1}. {row.word}, {row.similarity:.2f}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return ("", self.tr("word"), self.tr("similarity"))[section]
        return None


def as_tsv(rows: Sequence[Neighbour]) -> str:
    """Lines of rank, word and similarity parted by tabs, for a spreadsheet's clipboard."""
    return "\n".join(f"{rank}\t{harmless(n.word)}\t{n.similarity:.4f}" for rank, n in enumerate(rows, 1))


def as_csv(query: str, rows: Sequence[Neighbour]) -> str:
    """CSV with a header line; ``query`` is repeated in every row so that several lists can be joined."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["query", "rank", "word", "similarity"])
    for rank, neighbour in enumerate(rows, 1):
        writer.writerow([harmless(query), rank, harmless(neighbour.word), f"{neighbour.similarity:.6f}"])
    return text.getvalue()
